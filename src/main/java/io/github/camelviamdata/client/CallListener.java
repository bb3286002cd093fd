// Copyright the camel-viamdata authors. SPDX-License-Identifier: Apache-2.0
package io.github.camelviamdata.client;

import io.github.camelviamdata.client.CallOutcome.UploadIds;
import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.ClientCall;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.Status;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;

/**
 * A gRPC call with one response. gRPC calls it on the event loop, where all it does is complete the outcome, or signal.
 *
 * @param <Q> request message
 * @param <R> response message
 */
abstract class CallListener<Q, R> extends ClientCall.Listener<R> {

    final ClientCall<Q, R> call;
    final CallTracer tracer = new CallTracer();
    final CompletableFuture<CallOutcome> outcome;
    private final Function<R, UploadIds> idsOf;
    private UploadIds ids;

    CallListener(
            Channel channel,
            MethodDescriptor<Q, R> method,
            CallOptions options,
            Function<R, UploadIds> idsOf,
            CompletableFuture<CallOutcome> outcome) {
        this.idsOf = idsOf;
        this.outcome = outcome;
        this.call = channel.newCall(method, options.withExecutor(Runnable::run).withStreamTracerFactory(tracer));
    }

    /** Payload bytes handed to the connection. */
    abstract long bytesSent();

    /** Whether all of the request may have left. */
    abstract boolean isSentAll();

    /** Whether an answer can be one to all of the request. */
    boolean isAnswerable() {
        return isSentAll();
    }

    final void start() {
        call.start(this, new Metadata());
        // One more than there should be, as gRPC's stubs do, so that a service that answers twice is found out.
        call.request(2);
    }

    /** Ends the call here: gRPC reports a cancellation later. */
    public final void cancel(Status reason) {
        outcome.complete(CallOutcome.ended(reason, bytesSent(), isSentAll()));
        call.cancel(reason.getDescription(), reason.getCause());
    }

    @Override
    public void onMessage(R response) {
        if (ids != null) {
            throw Status.INTERNAL
                    .withDescription("the service answered more than once")
                    .asRuntimeException();
        }
        ids = idsOf.apply(response);
    }

    @Override
    public void onClose(Status status, Metadata trailers) {
        String text = status.getDescription();
        // Trailers without a gRPC status are a proxy's: gRPC then makes a status, and says so.
        boolean answered = tracer.isAnswered() && (text == null || !text.contains("missing GRPC status"));
        outcome.complete(
                status.isOk()
                        ? CallOutcome.completed(ids, bytesSent(), isAnswerable())
                        : CallOutcome.failed(status, trailers, bytesSent(), isSentAll(), answered));
    }
}
