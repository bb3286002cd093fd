// Copyright the camel-viamdata authors. SPDX-License-Identifier: Apache-2.0
package io.github.camelviamdata.client;

import com.google.protobuf.ByteString;
import io.github.camelviamdata.client.CallOutcome.UploadIds;
import io.github.camelviamdata.message.PayloadReader;
import io.github.camelviamdata.message.Upload;
import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.Status;
import io.grpc.stub.ClientCallStreamObserver;
import io.grpc.stub.ClientCalls;
import io.grpc.stub.ClientResponseObserver;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Uploads the bytes of a payload as a stream: reads a chunk whenever the connection has room for one, and half-closes
 * once, when the payload has been read to its end. Whatever comes between cancels the call, so that the service never
 * takes part of a payload for the whole.
 *
 * <p>gRPC calls this object on the executor in the call options, never twice at once, so reading may block there.
 */
final class StreamingCall<Q, R> implements UploadCall, ClientResponseObserver<Q, R> {

    private static final Logger LOG = LoggerFactory.getLogger(StreamingCall.class);

    private final StreamRpc<Q, R> rpc;
    private final Upload upload;
    private final UploadSettings settings;
    private final ScheduledExecutorService timer;
    private final PayloadReader reader;
    private final Consumer<CallOutcome> done;

    private final AtomicBoolean ended = new AtomicBoolean();
    private final AtomicLong bytesSent = new AtomicLong();
    private final ReentrantLock reading = new ReentrantLock();
    private final Object watching = new Object();
    private ClientCallStreamObserver<Q> requests;
    private ByteString head;
    private boolean metadataSent;
    private boolean dataSent;
    private boolean readerClosed;
    private UploadIds ids;
    private volatile boolean sentAll;
    private volatile long lastMove;
    private ScheduledFuture<?> watch;

    /**
     * @param head the first bytes of the payload, where the reader has been read already; else empty
     * @param reader gives the other bytes; closed when the call has ended
     */
    StreamingCall(
            StreamRpc<Q, R> rpc,
            Upload upload,
            UploadSettings settings,
            ScheduledExecutorService timer,
            ByteString head,
            PayloadReader reader,
            Consumer<CallOutcome> done) {
        this.rpc = rpc;
        this.upload = upload;
        this.settings = settings;
        this.timer = timer;
        this.head = head;
        this.reader = reader;
        this.done = done;
    }

    void start(Channel channel, CallOptions options) {
        move();
        try {
            ClientCalls.asyncClientStreamingCall(channel.newCall(rpc.method(), options), this);
        } catch (RuntimeException | Error e) {
            // Whoever called tells of it.
            closeReader();
            if (ended.compareAndSet(false, true)) {
                throw e;
            }
            return;
        }
        watch();
    }

    @Override
    public void beforeStart(ClientCallStreamObserver<Q> requests) {
        this.requests = requests;
        requests.setOnReadyHandler(this::pump);
    }

    private void pump() {
        reading.lock();
        try {
            sendWhileReady();
        } finally {
            reading.unlock();
        }
    }

    private void sendWhileReady() {
        try {
            while (!sentAll && !ended.get() && requests.isReady()) {
                sendNext();
            }
        } catch (IOException | RuntimeException e) {
            if (end(CallOutcome.unreadable(e, bytesSent.get()))) {
                requests.cancel("The payload could not be read", e);
            }
        } catch (Error e) {
            end(CallOutcome.failed(e, bytesSent.get(), sentAll));
            requests.cancel("The payload could not be sent", e);
        } finally {
            if (ended.get()) {
                closeReader();
            }
        }
    }

    private void sendNext() throws IOException {
        if (!metadataSent) {
            metadataSent = true;
            requests.onNext(rpc.first().apply(upload));
            return;
        }
        ByteString chunk = chunk();
        move();
        if (ended.get()) {
            return;
        } else if (!chunk.isEmpty() || !dataSent) {
            // An empty payload is one empty message: without any, data that got lost could not be told from it.
            dataSent = true;
            requests.onNext(rpc.next().apply(chunk));
            bytesSent.addAndGet(chunk.size());
        } else {
            sentAll = true;
            requests.onCompleted();
            watch();
        }
    }

    private ByteString chunk() throws IOException {
        if (head.isEmpty()) {
            return reader.read(settings.chunkSize());
        }
        ByteString chunk = head.substring(0, Math.min(settings.chunkSize(), head.size()));
        head = head.substring(chunk.size());
        return chunk;
    }

    private void move() {
        lastMove = System.nanoTime();
    }

    /** Ends the call once nothing has moved for too long. The caller's thread and the pump may both come here at once. */
    private void watch() {
        synchronized (watching) {
            if (watch != null) {
                watch.cancel(false);
            }
            Duration limit = sentAll ? settings.requestTimeout() : settings.idleTimeout();
            long rest = limit.toNanos() - (System.nanoTime() - lastMove);
            if (ended.get()) {
                return;
            } else if (rest > 0) {
                watch = timer.schedule(this::watch, rest, TimeUnit.NANOSECONDS);
                return;
            }
        }
        expire();
    }

    private void stopWatching() {
        synchronized (watching) {
            if (watch != null) {
                watch.cancel(false);
            }
        }
    }

    private void expire() {
        String reason = sentAll
                ? "no answer for " + settings.requestTimeout() + " (requestTimeout)"
                : "the stream stood still for " + settings.idleTimeout() + " (idleTimeout)";
        end(Status.DEADLINE_EXCEEDED.withDescription(reason));
        requests.cancel(reason, null);
    }

    @Override
    public void cancel(String reason) {
        end(Status.CANCELLED.withDescription(reason));
        requests.cancel(reason, null);
    }

    @Override
    public void onNext(R response) {
        ids = rpc.ids().apply(response);
    }

    @Override
    public void onError(Throwable error) {
        end(CallOutcome.failed(error, bytesSent.get(), sentAll));
    }

    @Override
    public void onCompleted() {
        end(CallOutcome.completed(ids, bytesSent.get(), sentAll));
    }

    private void end(Status status) {
        end(CallOutcome.ended(status, bytesSent.get(), sentAll));
    }

    private boolean end(CallOutcome outcome) {
        if (!ended.compareAndSet(false, true)) {
            return false;
        }
        stopWatching();
        // Not while the pump waits for a source that gives nothing: the exchange must end all the same, and the pump
        // closes the reader when it comes back.
        if (reading.tryLock()) {
            try {
                closeReader();
            } finally {
                reading.unlock();
            }
        }
        done.accept(outcome);
        return true;
    }

    private void closeReader() {
        if (!readerClosed) {
            readerClosed = true;
            try {
                reader.close();
            } catch (IOException | RuntimeException e) {
                LOG.debug("Closing a payload failed, which does not matter any more", e);
            }
        }
    }
}
