// Copyright the camel-viamdata authors. SPDX-License-Identifier: Apache-2.0
package io.github.camelviamdata.client;

import java.util.concurrent.CompletionStage;

/**
 * What a message has in flight, under one permit, until it is handed over to the thread where the route continues.
 *
 * @param <T> what it leads to
 */
abstract class InFlight<T> {

    private static final ThreadLocal<InFlight<?>> COMPLETING = new ThreadLocal<>();

    private final ViamDataClient client;
    private final Object owner;
    private final Workers workers;

    /** @param workers where the route continues */
    InFlight(ViamDataClient client, Object owner, Workers workers) {
        this.client = client;
        this.owner = owner;
        // A route on a worker may wait for what it begins. If all workers waited, nothing could complete.
        this.workers = COMPLETING.get() == null ? workers : null;
    }

    /** Releases the permit of what this thread is completing, because its route begins another upload or operation. */
    static void releaseCompleting() {
        InFlight<?> completing = COMPLETING.get();
        if (completing != null) {
            completing.client.release(completing);
        }
    }

    final Object owner() {
        return owner;
    }

    /** Begins it, with a permit. */
    abstract CompletionStage<T> start();

    /** Fails it on this thread, because it has no permit. */
    abstract CompletionStage<T> refuse(String obstacle);

    /** Ends it as soon as its steps can be ended. */
    abstract void cancel(String reason);

    /**
     * Hands the end over to the thread where the route continues, and releases the permit.
     *
     * @param completion may run twice
     */
    final void handOver(Runnable completion) {
        if (workers == null) {
            completeOnCallPool(completion);
        } else if (workers.isForeign()) {
            client.threads().execute(() -> completeOnWorkers(completion));
        } else {
            completeOnWorkers(completion);
        }
    }

    private void completeOnWorkers(Runnable completion) {
        if (workers.accept(() -> complete(completion))) {
            client.release(this);
        } else {
            completeOnCallPool(completion);
        }
    }

    /** Holds the permit until the route returns, so that a slow route slows its source down. */
    private void completeOnCallPool(Runnable completion) {
        client.threads().execute(() -> {
            try {
                complete(completion);
            } finally {
                client.release(this);
            }
        });
    }

    private void complete(Runnable completion) {
        InFlight<?> outer = COMPLETING.get();
        COMPLETING.set(this);
        try {
            completion.run();
        } finally {
            COMPLETING.set(outer);
        }
    }
}
