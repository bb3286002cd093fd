// Copyright the camel-viamdata authors. SPDX-License-Identifier: Apache-2.0
package io.github.camelviamdata;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.Any;
import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.ListValue;
import com.google.protobuf.StringValue;
import com.google.protobuf.Struct;
import com.google.protobuf.Timestamp;
import com.google.protobuf.UnknownFieldSet;
import com.google.protobuf.Value;
import io.github.camelviamdata.message.OtherFields;
import io.github.camelviamdata.proto.data.v1.Annotations;
import io.github.camelviamdata.proto.data.v1.BoundingBox;
import io.github.camelviamdata.proto.data.v1.Classification;
import io.github.camelviamdata.proto.datasync.v1.DataCaptureUploadMetadata;
import io.github.camelviamdata.proto.datasync.v1.DataCaptureUploadRequest;
import io.github.camelviamdata.proto.datasync.v1.DataType;
import io.github.camelviamdata.proto.datasync.v1.FileData;
import io.github.camelviamdata.proto.datasync.v1.FileUploadRequest;
import io.github.camelviamdata.proto.datasync.v1.MimeType;
import io.github.camelviamdata.proto.datasync.v1.SensorData;
import io.github.camelviamdata.proto.datasync.v1.SensorMetadata;
import io.github.camelviamdata.proto.datasync.v1.StreamingDataCaptureUploadRequest;
import io.github.camelviamdata.proto.datasync.v1.UploadMetadata;
import io.github.camelviamdata.server.TestServer;
import io.github.camelviamdata.service.RawClient;
import io.github.camelviamdata.service.TestCall;
import io.github.camelviamdata.service.TestService;
import io.github.camelviamdata.support.Golden;
import io.github.camelviamdata.support.Shows;
import java.io.IOException;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.apache.camel.Exchange;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What Viam's clients send and what nobody would: all that a relay, {@code from("viamdata-server").to("viamdata")}, receives arrives equal. */
@Timeout(60)
class VerbatimRelayTest {

    private static final String SERVICE = "viam.app.datasync.v1.DataSyncService/";

    /** A field that nobody knows yet. */
    private static final UnknownFieldSet LATER = UnknownFieldSet.newBuilder()
            .addField(
                    4711,
                    UnknownFieldSet.Field.newBuilder()
                            .addLengthDelimited(ByteString.copyFromUtf8("later"))
                            .build())
            .build();

    private static TestService viam;
    private static TestServer relay;
    private static RawClient client;

    @BeforeAll
    static void startRelay() throws Exception {
        viam = TestService.plaintext();
        relay = new TestServer()
                .start(
                        "viamdata-server:localhost:0",
                        route -> route.to("viamdata:part-of-the-relay?maxAttempts=1&" + viam.options()));
        client = RawClient.plaintext(relay.port());
    }

    @AfterAll
    static void stopRelay() {
        client.close();
        relay.close();
        viam.close();
    }

    @BeforeEach
    void forget() {
        viam.calls().clear();
    }

    @ParameterizedTest
    @MethodSource("io.github.camelviamdata.support.Golden#all")
    void whatViamsClientsSendArrivesEqual(Golden golden) throws Exception {
        client.send(golden);

        assertThat(received()).isEqualTo(request(golden.rpc(), golden.messages()));
    }

    @ParameterizedTest
    @MethodSource("binaryRequests")
    @Shows("CamelViamDataVerbatim")
    void anyBinaryUploadArrivesEqual(DataCaptureUploadRequest request) throws Exception {
        client.send(SERVICE + "DataCaptureUpload", false, List.of(request.toByteArray()));

        assertThat(received()).isEqualTo(request);
    }

    @ParameterizedTest
    @MethodSource("binaryRequests")
    void anyStreamArrivesEqual(DataCaptureUploadRequest request) throws Exception {
        SensorData data = request.getSensorContents(0);
        client.send(
                SERVICE + "StreamingDataCaptureUpload",
                true,
                List.of(
                        StreamingDataCaptureUploadRequest.newBuilder()
                                .setMetadata(DataCaptureUploadMetadata.newBuilder()
                                        .setUploadMetadata(request.getMetadata())
                                        .setSensorMetadata(data.getMetadata()))
                                .build()
                                .toByteArray(),
                        StreamingDataCaptureUploadRequest.newBuilder()
                                .setData(data.getBinary())
                                .build()
                                .toByteArray()));

        assertThat(received()).isEqualTo(request);
    }

