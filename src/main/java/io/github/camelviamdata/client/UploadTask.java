// Copyright the camel-viamdata authors. SPDX-License-Identifier: Apache-2.0
package io.github.camelviamdata.client;

import io.github.camelviamdata.ViamDataDelivery;
import io.github.camelviamdata.client.CallOutcome.UploadIds;
import io.github.camelviamdata.message.BytesPayload;
import io.github.camelviamdata.message.Payload;
import io.github.camelviamdata.message.ReadProgress;
import io.github.camelviamdata.message.Upload;
import io.grpc.CallOptions;
import io.grpc.ManagedChannel;
import io.grpc.Status;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * One upload: a loop over the outcomes of its calls. {@link #result} is its only latch. A token, a call, a pause: each step
 * ends within a time of its own, and begins the next step or completes the result. No thread waits between them.
 */
final class UploadTask {

    // How long the end of an upload waits for a thread that still reads its body.
    private static final Duration RELEASE_TIMEOUT = Duration.ofSeconds(1);

    /** Completes once: with the result, or with a {@link io.github.camelviamdata.ViamDataException}. */
    final CompletableFuture<UploadResult> result = new CompletableFuture<>();

    final Upload upload;
    private final ViamDataClient client;
    private final UploadSettings settings;
    private final RetryPolicy policy;
    private final ReadProgress progress;
    private final int storedBefore;
    // Written by one step after another, read by cancel() on any thread.
    private volatile Attempt attempt;
    private volatile String cancelled;

    /** What is known of the attempts so far. */
    private record Attempt(
            int number,
            Payload payload,
            String token,
            boolean tokenReplaced,
            boolean answerMissing,
            ManagedChannel channel,
            UploadCall call) {

        Attempt next(boolean replacesToken) {
            return new Attempt(
                    number + 1,
                    call == null ? payload : call.payload(),
                    null,
                    tokenReplaced || replacesToken,
                    answerMissing,
                    null,
                    null);
        }

        Attempt with(String token, ManagedChannel channel, UploadCall call) {
            return new Attempt(number, payload, token, tokenReplaced, answerMissing, channel, call);
        }

        Attempt after(CallOutcome outcome) {
            boolean missing = answerMissing || outcome.delivery() == ViamDataDelivery.unknown;
            return new Attempt(number, payload, token, tokenReplaced, missing, channel, call);
        }

        boolean isRepeatable() {
            return (call == null ? payload : call.payload()).isRepeatable();
        }
    }

    /**
     * @param progress where reads of the body are noted, or null where it is in memory
     * @param storedBefore number of uploads of the same message that are stored already
     */
    UploadTask(ViamDataClient client, Upload upload, UploadSettings settings, ReadProgress progress, int storedBefore) {
        this.client = client;
        this.upload = upload;
        this.settings = settings;
        this.policy = settings.retryPolicy();
        this.progress = progress;
        this.storedBefore = storedBefore;
        this.attempt = new Attempt(1, upload.payload(), null, false, false, null, null);
    }

    /** Begins an attempt. A body in memory is sent by this thread, if there is a token. */
    void start() {
        guarded(() -> client.tokens().get(settings.requestTimeout()).whenComplete(this::authenticated));
    }

    private void authenticated(String token, Throwable error) {
        try {
            if (error == null) {
                call(token);
            } else {
                conclude(CallOutcome.notMade(tokenFailure(error)));
            }
        } catch (Throwable e) {
            guarded(() -> conclude(CallOutcome.notMade(e)));
        }
    }

    /** Whatever status the service gives to a credential that it refuses, it is a matter of authentication. */
    private static Status tokenFailure(Throwable error) {
        Status status = error instanceof TimeoutException
                ? Status.DEADLINE_EXCEEDED.withDescription("no token within requestTimeout")
                : Status.fromThrowable(error);
        String text = "Authenticate failed" + (status.getDescription() == null ? "" : ": " + status.getDescription());
        return Failures.isTransient(status)
                ? status.withDescription(text)
                : Status.UNAUTHENTICATED
                        .withDescription(text.replaceFirst("failed", "ended in " + status.getCode()))
                        .withCause(status.getCause());
    }

    private void call(String token) {
        ManagedChannel channel = client.connections().next();
        CallOptions options =
                token == null ? CallOptions.DEFAULT : CallOptions.DEFAULT.withCallCredentials(new BearerToken(token));
        Payload payload = attempt.payload();
        int limit = settings.unaryLimit(upload);
        UploadCall call;
        Runnable start;
        if (upload.isTabular() || payload instanceof BytesPayload && payload.length() <= limit) {
            UnaryCall unary = new UnaryCall(channel, options, settings.requestTimeout(), upload, payload);
            call = unary;
            start = unary::send;
        } else {
            BodyCall body = new BodyCall(client.threads(), channel, options, upload, payload, settings, progress);
            call = body;
            start = body::start;
        }
        attempt = attempt.with(token, channel, call);
        call.outcome().thenAccept(outcome -> guarded(() -> ended(call, outcome)));
        // A cancellation finds the call, or is found here.
        if (cancelled == null) {
            start.run();
        } else {
            call.cancel(Status.CANCELLED.withDescription(cancelled));
        }
    }

    /** The thread that reads the body is done with it before the next attempt begins, or before the route continues. */
    private void ended(UploadCall call, CallOutcome outcome) {
        if (call.released().isDone()) {
            conclude(outcome);
        } else {
            call.released()
                    .copy()
                    .completeOnTimeout(null, RELEASE_TIMEOUT.toNanos(), TimeUnit.NANOSECONDS)
                    .thenRun(() -> guarded(() -> conclude(outcome)));
        }
    }

    /** Goes round the loop, or leaves it. */
    private void conclude(CallOutcome outcome) {
        Attempt last = attempt.after(outcome);
        attempt = last;
        if (outcome.status().isOk()) {
            UploadIds ids = outcome.ids();
            result.complete(new UploadResult(ids.fileId(), ids.binaryDataId(), outcome.bytesSent(), last.number()));
            return;
        }
        if (outcome.status().getCode() == Status.Code.UNAUTHENTICATED && last.token() != null) {
            client.tokens().invalidate(last.token());
        }
        if (last.channel() != null && !outcome.answered()) {
            // It may set up a connection, so not here.
            client.threads().execute(() -> client.connections().failed(last.channel(), outcome));
        }
        boolean stalled = last.call() != null && !last.call().released().isDone();
        boolean newToken =
                last.token() != null && !last.tokenReplaced() && client.tokens().isReplaceable();
        Optional<RetryPolicy.Pause> pause = cancelled != null || stalled
                ? Optional.empty()
                : policy.next(outcome, new RetryPolicy.Tried(last.number(), last.isRepeatable(), newToken));
        if (pause.isEmpty()) {
            fail(outcome);
        } else {
            attempt = last.next(outcome.status().getCode() == Status.Code.UNAUTHENTICATED);
            again(pause.get().draw(ThreadLocalRandom.current()));
        }
    }

    private void again(Duration pause) {
        try {
            client.threads().schedule(() -> client.threads().execute(this::startAgain), pause);
        } catch (RejectedExecutionException e) {
            cancel("the client was closed");
        }
        // As for a call.
        if (cancelled != null) {
            cancel(cancelled);
        }
    }

    private void startAgain() {
        if (!result.isDone()) {
            client.notifyListeners(ClientListener::triedAgain);
            start();
        }
    }

    /** Ends the upload, if it has not ended. */
    void cancel(String reason) {
        cancelled = reason;
        Status status = Status.CANCELLED.withDescription(reason);
        UploadCall call = attempt.call();
        if (call == null) {
            fail(CallOutcome.notMade(status));
        } else {
            call.cancel(status);
        }
    }

    private void fail(CallOutcome outcome) {
        Attempt last = attempt;
        if (last.call() != null && !last.call().released().isDone()) {
            last.call().abandonBody();
        }
        result.completeExceptionally(client.failures()
                .exception(
                        outcome,
                        settings,
                        upload,
                        last.answerMissing() ? ViamDataDelivery.unknown : outcome.delivery(),
                        storedBefore,
                        last.isRepeatable(),
                        last.number(),
                        last.token()));
    }

    /** Whatever a step throws ends the upload. */
    private void guarded(Runnable step) {
        try {
            step.run();
        } catch (Throwable e) {
            fail(CallOutcome.notMade(e));
        }
    }
}
