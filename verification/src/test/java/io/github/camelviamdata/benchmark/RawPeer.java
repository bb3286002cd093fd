// Copyright the camel-viamdata authors. SPDX-License-Identifier: Apache-2.0
package io.github.camelviamdata.benchmark;

import com.google.protobuf.ByteString;
import com.google.protobuf.UnsafeByteOperations;
import io.github.camelviamdata.message.ProtoValues;
import io.github.camelviamdata.proto.datasync.v1.DataCaptureUploadMetadata;
import io.github.camelviamdata.proto.datasync.v1.DataCaptureUploadRequest;
import io.github.camelviamdata.proto.datasync.v1.DataSyncServiceGrpc;
import io.github.camelviamdata.proto.datasync.v1.DataSyncServiceGrpc.DataSyncServiceStub;
import io.github.camelviamdata.proto.datasync.v1.DataType;
import io.github.camelviamdata.proto.datasync.v1.SensorData;
import io.github.camelviamdata.proto.datasync.v1.StreamingDataCaptureUploadRequest;
import io.github.camelviamdata.proto.datasync.v1.StreamingDataCaptureUploadResponse;
import io.github.camelviamdata.proto.datasync.v1.UploadMetadata;
import io.grpc.ManagedChannel;
import io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;
import io.grpc.stub.ClientCallStreamObserver;
import io.grpc.stub.ClientResponseObserver;
import io.grpc.stub.StreamObserver;
import java.io.FileInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * The floor: grpc-java's async stub with nothing around it. Unary answers come on the event loop, arrays are wrapped
 * rather than copied, streams are pumped while {@code isReady()}.
 */
final class RawPeer implements Peer {

    private static final int CHUNK = 65_536;

    static final UploadMetadata METADATA = UploadMetadata.newBuilder()
            .setPartId("part")
            .setComponentType("camera")
            .setComponentName("gate")
            .setMethodName("GetImages")
            .setType(DataType.DATA_TYPE_BINARY_SENSOR)
            .setFileExtension(".jpg")
            .build();

    private final ManagedChannel channel;
    private final DataSyncServiceStub streams;
    private final DataSyncServiceStub calls;

    /**
     * @param onEventLoop whether answers are told by the thread of the connection, which is fastest and only for those
     *     who do nothing with them; else by gRPC's default executor
     */
    RawPeer(int port, boolean onEventLoop) {
        channel =
                NettyChannelBuilder.forAddress("localhost", port).usePlaintext().build();
        streams = DataSyncServiceGrpc.newStub(channel);
        calls = onEventLoop ? streams.withExecutor(Runnable::run) : streams;
    }

    static DataCaptureUploadRequest request(ByteString bytes) {
        return DataCaptureUploadRequest.newBuilder()
                .setMetadata(METADATA)
                .addSensorContents(SensorData.newBuilder().setBinary(bytes))
                .build();
    }

    /** Of maps, by the same conversion. */
    private static DataCaptureUploadRequest request(List<?> readings) {
        DataCaptureUploadRequest.Builder request = DataCaptureUploadRequest.newBuilder()
                .setMetadata(METADATA.toBuilder()
                        .setType(DataType.DATA_TYPE_TABULAR_SENSOR)
                        .clearFileExtension());
        for (Object reading : readings) {
            request.addSensorContents(SensorData.newBuilder()
                    .setStruct(ProtoValues.struct("reading", Map.of("readings", (Map<?, ?>) reading))));
        }
        return request.build();
    }

    @Override
    public void upload(Object body, boolean streamed, Consumer<Throwable> done) {
        if (streamed) {
            streams.streamingDataCaptureUpload(new Pump(body, done));
        } else {
            calls.withDeadlineAfter(30, TimeUnit.SECONDS)
                    .dataCaptureUpload(
                            body instanceof List<?> readings
                                    ? request(readings)
                                    : request(UnsafeByteOperations.unsafeWrap((byte[]) body)),
                            new Answer<>(done));
        }
    }

    @Override
    public void close() {
        channel.shutdownNow();
    }

    private record Answer<T>(Consumer<Throwable> done) implements StreamObserver<T> {

        @Override
        public void onNext(T value) {}

        @Override
        public void onError(Throwable error) {
            done.accept(error);
        }

        @Override
        public void onCompleted() {
            done.accept(null);
        }
    }

    private static final class Pump
            implements ClientResponseObserver<StreamingDataCaptureUploadRequest, StreamingDataCaptureUploadResponse> {

        private final Object body;
        private final Consumer<Throwable> done;
        private ClientCallStreamObserver<StreamingDataCaptureUploadRequest> requests;
        private InputStream file;
        private int sent;
        private boolean begun;
        private boolean complete;

        Pump(Object body, Consumer<Throwable> done) {
            this.body = body;
            this.done = done;
        }

        @Override
        public void beforeStart(ClientCallStreamObserver<StreamingDataCaptureUploadRequest> requests) {
            this.requests = requests;
            requests.setOnReadyHandler(this::pump);
        }

        private void pump() {
            try {
                while (!complete && requests.isReady()) {
                    if (!begun) {
                        begun = true;
                        requests.onNext(StreamingDataCaptureUploadRequest.newBuilder()
                                .setMetadata(
                                        DataCaptureUploadMetadata.newBuilder().setUploadMetadata(METADATA))
                                .build());
                    }
                    ByteString chunk = body instanceof Path path ? read(path) : slice((byte[]) body);
                    if (chunk.isEmpty()) {
                        complete = true;
                        requests.onCompleted();
                    } else {
                        requests.onNext(StreamingDataCaptureUploadRequest.newBuilder()
                                .setData(chunk)
                                .build());
                    }
                }
            } catch (IOException e) {
                requests.cancel("unreadable", e);
            }
        }

        private ByteString slice(byte[] array) {
            int size = Math.min(CHUNK, array.length - sent);
            sent += size;
            return UnsafeByteOperations.unsafeWrap(array, sent - size, size);
        }

        private ByteString read(Path path) throws IOException {
            if (file == null) {
                file = new FileInputStream(path.toFile());
            }
            byte[] chunk = new byte[CHUNK];
            return UnsafeByteOperations.unsafeWrap(chunk, 0, file.readNBytes(chunk, 0, CHUNK));
        }

        @Override
        public void onNext(StreamingDataCaptureUploadResponse value) {}

        @Override
        public void onError(Throwable error) {
            end(error);
        }

        @Override
        public void onCompleted() {
            end(null);
        }

        private void end(Throwable error) {
            try {
                if (file != null) {
                    file.close();
                }
            } catch (IOException e) {
                // All has been read.
            }
            done.accept(error);
        }
    }
}