    @ParameterizedTest
    @MethodSource("fileRequests")
    void anyFileArrivesEqual(DataCaptureUploadRequest request) throws Exception {
        client.send(
                SERVICE + "FileUpload",
                true,
                List.of(
                        FileUploadRequest.newBuilder()
                                .setMetadata(request.getMetadata())
                                .build()
                                .toByteArray(),
                        FileUploadRequest.newBuilder()
                                .setFileContents(FileData.newBuilder()
                                        .setData(request.getSensorContents(0).getBinary()))
                                .build()
                                .toByteArray()));

        assertThat(received()).isEqualTo(request);
    }

    /** What is too large for the service is for the service to say. */
    @ParameterizedTest
    @ValueSource(ints = {1, 4})
    void readingsAboveTheLargestRequestArriveEqual(int count) throws Exception {
        Value large = Value.newBuilder().setStringValue("x".repeat(4_100_000)).build();
        DataCaptureUploadRequest request = readings(
                given(DataType.DATA_TYPE_TABULAR_SENSOR).build(),
                Collections.nCopies(count, large).toArray(Value[]::new));

        client.send(SERVICE + "DataCaptureUpload", false, List.of(request.toByteArray()));

        assertThat(received()).isEqualTo(request);
    }

    @ParameterizedTest
    @EnumSource(names = {"DATA_TYPE_BINARY_SENSOR", "DATA_TYPE_TABULAR_SENSOR"})
    void fieldsOfLaterVersionsArriveEqual(DataType type) throws Exception {
        UploadMetadata metadata = given(type).build();
        DataCaptureUploadRequest.Builder request = (type == DataType.DATA_TYPE_TABULAR_SENSOR
                        ? readings(metadata, number(1), number(2))
                        : payload(metadata, sensor -> {}, "bytes"))
                .toBuilder().setUnknownFields(LATER);
        int last = request.getSensorContentsCount() - 1;
        request.getSensorContentsBuilder(last).setUnknownFields(LATER);

        client.send(
                SERVICE + "DataCaptureUpload", false, List.of(request.build().toByteArray()));

        assertThat(received()).isEqualTo(request.build());
    }

    @ParameterizedTest
    @ValueSource(strings = {"text", "bytes"})
    @Shows("CamelViamDataOtherFields")
    void otherFieldsAreThoseOfTheServer(String form) throws Exception {
        Object value = form.equals("text") ? "text" : new byte[] {-1, -1};
        Exchange exchange = relay.context
                .createProducerTemplate()
                .send("viamdata:part?operation=file&" + viam.options(), message -> {
                    message.getMessage().setBody("file");
                    message.getMessage().setHeader(ViamDataConstants.VERBATIM, true);
                    message.getMessage().setHeader(ViamDataConstants.OTHER_FIELDS, value);
                });

        assertThat(exchange.getException())
                .isInstanceOf(ViamDataRejectedException.class)
                .hasMessageContaining("CamelViamDataOtherFields does not hold what viamdata-server sets: remove it");
    }

    /** As where a route has taken a reading away. */
    @Test
    void otherFieldsAreOfAllReadingsOrOfNone() throws Exception {
        byte[] ofTwo = OtherFields.header(DataCaptureUploadRequest.newBuilder()
                .addSensorContents(SensorData.getDefaultInstance())
                .addSensorContents(SensorData.newBuilder().setUnknownFields(LATER))
                .build());
        Exchange exchange = relay.context
                .createProducerTemplate()
                .send("viamdata:part?operation=tabular&" + viam.options(), message -> {
                    message.getMessage().setBody(List.of(Map.of("a", 1)));
                    message.getMessage().setHeader(ViamDataConstants.VERBATIM, true);
                    message.getMessage().setHeader(ViamDataConstants.OTHER_FIELDS, ofTwo);
                });

        assertThat(exchange.getException())
                .isInstanceOf(ViamDataRejectedException.class)
                .hasMessageContaining("CamelViamDataOtherFields holds fields of 2 readings, but there are 1");
    }

    @ParameterizedTest
    @MethodSource("readings")
    void anyReadingsArriveEqual(DataCaptureUploadRequest request) throws Exception {
        client.send(SERVICE + "DataCaptureUpload", false, List.of(request.toByteArray()));

        assertThat(received()).isEqualTo(request);
    }

