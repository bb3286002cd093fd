// Copyright the camel-viamdata authors. SPDX-License-Identifier: Apache-2.0
package io.github.camelviamdata.client;

import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicInteger;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs tasks that do not block one after another on threads of another executor. Tasks that come together share a thread, so that
 * only the first of them costs the time to wake one.
 */
final class SequentialExecutor implements Executor {

    private static final Logger LOG = LoggerFactory.getLogger(SequentialExecutor.class);

    private final Queue<Runnable> tasks = new ConcurrentLinkedQueue<>();
    // Those that have not returned. Who adds the first one hands it over, with those that follow it.
    private final AtomicInteger count = new AtomicInteger();
    private final Executor executor;

    /** @param executor runs each task, and throws nothing */
    SequentialExecutor(Executor executor) {
        this.executor = executor;
    }

    /** @param task throws nothing */
    @Override
    public void execute(Runnable task) {
        tasks.add(task);
        if (count.getAndIncrement() == 0) {
            executor.execute(this::run);
        }
    }

    private void run() {
        do {
            runNext();
        } while (count.decrementAndGet() > 0);
    }

    private void runNext() {
        try {
            tasks.remove().run();
        } catch (Throwable e) {
            logFailure(e);
        }
    }

    private static void logFailure(Throwable failure) {
        try {
            LOG.error("A task failed that should not fail. The next one runs", failure);
        } catch (Throwable e) {
            // The tasks behind it count more than a line of the log.
            failure.addSuppressed(e);
        }
    }
}
