// Copyright the camel-viamdata authors. SPDX-License-Identifier: Apache-2.0
package io.github.camelviamdata.client;

import com.google.protobuf.ByteString;
import io.github.camelviamdata.client.CallOutcome.UploadIds;
import io.github.camelviamdata.upload.Upload;
import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.ClientCall;
import io.grpc.Metadata;
import io.grpc.Status;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicLong;

/**
 * A gRPC call. One thread sends, and waits while the connection is not ready. gRPC calls the methods of the listener on the
 * event loop, where they only complete the outcome or wake that thread.
 */
final class UploadCall<Q, R> extends ClientCall.Listener<R> {

    // The call is ready only while nothing is queued.
    private static final int NOTHING_QUEUED = 1;

    private final UploadRpc<Q, R> rpc;
    private final CompletableFuture<CallOutcome> outcome;
    private final ClientCall<Q, R> call;
    // A permit for each event that the sending thread may wait for, so that it misses none.
    private final Semaphore changes = new Semaphore(0);
    private final AtomicLong bytesSent = new AtomicLong();
    private final WireTracer tracer = new WireTracer();
    private volatile boolean halfClosing;
    private volatile boolean handedOver;
    private UploadIds ids;

    UploadCall(UploadRpc<Q, R> rpc, Channel channel, CallOptions options, CompletableFuture<CallOutcome> outcome) {
        this.rpc = rpc;
        this.outcome = outcome;
        CallOptions own = tracer.addTo(options.withExecutor(Runnable::run));
        this.call = channel.newCall(rpc.method(), rpc.isUnary() ? own.withOnReadyThreshold(NOTHING_QUEUED) : own);
        outcome.whenComplete((result, none) -> changes.release());
    }

    /**
     * Sends all of a unary upload.
     *
     * @param bytes unused for readings
     */
    void sendWhole(Upload upload, ByteString bytes) {
        try {
            start(upload, bytes);
            call.halfClose();
        } finally {
            handedOver = true;
        }
    }

    /** Begins a stream. */
    void start(Upload upload) {
        start(upload, ByteString.EMPTY);
    }

    private void start(Upload upload, ByteString bytes) {
        call.start(this, new Metadata());
        // One more than expected, as gRPC's stubs request, so that a second answer is detected.
        call.request(2);
        if (upload.isTabular()) {
            upload.contents()
                    .forEach(data -> bytesSent.addAndGet(data.getStruct().getSerializedSize()));
        } else if (rpc.isUnary()) {
            bytesSent.set(bytes.size());
        }
        call.sendMessage(rpc.first().apply(upload, bytes));
    }

    /** Waits until the connection is ready for more; false if the call has ended. */
    boolean awaitRoom() throws InterruptedException {
        while (!outcome.isDone() && !call.isReady()) {
            changes.acquire();
        }
        return !outcome.isDone();
    }

    void send(ByteString bytes) {
        call.sendMessage(rpc.next().apply(bytes));
        bytesSent.addAndGet(bytes.size());
    }

    /** Ends a stream. */
    void halfClose() {
        halfClosing = true;
        try {
            call.halfClose();
        } finally {
            handedOver = true;
        }
    }

    /** The connection is ready for more. After the message of a unary upload this means that all of it was sent. */
    @Override
    public void onReady() {
        tracer.ready();
        changes.release();
    }

    /**
     * Whether all of the request may have been sent, or may yet be by the thread that sends. The last 32 KiB of a stream may still
     * be in gRPC's queue, which cannot be seen.
     */
    boolean mayBeSent() {
        return !handedOver || mayHaveLeft();
    }

    private boolean mayHaveLeft() {
        return rpc.isUnary() ? tracer.mayHaveLeft() : halfClosing;
    }

    /** Whether all of the request may have been sent when gRPC has closed the call. */
    private boolean wasSent() {
        return tracer.isOnWire() && mayHaveLeft();
    }

    /** Payload bytes handed to the connection, once there is one. */
    long bytesSent() {
        return tracer.isOnWire() ? bytesSent.get() : 0;
    }

    /** Cancels the call on the wire. That completes the outcome unless it is complete. */
    void cancel(String reason, Throwable cause) {
        call.cancel(reason, cause);
    }

    @Override
    public void onMessage(R response) {
        if (ids != null) {
            throw Status.INTERNAL
                    .withDescription("the service answered more than once")
                    .asRuntimeException();
        }
        ids = rpc.ids().apply(response);
    }

    @Override
    public void onClose(Status status, Metadata trailers) {
        if (status.isOk()) {
            outcome.complete(CallOutcome.completed(ids, bytesSent(), rpc.isUnary() || wasSent()));
            return;
        }
        outcome.complete(CallOutcome.failed(status, trailers, bytesSent(), wasSent(), tracer.isAnswered(status)));
    }
}
