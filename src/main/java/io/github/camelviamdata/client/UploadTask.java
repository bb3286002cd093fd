// Copyright the camel-viamdata authors. SPDX-License-Identifier: Apache-2.0
package io.github.camelviamdata.client;

import io.github.camelviamdata.ViamDataDelivery;
import io.github.camelviamdata.client.CallOutcome.UploadIds;
import io.github.camelviamdata.upload.Payload;
import io.github.camelviamdata.upload.ReadProgress;
import io.github.camelviamdata.upload.Upload;
import io.grpc.Status;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * One upload: a loop over the outcomes of its calls. {@link #result} is its only latch. A token, a call, a pause: each step
 * ends within a time of its own, and begins the next step or completes the result. No thread waits between them.
 */
final class UploadTask implements UploadRun {

    // How long the end of an upload waits for a thread that still reads its body.
    private static final Duration RELEASE_TIMEOUT = Duration.ofSeconds(1);

    private final CompletableFuture<UploadResult> result = new CompletableFuture<>();
    private final ViamDataClient client;
    private final Upload upload;
    private final UploadSettings settings;
    private final RetryPolicy policy;
    private final ReadProgress progress;
    private final int storedBefore;
    private final boolean unknownIsRepeated;
    // Written by one step after another, read by cancel() on any thread.
    private volatile Payload payload;
    private final AtomicInteger attempts;
    private volatile boolean tokenReplaced;
    private volatile boolean answerMissing;
    private volatile ViamDataDelivery delivery = ViamDataDelivery.notSent;
    private volatile Attempt attempt;
    private volatile String cancelled;

    /**
     * @param progress where reads of the body are noted, or null where it is in memory
     * @param storedBefore number of uploads of the same message that are stored already
     */
    UploadTask(ViamDataClient client, Upload upload, UploadSettings settings, ReadProgress progress, int storedBefore) {
        this(client, upload, settings, progress, storedBefore, 0, true);
    }

    /**
     * @param attemptsBefore number of attempts that were made by another task
     * @param unknownIsRepeated whether to make another attempt after one whose answer is missing
     */
    UploadTask(
            ViamDataClient client,
            Upload upload,
            UploadSettings settings,
            ReadProgress progress,
            int storedBefore,
            int attemptsBefore,
            boolean unknownIsRepeated) {
        this.client = client;
        this.upload = upload;
        this.settings = settings;
        this.policy = settings.retryPolicy();
        this.progress = progress;
        this.storedBefore = storedBefore;
        this.payload = upload.payload();
        this.attempts = new AtomicInteger(attemptsBefore + 1);
        this.unknownIsRepeated = unknownIsRepeated;
    }

    @Override
    public CompletableFuture<UploadResult> result() {
        return result;
    }

    /** Where the data is after a failure of this task, whatever is stored of other uploads of the message. */
    ViamDataDelivery delivery() {
        return delivery;
    }

    /** The payload for another attempt. */
    Payload payload() {
        return payload;
    }

    /** Whether there may be another attempt: the body can be read again, and no thread is still reading it. */
    boolean isRepeatable() {
        Attempt last = attempt;
        return payload.isRepeatable() && (last == null || last.released.isDone());
    }

    /** Begins an attempt. A body in memory is sent by this thread, if there is a token. */
    @Override
    public void start() {
        guarded(() -> client.tokens().get(settings.requestTimeout()).whenComplete(this::authenticated));
    }

    private void authenticated(String token, Throwable error) {
        try {
            if (error == null) {
                attempt(token);
            } else {
                conclude(CallOutcome.notMade(tokenFailure(error)));
            }
        } catch (Throwable e) {
            guarded(() -> conclude(CallOutcome.notMade(e)));
        }
    }

    /** Services reject credentials with various statuses. Each becomes UNAUTHENTICATED. */
    static Status tokenFailure(Throwable error) {
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

    private void attempt(String token) {
        Attempt begun =
                new Attempt(client.threads(), client.connections().next(), token, upload, payload, settings, progress);
        attempt = begun;
        begun.outcome.thenAccept(outcome -> guarded(() -> attemptEnded(begun, outcome)));
        // Either cancel() sees the attempt, or this thread sees the cancellation.
        if (cancelled == null) {
            begun.start();
        } else {
            begun.released.complete(null);
            cancel(cancelled);
        }
    }

    /** The reading thread has released the body before the next attempt begins and before the route continues. */
    private void attemptEnded(Attempt last, CallOutcome outcome) {
        if (last.released.isDone()) {
            conclude(outcome);
        } else {
            last.released
                    .copy()
                    .completeOnTimeout(null, RELEASE_TIMEOUT.toNanos(), TimeUnit.NANOSECONDS)
                    .thenRun(() -> guarded(() -> conclude(outcome)));
        }
    }

    /** Begins the next attempt after a pause, or completes the result. */
    private void conclude(CallOutcome outcome) {
        boolean unknown = outcome.delivery() == ViamDataDelivery.unknown;
        answerMissing |= unknown;
        if (outcome.status().isOk()) {
            UploadIds ids = outcome.ids();
            result.complete(new UploadResult(ids.fileId(), ids.binaryDataId(), outcome.bytesSent(), attempts.get()));
            return;
        }
        Attempt last = attempt;
        if (last != null) {
            payload = last.payload();
            client.connections().failed(last.channel, outcome);
        }
        boolean tokenRefused =
                last != null && last.token != null && outcome.status().getCode() == Status.Code.UNAUTHENTICATED;
        if (tokenRefused) {
            client.tokens().invalidate(last.token);
        }
        boolean newToken = tokenRefused && !tokenReplaced && client.tokens().isReplaceable();
        Optional<RetryPolicy.Pause> pause =
                policy.next(outcome, new RetryPolicy.Tried(attempts.get(), payload.isRepeatable(), newToken));
        if (pause.isEmpty()
                || cancelled != null
                || last != null && !last.released.isDone()
                || unknown && !unknownIsRepeated) {
            fail(outcome);
            return;
        }
        tokenReplaced |= tokenRefused;
        attempts.incrementAndGet();
        attempt = null;
        retryAfter(pause.get().draw(ThreadLocalRandom.current()));
    }

    private void retryAfter(Duration pause) {
        Runnable next = () -> {
            if (!result.isDone()) {
                client.notifyListeners(ClientListener::uploadRetried);
                start();
            }
        };
        try {
            client.threads().schedule(() -> client.threads().execute(next), pause);
        } catch (RejectedExecutionException e) {
            cancel(ViamDataClient.CLOSED);
        }
        // As for an attempt.
        if (cancelled != null) {
            cancel(cancelled);
        }
    }

    @Override
    public void cancel(String reason) {
        cancelled = reason;
        Status status = Status.CANCELLED.withDescription(reason);
        Attempt begun = attempt;
        if (begun == null) {
            fail(CallOutcome.notMade(status));
        } else {
            begun.cancel(status);
        }
    }

    private void fail(CallOutcome outcome) {
        Attempt last = attempt;
        if (last != null && !last.released.isDone()) {
            last.abandonBody();
        }
        delivery = answerMissing ? ViamDataDelivery.unknown : outcome.delivery();
        result.completeExceptionally(client.failures()
                .exception(
                        outcome,
                        settings,
                        upload,
                        delivery,
                        storedBefore,
                        payload.isRepeatable(),
                        attempts.get(),
                        last == null ? null : last.token));
    }

    /** Runs a step. What it throws ends the upload. */
    private void guarded(Runnable step) {
        try {
            step.run();
        } catch (Throwable e) {
            fail(CallOutcome.notMade(e));
        }
    }
}
