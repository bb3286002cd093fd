// Copyright the camel-viamdata authors. SPDX-License-Identifier: Apache-2.0
package io.github.camelviamdata.query;

import io.grpc.Status;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Items that are done, and wait for what is to be done with them: in batches, because a call takes many IDs. A batch goes when it is
 * full or its oldest item has waited for a second, and at each poll. What fails for a reason that can pass waits for the next poll. Of
 * a batch that the service refuses, each item is tried alone, so that one does not keep the others.
 */
final class Endings {

    private static final Logger LOG = LoggerFactory.getLogger(Endings.class);
    private static final long LONGEST_WAIT = Duration.ofSeconds(1).toNanos();

    private final String name;
    private final Function<List<String>, CompletionStage<?>> call;
    private final KnownItems known;
    private final List<String> waiting = new ArrayList<>();
    private CompletableFuture<Void> inFlight = CompletableFuture.completedFuture(null);
    private long oldest;
    // What has failed waits for a flush, whatever is added before it.
    private boolean postponed;

    /**
     * @param name what is done, for the log
     * @param call does it for at most {@link DataRequests#MOST} IDs
     */
    Endings(String name, Function<List<String>, CompletionStage<?>> call, KnownItems known) {
        this.name = name;
        this.call = call;
        this.known = known;
    }

    /** Another item is done. */
    void add(String id) {
        boolean due;
        synchronized (this) {
            if (waiting.isEmpty()) {
                oldest = System.nanoTime();
            }
            waiting.add(id);
            due = !postponed && (waiting.size() >= DataRequests.MOST || System.nanoTime() - oldest > LONGEST_WAIT);
        }
        if (due) {
            flush().whenComplete((all, error) -> {
                if (error != null) {
                    LOG.warn(
                            "{} is tried again: {}",
                            name,
                            ReadFailures.cause(error).getMessage());
                }
            });
        }
    }

    /** Completes when no item waits and no batch is on its way; fails where some have to wait for another time. */
    CompletableFuture<Void> flush() {
        // Once each: what fails at once waits for the next time.
        for (List<String> batch : takeAll()) {
            addInFlight(end(batch));
        }
        synchronized (this) {
            return inFlight;
        }
    }

    private synchronized List<List<String>> takeAll() {
        List<List<String>> batches = new ArrayList<>();
        for (int start = 0; start < waiting.size(); start += DataRequests.MOST) {
            batches.add(List.copyOf(waiting.subList(start, Math.min(waiting.size(), start + DataRequests.MOST))));
        }
        waiting.clear();
        postponed = false;
        return batches;
    }

    private synchronized void addInFlight(CompletableFuture<Void> batch) {
        // What failed before waits again, and is a part of this or of a later batch.
        inFlight = inFlight.isDone() ? batch : inFlight.thenCombine(batch, (before, now) -> null);
    }

    private CompletableFuture<Void> end(List<String> batch) {
        CompletionStage<?> ended;
        try {
            ended = call.apply(batch);
        } catch (Throwable e) {
            ended = CompletableFuture.failedFuture(e);
        }
        return ended.toCompletableFuture()
                .handle((answer, error) -> {
                    if (error == null) {
                        batch.forEach(known::ended);
                        return CompletableFuture.<Void>completedFuture(null);
                    }
                    return failed(batch, ReadFailures.cause(error));
                })
                .thenCompose(next -> next);
    }

    private CompletableFuture<Void> failed(List<String> batch, Throwable error) {
        if (!isRefused(error)) {
            synchronized (this) {
                waiting.addAll(batch);
                postponed = true;
            }
            return CompletableFuture.failedFuture(error);
        } else if (batch.size() == 1) {
            LOG.warn("{} is refused for {}, which stays as it is: {}", name, batch.get(0), error.getMessage());
            known.refused(batch.get(0));
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
