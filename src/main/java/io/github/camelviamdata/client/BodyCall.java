// Copyright the camel-viamdata authors. SPDX-License-Identifier: Apache-2.0
package io.github.camelviamdata.client;

import com.google.protobuf.ByteString;
import io.github.camelviamdata.ViamDataUploadMode;
import io.github.camelviamdata.message.Payload;
import io.github.camelviamdata.message.PayloadReader;
import io.github.camelviamdata.message.ReadProgress;
import io.github.camelviamdata.message.Upload;
import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.Status;
import java.io.IOException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.FutureTask;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * An attempt whose payload is read on the call pool: in one message if it proves to be small, else as a stream. One thread opens,
 * reads, sends and releases the body. It half-closes only when the payload was read to its end; anything else cancels, so that
 * the service never takes a part for the whole. A watch ends the attempt when it stalls.
 */
final class BodyCall implements UploadCall {

    private static final Logger LOG = LoggerFactory.getLogger(BodyCall.class);

    private enum Step {
        reading,
        sending,
        awaitingAnswer
    }

    private final ClientThreads threads;
    private final Channel channel;
    private final CallOptions options;
    private final Upload upload;
    private final UploadSettings settings;
    private final ReadProgress progress;
    private final StallWatch watch;
    private final CompletableFuture<CallOutcome> outcome = new CompletableFuture<>();
    private final CompletableFuture<Void> released = new CompletableFuture<>();
    private final FutureTask<Void> task = new FutureTask<>(this::run, null);
    private volatile Payload payload;
    private volatile PayloadReader reader;
    private volatile CallListener<?, ?> call;
    private volatile Step step = Step.reading;

    /** A failure of the body, not of the call. */
    private static final class UnreadableException extends Exception {

        private static final long serialVersionUID = 1L;

        UnreadableException(Exception cause) {
            super(cause);
        }

        @Override
        public synchronized Exception getCause() {
            return (Exception) super.getCause();
        }
    }

    BodyCall(
            ClientThreads threads,
            Channel channel,
            CallOptions options,
            Upload upload,
            Payload payload,
            UploadSettings settings,
            ReadProgress progress) {
        this.threads = threads;
        this.channel = channel;
        this.options = options;
        this.upload = upload;
        this.payload = payload;
        this.settings = settings;
        this.progress = progress == null ? new ReadProgress() : progress;
        this.watch = new StallWatch(
                threads,
                this.progress,
                () -> step == Step.awaitingAnswer ? settings.requestTimeout() : settings.idleTimeout(),
                this::stalled);
        outcome.whenComplete((ended, never) -> watch.stop());
    }

    void start() {
        watch.start();
        threads.execute(task);
    }

    private void run() {
        try {
            if (!outcome.isDone()) {
                upload();
            }
        } catch (UnreadableException e) {
            end(CallOutcome.unreadable(e.getCause(), bytesSent()));
        } catch (Throwable e) {
            end(CallOutcome.broken(e, bytesSent(), isSentAll()));
        }
        try {
            release();
        } finally {
            released.complete(null);
            close();
        }
    }

    private void upload() throws UnreadableException, InterruptedException {
        try {
            reader = payload.open();
        } catch (IOException | RuntimeException e) {
            throw new UnreadableException(e);
        }
        int limit = settings.unaryLimit(upload);
        ByteString head = payload.length() <= limit ? readHead(limit) : ByteString.EMPTY;
        if (payload.length() <= limit && head.size() <= limit) {
            payload = Payload.of(head);
            watch.stop();
            UnaryCall unary = new UnaryCall(channel, options, settings.requestTimeout(), upload, payload, outcome);
            begin(unary);
            unary.send();
        } else if (settings.uploadMode() == ViamDataUploadMode.unary && !upload.isFile()) {
            end(CallOutcome.notMade(Status.INVALID_ARGUMENT.withDescription("the body has more than the " + limit
                    + " bytes that uploadMode=unary sends: set uploadMode=auto")));
        } else {
            StreamRpc<?, ?> rpc = upload.isFile() ? StreamRpc.FILE : StreamRpc.BINARY;
            stream(new StreamingCall<>(rpc, channel, options, outcome), head);
        }
    }

