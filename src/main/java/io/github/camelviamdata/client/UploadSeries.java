// Copyright the camel-viamdata authors. SPDX-License-Identifier: Apache-2.0
package io.github.camelviamdata.client;

import io.github.camelviamdata.ViamDataDelivery;
import io.github.camelviamdata.ViamDataException;
import io.github.camelviamdata.ViamDataException.Progress;
import io.github.camelviamdata.ViamDataRejectedException;
import io.github.camelviamdata.ViamDataUnavailableException;
import io.github.camelviamdata.client.UploadGuard.Guarded;
import io.github.camelviamdata.client.ViamDataClient.Results;
import io.github.camelviamdata.upload.ReadProgress;
import io.github.camelviamdata.upload.Upload;
import io.github.camelviamdata.upload.Uploads;
import io.grpc.Status;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.FutureTask;

/**
 * The uploads of one message, one after another under one permit. The first one that fails ends them all. {@link #end} is the
 * only latch; it completes on the thread where the route continues.
 */
final class UploadSeries extends InFlight<Results> {

    private final ViamDataClient client;
    private final Uploads uploads;
    private final UploadSettings settings;
    private final UploadGuard guard;
    private final CompletableFuture<End> end = new CompletableFuture<>();
    // Of stored uploads, and one step happens before the next one.
    private final List<UploadResult> stored = new ArrayList<>(1);
    private volatile Step step = reason -> {};
    private volatile String cancelled;

    /** The step in progress, which can be cancelled. */
    private interface Step {
        void cancel(String reason);
    }

    /** How the series ended; {@code report} notifies listeners of the last upload. */
    private record End(Results results, Runnable report) {}

    /** The next upload, and what the guard decides about it; null without a guard. */
    private record Next(Upload upload, Guarded guarded) {}

    /**
     * @param workers where the route continues
     * @param guard knows uploads that were made before, or null
     */
    UploadSeries(
            ViamDataClient client,
            Uploads uploads,
            UploadSettings settings,
            Object owner,
            Workers workers,
            UploadGuard guard) {
        super(client, owner, workers);
        this.client = client;
        this.uploads = uploads;
        this.settings = settings;
        this.guard = guard;
    }

    @Override
    CompletionStage<Results> refuse(String obstacle) {
        ViamDataException failure = notBegun(obstacle);
        client.report(uploads.operation(), uploads.partId(), null, failure, System.nanoTime());
        client.runForeign(uploads::close);
        return CompletableFuture.completedFuture(new Results(List.of(), failure));
    }

    @Override
    CompletionStage<Results> start() {
        CompletionStage<Results> results = end.thenApply(last -> {
            last.report().run();
            client.runForeign(uploads::close);
            return last.results();
        });
        if (mayBlock()) {
            client.threads().execute(this::next);
        } else {
            next();
        }
        return results;
    }

    /** Whether the next upload is made by reading the body: by the uploads, or by the guard. */
    private boolean mayBlock() {
        return uploads.mayBlock() || guard != null && uploads.progress() != null;
    }

    /** Cancels the upload in flight, and with it those after it. */
    @Override
    void cancel(String reason) {
        cancelled = reason;
        step.cancel(reason);
    }

    /** Begins a step. False if the series was cancelled before; a later cancellation cancels the step. */
    private boolean begin(Step next) {
        step = next;
        if (cancelled != null) {
            next.cancel(cancelled);
        }
        return cancelled == null;
    }

    private void next() {
        if (mayBlock()) {
            Reading reading = new Reading(uploads.progress());
            if (begin(reading)) {
                reading.run();
            }
            return;
        }
        try {
            startUpload(makeNext());
        } catch (Throwable e) {
            fail(e);
        }
    }

    /** Makes the next upload, or null after the last. */
    private Next makeNext() throws IOException {
        Upload upload = uploads.next();
        if (upload == null) {
            return null;
        }
        Guarded guarded = guard == null ? null : guard.guard(upload, stored.size(), uploads.progress());
        return new Next(guarded == null ? upload : guarded.upload(), guarded);
    }

