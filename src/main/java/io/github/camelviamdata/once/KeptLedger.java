// Copyright the camel-viamdata authors. SPDX-License-Identifier: Apache-2.0
package io.github.camelviamdata.once;

import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.function.Supplier;

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

    Ledger.State begin(String key) {
        return observed(() -> ledger.begin(key));
    }

    void done(String key, String id) {
        observed(() -> {
            ledger.done(key, id);
            return null;
        });
    }

    void forget(String key) {
        observed(() -> {
            ledger.forget(key);
            return null;
        });
    }

    private <T> T observed(Supplier<T> call) {
        try {
            T answer = call.get();
            // A read is cheaper than a write.
            if (failure != null) {
                failure = null;
            }
            return answer;
        } catch (Throwable e) {
            failure = String.valueOf(e.getMessage());
            throw e;
        }
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
