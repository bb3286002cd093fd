// Copyright the camel-viamdata authors. SPDX-License-Identifier: Apache-2.0
package io.github.camelviamdata.server;

import static io.github.camelviamdata.server.Failures.assertFails;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import com.google.protobuf.Struct;
import com.google.protobuf.Timestamp;
import io.github.camelviamdata.proto.datasync.v1.DataCaptureUploadMetadata;
import io.github.camelviamdata.proto.datasync.v1.DataCaptureUploadRequest;
import io.github.camelviamdata.proto.datasync.v1.DataType;
import io.github.camelviamdata.proto.datasync.v1.FileUploadRequest;
import io.github.camelviamdata.proto.datasync.v1.SensorData;
import io.github.camelviamdata.proto.datasync.v1.SensorMetadata;
import io.github.camelviamdata.proto.datasync.v1.StreamingDataCaptureUploadRequest;
import io.github.camelviamdata.proto.datasync.v1.UploadMetadata;
import io.github.camelviamdata.service.RawClient;
import io.grpc.Status;
import java.util.List;
import java.util.function.Consumer;
import org.assertj.core.api.AbstractStringAssert;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** Requests that never reach the route. */
class MalformedUploadTest {

    private static final SensorData BINARY =
            SensorData.newBuilder().setBinary(ByteString.EMPTY).build();
    private static final SensorData STRUCT =
            SensorData.newBuilder().setStruct(Struct.getDefaultInstance()).build();

    private TestServer server;
    private TestClient client;

    @BeforeEach
    void start() throws Exception {
        server = TestServer.recording("");
        client = server.client();
    }

    @AfterEach
    void stop() {
        client.close();
        assertThat(server.received).isEmpty();
        server.close();
    }

    private AbstractStringAssert<?> unary(Consumer<DataCaptureUploadRequest.Builder> change) {
        DataCaptureUploadRequest.Builder request = TestClient.picture().toBuilder();
        change.accept(request);
        return assertFails(Status.Code.INVALID_ARGUMENT, () -> client.blocking().dataCaptureUpload(request.build()));
    }

    private AbstractStringAssert<?> stream(StreamingDataCaptureUploadRequest... messages) {
        return assertFails(
                Status.Code.INVALID_ARGUMENT, client.stream().send(messages).complete());
    }

    private AbstractStringAssert<?> file(FileUploadRequest... messages) {
        return assertFails(
                Status.Code.INVALID_ARGUMENT, client.file().send(messages).complete());
    }

    /** Told anything else, clients would send it again. */
    @Test
    void bytesThatAreNoMessage() throws Exception {
        try (RawClient raw = RawClient.plaintext(server.port())) {
            for (String method : List.of("DataCaptureUpload", "FileUpload", "StreamingDataCaptureUpload")) {
                for (byte[] bytes : List.of(new byte[] {-1, -1}, new byte[] {10}, new byte[] {10, 127, 1})) {
                    assertFails(
                                    Status.Code.INVALID_ARGUMENT,
                                    () -> raw.send(
                                            "viam.app.datasync.v1.DataSyncService/" + method,
                                            !method.equals("DataCaptureUpload"),
                                            List.of(bytes)))
                            .contains("cannot be parsed");
                }
            }
            assertFails(
                    Status.Code.INVALID_ARGUMENT,
                    () -> raw.send("proto.rpc.v1.AuthService/Authenticate", false, List.of(new byte[] {-1, -1})));
        }
    }

    @Test
    void unaryWithoutMetadata() {
        unary(request -> request.clearMetadata()).isEqualTo("metadata is missing");
    }

    @Test
    void unaryWithoutPart() {
        unary(request -> request.getMetadataBuilder().clearPartId()).isEqualTo("metadata.part_id is empty");
    }

    @ParameterizedTest
    @EnumSource(
            value = DataType.class,
            names = {"DATA_TYPE_UNSPECIFIED", "DATA_TYPE_FILE"})
    void unaryOfAnotherType(DataType type) {
        unary(request -> request.getMetadataBuilder().setType(type))
                .isEqualTo("metadata.type is " + type
                        + ", but this call is for [DATA_TYPE_BINARY_SENSOR, DATA_TYPE_TABULAR_SENSOR]");
    }

    @Test
    void unaryOfAnUnknownType() {
        unary(request -> request.getMetadataBuilder().setTypeValue(77)).startsWith("metadata.type is 77");
    }