    /** All of a payload if it is within the limit, else a little more than the limit. */
    private ByteString readHead(int limit) throws UnreadableException {
        int size = payload.length() == Payload.UNKNOWN_LENGTH
                ? settings.chunkSize()
                : Math.toIntExact(payload.length() + 1);
        ByteString head = ByteString.EMPTY;
        ByteString piece;
        do {
            piece = read(size);
            head = head.concat(piece);
        } while (piece.size() == size && head.size() <= limit);
        return head;
    }

    private ByteString read(int max) throws UnreadableException {
        try {
            ByteString bytes = reader.read(max);
            progress.moved();
            return bytes;
        } catch (IOException | RuntimeException e) {
            throw new UnreadableException(e);
        }
    }

    private void stream(StreamingCall<?, ?> stream, ByteString head) throws UnreadableException, InterruptedException {
        begin(stream);
        stream.start(upload);
        ByteString rest = head;
        // An empty payload is one empty message: without any, data that got lost could not be told from it.
        boolean first = true;
        while (true) {
            step = Step.sending;
            if (!stream.awaitRoom()) {
                return;
            }
            step = Step.reading;
            ByteString chunk = rest.isEmpty()
                    ? read(settings.chunkSize())
                    : rest.substring(0, Math.min(settings.chunkSize(), rest.size()));
            rest = rest.substring(rest.isEmpty() ? 0 : chunk.size());
            if (outcome.isDone()) {
                return;
            } else if (chunk.isEmpty() && !first) {
                break;
            }
            first = false;
            stream.send(chunk);
            progress.moved();
        }
        release();
        released.complete(null);
        step = Step.awaitingAnswer;
        stream.halfClose();
        watch.start();
    }

    /** A cancellation finds the call, or is found here. */
    private void begin(CallListener<?, ?> begun) {
        call = begun;
        if (outcome.isDone()) {
            throw Status.CANCELLED.asRuntimeException();
        }
    }

    private void release() {
        PayloadReader open = reader;
        if (open != null && !released.isDone()) {
            try {
                open.release();
            } catch (Throwable e) {
                LOG.debug("A body could not be released after it was read", e);
            }
        }
    }

    private void close() {
        PayloadReader open = reader;
        if (open != null) {
            try {
                open.close();
            } catch (Throwable e) {
                LOG.debug("A body could not be closed after it was read", e);
            }
        }
    }

    private void stalled() {
        switch (step) {
            case awaitingAnswer ->
                cancel(Status.DEADLINE_EXCEEDED.withDescription(
                        "no answer for " + settings.requestTimeout() + " (requestTimeout)"));
            case sending ->
                cancel(Status.DEADLINE_EXCEEDED.withDescription(
                        "the service took no bytes for " + settings.idleTimeout() + " (idleTimeout)"));
            case reading ->
                end(CallOutcome.unreadable(
                        new IOException("the body gave no bytes for " + settings.idleTimeout() + " (idleTimeout)"),
                        bytesSent()));
        }
    }

    /** Ends the attempt if it has not ended. */
    private void end(CallOutcome ended) {
        outcome.complete(ended);
        CallListener<?, ?> begun = call;
        if (begun != null) {
            begun.cancel(Status.CANCELLED.withDescription("the upload has ended"));
        }
    }

    @Override
    public void cancel(Status reason) {
        end(CallOutcome.ended(reason, bytesSent(), isSentAll()));
    }

    private boolean isSentAll() {
        CallListener<?, ?> begun = call;
        return begun != null && begun.isSentAll();
    }

    private long bytesSent() {
        CallListener<?, ?> begun = call;
        return begun == null ? 0 : begun.bytesSent();
    }

    @Override
    public void abandonBody() {
        task.cancel(true);
        threads.execute(progress::abandon);
    }

    @Override
    public CompletableFuture<CallOutcome> outcome() {
        return outcome;
    }

    @Override
    public CompletableFuture<Void> released() {
        return released;
    }

    @Override
    public Payload payload() {
        return payload;
    }
}
