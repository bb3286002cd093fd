// Copyright the camel-viamdata authors. SPDX-License-Identifier: Apache-2.0
package io.github.camelviamdata.client;

import io.github.camelviamdata.ViamDataDelivery;
import io.github.camelviamdata.ViamDataException;
import io.github.camelviamdata.ViamDataException.Progress;
import io.github.camelviamdata.ViamDataUnavailableException;
import io.github.camelviamdata.client.ClientListener.OnceCheck;
import io.github.camelviamdata.client.UploadGuard.Guarded;
import io.github.camelviamdata.client.UploadGuard.Standing;
import io.github.camelviamdata.upload.ReadProgress;
import io.github.camelviamdata.upload.Upload;
import io.grpc.Status;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.function.BiConsumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * An upload that is made at most once. Its steps follow each other: wait for an upload of the same name, note that this one begins,
 * upload, note how it ended. Where the answer is missing, the service is asked before anything is sent again. {@link #result} is its
 * only latch.
 */
final class GuardedUpload implements UploadRun {

    private static final Logger LOG = LoggerFactory.getLogger(GuardedUpload.class);

    private final CompletableFuture<UploadResult> result = new CompletableFuture<>();
    // The next upload of the same name may begin: the ledger has noted the end of this one.
    private final CompletableFuture<Void> noted = new CompletableFuture<>();
    private final ViamDataClient client;
    private final UploadSettings settings;
    private final ReadProgress progress;
    private final int storedBefore;
    private final Guarded guarded;
    // Written by one step after another, read by cancel() on any thread.
    private volatile Upload upload;
    private volatile UploadTask task;
    private volatile UploadResult stored;
    // Its answer is missing.
    private volatile ViamDataException unknown;
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
        result.whenComplete((stored, error) -> {
            closeUnread();
            if (error != null) {
                noted.complete(null);
            }
        });
        CompletionStage<?> turn = guarded.enter(noted);
        then(turn, (any, error) -> begin());
    }

    /** A stream that no attempt has read is not needed any more. */
    private void closeUnread() {
        if (task == null && progress != null && !upload.payload().isRepeatable()) {
            client.threads().execute(progress::abandon);
        }
    }

    private void begin() {
        then(inTime(guarded.begin(client.threads())), (standing, error) -> {
            if (error != null) {
                failed("Nothing was sent. The ledger could not note the upload", error);
            } else if (result.isDone()) {
                // It was cancelled meanwhile.
                forgetNew(standing);
            } else if (standing.stored() != null) {
                checked(OnceCheck.skipped);
                noted.complete(null);
                result.complete(standing.stored());
            } else if (!standing.isBegun()) {
                send(0);
            } else if (guarded.isFindable()) {
                delivery = ViamDataDelivery.unknown;
                lookBack(null);
            } else {
                checked(OnceCheck.repeated);
                LOG.warn(
                        "An upload for part {} began before, and its end is not known. It is sent again, and may be"
                                + " stored twice",
                        upload.metadata().getPartId());
                send(0);
            }
        });
    }

    private void forgetNew(Standing standing) {
        if (standing == Standing.NEW) {
            guarded.forget(client.threads());
        }
    }

    private void send(int attemptsBefore) {
        delivery = ViamDataDelivery.notSent;
        UploadTask next =
                new UploadTask(client, upload, settings, progress, storedBefore, attemptsBefore, !guarded.isFindable());
        task = next;
        then(next.result(), (sent, error) -> {
            if (error == null) {
                done(sent);
            } else {
                notStored(next, (ViamDataException) error);
            }
        });
        // Either cancel() sees the task, or this thread sees the cancellation.
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
        stored = sent;
        CompletionStage<?> note = guarded.done(client, settings, sent, client.threads());
        if (guarded.isFindable()) {
            result.complete(sent);
        }
        then(inTime(note), (done, error) -> {
            if (error != null) {
                LOG.warn(
                        "The ledger could not note that {} is stored. If it is uploaded again, the service is asked for it",
                        sent.binaryDataId(),
                        error);
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
            result.completeExceptionally(failure);
        } else {
            unknown = failure;
            lookBack(failure);
        }
    }

    private void forget(ViamDataException failure) {
        then(inTime(guarded.forget(client.threads())), (forgotten, error) -> {
            if (error != null) {
                LOG.warn("The ledger could not forget an upload that was not stored", error);
            }
            result.completeExceptionally(failure);
        });
    }

    /** @param failure of this upload, or null where it is an earlier one whose end is not known */
    private void lookBack(ViamDataException failure) {
        long deadline = System.nanoTime() + guarded.patience().toNanos();
        client.threads().execute(() -> ask(failure, deadline));
    }

    private void ask(ViamDataException failure, long deadline) {
        if (result.isDone()) {
            return;
        }
        boolean last = System.nanoTime() - deadline >= 0;
        then(guarded.find(client, settings), (found, error) -> {
            if (result.isDone()) {
                return;
            } else if (error == null && found.isPresent()) {
                checked(OnceCheck.found);
                done(found(found.get(), failure));
            } else if (!last) {
                askAfter(guarded.interval(), failure, deadline);
            } else if (error == null) {
                checked(OnceCheck.absent);
                absent(failure);
            } else {
                checked(OnceCheck.unanswered);
                unanswered(failure, error);
            }
        });
    }

    private void askAfter(Duration interval, ViamDataException failure, long deadline) {
        long pause = Math.max(0, Math.min(interval.toNanos(), deadline - System.nanoTime()));
        client.threads()
                .schedule(() -> client.threads().execute(() -> ask(failure, deadline)), Duration.ofNanos(pause));
    }

    /** An earlier message has stored it, or an attempt of this one. */
    private UploadResult found(UploadResult listed, ViamDataException failure) {
        return failure == null
                ? new UploadResult(listed.fileId(), listed.binaryDataId(), 0, 0)
                : new UploadResult(
                        listed.fileId(), listed.binaryDataId(), listed.uploadedBytes(), failure.getAttempts());
    }

    private void absent(ViamDataException failure) {
        UploadTask last = task;
        unknown = null;
        if (failure == null) {
            send(0);
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

    private void unanswered(ViamDataException failure, Throwable error) {
        String text = "The service could not be asked whether it is stored: " + error + ". ";
        result.completeExceptionally(
                failure == null
                        ? failure(text + "An earlier upload of the same data began", error, 0)
                        : failure(text + failure.getMessage(), failure, failure.getAttempts()));
    }

    @Override
    public void cancel(String reason) {
        cancelled = reason;
        UploadTask sending = task;
        if (stored != null) {
            result.complete(stored);
        } else if (sending != null && !sending.result().isDone()) {
            sending.cancel(reason);
        } else if (unknown != null) {
            result.completeExceptionally(unknown);
        } else {
            result.completeExceptionally(
                    failure(Failures.notBegun(client.target(), upload.metadata().getPartId(), reason), null, 0));
        }
    }

    private void failed(String text, Throwable error) {
        result.completeExceptionally(failure(text + ": " + error, error, 0));
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

    private <T> CompletionStage<T> inTime(CompletionStage<T> step) {
        return step.toCompletableFuture().orTimeout(settings.requestTimeout().toNanos(), TimeUnit.NANOSECONDS);
    }

    /** The next step. What it throws ends the upload. */
    private <T> void then(CompletionStage<T> step, BiConsumer<T, Throwable> next) {
        step.whenComplete((answer, error) -> {
            try {
                next.accept(answer, error);
            } catch (Throwable e) {
                failed("The upload could not go on", e);
            }
        });
    }
}
