// Copyright the camel-viamdata authors. SPDX-License-Identifier: Apache-2.0
package io.github.camelviamdata.client;

import io.github.camelviamdata.ViamDataDelivery;
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
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;

/**
 * A call with one request and one answer. It is made again under the same rules as an upload; if another one would do the same
 * thing twice, only while the service surely has not done it. {@link #answer} is its only latch; each step ends within a time of its
 * own.
 */
final class UnaryCall<Q, R> {

    private static final String NO_ANSWER = "the service ended the call without an answer";

    /** Completes once: with the answer, or with a {@link CallFailedException}. */
    private final CompletableFuture<R> answer = new CompletableFuture<>();

    private final ViamDataClient client;
    private final MethodDescriptor<Q, R> method;
    private final Q request;
    private final UploadSettings settings;
    private final Predicate<Status> lasting;
    private final boolean idempotent;
    // One step happens before the next one.
    private int attempts;
    private boolean tokenReplaced;
    private boolean answerMissing;

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
        this.client = client;
        this.method = method;
        this.request = request;
        this.settings = settings;
        this.lasting = lasting;
        this.idempotent = idempotent;
    }

    CompletionStage<R> begin() {
        start();
        return answer;
    }

    private void start() {
        try {
            attempts++;
            client.tokens().get(settings.requestTimeout()).whenComplete(this::authenticated);
        } catch (Throwable e) {
            fail(CallOutcome.notMade(Status.fromThrowable(e)), null);
        }
    }

    private void authenticated(String token, Throwable error) {
        try {
            if (error == null) {
                call(token, client.connections().next());
            } else {
                fail(CallOutcome.notMade(UploadTask.tokenFailure(error)), null);
            }
        } catch (Throwable e) {
            fail(CallOutcome.notMade(Status.fromThrowable(e)), null);
        }
    }

    private void call(String token, ManagedChannel channel) {
        WireTracer tracer = new WireTracer();
        CallOptions options = tracer.addTo(
                CallOptions.DEFAULT.withDeadlineAfter(settings.requestTimeout().toNanos(), TimeUnit.NANOSECONDS));
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
                        failed(token, channel, outcome(error, tracer));
                    }

                    @Override
                    public void onCompleted() {
                        if (response == null) {
                            failed(
                                    token,
                                    channel,
                                    outcome(
                                            Status.INTERNAL
                                                    .withDescription(NO_ANSWER)
                                                    .asException(),
                                            tracer));
                        } else {
                            answer.complete(response);
                        }
                    }
                });
    }

    private static CallOutcome outcome(Throwable error, WireTracer tracer) {
        Status status = Status.fromThrowable(error);
        Metadata trailers = Status.trailersFromThrowable(error);
        return CallOutcome.failed(
                status, trailers == null ? new Metadata() : trailers, 0, tracer.isOnWire(), tracer.isAnswered(status));
    }

    private void failed(String token, ManagedChannel channel, CallOutcome outcome) {
        Optional<RetryPolicy.Pause> pause;
        try {
            pause = pause(token, channel, outcome);
        } catch (Throwable e) {
            // Such as an OutOfMemoryError. How the call ended is known all the same.
            pause = Optional.empty();
        }
        if (pause.isPresent()) {
            retryAfter(pause.get().draw(ThreadLocalRandom.current()));
        } else {
            fail(outcome, token);
        }
    }

    /** The pause before the next call; empty if there is none. */
    private Optional<RetryPolicy.Pause> pause(String token, ManagedChannel channel, CallOutcome outcome) {
        answerMissing |= outcome.delivery() == ViamDataDelivery.unknown;
        client.connections().failed(channel, outcome);
        boolean tokenRefused = token != null && outcome.status().getCode() == Status.Code.UNAUTHENTICATED;
        if (tokenRefused) {
            client.tokens().invalidate(token);
        }
        boolean newToken = tokenRefused && !tokenReplaced && client.tokens().isReplaceable();
        tokenReplaced |= tokenRefused;
        // A pause is asked for where another attempt may succeed.
        boolean lasts = outcome.pushBack().equals(PushBack.NONE) && lasting.test(outcome.status());
        boolean repeatable = idempotent || !answerMissing;
        return lasts
                ? Optional.empty()
                : settings.retryPolicy().next(outcome, new RetryPolicy.Tried(attempts, repeatable, newToken));
    }

    private void retryAfter(Duration pause) {
        try {
            client.threads().schedule(() -> client.threads().execute(this::start), pause);
        } catch (Throwable e) {
            fail(CallOutcome.notMade(Status.CANCELLED.withDescription(ViamDataClient.CLOSED)), null);
        }
    }

    private void fail(CallOutcome outcome, String token) {
        answer.completeExceptionally(new CallFailedException(
                client.failures().safe(outcome.status(), token),
                answerMissing ? ViamDataDelivery.unknown : outcome.delivery(),
                attempts));
    }
}
