// Copyright the camel-viamdata authors. SPDX-License-Identifier: Apache-2.0
package io.github.camelviamdata.handover;

import io.github.camelviamdata.client.ClientListener;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import io.micrometer.core.instrument.cumulative.CumulativeTimer;
import io.micrometer.core.instrument.distribution.DistributionStatisticConfig;
import io.micrometer.core.instrument.distribution.pause.PauseDetector;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import org.apache.camel.spi.ThreadPoolProfile;
import org.apache.camel.support.DefaultThreadPoolFactory;

/** Executors, listeners and registries that users give, and that meet a trap. */
final class FaultyServices {

    private FaultyServices() {}

    /**
     * @param method how the name of the method begins that meets the trap
     */
    static <T> T faulty(Class<T> type, T service, Trap trap, String method) {
        return type.cast(Proxy.newProxyInstance(
                type.getClassLoader(), new Class<?>[] {type}, (proxy, called, arguments) -> {
                    if (called.getName().startsWith(method)) {
                        trap.step();
                    }
                    try {
                        return called.invoke(service, arguments);
                    } catch (InvocationTargetException e) {
                        throw e.getCause();
                    }
                }));
    }

    /** Makes the component's pool for calls, or its timer, meet the trap: as where no thread can be started. */
    static final class Threads extends DefaultThreadPoolFactory {

        private final Trap trap;
        private final boolean timer;

        Threads(Trap trap, boolean timer) {
            this.trap = trap;
            this.timer = timer;
        }

        private static boolean isOf(ThreadFactory threads, String name) {
            return threads.newThread(() -> {}).getName().contains(name);
        }

        @Override
        public ExecutorService newCachedThreadPool(ThreadFactory threads) {
            ExecutorService pool = super.newCachedThreadPool(threads);
            return !timer && isOf(threads, "ViamDataCall")
                    ? faulty(ExecutorService.class, pool, trap, "execute")
                    : pool;
        }

        @Override
        public ScheduledExecutorService newScheduledThreadPool(ThreadPoolProfile profile, ThreadFactory threads) {
            ScheduledExecutorService pool = super.newScheduledThreadPool(profile, threads);
            return timer && isOf(threads, "ViamDataTimer")
                    ? faulty(ScheduledExecutorService.class, pool, trap, "schedule")
                    : pool;
        }
    }

    enum Told {
        END,
        RETRY,
        TOKEN
    }

    static ClientListener listener(Trap trap, Told what) {
        return new ClientListener() {
            private void told(Told now) {
                if (now == what) {
                    trap.step();
                }
            }

            @Override
            public void uploadEnded(UploadEnd end) {
                told(Told.END);
            }

            @Override
            public void uploadRetried() {
                told(Told.RETRY);
            }

            @Override
            public void tokenRequested(TokenFetch outcome) {
                told(Told.TOKEN);
            }
        };
    }

    /** A registry whose timers meet the trap as they record. */
    static MeterRegistry recording(Trap trap) {
        return new SimpleMeterRegistry() {
            @Override
            protected Timer newTimer(Meter.Id id, DistributionStatisticConfig statistics, PauseDetector pauses) {
                return new CumulativeTimer(id, clock, statistics, pauses, TimeUnit.SECONDS, false) {
                    @Override
                    protected void recordNonNegative(long amount, TimeUnit unit) {
                        trap.step();
                        super.recordNonNegative(amount, unit);
                    }
                };
            }
        };
    }

    /** A registry that meets the trap as it registers. */
    static MeterRegistry registering(Trap trap) {
        return new SimpleMeterRegistry() {
            @Override
            protected Timer newTimer(Meter.Id id, DistributionStatisticConfig statistics, PauseDetector pauses) {
                trap.step();
                return super.newTimer(id, statistics, pauses);
            }
        };
    }
}
