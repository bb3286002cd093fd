// Copyright the camel-viamdata authors. SPDX-License-Identifier: Apache-2.0
package io.github.camelviamdata.client;

import io.grpc.CallOptions;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.Status;
import io.grpc.stub.ClientCalls;
import io.grpc.stub.StreamObserver;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;

/** A call with one request and one answer. */
final class UnaryCall<Q, R> extends RetriedCall<R> {

    private static final Status NO_ANSWER =
            Status.INTERNAL.withDescription("the service ended the call without an answer");

    private final MethodDescriptor<Q, R> method;
    private final Q request;
    private final UploadSettings settings;

    /**
     * @param idempotent whether the service may have the request twice
     * @param lasting after which statuses another attempt would end in the same one
     */
    UnaryCall(
            ViamDataClient client,
            MethodDescriptor<Q, R> method,
            Q request,
            UploadSettings settings,
            boolean idempotent,
            Predicate<Status> lasting) {
        super(client, settings, idempotent, lasting);
        this.method = method;
        this.request = request;
        this.settings = settings;
    }

    @Override
    void call(ManagedChannel channel, CallOptions options, OneCall attempt) {
        CallOptions limited =
                options.withDeadlineAfter(settings.requestTimeout().toNanos(), TimeUnit.NANOSECONDS);
        ClientCalls.asyncUnaryCall(channel.newCall(method, limited), request, new StreamObserver<R>() {

            private R response;

            @Override
            public void onNext(R next) {
                response = next;
            }

            @Override
            public void onError(Throwable error) {
                Metadata trailers = Status.trailersFromThrowable(error);
                attempt.failed(Status.fromThrowable(error), trailers == null ? new Metadata() : trailers);
            }

            @Override
            public void onCompleted() {
                if (response == null) {
                    attempt.failed(NO_ANSWER, new Metadata());
                } else {
                    attempt.answered(response);
                }
            }
        });
    }
}
