// Copyright the camel-viamdata authors. SPDX-License-Identifier: Apache-2.0
package io.github.camelviamdata.client;

import io.grpc.CallOptions;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.Status;
import io.grpc.stub.ClientCalls;
import io.grpc.stub.StreamObserver;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;

/**
 * A call with one request and one answer, which changes nothing that another call would repeat. It is made again under the same
 * rules as an upload. {@link #answer} is its only latch; each step ends within a time of its own.
 */
final class UnaryCall<Q, R> {

    /** Completes once: with the answer, or with a {@link io.grpc.StatusRuntimeException}. */
    final CompletableFuture<R> answer = new CompletableFuture<>();

    private final ViamDataClient client;
    private final MethodDescriptor<Q, R> method;
    private final Q request;
    private final UploadSettings settings;
    private final Predicate<Status> lasting;
    // One step happens before the next one.
    private int attempts;
    private boolean tokenReplaced;

    /** @param lasting after which statuses another attempt would end in the same one */
    UnaryCall(
            ViamDataClient client,
            MethodDescriptor<Q, R> method,
            Q request,
            UploadSettings settings,
            Predicate<Status> lasting) {
        this.client = client;
        this.method = method;
        this.request = request;
        this.settings = settings;
        this.lasting = lasting;
    }

    void start() {
        try {
            attempts++;
            client.tokens().get(settings.requestTimeout()).whenComplete(this::authenticated);
        } catch (Throwable e) {
            fail(Status.fromThrowable(e), null);
        }
    }

    private void authenticated(String token, Throwable error) {
        try {
            if (error == null) {
                call(token, client.connections().next());
            } else {
                fail(UploadTask.tokenFailure(error), null);
            }
        } catch (Throwable e) {
            fail(Status.fromThrowable(e), null);
        }
    }

    private void call(String token, ManagedChannel channel) {
        CallOptions options =
                CallOptions.DEFAULT.withDeadlineAfter(settings.requestTimeout().toNanos(), TimeUnit.NANOSECONDS);
        ClientCalls.asyncUnaryCall(
                channel.newCall(method, token == null ? options : options.withCallCredentials(new BearerToken(token))),
                request,
                new StreamObserver<R>() {

                    private R response;

                    @Override
                    public void onNext(R next) {
                        response = next;
                    }

                    @Override
                    public void onError(Throwable error) {
                        try {
                            failed(token, channel, error);
                        } catch (Throwable e) {
                            fail(Status.fromThrowable(e), token);
                        }
                    }

                    @Override
                    public void onCompleted() {
                        if (response == null) {
                            fail(
                                    Status.INTERNAL.withDescription("the service ended the call without an answer"),
                                    token);
                        } else {
                            answer.complete(response);
                        }
                    }
                });
    }

    private void failed(String token, ManagedChannel channel, Throwable error) {
        Metadata trailers = Status.trailersFromThrowable(error);
        CallOutcome outcome = CallOutcome.failed(
                Status.fromThrowable(error), trailers == null ? new Metadata() : trailers, 0, false, trailers != null);
        client.connections().failed(channel, outcome);
        boolean tokenRefused = token != null && outcome.status().getCode() == Status.Code.UNAUTHENTICATED;
        if (tokenRefused) {
            client.tokens().invalidate(token);
        }
        boolean newToken = tokenRefused && !tokenReplaced && client.tokens().isReplaceable();
        tokenReplaced |= tokenRefused;
        Optional<RetryPolicy.Pause> pause =
                settings.retryPolicy().next(outcome, new RetryPolicy.Tried(attempts, true, newToken));
        // A pause is asked for where another attempt may succeed.
        boolean lasts = outcome.pushBack().equals(PushBack.NONE) && lasting.test(outcome.status());
        if (pause.isEmpty() || lasts) {
            fail(outcome.status(), token);
        } else {
            retryAfter(pause.get().draw(ThreadLocalRandom.current()));
        }
    }

    private void retryAfter(Duration pause) {
        try {
            client.threads().schedule(() -> client.threads().execute(this::start), pause);
        } catch (Throwable e) {
            fail(Status.CANCELLED.withDescription(ViamDataClient.CLOSED), null);
        }
    }

    private void fail(Status status, String token) {
        answer.completeExceptionally(client.failures().safe(status, token).asRuntimeException());
    }
}
