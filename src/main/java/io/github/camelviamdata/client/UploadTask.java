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
 * One upload: one attempt after another until one succeeds or the last one fails. {@link #result} is its only latch. Each step,
 * a token, a call or a pause, has its own time limit, and then starts the next step or completes the result. No thread waits
 * between steps.
 */
final class UploadTask implements UploadRun {

    // How long the upload waits, when a call has ended, for the thread that still reads its body.
    private static final Duration RELEASE_TIMEOUT = Duration.ofSeconds(1);

    private final CompletableFuture<UploadResult> result = new CompletableFuture<>();
    private final ViamDataClient client;
    private final Upload upload;
    private final UploadSettings settings;
    private final RetryPolicy policy;
    private final ReadProgress progress;
    private final int storedBefore;
    private final boolean retryUnknown;
    // The steps write these one after another; cancel() reads them on any thread.
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
     * @param retryUnknown whether to make another attempt after one whose answer is missing
     */
    UploadTask(
            ViamDataClient client,
            Upload upload,
            UploadSettings settings,
            ReadProgress progress,
            int storedBefore,
            int attemptsBefore,
            boolean retryUnknown) {
        this.client = client;
        this.upload = upload;
        this.settings = settings;
        this.policy = settings.retryPolicy();
        this.progress = progress;
        this.storedBefore = storedBefore;
        this.payload = upload.payload();
        this.attempts = new AtomicInteger(attemptsBefore + 1);
        this.retryUnknown = retryUnknown;
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

    /** Begins an attempt. This thread sends a body in memory if the token is known. */
    @Override
    public void start() {
        runStep(() -> client.tokens().get(settings.requestTimeout()).whenComplete(this::onToken));
    }

    private void onToken(String token, Throwable error) {
        try {
            if (error == null) {
                attempt(token);
            } else {
                conclude(CallOutcome.notMade(tokenFailure(error)));
            }
        } catch (Throwable e) {
            runStep(() -> conclude(CallOutcome.notMade(e)));
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
        Attempt next =
                new Attempt(client.threads(), client.connections().next(), token, upload, payload, settings, progress);
        attempt = next;
        next.outcome.thenAccept(outcome -> runStep(() -> awaitRelease(next, outcome)));
        // Either cancel() sees the attempt, or this thread sees the cancellation.
        if (cancelled == null) {
            next.start();
        } else {
            next.released.complete(null);
            cancel(cancelled);
        }
    }

    /** Waits for the reading thread to release the body before the next attempt, or the route, uses it. */
    private void awaitRelease(Attempt last, CallOutcome outcome) {
        answerMissing |= outcome.delivery() == ViamDataDelivery.unknown;
        if (last.released.isDone()) {
            conclude(outcome);
        } else {
            last.released
                    .copy()
                    .completeOnTimeout(null, RELEASE_TIMEOUT.toNanos(), TimeUnit.NANOSECONDS)
                    .thenRun(() -> runStep(() -> conclude(outcome)));
        }
    }

    /** Begins the next attempt after a pause, or completes the result. */
    private void conclude(CallOutcome outcome) {
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
                || !retryUnknown && outcome.delivery() == ViamDataDelivery.unknown) {
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
        // As in attempt(): either cancel() sees the pause, or this thread sees the cancellation.
        if (cancelled != null) {
            cancel(cancelled);
        }
    }

    @Override
    public void cancel(String reason) {
        cancelled = reason;
        Status status = Status.CANCELLED.withDescription(reason);
        Attempt current = attempt;
        if (current == null) {
            fail(CallOutcome.notMade(status));
        } else {
            current.cancel(status);
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

    /** Runs a step. If it throws, the upload fails. */
    private void runStep(Runnable step) {
        try {
            step.run();
        } catch (Throwable e) {
            fail(CallOutcome.notMade(e));
        }
    }
}
