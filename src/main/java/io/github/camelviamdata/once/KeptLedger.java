// Copyright the camel-viamdata authors. SPDX-License-Identifier: Apache-2.0
package io.github.camelviamdata.once;

import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.Executor;

/** A ledger with the uploads of this process that are in flight, of which two of the same key follow each other. */
final class KeptLedger {

    private final Ledger ledger;
    // The last upload of each key that is in flight.
    private final ConcurrentMap<String, CompletionStage<?>> inFlight = new ConcurrentHashMap<>();
    private volatile String failure;

    KeptLedger(Ledger ledger) {
        this.ledger = ledger;
    }

    /**
     * @param end completes when the upload has ended
     * @return completes when the upload before it has ended
     */
    CompletionStage<?> enter(String key, CompletionStage<?> end) {
        CompletableFuture<Void> ended = new CompletableFuture<>();
        CompletionStage<?> before = inFlight.put(key, ended);
        end.whenComplete((result, error) -> {
            inFlight.remove(key, ended);
            ended.complete(null);
        });
        return before == null ? CompletableFuture.completedFuture(null) : before;
    }

    /** @param executor where a ledger that blocks is called, and where the answer completes */
    CompletionStage<Ledger.State> begin(String key, Executor executor) {
        return observed(
                ledger instanceof FileLedger file
                        ? file.beginLater(key).thenApplyAsync(state -> state, executor)
                        : CompletableFuture.supplyAsync(() -> ledger.begin(key), executor));
    }

    /** As {@link #begin}, but completes on any thread. */
    CompletionStage<?> done(String key, String id, Executor executor) {
        CompletionStage<?> noted = ledger instanceof FileLedger file
                ? file.doneLater(key, id)
                : CompletableFuture.runAsync(() -> ledger.done(key, id), executor);
        return observed(noted);
    }

    /** As {@link #begin}, but completes on any thread. */
    CompletionStage<?> forget(String key, Executor executor) {
        CompletionStage<?> removed = ledger instanceof FileLedger file
                ? file.forgetLater(key)
                : CompletableFuture.runAsync(() -> ledger.forget(key), executor);
        return observed(removed);
    }

    private <T> CompletionStage<T> observed(CompletionStage<T> call) {
        return call.whenComplete((answer, error) -> {
            if (error != null) {
                failure = String.valueOf(error.getMessage());
            } else if (failure != null) {
                // A read is cheaper than a write.
                failure = null;
            }
        });
    }

    /** Why the ledger could not be used the last time; empty if it could. */
    Optional<String> failure() {
        return Optional.ofNullable(failure);
    }

    void close() throws Exception {
        if (ledger instanceof FileLedger own) {
            own.close();
        }
    }
}
