// Copyright the camel-viamdata authors. SPDX-License-Identifier: Apache-2.0
package io.github.camelviamdata.client;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;

/** The threads of a client. {@link #execute} never throws and drops nothing, so that it can be called from anywhere. */
final class ClientThreads implements Executor {

    private static final long AGAIN_AFTER_MILLIS = 100;

    private final Executor pool;
    private final ScheduledExecutorService timer;

    /**
     * @param pool whose {@code execute} neither blocks nor queues nor runs the task itself; it may throw
     * @param timer one thread, on which nothing may block
     */
    ClientThreads(Executor pool, ScheduledExecutorService timer) {
        this.pool = pool;
        this.timer = timer;
    }

    /** Runs a task on the pool; while the pool can start no thread, later; after a shutdown, on the thread at hand. */
    @Override
    public void execute(Runnable task) {
        try {
            pool.execute(task);
        } catch (Throwable noThread) {
            executeLater(task);
        }
    }

    private void executeLater(Runnable task) {
        boolean shutDown = pool instanceof ExecutorService service && service.isShutdown();
        try {
            if (!shutDown) {
                // The JDK's own timer, which nobody shuts down: what waits here would be dropped.
                CompletableFuture.delayedExecutor(AGAIN_AFTER_MILLIS, TimeUnit.MILLISECONDS, this)
                        .execute(task);
            }
        } catch (Throwable noThread) {
            shutDown = true;
        }
        if (shutDown) {
            task.run();
        }
    }

    /**
     * Runs a task on the timer.
     *
     * @throws RejectedExecutionException after a shutdown
     */
    ScheduledFuture<?> schedule(Runnable task, Duration delay) {
        return timer.schedule(task, delay.toNanos(), TimeUnit.NANOSECONDS);
    }
}