    /** Makes the next upload, which reads the body, under a watch that cancels it when the body stalls. */
    private final class Reading extends FutureTask<Next> implements Step {

        private final ReadProgress progress;
        private final StallWatch watch;
        private volatile String obstacle;

        Reading(ReadProgress progress) {
            super(UploadSeries.this::makeNext);
            this.progress = progress;
            this.watch = new StallWatch(
                    client.threads(),
                    progress,
                    settings::idleTimeout,
                    () -> cancel("the body gave no bytes for " + settings.idleTimeout() + " (idleTimeout)"));
        }

        @Override
        public void run() {
            try {
                watch.start();
            } catch (Throwable e) {
                cancel("the client was closed");
            }
            super.run();
        }

        @Override
        public void cancel(String reason) {
            obstacle = reason;
            cancel(true);
        }

        @Override
        protected void done() {
            watch.stop();
            try {
                if (isCancelled()) {
                    finish(notBegun(obstacle));
                } else {
                    startUpload(get());
                    return;
                }
            } catch (Throwable e) {
                fail(e.getCause() == null ? e : e.getCause());
            }
            // A thread may be blocked in the body.
            client.threads().execute(progress::abandon);
        }
    }

    private void startUpload(Next next) {
        if (next == null) {
            finish(null);
            return;
        }
        long began = System.nanoTime();
        UploadRun run = run(next);
        run.result().whenComplete((result, failure) -> {
            try {
                uploadEnded(next.upload(), result, (ViamDataException) failure, began);
            } catch (Throwable e) {
                // Such as an OutOfMemoryError.
                fail(e);
            }
        });
        if (begin(run::cancel)) {
            run.start();
        }
    }

    private UploadRun run(Next next) {
        return next.guarded() == null
                ? new UploadTask(client, next.upload(), settings, uploads.progress(), stored.size())
                : new GuardedUpload(client, next.guarded(), settings, uploads.progress(), stored.size());
    }

    /** Runs on any thread, the event loop included. */
    private void uploadEnded(Upload upload, UploadResult result, ViamDataException failure, long began) {
        Runnable report = result != null && result.isDuplicate()
                ? () -> {}
                : () -> client.report(upload.operation(), upload.metadata().getPartId(), result, failure, began);
        if (failure != null) {
            finish(failure, report);
            return;
        }
        stored.add(result);
        if (uploads.isExhausted()) {
            finish(null, report);
        } else {
            client.threads().execute(() -> {
                report.run();
                next();
            });
        }
    }

    /** Ends the series because the next upload could not be made. */
    private void fail(Throwable error) {
        if (error instanceof ViamDataRejectedException bad) {
            finish(new ViamDataRejectedException(
                    Failures.partial(stored.size()) + bad.getMessage(),
                    stored.isEmpty() ? bad.getCause() : bad,
                    progress(bad.getStatus())));
        } else {
            Throwable unreadable = error instanceof UncheckedIOException ? error.getCause() : error;
            String text = unreadable instanceof IOException
                    ? "The body could not be read: " + unreadable.getMessage()
                    : "The upload could not be made: " + error;
            finish(new ViamDataUnavailableException(
                    Failures.partial(stored.size()) + text, error, progress(Status.Code.INTERNAL)));
        }
    }

    private ViamDataException notBegun(String obstacle) {
        return new ViamDataUnavailableException(
                Failures.partial(stored.size()) + Failures.notBegun(client.target(), uploads.partId(), obstacle),
                null,
                progress(Status.Code.UNAVAILABLE));
    }

    private Progress progress(Status.Code status) {
        return new Progress(
                status, uploads.partId(), 0, 0, stored.isEmpty() ? ViamDataDelivery.notSent : ViamDataDelivery.partial);
    }

    private void finish(ViamDataException failure) {
        finish(failure, () -> {});
    }

    /** Hands the end over to the thread where the route continues. */
    private void finish(ViamDataException failure, Runnable report) {
        End last = new End(new Results(List.copyOf(stored), failure), report);
        handOver(() -> end.complete(last));
    }
}
