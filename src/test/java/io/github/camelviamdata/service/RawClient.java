// Copyright the camel-viamdata authors. SPDX-License-Identifier: Apache-2.0
package io.github.camelviamdata.service;

import io.github.camelviamdata.support.Golden;
import io.grpc.CallOptions;
import io.grpc.ClientCall;
import io.grpc.ManagedChannel;
import io.grpc.MethodDescriptor.MethodType;
import io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;
import io.grpc.stub.ClientCalls;
import io.grpc.stub.StreamObserver;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;

/** A client that sends requests as the bytes they are, such as those that were recorded from Viam's own clients. */
public final class RawClient implements AutoCloseable {

    private final ManagedChannel channel;

    private RawClient(ManagedChannel channel) {
        this.channel = channel;
    }

    /** A client of a server on this machine. */
    public static RawClient plaintext(int port) {
        return new RawClient(
                NettyChannelBuilder.forAddress("localhost", port).usePlaintext().build());
    }

    /** Sends a request again, and waits for the answer. The cause of a failure holds the gRPC status. */
    public byte[] send(Golden golden) throws ExecutionException, InterruptedException {
        return send(golden.method(), golden.isStream(), golden.messages());
    }

    public byte[] send(String method, boolean stream, List<byte[]> messages)
            throws ExecutionException, InterruptedException {
        MethodType type = stream ? MethodType.CLIENT_STREAMING : MethodType.UNARY;
        ClientCall<byte[], byte[]> call = channel.newCall(
                Bytes.method(method, type), CallOptions.DEFAULT.withDeadlineAfter(20, TimeUnit.SECONDS));
        Answer answer = new Answer();
        if (stream) {
            StreamObserver<byte[]> requests = ClientCalls.asyncClientStreamingCall(call, answer);
            messages.forEach(requests::onNext);
            requests.onCompleted();
        } else {
            ClientCalls.asyncUnaryCall(call, messages.get(0), answer);
        }
        return answer.future.get();
    }

    @Override
    public void close() {
        channel.shutdownNow();
    }

    private static final class Answer implements StreamObserver<byte[]> {

        private final CompletableFuture<byte[]> future = new CompletableFuture<>();

        @Override
        public void onNext(byte[] message) {
            future.complete(message);
        }

        @Override
        public void onError(Throwable failure) {
            future.completeExceptionally(failure);
        }

        @Override
        public void onCompleted() {
            future.completeExceptionally(new AssertionError("The call ended without an answer"));
        }
    }
}
