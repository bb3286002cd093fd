// Copyright the camel-viamdata authors. SPDX-License-Identifier: Apache-2.0
package io.github.camelviamdata.client;

import io.github.camelviamdata.upload.ReadProgress;
import java.time.Duration;
import java.util.concurrent.Future;
import java.util.function.Supplier;

/** Runs a callback on the timer, once, when a transfer has stalled for longer than a limit. */
final class StallWatch {

    private final ClientThreads threads;
    private final ReadProgress progress;
    private final Supplier<Duration> limit;
    private final Runnable stalled;
    private Future<?> check;
    private boolean stopped;

    /**
     * @param limit how long the transfer may stall; read at each start
     * @param stalled the callback; runs on the timer, so it must return at once
     */
    StallWatch(ClientThreads threads, ReadProgress progress, Supplier<Duration> limit, Runnable stalled) {
        this.threads = threads;
        this.progress = progress;
        this.limit = limit;
        this.stalled = stalled;
    }

    /** Starts the watch, or restarts it with the present limit. The limit counts from now. */
    void start() {
        progress.advance();
        check();
    }

    private void check() {
        Duration remaining = limit.get().minusNanos(System.nanoTime() - progress.last());
        if (remaining.isNegative() || remaining.isZero()) {
            stalled.run();
        } else {
            schedule(remaining);
        }
    }

    private synchronized void schedule(Duration remaining) {
        stop(check);
        check = stopped ? null : threads.schedule(this::check, remaining);
    }

    synchronized void stop() {
        stopped = true;
        stop(check);
    }

    private static void stop(Future<?> check) {
        if (check != null) {
            check.cancel(false);
        }
    }
}
