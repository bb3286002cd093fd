// Copyright the camel-viamdata authors. SPDX-License-Identifier: Apache-2.0
package io.github.camelviamdata;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import com.google.protobuf.ByteString;
import com.google.protobuf.Timestamp;
import io.github.camelviamdata.proto.data.v1.Annotations;
import io.github.camelviamdata.proto.data.v1.BoundingBox;
import io.github.camelviamdata.proto.data.v1.Classification;
import io.github.camelviamdata.proto.datasync.v1.DataCaptureUploadRequest;
import io.github.camelviamdata.proto.datasync.v1.DataCaptureUploadResponse;
import io.github.camelviamdata.proto.datasync.v1.DataType;
import io.github.camelviamdata.proto.datasync.v1.FileData;
import io.github.camelviamdata.proto.datasync.v1.FileUploadRequest;
import io.github.camelviamdata.proto.datasync.v1.FileUploadResponse;
import io.github.camelviamdata.proto.datasync.v1.SensorData;
import io.github.camelviamdata.proto.datasync.v1.SensorMetadata;
import io.github.camelviamdata.proto.datasync.v1.StreamingDataCaptureUploadRequest;
import io.github.camelviamdata.proto.datasync.v1.StreamingDataCaptureUploadResponse;
import io.github.camelviamdata.proto.datasync.v1.UploadMetadata;
import io.github.camelviamdata.server.ViamDataServerConsumer;
import io.github.camelviamdata.service.RawClient;
import io.github.camelviamdata.service.TestCall;
import io.github.camelviamdata.service.TestService;
import io.github.camelviamdata.support.Golden;
import io.github.camelviamdata.support.ViamDataTestSupport;
import io.grpc.Status;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.apache.camel.builder.RouteBuilder;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The two components back to back, with no mapping between them: what Viam's own clients send arrives unchanged. */
class RelayTest extends ViamDataTestSupport {

    private RawClient sender;

    @AfterEach
    void closeSender() {
        sender.close();
    }

    @ParameterizedTest
    @MethodSource("io.github.camelviamdata.support.Golden#unaryBinary")
    void passesOnUnaryRequestsByteForByte(Golden golden) throws Exception {
        relay("allowEmptyPayload=true");

        byte[] answer = sender.send(golden);

        TestCall call = service.onlyUpload();
        assertThat(call.method()).isEqualTo(golden.rpc());
        assertThat(call.messages()).containsExactly(golden.bytes());
        assertThat(DataCaptureUploadResponse.parseFrom(answer).getBinaryDataId())
                .isEqualTo(TestService.BINARY_DATA_ID + 1);
    }

    @Test
    void passesOnStreamsAsStreams() throws Exception {
        Golden golden = Golden.load("streaming-docs-example");
        relay("uploadMode=streaming");

        byte[] answer = sender.send(golden);

        assertSameStream(golden);
        assertThat(StreamingDataCaptureUploadResponse.parseFrom(answer).getBinaryDataId())
                .isEqualTo(TestService.BINARY_DATA_ID + 1);
    }

    @Test
    void passesOnFiles() throws Exception {
        Golden golden = Golden.load("file-bare");
        relay();

        byte[] answer = sender.send(golden);

        assertSameStream(golden);
        assertThat(FileUploadResponse.parseFrom(answer).getBinaryDataId()).isEqualTo(TestService.BINARY_DATA_ID + 1);
    }

    @Test
    void passesOnFilesWithTheirNamesAndTimes() throws Exception {
        FileUploadRequest metadata = FileUploadRequest.newBuilder()
                .setMetadata(UploadMetadata.newBuilder()
                        .setPartId("part")
                        .setType(DataType.DATA_TYPE_FILE)
                        .setFileName("../reports/Day 1.CSV")
                        .setFileExtension(".CSV")
                        .setMimeType("text/csv")
                        .addTags("night")
                        .setFileCreateTime(Timestamp.newBuilder().setSeconds(1).setNanos(2))
                        .setFileModifyTime(Timestamp.newBuilder().setSeconds(3).setNanos(4)))
                .build();
        FileUploadRequest contents = FileUploadRequest.newBuilder()
                .setFileContents(FileData.newBuilder().setData(ByteString.copyFromUtf8("a,b")))
                .build();
        relay();

        sender.send(Golden.load("file-bare").method(), true, List.of(metadata.toByteArray(), contents.toByteArray()));

        assertThat(service.onlyUpload().messages()).containsExactly(metadata.toByteArray(), contents.toByteArray());
    }

