// Copyright the camel-viamdata authors. SPDX-License-Identifier: Apache-2.0
package io.github.camelviamdata.client;

import com.google.protobuf.ByteString;
import io.github.camelviamdata.client.CallOutcome.UploadIds;
import io.github.camelviamdata.upload.Upload;
import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.ClientCall;
import io.grpc.ClientStreamTracer;
import io.grpc.Metadata;
import io.grpc.Status;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/**
 * A gRPC call. One thread sends, and waits while the connection has no room. gRPC calls this object on the event loop, where all
 * that it does is complete the outcome, or wake that thread.
 */
final class UploadCall<Q, R> extends ClientCall.Listener<R> {

    // There is room for more only when nothing is queued.
    private static final int NOTHING_QUEUED = 1;

    // gRPC may say that a message has left after the answer to it has come, but not this much later.
    private static final long LATEST_READY_NANOS = TimeUnit.SECONDS.toNanos(1);

    private final UploadRpc<Q, R> rpc;
    private final CompletableFuture<CallOutcome> outcome;
    private final ClientCall<Q, R> call;
    // A permit for each change that the sending thread may wait for, so that none is missed.
    private final Semaphore changes = new Semaphore(0);
    private final AtomicLong bytesSent = new AtomicLong();
    private volatile Tracer tracer = new Tracer();
    private volatile boolean sentAll;
    private UploadIds ids;

    /** Shows how far the last stream of the call got on the wire. */
    private static final class Tracer extends ClientStreamTracer {

        private volatile boolean headersSent;
        // When the last message was written to the connection's queue.
        private volatile long messageWritten;
        private volatile boolean messageSent;
        private volatile boolean answered;

        @Override
        public void outboundHeaders() {
            headersSent = true;
        }

        @Override
        public void outboundMessage(int sequence) {
            messageWritten = System.nanoTime();
            messageSent = true;
        }

        @Override
        public void inboundTrailers(Metadata trailers) {
            answered = true;
        }
    }

    UploadCall(UploadRpc<Q, R> rpc, Channel channel, CallOptions options, CompletableFuture<CallOutcome> outcome) {
        this.rpc = rpc;
        this.outcome = outcome;
        CallOptions own = options.withExecutor(Runnable::run).withStreamTracerFactory(new ClientStreamTracer.Factory() {
            @Override
            public ClientStreamTracer newClientStreamTracer(ClientStreamTracer.StreamInfo info, Metadata headers) {
                Tracer next = new Tracer();
                tracer = next;
                return next;
            }
        });
        this.call = channel.newCall(rpc.method(), rpc.isUnary() ? own.withOnReadyThreshold(NOTHING_QUEUED) : own);
        outcome.whenComplete((ended, never) -> changes.release());
    }

    /** @param bytes of a unary upload; unused for a stream or for readings */
    void start(Upload upload, ByteString bytes) {
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

    /** Waits for room on the connection; false where the call has ended. */
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

    void halfClose() {
        if (!rpc.isUnary()) {
            sentAll = true;
        }
        call.halfClose();
    }

    /** There is room. Behind the message of a unary upload that means that all of it has left. */
    @Override
    public void onReady() {
        if (rpc.isUnary() && isBegun()) {
            sentAll = true;
        }
        changes.release();
    }

    private boolean isBegun() {
        Tracer last = tracer;
        return last.headersSent && last.messageSent;
    }

    /**
     * Whether all of the request may have left. The last 32 KiB of a stream may wait in gRPC's queue, which it does not show. A
     * unary request counts as sent from its first second, in which gRPC may not yet have said so.
     */
    boolean isSentAll() {
        return isBegun()
                && (sentAll || rpc.isUnary() && System.nanoTime() - tracer.messageWritten < LATEST_READY_NANOS);
    }

    /** Payload bytes handed to the connection, once there is one. */
    long bytesSent() {
        return isBegun() ? bytesSent.get() : 0;
    }

    /** Cancels the call on the wire. The status of that is the outcome only if there is none yet. */
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
            outcome.complete(CallOutcome.completed(ids, bytesSent(), rpc.isUnary() || isSentAll()));
            return;
        }
        String text = status.getDescription();
        // Trailers without a gRPC status come from a proxy: gRPC then makes a status, and its description says so.
        boolean answered = tracer.answered && (text == null || !text.contains("missing GRPC status"));
        outcome.complete(CallOutcome.failed(status, trailers, bytesSent(), isSentAll(), answered));
    }
}
