// Copyright the camel-viamdata authors. SPDX-License-Identifier: Apache-2.0
package io.github.camelviamdata.client;

import io.github.camelviamdata.ViamDataDelivery;
import io.github.camelviamdata.ViamDataException;
import io.github.camelviamdata.ViamDataException.Progress;
import io.github.camelviamdata.ViamDataUnavailableException;
import io.github.camelviamdata.client.ClientListener.OnceCheck;
import io.github.camelviamdata.client.UploadGuard.Guarded;
import io.github.camelviamdata.upload.ReadProgress;
import io.github.camelviamdata.upload.Upload;
import io.grpc.Status;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BiConsumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * An upload that is made at most once. Its steps follow each other: wait for an upload of the same key, note that this one begins,
 * send it, note how it ended. Where the answer is missing, the service is asked before anything is sent again. {@link #result} is what
 * the series sees, {@link #noted} what the next upload of the key waits for. {@link #step} says which step may end them.
 */
final class GuardedUpload implements UploadRun {

    private enum Step {
        waiting,
        /** The ledger is at work. It ends in time, so a cancellation waits for it. */
        noting,
        sending,
        lookingBack,
        ended
    }

    private static final Logger LOG = LoggerFactory.getLogger(GuardedUpload.class);

    private final CompletableFuture<UploadResult> result = new CompletableFuture<>();
    // The next upload of the key may begin.
    private final CompletableFuture<Void> noted = new CompletableFuture<>();
    private final AtomicReference<Step> step = new AtomicReference<>(Step.waiting);
    private final ViamDataClient client;
    private final UploadSettings settings;
    private final ReadProgress progress;
    private final int storedBefore;
    private final Guarded guarded;
    // Written by one step after another, read by cancel() on any thread.
    private volatile Upload upload;
    private volatile UploadTask task;
    // Of the last attempt, whose answer is missing; null where an earlier upload began.
    private volatile ViamDataException unknown;
    private volatile boolean beganBefore;
    private volatile ViamDataDelivery delivery = ViamDataDelivery.notSent;
    private volatile String cancelled;

    /** @param storedBefore number of uploads of the same message that are stored already */
    GuardedUpload(
            ViamDataClient client, Guarded guarded, UploadSettings settings, ReadProgress progress, int storedBefore) {
        this.client = client;
        this.guarded = guarded;
        this.upload = guarded.upload();
        this.settings = settings;
        this.progress = progress;
        this.storedBefore = storedBefore;
    }

    @Override
    public CompletableFuture<UploadResult> result() {
        return result;
    }

    @Override
    public void start() {
        result.whenComplete((stored, error) -> closeUnread());
        then(guarded.enter(noted), (turn, error) -> begin());
    }

    /** A stream that no attempt has read is not needed any more. */
    private void closeUnread() {
        if (task == null && progress != null && !upload.payload().isRepeatable()) {
            client.threads().execute(progress::abandon);
        }
    }

    private void begin() {
        if (!step.compareAndSet(Step.waiting, Step.noting)) {
            return;
        }
        // What is in memory is sent without blocking.
        Executor starter = progress == null ? client.threads().sequential() : client.threads();
        then(guarded.begin(settings, client.threads(), starter), (standing, error) -> {
            if (error != null) {
                end(failure("Nothing was sent. The ledger could not note the upload: " + text(error), error, 0));
            } else if (standing.stored() != null) {
                skip(standing.stored());
            } else if (!standing.isBegun()) {
                send(0);
            } else if (guarded.isFindable()) {
                lookBack();
            } else {
                beganBefore = true;
                checked(OnceCheck.repeated);
                LOG.warn(
                        "An upload for part {} began before, and its end is not known. It is sent again, and may be"
                                + " stored twice",
                        upload.metadata().getPartId());
                send(0);
            }
        });
    }

    private void skip(UploadResult earlier) {
        checked(OnceCheck.skipped);
        noted.complete(null);
        result.complete(earlier);
    }

    private void send(int attemptsBefore) {
        delivery = ViamDataDelivery.notSent;
        UploadTask next =
                new UploadTask(client, upload, settings, progress, storedBefore, attemptsBefore, !guarded.isFindable());
        task = next;
        step.set(Step.sending);
        then(next.result(), (sent, error) -> {
            step.set(Step.noting);
            if (error == null) {
                done(sent);
            } else {
                notStored(next, (ViamDataException) error);
            }
        });
        // Either cancel() sees the step, or this thread sees the cancellation.
        if (cancelled == null) {
            next.start();
        } else {
            next.cancel(cancelled);
        }
    }

    /**
     * Where the service can be asked for the upload, the route need not wait for the note: if that is lost in a crash, the upload is
     * found.
     */
    private void done(UploadResult sent) {
        CompletionStage<?> note = guarded.done(client, settings, sent, client.threads());
        if (guarded.isFindable()) {
            result.complete(sent);
        }
        then(note, (done, error) -> {
            if (error != null) {
                LOG.warn("The ledger could not note that an upload is stored: {}", sent, error);
            }
            noted.complete(null);
            result.complete(sent);
        });
    }

    private void notStored(UploadTask ended, ViamDataException failure) {
        delivery = ended.delivery();
        if (delivery != ViamDataDelivery.unknown) {
            forget(failure);
        } else if (cancelled != null || !guarded.isFindable()) {
            end(failure);
        } else {
            unknown = failure;
            lookBack();
        }
    }

    /** What an earlier upload of the key has left stays open: it may be stored. */
    private void forget(ViamDataException failure) {
        if (beganBefore) {
            end(failure);
            return;
        }
        then(guarded.forget(settings, client.threads()), (forgotten, error) -> {
            if (error != null) {
                LOG.warn("The ledger could not forget an upload that was not stored", error);
            }
            end(failure);
        });
    }

    private void end(ViamDataException failure) {
        step.set(Step.ended);
        noted.complete(null);
        result.completeExceptionally(failure);
    }

    private void lookBack() {
        delivery = ViamDataDelivery.unknown;
        step.set(Step.lookingBack);
        long deadline = System.nanoTime() + guarded.patience().toNanos();
        if (cancelled == null) {
            client.threads().execute(() -> ask(deadline));
        } else {
            cancel(cancelled);
        }
    }

    private void ask(long deadline) {
        if (step.get() != Step.lookingBack) {
            return;
        }
        boolean last = System.nanoTime() - deadline >= 0;
        then(guarded.find(client, settings), (found, error) -> {
            // What is refused for good, such as for a key that may not read data, is refused again.
            boolean again =
                    !last && (error == null ? found.isEmpty() : Failures.isTransient(Status.fromThrowable(error)));
            if (again) {
                askAfter(guarded.interval(), deadline);
            } else if (step.compareAndSet(Step.lookingBack, Step.noting)) {
                if (error != null) {
                    checked(OnceCheck.unanswered);
                    end(unanswered(error));
                } else if (found.isPresent()) {
                    checked(OnceCheck.found);
                    done(found(found.get()));
                } else {
                    checked(OnceCheck.absent);
                    absent();
                }
            }
        });
    }

    private void askAfter(Duration interval, long deadline) {
        long pause = Math.max(0, Math.min(interval.toNanos(), deadline - System.nanoTime()));
        client.threads().schedule(() -> client.threads().execute(() -> ask(deadline)), Duration.ofNanos(pause));
    }

    /** An earlier message has stored it, or an attempt of this one. */
    private UploadResult found(UploadResult listed) {
        return unknown == null
                ? new UploadResult(listed.fileId(), listed.binaryDataId(), 0, 0)
                : new UploadResult(
                        listed.fileId(), listed.binaryDataId(), listed.uploadedBytes(), unknown.getAttempts());
    }

    private void absent() {
        UploadTask last = task;
        ViamDataException failure = unknown;
        unknown = null;
        if (failure == null) {
            beginAgain();
        } else if (failure instanceof ViamDataUnavailableException
                && failure.getAttempts() < settings.maxAttempts()
                && last.isRepeatable()) {
            client.notifyListeners(ClientListener::uploadRetried);
            upload = new Upload(upload.request(), last.payload());
            send(failure.getAttempts());
        } else {
            delivery = ViamDataDelivery.notSent;
            forget(failure(
                    "The service does not list it, so nothing is stored. " + failure.getMessage(),
                    failure,
                    failure.getAttempts()));
        }
    }

    /** Another process with the same ledger may have stored it meanwhile. */
    private void beginAgain() {
        then(guarded.begin(settings, client.threads(), client.threads()), (standing, error) -> {
            if (error != null) {
                end(failure("The ledger could not note the upload: " + text(error), error, 0));
            } else if (standing.stored() != null) {
                skip(standing.stored());
            } else {
                send(0);
            }
        });
    }

    private ViamDataException unanswered(Throwable error) {
        ViamDataException failure = unknown;
        String text = "The service could not be asked whether it is stored: " + text(error) + ". ";
        return failure == null
                ? failure(text + "An earlier upload of the same data began", error, 0)
                : failure(text + failure.getMessage(), failure, failure.getAttempts());
    }

    @Override
    public void cancel(String reason) {
        cancelled = reason;
        if (step.get() == Step.sending) {
            task.cancel(reason);
        } else if (step.compareAndSet(Step.waiting, Step.ended) || step.compareAndSet(Step.lookingBack, Step.ended)) {
            ViamDataException failure = unknown;
            end(
                    failure != null
                            ? failure
                            : failure(
                                    Failures.notBegun(
                                            client.target(), upload.metadata().getPartId(), reason),
                                    null,
                                    0));
        }
    }

    private static String text(Throwable error) {
        Throwable cause = error instanceof CompletionException && error.getCause() != null ? error.getCause() : error;
        return cause.toString();
    }

    private ViamDataException failure(String text, Throwable cause, int attempts) {
        return new ViamDataUnavailableException(
                Failures.partial(storedBefore) + text,
                cause,
                new Progress(
                        Status.Code.UNAVAILABLE,
                        upload.metadata().getPartId(),
                        0,
                        attempts,
                        storedBefore > 0 ? ViamDataDelivery.partial : delivery));
    }

    private void checked(OnceCheck check) {
        client.notifyListeners(listener -> listener.onceChecked(check));
    }

    /** The next step. What it throws ends the upload. */
    private <T> void then(CompletionStage<T> step, BiConsumer<T, Throwable> next) {
        step.whenComplete((answer, error) -> {
            try {
                next.accept(answer, error);
            } catch (Throwable e) {
                end(failure("The upload could not go on: " + e, e, 0));
            }
        });
    }
}
