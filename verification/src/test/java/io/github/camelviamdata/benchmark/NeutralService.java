// Copyright the camel-viamdata authors. SPDX-License-Identifier: Apache-2.0
package io.github.camelviamdata.benchmark;

import io.github.camelviamdata.proto.datasync.v1.DataCaptureUploadResponse;
import io.github.camelviamdata.proto.datasync.v1.DataSyncServiceGrpc;
import io.github.camelviamdata.proto.datasync.v1.StreamingDataCaptureUploadResponse;
import io.grpc.Drainable;
import io.grpc.MethodDescriptor;
import io.grpc.Server;
import io.grpc.ServerServiceDefinition;
import io.grpc.netty.shaded.io.grpc.netty.NettyServerBuilder;
import io.grpc.stub.ServerCalls;
import io.grpc.stub.StreamObserver;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetSocketAddress;

/**
 * A service that favours nobody: it counts the bytes of each upload without looking at them and answers at once. A program
 * of its own, so that it shares no heap and no compiler with those it measures. Prints its port; ends when its input ends.
 */
public final class NeutralService {

    private static final MethodDescriptor.Marshaller<Integer> SIZE = new MethodDescriptor.Marshaller<>() {
        @Override
        public InputStream stream(Integer value) {
            throw new UnsupportedOperationException();
        }

        @Override
        public Integer parse(InputStream stream) {
            try (stream) {
                return stream instanceof Drainable drainable
                        ? drainable.drainTo(OutputStream.nullOutputStream())
                        : (int) stream.skip(Integer.MAX_VALUE);
            } catch (IOException e) {
                throw new java.io.UncheckedIOException(e);
            }
        }
    };

    private static final MethodDescriptor.Marshaller<byte[]> BYTES = new MethodDescriptor.Marshaller<>() {
        @Override
        public InputStream stream(byte[] value) {
            return new ByteArrayInputStream(value);
        }

        @Override
        public byte[] parse(InputStream stream) {
            throw new UnsupportedOperationException();
        }
    };

    private static final byte[] UNARY_ANSWER = DataCaptureUploadResponse.newBuilder()
            .setFileId("5f1e0c7a-file")
            .setBinaryDataId("org/location/5f1e0c7a-data")
            .build()
            .toByteArray();
    private static final byte[] STREAM_ANSWER = StreamingDataCaptureUploadResponse.newBuilder()
            .setBinaryDataId("org/location/5f1e0c7a-data")
            .build()
            .toByteArray();

    private NeutralService() {}

    /** Argument, if any: the bytes that a client may have on their way; else as many as gRPC finds good. */
    public static void main(String[] arguments) throws Exception {
        NettyServerBuilder builder = NettyServerBuilder.forAddress(new InetSocketAddress("localhost", 0));
        if (arguments.length > 0) {
            builder.flowControlWindow(Integer.parseInt(arguments[0]));
        }
        Server server = builder.directExecutor()
                .maxInboundMessageSize(64 << 20)
                .addService(ServerServiceDefinition.builder(DataSyncServiceGrpc.SERVICE_NAME)
                        .addMethod(
                                DataSyncServiceGrpc.getDataCaptureUploadMethod().toBuilder(SIZE, BYTES)
                                        .build(),
                                ServerCalls.asyncUnaryCall((size, answer) -> answer(answer, UNARY_ANSWER)))
                        .addMethod(
                                DataSyncServiceGrpc.getStreamingDataCaptureUploadMethod().toBuilder(SIZE, BYTES)
                                        .build(),
                                ServerCalls.asyncClientStreamingCall(NeutralService::drain))
                        .build())
                .addService(new EndlessDataset())
                .build()
                .start();
        System.out.println("PORT " + server.getPort());
        while (System.in.read() >= 0) {
            // Until whoever started this ends.
        }
        server.shutdownNow();
    }

    private static StreamObserver<Integer> drain(StreamObserver<byte[]> answer) {
        return new StreamObserver<>() {
            @Override
            public void onNext(Integer size) {}

            @Override
            public void onError(Throwable error) {}

            @Override
            public void onCompleted() {
                answer(answer, STREAM_ANSWER);
            }
        };
    }

    private static void answer(StreamObserver<byte[]> observer, byte[] answer) {
        observer.onNext(answer);
        observer.onCompleted();
    }
}