    static Stream<DataCaptureUploadRequest> binaryRequests() {
        return Stream.concat(
                metadata(DataType.DATA_TYPE_BINARY_SENSOR).map(metadata -> payload(metadata, sensor -> {}, "bytes")),
                Stream.of(
                        binary(sensor -> {}, ""),
                        binary(sensor -> sensor.setTimeRequested(time(-62_135_596_800L, 0)), "year 1"),
                        binary(sensor -> sensor.setTimeReceived(time(253_402_300_799L, 999_999_999)), "year 9999"),
                        binary(
                                sensor -> sensor.setTimeRequested(time(20, 1)).setTimeReceived(time(10, 0)),
                                "times in any order"),
                        binary(sensor -> sensor.setAnnotations(Annotations.getDefaultInstance()), "no annotations"),
                        binary(sensor -> sensor.setMimeType(MimeType.MIME_TYPE_IMAGE_PNG), "superseded type"),
                        binary(sensor -> sensor.setMimeTypeValue(99), "superseded type of later versions"),
                        binary(sensor -> sensor.setUnknownFields(LATER), "field of later versions"),
                        binary(
                                sensor -> sensor.setAnnotations(Annotations.newBuilder()
                                        .addBboxes(BoundingBox.newBuilder()
                                                .setId("id")
                                                .setXMinNormalized(7)
                                                .setXMaxNormalized(-3)
                                                .setConfidence(200))
                                        .addClassifications(
                                                Classification.newBuilder().setLabel(" "))),
                                "annotations out of range")));
    }

    private static DataCaptureUploadRequest binary(Consumer<SensorMetadata.Builder> sensor, String payload) {
        return payload(given(DataType.DATA_TYPE_BINARY_SENSOR).build(), sensor, payload);
    }

    static Stream<DataCaptureUploadRequest> fileRequests() {
        return Stream.concat(
                metadata(DataType.DATA_TYPE_FILE).map(metadata -> payload(metadata, sensor -> {}, "bytes")),
                Stream.of(
                        payload(given(DataType.DATA_TYPE_FILE).build(), sensor -> {}, ""),
                        payload(
                                given(DataType.DATA_TYPE_FILE)
                                        .setFileCreateTime(time(50, 0))
                                        .setFileModifyTime(time(40, 0))
                                        .build(),
                                sensor -> {},
                                "times")));
    }

    static Stream<DataCaptureUploadRequest> readings() {
        UploadMetadata tank = given(DataType.DATA_TYPE_TABULAR_SENSOR).build();
        return Stream.concat(
                metadata(DataType.DATA_TYPE_TABULAR_SENSOR).map(metadata -> readings(metadata, number(1))),
                Stream.of(
                        readings(tank),
                        readings(tank, number(Double.NaN), number(Double.NEGATIVE_INFINITY)),
                        readings(
                                tank,
                                number(1e300),
                                Value.newBuilder().setStringValue("").build()),
                        readings(tank, nested(40)),
                        readings(tank, number(1), Value.getDefaultInstance(), listOf(Value.getDefaultInstance())),
                        readings(tank, valueOfALaterKind()),
                        withMetadata(
                                readings(tank, number(1), number(2), number(3)),
                                1,
                                sensor -> sensor.setMimeType(MimeType.MIME_TYPE_APPLICATION_PCD)
                                        .setUnknownFields(LATER))));
    }

    /** Metadata as Viam's clients may send it, and as nobody would. */
    private static Stream<UploadMetadata> metadata(DataType type) {
        return Stream.of(
                        given(type),
                        UploadMetadata.newBuilder().setPartId("part").setType(type),
                        given(type).setPartId(" "),
                        given(type).clearComponentName(),
                        given(type).clearComponentType().clearMethodName(),
                        given(type).setComponentName(" gate\n").setMethodName("\t"),
                        given(type).clearFileExtension(),
                        given(type).clearFileExtension().setMimeType("image/jpeg"),
                        given(type).setMimeType("no type at all"),
                        given(type).setMimeType("IMAGE/jpeg; q=1"),
                        given(type).setMimeType(" "),
                        given(type).setFileExtension("jpg"),
                        given(type).setFileExtension(" .a/b c"),
                        given(type).setFileName("../tag=x/a.png"),
                        given(type).setFileName(" "),
                        given(type).setFileName("a.png").clearFileExtension(),
                        given(type)
                                .addTags("b")
                                .addTags("a")
                                .addTags("b")
                                .addTags("")
                                .addTags(" x, y "),
                        given(type).addDatasetIds("b").addDatasetIds("").addDatasetIds("b"),
                        given(type).putMethodParameters("", Any.pack(number(Double.NaN))),
                        given(type).putMethodParameters("nested", Any.pack(nested(40))),
                        given(type).putMethodParameters("other", Any.pack(StringValue.of("x"))),
                        given(type).setFileCreateTime(time(1, 2)).setFileModifyTime(time(3, 4)),
                        given(type).setUnknownFields(LATER))
                .map(UploadMetadata.Builder::build);
    }

