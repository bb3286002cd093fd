// Copyright the camel-viamdata authors. SPDX-License-Identifier: Apache-2.0
package io.github.camelviamdata.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.github.camelviamdata.support.ViamDataTestSupport;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.ThreadPoolExecutor.CallerRunsPolicy;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.util.concurrent.ThreadType;
import org.junit.jupiter.api.Test;

/** Pools that take no task, or more than they should. */
class WorkersTest extends ViamDataTestSupport {

    @Test
    void aPoolWithoutABoundGetsOne() {
        List<Runnable> waiting = new ArrayList<>();
        Workers workers = Workers.own(waiting::add, 3);

        for (int i = 0; i < 3; i++) {
            assertThat(workers.accept(() -> {})).isTrue();
        }
        assertThat(workers.accept(() -> {})).isFalse();
        waiting.remove(0).run();
        assertThat(workers.accept(() -> {})).isTrue();
        assertThat(waiting).hasSize(3);
    }

    @Test
    void aPoolThatCannotStartAThreadTakesUpNoRoom() {
        Workers workers = Workers.own(
                task -> {
                    throw new OutOfMemoryError("unable to create native thread");
                },
                1);

        assertThat(workers.accept(() -> {})).isFalse();
        assertThat(workers.accept(() -> {})).isFalse();
    }

    /** As Camel's own pools do. */
    @Test
    void aPoolThatDropsTasksAfterItsShutdownDoesNotAcceptThem() {
        ThreadPoolExecutor pool =
                new ThreadPoolExecutor(1, 1, 1, TimeUnit.SECONDS, new LinkedBlockingQueue<>(), new CallerRunsPolicy());
        Workers workers = Workers.foreign(pool);
        pool.shutdown();

        assertThat(workers.accept(() -> {
                    throw new AssertionError("dropped");
                }))
                .isFalse();
    }

    @Test
    void aPoolThatRejectsDoesNotAccept() {
        ExecutorService pool = Executors.newSingleThreadExecutor();
        pool.shutdown();

        assertThat(Workers.own(task -> {
                            throw new RejectedExecutionException();
                        })
                        .accept(() -> {}))
                .isFalse();
        assertThat(Workers.foreign(pool).accept(() -> {})).isFalse();
    }

    /** Camel's default profile: 20 threads and a queue of 1000. Run by {@code -Dcamel.threads.virtual.enabled=true}. */
    @Test
    void aSlowStepHoldsTheSourceBackOnVirtualThreadsToo() throws Exception {
        assumeTrue(ThreadType.current() == ThreadType.VIRTUAL, "needs Java 21 and camel.threads.virtual.enabled=true");
        CountDownLatch slowStep = new CountDownLatch(1);
        AtomicInteger behind = new AtomicInteger();
        context.addRoutes(new RouteBuilder() {
            @Override
            public void configure() {
                from("seda:in?size=5000&concurrentConsumers=20")
                        .to(uri(CAMERA, "maxInFlight=4"))
                        .process(exchange -> {
                            behind.incrementAndGet();
                            slowStep.await();
                        });
            }
        });
        for (int i = 0; i < 3000; i++) {
            template.sendBody("seda:in", "a picture");
        }

        await().until(() -> behind.get() == 1020 + 4);
        await().during(1, TimeUnit.SECONDS).until(() -> behind.get() == 1020 + 4);
        slowStep.countDown();
        await().until(() -> behind.get() == 3000);
    }
}
