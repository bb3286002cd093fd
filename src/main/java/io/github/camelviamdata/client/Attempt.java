// Copyright the camel-viamdata authors. SPDX-License-Identifier: Apache-2.0
package io.github.camelviamdata.client;

import com.google.protobuf.ByteString;
import com.google.protobuf.UnsafeByteOperations;
import io.github.camelviamdata.ViamDataUploadMode;
import io.github.camelviamdata.upload.BytesPayload;
import io.github.camelviamdata.upload.Payload;
import io.github.camelviamdata.upload.ReadProgress;
import io.github.camelviamdata.upload.Upload;
import io.grpc.CallOptions;
import io.grpc.ManagedChannel;
import io.grpc.Status;
import java.io.IOException;
import java.io.InputStream;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One attempt of an upload: a call, and the thread that reads the body for it. {@link #outcome} is its only latch. The calling
 * thread sends bytes in memory that fit into one message, with gRPC's deadline. For any other body, one thread of the call pool
 * opens, reads and sends it, and a {@link StallWatch} ends the attempt when it stalls. It closes a body that can be read again before
 * the attempt ends, and any other afterwards, because that may block. The call is half-closed only after the end of the body was read;
 * otherwise it is cancelled, so that the service never stores a part as the whole.
 */
final class Attempt {

    private static final Logger LOG = LoggerFactory.getLogger(Attempt.class);

    private enum Step {
        reading,
        sending,
        awaitingAnswer
    }

    /** Completes once, normally, with how the call ended. */
    final CompletableFuture<CallOutcome> outcome = new CompletableFuture<>();
    /** Completes when no thread reads the body any more. */
    final CompletableFuture<Void> released = new CompletableFuture<>();

    final String token;
    final ManagedChannel channel;
    private final ClientThreads threads;
    private final Upload upload;
    private final UploadSettings settings;
    private final ReadProgress progress;
    private final StallWatch watch;
    private final FutureTask<Void> task = new FutureTask<>(this::run, null);
    private final boolean repeatable;
    // Decided once: true, before the end of the request is handed to gRPC; or false, before the attempt is ended
    // without it.
    private final AtomicReference<Boolean> finishing = new AtomicReference<>();
    private volatile Payload payload;
    private volatile UploadCall<?, ?> call;
    private volatile Step step = Step.reading;

    /** A failure of the body, not of the call. */
    private static final class UnreadableException extends Exception {

        private static final long serialVersionUID = 1L;

        private final Exception reason;

        UnreadableException(Exception reason) {
            super(reason);
            this.reason = reason;
        }
    }

    /**
     * @param token null where the service asks for none
     * @param progress where reads of the body are noted, or null where it is in memory
     */
    Attempt(
            ClientThreads threads,
            ManagedChannel channel,
            String token,
            Upload upload,
            Payload payload,
            UploadSettings settings,
            ReadProgress progress) {
        this.threads = threads;
        this.channel = channel;
        this.token = token;
        this.upload = upload;
        this.payload = payload;
        this.repeatable = payload.isRepeatable();
        this.settings = settings;
        this.progress = progress == null ? new ReadProgress() : progress;
        this.watch = new StallWatch(
                threads,
                this.progress,
                () -> step == Step.awaitingAnswer ? settings.requestTimeout() : settings.idleTimeout(),
                this::endStalled);
    }

    void start() {
        if (upload.isTabular()) {
            released.complete(null);
            sendWhole(ByteString.EMPTY);
        } else if (payload instanceof BytesPayload bytes && payload.length() <= settings.unaryLimit(upload)) {
            released.complete(null);
            sendWhole(bytes.bytes());
        } else {
            outcome.whenComplete((result, none) -> watch.stop());
            watch.start();
            threads.execute(task);
        }
    }

    /** The payload for another attempt. */
    Payload payload() {
        return payload;
    }

    /** Ends the attempt, unless it has ended, and cancels the call. */
    void cancel(Status reason) {
        end(CallOutcome.cancelled(reason, bytesSent(), mayBeSent()));
    }

    private void end(CallOutcome result) {
        outcome.complete(result);
        UploadCall<?, ?> current = call;
        if (current != null) {
            current.cancel(result.status().getDescription(), result.status().getCause());
        }
    }

    /** Interrupts the reading thread, which may be blocked in the body, and closes the body's stream. */
    void abandonBody() {
        task.cancel(true);
        threads.execute(progress::abandon);
    }

    private <Q, R> UploadCall<Q, R> begin(UploadRpc<Q, R> rpc, CallOptions options) {
        UploadCall<Q, R> next = new UploadCall<>(
                rpc, channel, token == null ? options : options.withCallCredentials(new BearerToken(token)), outcome);
        call = next;
        // Either cancel() sees the call, or this thread sees the cancellation.
        if (outcome.isDone()) {
            throw Status.CANCELLED.asRuntimeException();
        }
        return next;
    }

    private void sendWhole(ByteString bytes) {
        CallOptions deadline =
                CallOptions.DEFAULT.withDeadlineAfter(settings.requestTimeout().toNanos(), TimeUnit.NANOSECONDS);
        try {
            UploadCall<?, ?> unary = begin(UploadRpc.UNARY, deadline);
            if (mayFinish()) {
                unary.sendWhole(upload, bytes);
            }
        } catch (Throwable e) {
            end(CallOutcome.broken(e, bytesSent(), mayBeSent()));
        }
    }

    private void run() {
        InputStream body = null;
        try {
            if (!outcome.isDone()) {
                body = open();
                send(body);
            }
        } catch (UnreadableException e) {
            end(CallOutcome.unreadable(e.reason, bytesSent()));
        } catch (Throwable e) {
            end(CallOutcome.broken(e, bytesSent(), mayBeSent()));
        }
        release(body);
        if (!repeatable) {
            close(body);
        }
    }

    /** An empty stream for bytes in memory, which are sent in slices that share them. */
    private InputStream open() throws UnreadableException {
        try {
            return payload instanceof BytesPayload ? InputStream.nullInputStream() : payload.open();
        } catch (IOException | RuntimeException e) {
            throw new UnreadableException(e);
        }
    }

    private void send(InputStream body) throws UnreadableException, InterruptedException {
        int limit = settings.unaryLimit(upload);
        ByteString head = head(body, limit);
        if (payload.length() <= limit && head.size() <= limit) {
            watch.stop();
            payload = Payload.of(head);
            sendWhole(head);
        } else if (settings.uploadMode() == ViamDataUploadMode.unary && !upload.isFile()) {
            end(CallOutcome.notMade(Status.INVALID_ARGUMENT.withDescription("the body has more than the " + limit
                    + " bytes that uploadMode=unary sends: set uploadMode=auto")));
        } else {
            UploadRpc<?, ?> rpc = upload.isFile() ? UploadRpc.FILE : UploadRpc.BINARY;
            stream(begin(rpc, CallOptions.DEFAULT), head, body);
        }
    }

    /**
     * All bytes of a payload that is in memory or within the limit; nothing of one known to be longer; the beginning, a little more than
     * the limit, of one whose length is not known.
     */
    private ByteString head(InputStream body, int limit) throws UnreadableException {
        if (payload instanceof BytesPayload memory) {
            return memory.bytes();
        } else if (payload.length() > limit) {
            return ByteString.EMPTY;
        }
        int size = payload.length() == Payload.UNKNOWN_LENGTH
                ? settings.chunkSize()
                : payload.bufferSize(Integer.MAX_VALUE);
        ByteString head = ByteString.EMPTY;
        ByteString piece;
        do {
            piece = read(body, size);
            head = head.concat(piece);
        } while (piece.size() == size && head.size() <= limit);
        return head;
    }

    /** As many bytes as there are, up to the limit; fewer only at the end. */
    private ByteString read(InputStream body, int max) throws UnreadableException {
        try {
            byte[] bytes = new byte[max];
            int count = body.readNBytes(bytes, 0, max);
            progress.advance();
            // Further attempts keep what they send again, but not a large array for a little of it.
            return count < max / 2
                    ? ByteString.copyFrom(bytes, 0, count)
                    : UnsafeByteOperations.unsafeWrap(bytes, 0, count);
        } catch (IOException | RuntimeException e) {
            throw new UnreadableException(e);
        }
    }

    private void stream(UploadCall<?, ?> stream, ByteString head, InputStream body)
            throws UnreadableException, InterruptedException {
        stream.start(upload);
        ByteString rest = head;
        long read = head.size();
        boolean atEnd = false;
        // An empty payload is sent as one empty message, to differ from a stream whose data was lost.
        ByteString chunk = null;
        while (awaitRoom(stream)) {
            boolean first = chunk == null;
            if (rest.isEmpty() && !atEnd) {
                int size = nextSize(read);
                rest = read(body, size);
                read += rest.size();
                atEnd = rest.size() < size;
            }
            chunk = rest.substring(0, Math.min(settings.chunkSize(), rest.size()));
            rest = rest.substring(chunk.size());
            if (outcome.isDone()) {
                return;
            } else if (chunk.isEmpty() && !first) {
                release(body);
                step = Step.awaitingAnswer;
                watch.start();
                if (mayFinish()) {
                    stream.halfClose();
                }
                return;
            }
            stream.send(chunk);
            progress.advance();
        }
    }

    /** How many bytes to ask for next: no more than one beyond a known length, to save memory. */
    private int nextSize(long read) {
        return payload.length() == Payload.UNKNOWN_LENGTH
                ? settings.chunkSize()
                : (int) Math.min(settings.chunkSize(), payload.length() - read + 1);
    }

    private boolean awaitRoom(UploadCall<?, ?> stream) throws InterruptedException {
        step = Step.sending;
        boolean room = stream.awaitRoom();
        step = Step.reading;
        return room;
    }

    /** Ends the attempt after a step that took too long. */
    private void endStalled() {
        switch (step) {
            case awaitingAnswer ->
                cancel(Status.DEADLINE_EXCEEDED.withDescription(
                        "no answer for " + settings.requestTimeout() + " (requestTimeout)"));
            case sending ->
                cancel(Status.DEADLINE_EXCEEDED.withDescription(
                        "the service took no bytes for " + settings.idleTimeout() + " (idleTimeout)"));
            case reading -> {
                // Otherwise the body has been read meanwhile.
                if (withhold()) {
                    end(CallOutcome.unreadable(
                            new IOException("the body gave no bytes for " + settings.idleTimeout() + " (idleTimeout)"),
                            bytesSent()));
                }
            }
        }
    }

    /** The route may use a body that can be read again as soon as the attempt has ended. Closing any other may block. */
    private void release(InputStream body) {
        if (repeatable && !released.isDone()) {
            close(body);
        }
        released.complete(null);
    }

    private static void close(InputStream body) {
        try {
            if (body != null) {
                body.close();
            }
        } catch (Throwable e) {
            LOG.debug("A body could not be closed after it was read", e);
        }
    }

    private long bytesSent() {
        UploadCall<?, ?> current = call;
        return current == null ? 0 : current.bytesSent();
    }

    /** Whether the end of the request may be handed to gRPC. If not, another thread is ending the attempt. */
    private boolean mayFinish() {
        return finishing.compareAndSet(null, true);
    }

    /** Keeps the end of the request back, for a caller that then ends the attempt. False if it was handed to gRPC before. */
    private boolean withhold() {
        return finishing.compareAndSet(null, false) || !finishing.get();
    }

    /** Whether all of the request may have been sent, or may yet be. */
    private boolean mayBeSent() {
        return !withhold() && call.mayBeSent();
    }
}
