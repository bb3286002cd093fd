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

    private static final long RETRY_AFTER_MILLIS = 100;

    private final Executor pool;
    private final ScheduledExecutorService timer;
    private final Executor sequential = new SequentialExecutor(this);

    /**
     * @param pool whose {@code execute} neither blocks nor queues nor runs the task itself; it may throw
     * @param timer one thread, on which nothing may block
     */
    ClientThreads(Executor pool, ScheduledExecutorService timer) {
        this.pool = pool;
        this.timer = timer;
    }

    /** Runs a task on the pool; later, while the pool can start no thread; on the calling thread after a shutdown of the pool. */
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
                // On the JDK's own timer, because a timer that is shut down drops its tasks.
                CompletableFuture.delayedExecutor(RETRY_AFTER_MILLIS, TimeUnit.MILLISECONDS, this)
                        .execute(task);
            }
        } catch (Throwable noThread) {
            shutDown = true;
        }
        if (shutDown) {
            task.run();
        }
    }

    /** Runs tasks that must not block one after another, so that tasks that come together wake fewer threads. */
    Executor sequential() {
        return sequential;
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