    private static UploadMetadata.Builder given(DataType type) {
        return UploadMetadata.newBuilder()
                .setPartId("part")
                .setComponentType("rdk:component:camera")
                .setComponentName("gate")
                .setMethodName("GetImages")
                .setFileExtension(".jpg")
                .setType(type);
    }

    private static DataCaptureUploadRequest payload(
            UploadMetadata metadata, Consumer<SensorMetadata.Builder> sensor, String payload) {
        SensorMetadata.Builder times = SensorMetadata.newBuilder();
        sensor.accept(times);
        SensorData.Builder data = SensorData.newBuilder().setBinary(ByteString.copyFromUtf8(payload));
        if (!times.build().equals(SensorMetadata.getDefaultInstance())) {
            data.setMetadata(times);
        }
        return DataCaptureUploadRequest.newBuilder()
                .setMetadata(metadata)
                .addSensorContents(data)
                .build();
    }

    /** A reading for each value, each with a time of its own; without values one that is empty and has none. */
    private static DataCaptureUploadRequest readings(UploadMetadata metadata, Value... values) {
        DataCaptureUploadRequest.Builder request =
                DataCaptureUploadRequest.newBuilder().setMetadata(metadata);
        for (Value value : values) {
            request.addSensorContents(SensorData.newBuilder()
                    .setMetadata(
                            SensorMetadata.newBuilder().setTimeRequested(time(request.getSensorContentsCount(), 1)))
                    .setStruct(Struct.newBuilder().putFields("value", value)));
        }
        if (values.length == 0) {
            request.addSensorContents(SensorData.newBuilder().setStruct(Struct.getDefaultInstance()));
        }
        return request.build();
    }

    private static DataCaptureUploadRequest withMetadata(
            DataCaptureUploadRequest request, int index, Consumer<SensorMetadata.Builder> sensor) {
        DataCaptureUploadRequest.Builder builder = request.toBuilder();
        sensor.accept(builder.getSensorContentsBuilder(index).getMetadataBuilder());
        return builder.build();
    }

    private static Value number(double number) {
        return Value.newBuilder().setNumberValue(number).build();
    }

    private static Value nested(int depth) {
        Value value = number(1);
        for (int i = 0; i < depth; i++) {
            value = listOf(value);
        }
        return value;
    }

    private static Value valueOfALaterKind() {
        try {
            return Value.parseFrom(LATER.toByteString());
        } catch (InvalidProtocolBufferException e) {
            throw new IllegalStateException(e);
        }
    }

    private static Value listOf(Value... values) {
        return Value.newBuilder()
                .setListValue(ListValue.newBuilder().addAllValues(List.of(values)))
                .build();
    }

    private static Timestamp time(long seconds, int nanos) {
        return Timestamp.newBuilder().setSeconds(seconds).setNanos(nanos).build();
    }

    private static DataCaptureUploadRequest received() throws IOException {
        TestCall call = viam.onlyUpload();
        return request(call.method(), call.messages());
    }

    /** All of an upload in the form of the unary call: a relay may send a stream in one message. */
    private static DataCaptureUploadRequest request(String rpc, List<byte[]> messages) throws IOException {
        if (rpc.equals("DataCaptureUpload")) {
            return DataCaptureUploadRequest.parseFrom(messages.get(0));
        }
        UploadMetadata metadata = null;
        SensorMetadata sensor = SensorMetadata.getDefaultInstance();
        ByteString payload = ByteString.EMPTY;
        for (byte[] message : messages) {
            if (rpc.equals("FileUpload")) {
                FileUploadRequest part = FileUploadRequest.parseFrom(message);
                metadata = part.hasMetadata() ? part.getMetadata() : metadata;
                payload = payload.concat(part.getFileContents().getData());
            } else {
                StreamingDataCaptureUploadRequest part = StreamingDataCaptureUploadRequest.parseFrom(message);
                metadata = part.hasMetadata() ? part.getMetadata().getUploadMetadata() : metadata;
                sensor = part.hasMetadata() ? part.getMetadata().getSensorMetadata() : sensor;
                payload = payload.concat(part.getData());
            }
        }
        SensorMetadata times = sensor;
        String bytes = payload.toStringUtf8();
        assertThat(ByteString.copyFromUtf8(bytes)).as("payload is text").isEqualTo(payload);
        return payload(metadata, builder -> builder.mergeFrom(times), bytes);
    }
}
