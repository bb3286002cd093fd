// Copyright the camel-viamdata authors. SPDX-License-Identifier: Apache-2.0
package io.github.camelviamdata.client;

import io.grpc.Status;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/**
 * The calls of a message that uploads nothing, one after another under one permit. {@link #result} is the only latch; {@link #end}
 * follows it on the thread where the route continues.
 */
final class CallSeries<T> extends InFlight<T> {

    private final ViamDataClient client;
    private final Calls<T> calls;
    private final CompletableFuture<T> result = new CompletableFuture<>();
    private final CompletableFuture<T> end = new CompletableFuture<>();

    /** @param workers where the route continues */
    CallSeries(ViamDataClient client, Calls<T> calls, Object owner, Workers workers) {
        super(client, owner, workers);
        this.client = client;
        this.calls = calls;
    }

    @Override
    CompletionStage<T> refuse(String obstacle) {
        return CompletableFuture.failedFuture(
                Status.UNAVAILABLE.withDescription(obstacle).asRuntimeException());
    }

    @Override
    CompletionStage<T> start() {
        result.whenComplete((value, error) -> handOver(() -> complete(value, error)));
        try {
            calls.begin(result::isDone).whenComplete(this::ended);
        } catch (Throwable e) {
            result.completeExceptionally(e);
        }
        return end;
    }

    private void ended(T value, Throwable error) {
        boolean first = error == null ? result.complete(value) : result.completeExceptionally(error);
        if (!first && value != null) {
            client.runForeign(() -> calls.discard(value));
        }
    }

    private void complete(T value, Throwable error) {
        if (error == null) {
            end.complete(value);
        } else {
            end.completeExceptionally(error);
        }
    }

    @Override
    void cancel(String reason) {
        result.completeExceptionally(Status.CANCELLED.withDescription(reason).asRuntimeException());
    }
}