    @Test
    void unaryWithoutContents() {
        unary(request -> request.clearSensorContents()).isEqualTo("sensor_contents is empty");
    }

    @Test
    void unaryWithEmptyContents() {
        unary(request -> request.setSensorContents(0, SensorData.getDefaultInstance()))
                .isEqualTo("sensor_contents[0] holds nothing, but metadata.type asks for binary");
    }

    @Test
    void unaryBinaryWithReading() {
        unary(request -> request.setSensorContents(0, STRUCT))
                .isEqualTo("sensor_contents[0] holds struct, but metadata.type asks for binary");
    }

    @Test
    void unaryBinaryTwice() {
        unary(request -> request.addSensorContents(BINARY)).contains("sensor_contents holds 2 payloads");
    }

    @Test
    void tabularWithBinary() {
        unary(request -> {
                    request.getMetadataBuilder().setType(DataType.DATA_TYPE_TABULAR_SENSOR);
                    request.setSensorContents(0, STRUCT).addSensorContents(BINARY);
                })
                .isEqualTo("sensor_contents[1] holds binary, but metadata.type asks for struct");
    }

    @Test
    void unaryWithImpossibleTime() {
        Timestamp never = Timestamp.newBuilder().setSeconds(Long.MAX_VALUE).build();
        unary(request -> request.getSensorContentsBuilder(0)
                        .setMetadata(SensorMetadata.newBuilder().setTimeReceived(never)))
                .startsWith("time_received");
    }

    @Test
    void streamWithoutAnything() {
        stream().startsWith("metadata is missing");
        file().startsWith("metadata is missing");
    }

    @Test
    void streamWithDataFirst() {
        stream(TestClient.streamData(ByteString.EMPTY), TestClient.streamMetadata())
                .startsWith("metadata is missing: it must be the first message");
        file(TestClient.fileData(ByteString.EMPTY), TestClient.fileMetadata())
                .startsWith("metadata is missing: it must be the first message");
    }

    @Test
    void streamWithMetadataTwice() {
        stream(TestClient.streamMetadata(), TestClient.streamMetadata()).isEqualTo("metadata came twice");
        file(
                        TestClient.fileMetadata(),
                        TestClient.fileData(ByteString.EMPTY),
                        TestClient.fileMetadata(),
                        TestClient.fileData(ByteString.EMPTY))
                .isEqualTo("metadata came twice");
    }

    @Test
    void streamWithEmptyPacket() {
        stream(StreamingDataCaptureUploadRequest.getDefaultInstance()).isEqualTo("upload_packet is empty");
        file(TestClient.fileMetadata(), FileUploadRequest.getDefaultInstance()).isEqualTo("upload_packet is empty");
    }

    @Test
    void streamWithoutUploadMetadata() {
        stream(StreamingDataCaptureUploadRequest.newBuilder()
                        .setMetadata(DataCaptureUploadMetadata.getDefaultInstance())
                        .build())
                .isEqualTo("metadata.upload_metadata is missing");
    }

    @ParameterizedTest
    @CsvSource({
        "DATA_TYPE_UNSPECIFIED, true, true",
        "DATA_TYPE_TABULAR_SENSOR, true, true",
        "DATA_TYPE_FILE, true, false",
        "DATA_TYPE_BINARY_SENSOR, false, true"
    })
    void streamOfAnotherType(DataType type, boolean refusedAsBinary, boolean refusedAsFile) {
        UploadMetadata metadata = TestClient.pictureMetadata().setType(type).build();
        if (refusedAsBinary) {
            stream(StreamingDataCaptureUploadRequest.newBuilder()
                            .setMetadata(DataCaptureUploadMetadata.newBuilder().setUploadMetadata(metadata))
                            .build())
                    .isEqualTo("metadata.type is " + type + ", but this call is for [DATA_TYPE_BINARY_SENSOR]");
        }
        if (refusedAsFile) {
            file(FileUploadRequest.newBuilder().setMetadata(metadata).build())
                    .isEqualTo("metadata.type is " + type + ", but this call is for [DATA_TYPE_FILE]");
        }
    }

    @Test
    void fileWithoutPart() {
        file(FileUploadRequest.newBuilder()
                        .setMetadata(UploadMetadata.newBuilder().setType(DataType.DATA_TYPE_FILE))
                        .build())
                .isEqualTo("metadata.part_id is empty");
    }
}