    private void assertSameStream(Golden golden) {
        TestCall call = service.onlyUpload();
        assertThat(call.method()).isEqualTo(golden.rpc());
        assertThat(call.messages().get(0)).isEqualTo(golden.messages().get(0));
        assertThat(call.payload()).isEqualTo(golden.payload());
    }

    @Test
    void passesOnSmallStreamsInOneMessageUnlessToldOtherwise() throws Exception {
        Golden golden = Golden.load("streaming-docs-example");
        relay();

        byte[] answer = sender.send(golden);

        // What is said of the data is what the same client says of the same picture in a unary call.
        DataCaptureUploadRequest unary = DataCaptureUploadRequest.parseFrom(
                Golden.load("binary-docs-example").bytes());
        SensorData data = unary.getSensorContents(0).toBuilder()
                .setBinary(ByteString.copyFrom(golden.payload()))
                .build();
        TestCall call = service.onlyUpload();
        assertThat(call.method()).isEqualTo("DataCaptureUpload");
        assertThat(call.messages())
                .containsExactly(
                        unary.toBuilder().setSensorContents(0, data).build().toByteArray());
        assertThat(StreamingDataCaptureUploadResponse.parseFrom(answer).getBinaryDataId())
                .isEqualTo(TestService.BINARY_DATA_ID + 1);
    }

    @Test
    void passesOnLargeStreams() throws Exception {
        Golden golden = Golden.load("streaming-docs-example");
        byte[] payload = new byte[3_000_001];
        new Random(1).nextBytes(payload);
        List<byte[]> messages = new ArrayList<>();
        messages.add(golden.messages().get(0));
        for (int start = 0; start < payload.length; start += 100_000) {
            int size = Math.min(100_000, payload.length - start);
            messages.add(StreamingDataCaptureUploadRequest.newBuilder()
                    .setData(ByteString.copyFrom(payload, start, size))
                    .build()
                    .toByteArray());
        }
        relay();

        sender.send(golden.method(), true, messages);

        TestCall call = service.onlyUpload();
        assertThat(call.method()).isEqualTo(golden.rpc());
        assertThat(call.messages().get(0)).isEqualTo(messages.get(0));
        assertThat(call.payload()).isEqualTo(payload);
    }

    @Test
    void passesOnReadings() throws Exception {
        Golden golden = Golden.load("tabular-one");
        relay();

        byte[] answer = sender.send(golden);

        // A map has no order, so the bytes may differ.
        assertThat(DataCaptureUploadRequest.parseFrom(
                        service.onlyUpload().messages().get(0)))
                .isEqualTo(DataCaptureUploadRequest.parseFrom(golden.bytes()));
        assertThat(DataCaptureUploadResponse.parseFrom(answer).getFileId()).isNotEmpty();
    }

    @Test
    void passesOnReadingsWithoutTheirUsualKey() throws Exception {
        Golden golden = Golden.load("tabular-one");
        DataCaptureUploadRequest request = DataCaptureUploadRequest.parseFrom(golden.bytes());
        SensorData reading = request.getSensorContents(0);
        SensorData bare = reading.toBuilder()
                .setStruct(reading.getStruct().getFieldsOrThrow("readings").getStructValue())
                .build();
        DataCaptureUploadRequest both =
                request.toBuilder().addSensorContents(bare).build();
        relay();

        sender.send(golden.method(), false, List.of(both.toByteArray()));

        assertThat(DataCaptureUploadRequest.parseFrom(
                        service.onlyUpload().messages().get(0)))
                .isEqualTo(both);
    }

