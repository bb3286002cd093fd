// Copyright the camel-viamdata authors. SPDX-License-Identifier: Apache-2.0
package io.github.camelviamdata.client;

import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.Semaphore;
import java.util.function.BooleanSupplier;

/** A pool on which routes continue after their uploads. */
public final class Workers {

    private final Executor pool;
    private final BooleanSupplier shutDown;
    private final boolean foreign;

    private Workers(Executor pool, BooleanSupplier shutDown, boolean foreign) {
        this.pool = pool;
        this.shutDown = shutDown;
        this.foreign = foreign;
    }

    /**
     * A pool of this component.
     *
     * @param pool whose {@code execute} neither blocks nor runs the task itself; it may throw
     */
    public static Workers own(Executor pool) {
        return new Workers(pool, () -> false, false);
    }

    /**
     * A pool of this component that is unbounded, such as one of virtual threads.
     *
     * @param max number of tasks that may run or wait at once, from 1; more are rejected
     */
    public static Workers own(Executor pool, int max) {
        Semaphore room = new Semaphore(max);
        return own(task -> {
            if (!room.tryAcquire()) {
                throw new RejectedExecutionException();
            }
            try {
                pool.execute(() -> {
                    try {
                        task.run();
                    } finally {
                        room.release();
                    }
                });
            } catch (Throwable e) {
                room.release();
                throw e;
            }
        });
    }

    /** A pool of the user, whose {@code execute} may do anything: throw, block, run the task, or drop it after a shutdown. */
    public static Workers foreign(ExecutorService pool) {
        return new Workers(pool, pool::isShutdown, true);
    }

    /** Whether this is a pool of the user, whose {@code execute} may block. */
    boolean isForeign() {
        return foreign;
    }

    /**
     * Hands over a task. Never throws.
     *
     * @param task may run twice
     * @return whether the pool is certain to run the task; if not, it may run it all the same
     */
    boolean accept(Runnable task) {
        try {
            pool.execute(task);
            // Camel's pools silently drop a task after their shutdown.
            return !shutDown.getAsBoolean();
        } catch (Throwable e) {
            return false;
        }
    }
}
