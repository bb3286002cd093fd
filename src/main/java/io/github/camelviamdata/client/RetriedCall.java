// Copyright the camel-viamdata authors. SPDX-License-Identifier: Apache-2.0
package io.github.camelviamdata.client;

import io.github.camelviamdata.ViamDataDelivery;
import io.grpc.CallOptions;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.Status;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Predicate;

/**
 * A call that uploads nothing. It is made again under the same rules as an upload; if another one would do the same thing twice, only
 * while the service surely has not done it. {@link #answer} is its only latch; each step ends within a time of its own.
 */
abstract class RetriedCall<R> {

    /** Completes once: with the answer, or with a {@link CallFailedException}. */
    private final CompletableFuture<R> answer = new CompletableFuture<>();

    private final ViamDataClient client;
    private final UploadSettings settings;
    private final boolean idempotent;
    private final Predicate<Status> lasting;
    // One step happens before the next one.
    private int attempts;
    private boolean tokenReplaced;
    private boolean answerMissing;

    /**
     * @param idempotent whether the service may have the request twice
     * @param lasting after which statuses another attempt would end in the same one
     */
    RetriedCall(ViamDataClient client, UploadSettings settings, boolean idempotent, Predicate<Status> lasting) {
        this.client = client;
        this.settings = settings;
        this.idempotent = idempotent;
        this.lasting = lasting;
    }

    /**
     * Makes one attempt, which has to end in {@link OneCall#answered} or {@link OneCall#failed}.
     *
     * @param options with the token
     */
    abstract void call(ManagedChannel channel, CallOptions options, OneCall attempt);

    /** One of the calls. */
    final class OneCall {

        private final WireTracer tracer = new WireTracer();
        private final ManagedChannel channel;
        private final String token;

        private OneCall(ManagedChannel channel, String token) {
            this.channel = channel;
            this.token = token;
        }

        void answered(R response) {
            answer.complete(response);
        }

        void failed(Status status, Metadata trailers) {
            RetriedCall.this.failed(
                    this, CallOutcome.failed(status, trailers, 0, tracer.isOnWire(), tracer.isAnswered(status)));
        }
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
                attempt(token, client.connections().next());
            } else {
                failed(null, CallOutcome.notMade(UploadTask.tokenFailure(error)));
            }
        } catch (Throwable e) {
            fail(CallOutcome.notMade(Status.fromThrowable(e)), null);
        }
    }

    private void attempt(String token, ManagedChannel channel) {
        OneCall attempt = new OneCall(channel, token);
        CallOptions options = attempt.tracer.addTo(CallOptions.DEFAULT);
        call(channel, token == null ? options : options.withCallCredentials(new BearerToken(token)), attempt);
    }

    /** @param attempt null where there was none, because there was no token */
    private void failed(OneCall attempt, CallOutcome outcome) {
        Optional<RetryPolicy.Pause> pause;
        try {
            pause = pause(attempt, outcome);
        } catch (Throwable e) {
            // Such as an OutOfMemoryError. How the call ended is known all the same.
            pause = Optional.empty();
        }
        if (pause.isPresent()) {
            retryAfter(pause.get().draw(ThreadLocalRandom.current()));
        } else {
            fail(outcome, attempt == null ? null : attempt.token);
        }
    }

    /** The pause before the next call; empty if there is none. */
    private Optional<RetryPolicy.Pause> pause(OneCall attempt, CallOutcome outcome) {
        answerMissing |= outcome.delivery() == ViamDataDelivery.unknown;
        if (attempt != null) {
            client.connections().failed(attempt.channel, outcome);
        }
        boolean tokenRefused =
                attempt != null && attempt.token != null && outcome.status().getCode() == Status.Code.UNAUTHENTICATED;
        if (tokenRefused) {
            client.tokens().invalidate(attempt.token);
        }
        boolean newToken = tokenRefused && !tokenReplaced && client.tokens().isReplaceable();
        tokenReplaced |= tokenRefused;
        if (outcome.pushBack().equals(PushBack.NONE) && lasting.test(outcome.status())) {
            // Without a pause that the service asks for, another attempt would fail too.
            return Optional.empty();
        }
        boolean repeatable = idempotent || !answerMissing;
        return settings.retryPolicy().next(outcome, new RetryPolicy.Tried(attempts, repeatable, newToken));
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