    @Test
    void passesOnReadingsWithTimesOfTheirOwn() throws Exception {
        DataCaptureUploadRequest golden =
                DataCaptureUploadRequest.parseFrom(Golden.load("tabular-one").bytes());
        SensorData reading = golden.getSensorContents(0);
        DataCaptureUploadRequest three = golden.toBuilder()
                .addSensorContents(reading.toBuilder().clearMetadata())
                .addSensorContents(reading.toBuilder()
                        .setMetadata(SensorMetadata.newBuilder()
                                .setTimeReceived(Timestamp.newBuilder().setSeconds(1))))
                .build();
        relay();

        sender.send(Golden.load("tabular-one").method(), false, List.of(three.toByteArray()));

        assertThat(DataCaptureUploadRequest.parseFrom(
                        service.onlyUpload().messages().get(0)))
                .isEqualTo(three);
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void passesOnAnnotations(boolean stream) throws Exception {
        Annotations annotations = Annotations.newBuilder()
                .addBboxes(BoundingBox.newBuilder()
                        .setId("1")
                        .setLabel("dog")
                        .setXMaxNormalized(0.123456789)
                        .setYMaxNormalized(1)
                        .setConfidence(0))
                .addClassifications(Classification.newBuilder().setLabel("night"))
                .build();
        Golden golden = Golden.load(stream ? "streaming-docs-example" : "binary-docs-example");
        List<byte[]> messages = new ArrayList<>(golden.messages());
        if (stream) {
            StreamingDataCaptureUploadRequest.Builder first =
                    StreamingDataCaptureUploadRequest.parseFrom(messages.get(0)).toBuilder();
            first.getMetadataBuilder().getSensorMetadataBuilder().setAnnotations(annotations);
            messages.set(0, first.build().toByteArray());
        } else {
            DataCaptureUploadRequest.Builder request = DataCaptureUploadRequest.parseFrom(messages.get(0)).toBuilder();
            request.getSensorContentsBuilder(0).getMetadataBuilder().setAnnotations(annotations);
            messages.set(0, request.build().toByteArray());
        }
        relay(stream ? "uploadMode=streaming" : "uploadMode=unary");

        sender.send(golden.method(), stream, messages);

        TestCall call = service.onlyUpload();
        assertThat(call.method()).isEqualTo(golden.rpc());
        assertThat(call.sensorMetadata().getAnnotations()).isEqualTo(annotations);
        assertThat(call.messages().get(0)).isEqualTo(messages.get(0));
        assertThat(call.payload()).isEqualTo(golden.payload());
    }

    @Test
    void passesOnAnnotationsOfEachReading() throws Exception {
        DataCaptureUploadRequest.Builder request =
                DataCaptureUploadRequest.parseFrom(Golden.load("tabular-one").bytes()).toBuilder();
        SensorData reading = request.getSensorContents(0);
        request.addSensorContents(reading);
        request.getSensorContentsBuilder(0)
                .getMetadataBuilder()
                .getAnnotationsBuilder()
                .addClassificationsBuilder()
                .setLabel("a");
        relay();

        sender.send(
                Golden.load("tabular-one").method(),
                false,
                List.of(request.build().toByteArray()));

        assertThat(DataCaptureUploadRequest.parseFrom(
                        service.onlyUpload().messages().get(0)))
                .isEqualTo(request.build());
    }

    @Test
    void passesOnWhatTheServiceSaysAgainstAnUpload() throws Exception {
        service.answering(call -> Status.FAILED_PRECONDITION.withDescription("the part was deleted"));
        relay();

        Throwable failure = catchThrowable(() -> sender.send(Golden.load("binary-docs-example")));

        Status status = Status.fromThrowable(failure);
        assertThat(status.getCode()).isEqualTo(Status.Code.FAILED_PRECONDITION);
        assertThat(status.getDescription()).contains("the part was deleted");
        assertThat(service.uploads()).hasSize(1);
    }

    /** Starts the relay. Its own part ID gives way to that of each request. */
    private void relay(String... options) throws Exception {
        String target = uri(options).replace(PART, "part-of-the-relay");
        context.addRoutes(new RouteBuilder() {
            @Override
            public void configure() {
                from("viamdata-server:localhost:0").routeId("relay").to(target);
            }
        });
        sender = RawClient.plaintext(
                ((ViamDataServerConsumer) context.getRoute("relay").getConsumer()).getPort());
    }
}
