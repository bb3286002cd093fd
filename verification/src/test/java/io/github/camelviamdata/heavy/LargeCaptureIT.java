// Copyright the camel-viamdata authors. SPDX-License-Identifier: Apache-2.0
package io.github.camelviamdata.heavy;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import com.google.protobuf.CodedOutputStream;
import com.google.protobuf.Struct;
import com.google.protobuf.Value;
import io.github.camelviamdata.proto.datasync.v1.DataCaptureUploadRequest;
import io.github.camelviamdata.proto.datasync.v1.DataCaptureUploadResponse;
import io.github.camelviamdata.proto.datasync.v1.DataSyncServiceGrpc;
import io.github.camelviamdata.proto.datasync.v1.SensorData;
import io.github.camelviamdata.proto.datasync.v1.StreamingDataCaptureUploadRequest;
import io.github.camelviamdata.proto.datasync.v1.StreamingDataCaptureUploadResponse;
import io.github.camelviamdata.support.CaptureFile;
import io.github.camelviamdata.support.ChildJvm;
import io.github.camelviamdata.support.UploadFile;
import io.grpc.Server;
import io.grpc.netty.shaded.io.grpc.netty.NettyServerBuilder;
import io.grpc.stub.StreamObserver;
import java.io.BufferedOutputStream;
import java.io.OutputStream;
import java.io.RandomAccessFile;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Capture files that are larger than the memory there is. */
@Tag("heavy")
class LargeCaptureIT {

    private static final int MEBIBYTES = 256;

    @TempDir
    Path directory;

    @Test
    void streamsAPayload() throws Exception {
        Path path = directory.resolve("clip.capture");
        long payload = (long) MEBIBYTES << 20;
        CaptureFile empty = CaptureFile.ofPictures();
        try (RandomAccessFile file = new RandomAccessFile(path.toFile(), "rw")) {
            file.write(empty.bytes());
            ByteString.Output head = ByteString.newOutput();
            CodedOutputStream coded = CodedOutputStream.newInstance(head);
            coded.writeUInt64NoTag(1 + CodedOutputStream.computeUInt64SizeNoTag(payload) + payload);
            coded.writeTag(SensorData.BINARY_FIELD_NUMBER, 2);
            coded.writeUInt64NoTag(payload);
            coded.flush();
            file.write(head.toByteString().toByteArray());
            file.setLength(file.getFilePointer() + payload);
        }

        CountingService service = new CountingService();
        upload(service, path);

        assertThat(service.bytes).hasValue(payload);
    }

    @Test
    void sendsReadingsWithoutLoadingAllOfThem() throws Exception {
        Path path = directory.resolve("tank.capture");
        SensorData reading = SensorData.newBuilder()
                .setStruct(Struct.newBuilder()
                        .putFields(
                                "text",
                                Value.newBuilder()
                                        .setStringValue("x".repeat(500))
                                        .build()))
                .build();
        int count = 0;
        try (OutputStream file = new BufferedOutputStream(Files.newOutputStream(path))) {
            file.write(CaptureFile.ofReadings(0).bytes());
            for (long size = 0; size < (long) MEBIBYTES << 20; size += reading.getSerializedSize()) {
                reading.writeDelimitedTo(file);
                count++;
            }
        }

        CountingService service = new CountingService();
        upload(service, path);

        assertThat(service.readings).hasValue(count);
    }

    private static void upload(CountingService service, Path file) throws Exception {
        Server server = NettyServerBuilder.forAddress(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
                .addService(service)
                .build()
                .start();
        try {
            ChildJvm.Result result = new ChildJvm(ChildJvm.ownClassPath(), "-Xmx80m")
                    .run(
                            120,
                            UploadFile.class.getName(),
                            "viamdata:part?host=localhost&plaintext=true&maxAttempts=1&operation=capture&port="
                                    + server.getPort(),
                            file.toString());
            assertThat(result.exitCode()).as(result.output()).isZero();
        } finally {
            server.shutdownNow();
        }
    }

    /** Keeps nothing of what it receives but how much it was. */
    private static final class CountingService extends DataSyncServiceGrpc.DataSyncServiceImplBase {

        final AtomicLong bytes = new AtomicLong();
        final AtomicLong readings = new AtomicLong();

        @Override
        public void dataCaptureUpload(
                DataCaptureUploadRequest request, StreamObserver<DataCaptureUploadResponse> client) {
            readings.addAndGet(request.getSensorContentsCount());
            client.onNext(
                    DataCaptureUploadResponse.newBuilder().setFileId("counted").build());
            client.onCompleted();
        }

        @Override
        public StreamObserver<StreamingDataCaptureUploadRequest> streamingDataCaptureUpload(
                StreamObserver<StreamingDataCaptureUploadResponse> client) {
            return new StreamObserver<>() {

                @Override
                public void onNext(StreamingDataCaptureUploadRequest request) {
                    bytes.addAndGet(request.getData().size());
                }

                @Override
                public void onError(Throwable failure) {
                    bytes.set(-1);
                }

                @Override
                public void onCompleted() {
                    client.onNext(StreamingDataCaptureUploadResponse.newBuilder()
                            .setBinaryDataId("counted")
                            .build());
                    client.onCompleted();
                }
            };
        }
    }
}
