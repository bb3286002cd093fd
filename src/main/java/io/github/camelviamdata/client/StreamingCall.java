// Copyright the camel-viamdata authors. SPDX-License-Identifier: Apache-2.0
package io.github.camelviamdata.client;

import com.google.protobuf.ByteString;
import io.github.camelviamdata.message.Upload;
import io.grpc.CallOptions;
import io.grpc.Channel;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicLong;

/** A client-streaming call, driven by one thread that waits while the connection has no room. */
final class StreamingCall<Q, R> extends CallListener<Q, R> {

    private final StreamRpc<Q, R> rpc;
    // Released with each change that the thread may wait for, so that none is missed.
    private final Semaphore changes = new Semaphore(0);
    private final AtomicLong bytesSent = new AtomicLong();
    private volatile boolean sentAll;

    StreamingCall(StreamRpc<Q, R> rpc, Channel channel, CallOptions options, CompletableFuture<CallOutcome> outcome) {
        super(channel, rpc.method(), options, rpc.ids(), outcome);
        this.rpc = rpc;
        outcome.whenComplete((ended, never) -> changes.release());
    }

    void start(Upload upload) {
        start();
        call.sendMessage(rpc.first().apply(upload));
    }

    @Override
    public void onReady() {
        changes.release();
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
        sentAll = true;
        call.halfClose();
    }

    @Override
    boolean isSentAll() {
        return sentAll;
    }

    @Override
    long bytesSent() {
        return bytesSent.get();
    }
}
