// Copyright the camel-viamdata authors. SPDX-License-Identifier: Apache-2.0
package io.github.camelviamdata.client;

import io.github.camelviamdata.ViamDataDelivery;
import io.github.camelviamdata.ViamDataException;
import io.github.camelviamdata.ViamDataException.Progress;
import io.github.camelviamdata.ViamDataRejectedException;
import io.github.camelviamdata.ViamDataUnavailableException;
import io.github.camelviamdata.message.Upload;
import io.github.camelviamdata.message.Uploads;
import io.grpc.Status;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.BiConsumer;
import java.util.stream.Stream;

/**
 * The uploads of one message, one after another under one permit. The first one that fails ends them all. They end exactly
 * once, whatever happens.
 */
final class UploadSeries implements Runnable {

    // The one whose end this thread is telling of, which is what goes on with the route.
    private static final ThreadLocal<UploadSeries> TELLING = new ThreadLocal<>();

    private final ViamDataClient client;
    private final Uploads uploads;
    private final UploadSettings settings;
    private final Object owner;
    private final Executor listeners;
    private final BiConsumer<List<UploadResult>, ViamDataException> done;
    // Each upload ends before the next one begins, so no two threads come here at once.
    private List<UploadResult> results = List.of();
    private ViamDataException failure;
    private Thread finishing;
    private String partId;
    private volatile UploadTask task;
    private volatile String cancelled;

    /** @param listeners where {@code done} is told, or null for the client's own executor */
    UploadSeries(
            ViamDataClient client,
            Uploads uploads,
            UploadSettings settings,
            Object owner,
            Executor listeners,
            BiConsumer<List<UploadResult>, ViamDataException> done) {
        this.client = client;
        this.uploads = uploads;
        this.settings = settings;
        this.owner = owner;
        this.listeners = listeners;
        this.done = done;
    }

    /**
     * Whether this thread is telling of the end of another series, so that its route has gone on to one more. That other one
     * no longer counts as under way: the route would wait for itself.
     */
    static boolean leavePrevious() {
        UploadSeries previous = TELLING.get();
        if (previous == null) {
            return false;
        }
        previous.client.ended(previous);
        return true;
    }

    Object owner() {
        return owner;
    }

    /** @param began when the upload was handed over, as {@link System#nanoTime()} tells it */
    void start(Upload upload, long began) {
        partId = upload.metadata().getPartId();
        UploadTask next = new UploadTask(client, upload, settings, results.size(), this::ended, began);
        task = next;
        if (cancelled == null) {
            next.start();
        }
        String reason = cancelled;
        if (reason != null) {
            next.cancel(reason);
        }
    }

    /** Ends the upload under way, and with it those after it. */
    void cancel(String reason) {
        cancelled = reason;
        UploadTask last = task;
        if (last != null) {
            last.cancel(reason);
        }
    }

    private void ended(UploadResult result, ViamDataException failure) {
        if (failure != null) {
            finish(failure);
            return;
        }
        results = results.isEmpty()
                ? List.of(result)
                : Stream.concat(results.stream(), Stream.of(result)).toList();
        if (uploads.isExhausted()) {
            finish(null);
            return;
        }
        try {
            // Not on the thread of the connection: to find the next one may take reading from a disk.
            client.executor().execute(this::goOn);
        } catch (RejectedExecutionException e) {
            finish(closed());
        } catch (Error e) {
            // No thread, no memory.
            finish(broken(e));
        }
    }

    private void goOn() {
        Upload next;
        try {
            next = uploads.next();
        } catch (ViamDataRejectedException e) {
            finish(rejected(e));
            return;
        } catch (RuntimeException | Error e) {
            finish(broken(e));
            return;
        }
        if (next == null) {
            finish(null);
        } else {
            start(next, System.nanoTime());
        }
    }

    private ViamDataException rejected(ViamDataRejectedException bad) {
        return new ViamDataRejectedException(
                Failures.partial(results.size()) + bad.getMessage(), bad, progress(bad.getStatus()));
    }

    private ViamDataException closed() {
        return new ViamDataUnavailableException(
                Failures.partial(results.size()) + "The client was closed", null, progress(Status.Code.UNAVAILABLE));
    }

    private ViamDataException broken(Throwable error) {
        return new ViamDataUnavailableException(
                Failures.partial(results.size()) + "The next upload could not be made: " + error,
                error,
                progress(Status.Code.INTERNAL));
    }

    private Progress progress(Status.Code status) {
        return new Progress(status, partId, 0, 0, ViamDataDelivery.partial);
    }

    /**
     * Tells of the end, by another thread: this one may be that of the connection, where whatever is done of a result would
     * hold up all other uploads.
     */
    void finish(ViamDataException failure) {
        uploads.close();
        this.failure = failure;
        if (listeners == null) {
            finishInClient();
            return;
        }
        finishing = Thread.currentThread();
        try {
            listeners.execute(this);
        } catch (RejectedExecutionException e) {
            finishInClient();
            return;
        } finally {
            // A thread of the listeners may find itself here, and later take what it has put into their queue.
            finishing = null;
        }
        client.ended(this);
    }

    @Override
    public void run() {
        if (Thread.currentThread() == finishing) {
            // As a pool does that is full and has the caller run what it cannot take.
            throw new RejectedExecutionException();
        }
        tell();
    }

    private void tell() {
        UploadSeries outer = TELLING.get();
        TELLING.set(this);
        try {
            done.accept(results, failure);
        } finally {
            TELLING.set(outer);
        }
    }

    /** It counts as under way until the route has done its part, so that the source slows down. */
    private void finishInClient() {
        Runnable all = () -> {
            try {
                tell();
            } finally {
                client.ended(this);
            }
        };
        try {
            client.executor().execute(all);
        } catch (RejectedExecutionException e) {
            // It has been shut down, and the connections with it.
            all.run();
        }
    }
}
