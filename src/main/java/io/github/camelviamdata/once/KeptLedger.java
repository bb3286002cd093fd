// Copyright the camel-viamdata authors. SPDX-License-Identifier: Apache-2.0
package io.github.camelviamdata.once;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** A ledger with the uploads of this process that are in flight, of which two of the same key follow each other. */
final class KeptLedger {

    private final Ledger ledger;
    // The last upload of each key that is in flight.
    private final ConcurrentMap<String, CompletionStage<?>> inFlight = new ConcurrentHashMap<>();
    // The last begin of each key, until the ledger has returned. A note that comes too late is taken back before the
    // next upload of the key looks for one.
    private final ConcurrentMap<String, CompletionStage<?>> unreturned = new ConcurrentHashMap<>();
    private volatile String failure;

    KeptLedger(Ledger ledger) {
        this.ledger = ledger;
    }

    /**
     * @param end completes when the upload has ended
     * @return completes when all earlier uploads of the key have ended
     */
    CompletionStage<?> enter(String key, CompletionStage<?> end) {
        CompletableFuture<Void> ended = new CompletableFuture<>();
        CompletionStage<?> before = inFlight.put(key, ended);
        CompletionStage<?> turn = before == null ? CompletableFuture.completedFuture(null) : before;
        // One that was cancelled while it waited does not open the way for the next one.
        end.handle((result, error) -> null).runAfterBoth(turn, () -> {
            inFlight.remove(key, ended);
            ended.complete(null);
        });
        return turn;
    }

    /**
     * @param executor where a ledger that blocks is called, and its answer completes
     * @param starter where the answer of a file completes
     */
    CompletionStage<Ledger.State> begin(String key, Duration timeout, Executor executor, Executor starter) {
        if (ledger instanceof FileLedger file) {
            return file.beginLater(key, timeout).whenCompleteAsync(this::observe, starter);
        }
        CompletableFuture<Ledger.State> answer = new CompletableFuture<>();
        CompletionStage<?> returned = unreturned
                .getOrDefault(key, CompletableFuture.completedFuture(null))
                .thenRunAsync(() -> begin(key, answer), executor)
                .exceptionally(error -> {
                    answer.completeExceptionally(error);
                    return null;
                });
        unreturned.put(key, returned);
        returned.thenRun(() -> unreturned.remove(key, returned));
        return limited(answer, timeout);
    }

    /** @param answer done already where its upload has failed without it */
    private void begin(String key, CompletableFuture<Ledger.State> answer) {
        if (!answer.isDone()) {
            Ledger.State state = ledger.begin(key);
            if (!answer.complete(state) && state.isNew()) {
                ledger.forget(key);
            }
        }
    }

    /** As {@link #begin}, but completes on any thread. */
    CompletionStage<?> done(String key, String id, Duration timeout, Executor executor) {
        return ledger instanceof FileLedger file
                ? file.doneLater(key, id, timeout).whenComplete(this::observe)
                : inTime(CompletableFuture.runAsync(() -> ledger.done(key, id), executor), timeout);
    }

    /** As {@link #begin}, but completes on any thread. */
    CompletionStage<?> forget(String key, Duration timeout, Executor executor) {
        return ledger instanceof FileLedger file
                ? file.forgetLater(key, timeout).whenComplete(this::observe)
                : inTime(CompletableFuture.runAsync(() -> ledger.forget(key), executor), timeout);
    }

    private <T> CompletableFuture<T> inTime(CompletableFuture<T> call, Duration timeout) {
        return limited(call.copy(), timeout);
    }

    private <T> CompletableFuture<T> limited(CompletableFuture<T> answer, Duration timeout) {
        return answer.orTimeout(timeout.toNanos(), TimeUnit.NANOSECONDS)
                .exceptionallyCompose(error ->
                        CompletableFuture.failedFuture(error instanceof TimeoutException ? noAnswer(timeout) : error))
                .whenComplete(this::observe);
    }

    static TimeoutException noAnswer(Duration timeout) {
        return new TimeoutException("no answer within " + timeout + " (requestTimeout)");
    }

    private void observe(Object answer, Throwable error) {
        if (error != null) {
            Throwable cause =
                    error instanceof CompletionException && error.getCause() != null ? error.getCause() : error;
            failure = String.valueOf(cause.getMessage());
        } else if (failure != null) {
            // A read is cheaper than a write.
            failure = null;
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
