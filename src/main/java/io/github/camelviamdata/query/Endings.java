// Copyright the camel-viamdata authors. SPDX-License-Identifier: Apache-2.0
package io.github.camelviamdata.query;

import io.grpc.Status;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Ends items that are done: queues them, and calls the service for many IDs at once. One call is in flight at a time; items that
 * are added until shortly after it go with the next call. After a transient failure the items wait for the next flush. If the
 * service refuses a batch, each of its items is tried alone, so that one item does not block the others.
 */
final class Endings {

    private static final Logger LOG = LoggerFactory.getLogger(Endings.class);

    /** Pause between calls, so that a service that answers quickly is not called for each item. */
    static final Executor PAUSE = CompletableFuture.delayedExecutor(20, TimeUnit.MILLISECONDS);

    private final String name;
    private final Function<List<String>, CompletionStage<?>> call;
    private final Consumer<String> ended;
    private final Consumer<String> refused;
    private final Executor pause;
    private final List<String> waiting = new ArrayList<>();
    // The present round of calls: one after another, until no item waits or a call fails.
    private CompletableFuture<Void> round;
    private boolean failed;

    /**
     * @param name what the call does, for the log
     * @param call does it for at most {@link DataRequests#MOST} IDs
     * @param ended called for each item for which it is done. Does not block or throw
     * @param refused called for each item for which the service refuses it. Does not block or throw
     * @param pause runs what follows a call, after a while
     */
    Endings(
            String name,
            Function<List<String>, CompletionStage<?>> call,
            Consumer<String> ended,
            Consumer<String> refused,
            Executor pause) {
        this.name = name;
        this.call = call;
        this.ended = ended;
        this.refused = refused;
        this.pause = pause;
    }

    /** Another item is done. */
    void add(String id) {
        CompletableFuture<Void> begun;
        synchronized (this) {
            waiting.add(id);
            if (round != null || failed) {
                return;
            }
            round = new CompletableFuture<>();
            begun = round;
        }
        begun.whenComplete((all, error) -> {
            if (error != null) {
                LOG.warn(
                        "{} is tried again: {}", name, ReadFailures.cause(error).getMessage());
            }
        });
        callNext();
    }

    /** Tries what has failed before. Completes at once where nothing has; fails where some have to wait for another time. */
    CompletableFuture<Void> retry() {
        synchronized (this) {
            if (!failed) {
                return CompletableFuture.completedFuture(null);
            }
        }
        return flush();
    }

    /** Completes when no item waits and no call is in flight; fails where some have to wait for another time. */
    CompletableFuture<Void> flush() {
        CompletableFuture<Void> begun;
        synchronized (this) {
            if (round != null) {
                return round;
            }
            failed = false;
            round = new CompletableFuture<>();
            begun = round;
        }
        callNext();
        return begun;
    }

    private void callNext() {
        List<String> batch;
        CompletableFuture<Void> present;
        synchronized (this) {
            present = round;
            List<String> next = waiting.subList(0, Math.min(waiting.size(), DataRequests.MOST));
            batch = List.copyOf(next);
            next.clear();
            if (batch.isEmpty()) {
                round = null;
            }
        }
        if (batch.isEmpty()) {
            present.complete(null);
        } else {
            end(batch).whenComplete((all, error) -> {
                if (error == null) {
                    callNextAfterPause();
                } else {
                    fail(error);
                }
            });
        }
    }

    private void callNextAfterPause() {
        try {
            pause.execute(this::callNext);
        } catch (Throwable e) {
            // Such as an OutOfMemoryError because there can be no further thread.
            callNext();
        }
    }

    private void fail(Throwable error) {
        CompletableFuture<Void> present;
        synchronized (this) {
            present = round;
            round = null;
            failed = true;
        }
        present.completeExceptionally(error);
    }

    private CompletableFuture<Void> end(List<String> batch) {
        CompletionStage<?> answer;
        try {
            answer = call.apply(batch);
        } catch (Throwable e) {
            answer = CompletableFuture.failedFuture(e);
        }
        return answer.toCompletableFuture()
                .handle((done, error) -> {
                    if (error == null) {
                        batch.forEach(ended);
                        return CompletableFuture.<Void>completedFuture(null);
                    }
                    return failed(batch, ReadFailures.cause(error));
                })
                .thenCompose(next -> next);
    }

    private CompletableFuture<Void> failed(List<String> batch, Throwable error) {
        if (!isRefused(error)) {
            synchronized (this) {
                waiting.addAll(0, batch);
            }
            return CompletableFuture.failedFuture(error);
        } else if (batch.size() == 1) {
            LOG.warn("{} is refused for {}, which stays as it is: {}", name, batch.get(0), error.getMessage());
            refused.accept(batch.get(0));
            return CompletableFuture.completedFuture(null);
        }
        int half = batch.size() / 2;
        // One after the other: a refusal may be that of a service under load.
        return end(batch.subList(0, half))
                .handle((first, failure) -> end(batch.subList(half, batch.size()))
                        .thenCompose(second -> failure == null
                                ? CompletableFuture.<Void>completedFuture(null)
                                : CompletableFuture.<Void>failedFuture(failure)))
                .thenCompose(next -> next);
    }

    /** Whether it is because of an ID. Anything else is a matter of time or of the credential. */
    private static boolean isRefused(Throwable error) {
        return switch (Status.fromThrowable(error).getCode()) {
            case INVALID_ARGUMENT, NOT_FOUND, FAILED_PRECONDITION -> true;
            default -> false;
        };
    }
}
