// Copyright the camel-viamdata authors. SPDX-License-Identifier: Apache-2.0
package io.github.camelviamdata.message;

import static org.apache.camel.Exchange.CONTENT_TYPE;
import static org.apache.camel.Exchange.FILE_CONTENT_TYPE;
import static org.apache.camel.Exchange.FILE_NAME;
import static org.apache.camel.Exchange.FILE_PATH;
import static org.apache.camel.Exchange.MESSAGE_TIMESTAMP;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import com.google.protobuf.Any;
import com.google.protobuf.StringValue;
import com.google.protobuf.Value;
import io.github.camelviamdata.ViamDataConstants;
import io.github.camelviamdata.ViamDataDelivery;
import io.github.camelviamdata.ViamDataOperation;
import io.github.camelviamdata.ViamDataRejectedException;
import io.github.camelviamdata.proto.data.v1.Annotations;
import io.github.camelviamdata.proto.data.v1.Classification;
import io.github.camelviamdata.proto.datasync.v1.SensorMetadata;
import io.github.camelviamdata.proto.datasync.v1.UploadMetadata;
import io.github.camelviamdata.service.TestCall;
import io.github.camelviamdata.service.TestService;
import io.github.camelviamdata.support.Shows;
import io.github.camelviamdata.support.ViamDataTestSupport;
import java.io.File;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZonedDateTime;
import java.util.Arrays;
import java.util.Calendar;
import java.util.Date;
import java.util.GregorianCalendar;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.camel.Exchange;
import org.apache.camel.Message;
import org.apache.camel.component.file.GenericFile;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What each header does to the request, in each form that it may have, and what stands in for it when it is missing. */
class HeadersTest extends ViamDataTestSupport {

    private static final byte[] BODY = {1, 2, 3};
    private static final Instant TIME = Instant.parse("2023-06-05T11:00:00.123Z");

    private TestCall call(Map<String, Object> headers, String... options) {
        upload(uri(options), BODY, headers);
        return service.onlyUpload();
    }

    private UploadMetadata metadata(Map<String, Object> headers, String... options) {
        return call(headers, options).metadata();
    }

    @Test
    @Shows({
        "CamelViamDataPartId",
        "CamelViamDataComponentType",
        "CamelViamDataComponentName",
        "CamelViamDataMethodName",
        "CamelViamDataFileExtension",
        "CamelViamDataMimeType"
    })
    void headersOverrideOptions() {
        UploadMetadata metadata = metadata(
                Map.of(
                        ViamDataConstants.PART_ID, "part",
                        ViamDataConstants.COMPONENT_TYPE, "rdk:component:camera",
                        ViamDataConstants.COMPONENT_NAME, "other",
                        ViamDataConstants.METHOD_NAME, "NextPointCloud",
                        ViamDataConstants.FILE_EXTENSION, "pcd",
                        ViamDataConstants.MIME_TYPE, "pointcloud/pcd"),
                CAMERA,
                "mimeType=image/jpeg");

        assertThat(metadata.getPartId()).isEqualTo("part");
        assertThat(metadata.getComponentType()).isEqualTo("rdk:component:camera");
        assertThat(metadata.getComponentName()).isEqualTo("other");
        assertThat(metadata.getMethodName()).isEqualTo("NextPointCloud");
        assertThat(metadata.getFileExtension()).isEqualTo(".pcd");
        assertThat(metadata.getMimeType()).isEqualTo("pointcloud/pcd");
    }

    static Stream<Object> textForms() {
        return Stream.of(
                "gate",
                new StringBuilder("gate"),
                "gate".getBytes(StandardCharsets.UTF_8),
                ByteBuffer.wrap("gate".getBytes(StandardCharsets.UTF_8)));
    }

    @ParameterizedTest
    @MethodSource("textForms")
    void textComesAsTextOrBytes(Object value) {
        assertThat(metadata(Map.of(ViamDataConstants.COMPONENT_NAME, value), CAMERA)
                        .getComponentName())
                .isEqualTo("gate");
    }

    @Test
    void numbersAndEnumsAreTextToo() {
        UploadMetadata metadata = metadata(
                Map.of(ViamDataConstants.COMPONENT_NAME, 7, ViamDataConstants.METHOD_NAME, Thread.State.RUNNABLE),
                CAMERA);

        assertThat(metadata.getComponentName()).isEqualTo("7");
        assertThat(metadata.getMethodName()).isEqualTo("RUNNABLE");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "  "})
    void blankHeadersCountAsAbsent(String blank) {
        assertThat(metadata(Map.of(ViamDataConstants.COMPONENT_NAME, blank), CAMERA)
                        .getComponentName())
                .isEqualTo("my_camera");
    }

    @Test
    void headersAreNeverEvaluated() {
        assertThat(metadata(Map.of(ViamDataConstants.COMPONENT_NAME, "${sys.user.home} #{secret}"), CAMERA)
                        .getComponentName())
                .isEqualTo("${sys.user.home} #{secret}");
    }

    @Test
    @Shows("CamelViamDataOperation")
    void theOperationMayComeAsTextOrEnum() {
        upload(uri(), BODY, Map.of(ViamDataConstants.OPERATION, "FILE"));
        upload(uri("operation=file", CAMERA), BODY, Map.of(ViamDataConstants.OPERATION, ViamDataOperation.binary));

        assertThat(service.uploads()).extracting(TestCall::method).containsExactly("FileUpload", "DataCaptureUpload");
    }

    static Stream<Object> listForms() {
        return Stream.of(
                List.of("a", "b,c"),
                new LinkedHashSet<>(List.of("a", "b,c")),
                arguments((Object) new String[] {"a", "b,c"}),
                Arrays.asList("a".getBytes(StandardCharsets.UTF_8), "b,c", "", null));
    }

    @ParameterizedTest
    @MethodSource("listForms")
    @Shows({"CamelViamDataTags", "CamelViamDataDatasetIds"})
    void listsAreAddedToThoseOfTheOptions(Object value) {
        UploadMetadata metadata = metadata(
                Map.of(ViamDataConstants.TAGS, value, ViamDataConstants.DATASET_IDS, value),
                CAMERA,
                "tags=x,a",
                "datasetIds=y");

        assertThat(metadata.getTagsList()).containsExactly("x", "a", "b,c");
        assertThat(metadata.getDatasetIdsList()).containsExactly("y", "a", "b,c");
    }

    @ParameterizedTest
    @MethodSource("commaForms")
    void listsInTextAreSeparatedByCommas(Object value) {
        assertThat(metadata(Map.of(ViamDataConstants.TAGS, value), CAMERA).getTagsList())
                .containsExactly("a", "b");
    }

    static Stream<Object> commaForms() {
        return Stream.of("a,b", " a , ,b, ", "a,b,a".getBytes(StandardCharsets.UTF_8));
    }

    static Stream<Arguments> timeForms() {
        GregorianCalendar calendar = new GregorianCalendar();
        calendar.setTimeInMillis(TIME.toEpochMilli());
        return Stream.of(
                arguments(TIME, TIME),
                arguments(OffsetDateTime.parse("2023-06-05T13:00:00.123+02:00"), TIME),
                arguments(ZonedDateTime.parse("2023-06-05T13:00:00.123+02:00[Europe/Berlin]"), TIME),
                arguments(Date.from(TIME), TIME),
                arguments((Calendar) calendar, TIME),
                arguments(TIME.toEpochMilli(), TIME),
                arguments("1685962800123", TIME),
                arguments(" 2023-06-05T11:00:00.123Z ", TIME),
                arguments("2023-06-05T13:00:00.123+02:00", TIME),
                arguments("2023-06-05T13:00:00.123+02:00[Europe/Berlin]", TIME),
                arguments("2023-06-05T11:00:00.123Z".getBytes(StandardCharsets.UTF_8), TIME),
                arguments("2023-06-05T11:00:00.123456789Z", Instant.parse("2023-06-05T11:00:00.123456789Z")),
                arguments(-1L, Instant.parse("1969-12-31T23:59:59.999Z")),
                arguments("2026-11-27T10:30:00+0100", Instant.parse("2026-11-27T09:30:00Z")),
                arguments("2026-11-27T10:30:00+01", Instant.parse("2026-11-27T09:30:00Z")),
                arguments("2026-11-27T10:30:00,5Z", Instant.parse("2026-11-27T10:30:00.5Z")),
                arguments("2026-11-27 10:30:00Z", Instant.parse("2026-11-27T10:30:00Z")),
                arguments("2026-11-27 10:30:00.123 +0100", Instant.parse("2026-11-27T09:30:00.123Z")),
                arguments("2026-11-27T10:30-05:30", Instant.parse("2026-11-27T16:00:00Z")),
                arguments("20261127T103000Z", Instant.parse("2026-11-27T10:30:00Z")),
                arguments("20261127T103000,25+0100", Instant.parse("2026-11-27T09:30:00.25Z")),
                arguments("20261127 1030+01:00", Instant.parse("2026-11-27T09:30:00Z")),
                arguments("2026-11-27t10:30:00z", Instant.parse("2026-11-27T10:30:00Z")),
                arguments("0001-01-01T00:00:00Z", Instant.parse("0001-01-01T00:00:00Z")),
                arguments("9999-12-31T23:59:59Z", Instant.parse("9999-12-31T23:59:59Z")));
    }

    @ParameterizedTest
    @MethodSource("timeForms")
    @Shows({
        "CamelViamDataTimeRequested",
        "CamelViamDataTimeReceived",
        "CamelViamDataFileCreateTime",
        "CamelViamDataFileModifyTime"
    })
    void timesComeInManyForms(Object value, Instant expected) {
        TestCall call = call(
                Map.of(
                        ViamDataConstants.TIME_REQUESTED, value,
                        ViamDataConstants.TIME_RECEIVED, value,
                        ViamDataConstants.FILE_CREATE_TIME, value,
                        ViamDataConstants.FILE_MODIFY_TIME, value),
                CAMERA);

        assertThat(call.sensorMetadata().getTimeRequested()).isEqualTo(ProtoValues.timestamp(expected));
        assertThat(call.sensorMetadata().getTimeReceived()).isEqualTo(ProtoValues.timestamp(expected));
        assertThat(call.metadata().getFileCreateTime()).isEqualTo(ProtoValues.timestamp(expected));
        assertThat(call.metadata().getFileModifyTime()).isEqualTo(ProtoValues.timestamp(expected));
    }

    @Test
    void theMessageTimestampStandsInForBothTimes() {
        TestCall call = call(Map.of(MESSAGE_TIMESTAMP, TIME.toEpochMilli()), CAMERA);

        assertThat(call.sensorMetadata().getTimeRequested()).isEqualTo(ProtoValues.timestamp(TIME));
        assertThat(call.sensorMetadata().getTimeReceived()).isEqualTo(ProtoValues.timestamp(TIME));
    }

    /** Kafka's clients give -1 where a record has none. */
    @ParameterizedTest
    @ValueSource(longs = {-1, Long.MIN_VALUE})
    void aNegativeMessageTimestampIsNone(long timestamp) {
        for (Object value : new Object[] {timestamp, String.valueOf(timestamp), (double) timestamp}) {
            service.calls().clear();
            TestCall call = call(Map.of(MESSAGE_TIMESTAMP, value), CAMERA);

            assertThat(call.sensorMetadata()).isEqualTo(SensorMetadata.getDefaultInstance());
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "2026-11-27T10:30:00",
                "2026-11-27",
                "20261127T103000",
                "2026-02-30T10:30:00Z",
                "2026-11-27T10:30:00+1",
                "2026-11-27T10:30:00,Z,",
                "2026-11-27  10:30:00Z",
                "27.11.2026 10:30",
                "1e10"
            })
    void aTextWithoutAnOffsetOrOfAnotherFormIsNoTime(String text) {
        assertThat(refused(
                        ViamDataRejectedException.class,
                        uri(CAMERA),
                        BODY,
                        Map.of(ViamDataConstants.TIME_REQUESTED, text)))
                .hasMessageContaining("CamelViamDataTimeRequested is not a time: '" + text + "'");
    }

    @Test
    void theMessageTimestampDoesNotMixWithAGivenTime() {
        TestCall call =
                call(Map.of(ViamDataConstants.TIME_RECEIVED, TIME, MESSAGE_TIMESTAMP, TIME.toEpochMilli() + 5), CAMERA);

        assertThat(call.sensorMetadata().hasTimeRequested()).isFalse();
        assertThat(call.sensorMetadata().getTimeReceived()).isEqualTo(ProtoValues.timestamp(TIME));
    }

    @Test
    void theMessageTimestampIsTheTimeOfAFilesModification() {
        upload(uri("operation=file"), BODY, Map.of(MESSAGE_TIMESTAMP, TIME.toEpochMilli()));
        upload(uri(CAMERA), BODY, Map.of(MESSAGE_TIMESTAMP, TIME.toEpochMilli()));

        assertThat(service.uploads().get(0).metadata().getFileModifyTime()).isEqualTo(ProtoValues.timestamp(TIME));
        assertThat(service.uploads().get(1).metadata().hasFileModifyTime()).isFalse();
    }

    @Test
    @Shows("CamelViamDataFileName")
    void theFileNameIsSentAsGivenAndDerivedForFilesOnly() {
        upload(uri(CAMERA), BODY, Map.of(ViamDataConstants.FILE_NAME, "a/b.jpg"));
        upload(uri(CAMERA), BODY, Map.of(FILE_NAME, "a/b.jpg"));
        upload(uri("operation=file"), BODY, Map.of(FILE_NAME, "a/b.jpg"));

        assertThat(service.uploads())
                .extracting(call -> call.metadata().getFileName())
                .containsExactly("a/b.jpg", "", "b.jpg");
    }

    @ParameterizedTest
    @MethodSource("parameterForms")
    @Shows("CamelViamDataMethodParameters")
    void methodParametersKeepTheirTypes(Object value) {
        UploadMetadata metadata = metadata(
                Map.of(ViamDataConstants.METHOD_PARAMETERS, value),
                CAMERA,
                "methodParameters.quality=80",
                "methodParameters.name=from-option");

        Map<String, Object> sent = new HashMap<>();
        metadata.getMethodParametersMap().forEach((name, any) -> sent.put(name, ProtoValues.object(any)));
        assertThat(sent)
                .containsEntry("quality", "80")
                .containsEntry("name", "left")
                .containsEntry("width", 640.0)
                .containsEntry("raw", true)
                .containsEntry("box", Map.of("x", List.of(1.0, 2.5)))
                .containsEntry("none", null)
                .hasSize(6);
    }

    static Stream<Object> parameterForms() {
        Map<String, Object> map = new HashMap<>();
        map.put("name", "left");
        map.put("width", 640);
        map.put("raw", true);
        map.put("box", Map.of("x", List.of(1, 2.5f)));
        map.put("none", null);
        String json = "{\"name\":\"left\",\"width\":640,\"raw\":true,\"box\":{\"x\":[1,2.5]},\"none\":null}";
        return Stream.of(map, json, json.getBytes(StandardCharsets.UTF_8));
    }

    @Test
    void methodParametersMayBeProtobufMessages() {
        Any any = Any.pack(StringValue.of("packed"));
        UploadMetadata metadata = metadata(
                Map.of(
                        ViamDataConstants.METHOD_PARAMETERS,
                        Map.of(
                                "any", any,
                                "message", StringValue.of("wrapped"),
                                "value", Value.newBuilder().setNumberValue(1).build())),
                CAMERA);

        assertThat(metadata.getMethodParametersMap())
                .containsEntry("any", any)
                .containsEntry("message", Any.pack(StringValue.of("wrapped")))
                .containsEntry(
                        "value", Any.pack(Value.newBuilder().setNumberValue(1).build()));
    }

    @Test
    @Shows("CamelViamDataAnnotations")
    void annotationsGoWithTheData() {
        Annotations annotations = Annotations.newBuilder()
                .addClassifications(Classification.newBuilder().setLabel("truck"))
                .build();

        assertThat(call(Map.of(ViamDataConstants.ANNOTATIONS, annotations), CAMERA)
                        .sensorMetadata()
                        .getAnnotations())
                .isEqualTo(annotations);
    }

    static Stream<Arguments> extensions() {
        return Stream.of(
                arguments(Map.of(FILE_NAME, "inbox/IMG_0001.JPG"), ".jpg"),
                arguments(Map.of(FILE_NAME, "scan.2023.pcd", CONTENT_TYPE, "image/png"), ".pcd"),
                arguments(Map.of(CONTENT_TYPE, "image/jpeg"), ".jpeg"),
                arguments(Map.of(CONTENT_TYPE, "IMAGE/PNG; q=1"), ".png"),
                arguments(Map.of(FILE_CONTENT_TYPE, "pointcloud/pcd"), ".pcd"),
                arguments(Map.of(ViamDataConstants.MIME_TYPE, "video/mp4"), ".mp4"),
                arguments(Map.of(ViamDataConstants.MIME_TYPE, "audio/wav"), ".wav"),
                arguments(Map.of(ViamDataConstants.MIME_TYPE, "audio/mpeg"), ".mp3"),
                arguments(Map.of(ViamDataConstants.MIME_TYPE, "image/x-canon-cr2"), ""));
    }

    @ParameterizedTest
    @MethodSource("extensions")
    void theExtensionIsDerived(Map<String, Object> headers, String expected) {
        assertThat(metadata(headers, "componentType=c&componentName=n&methodName=m")
                        .getFileExtension())
                .isEqualTo(expected);
    }

    static Stream<Arguments> mimeTypes() {
        return Stream.of(
                arguments(Map.of(CONTENT_TYPE, "image/jpeg; charset=x"), "image/jpeg"),
                arguments(Map.of(FILE_CONTENT_TYPE, "image/png", CONTENT_TYPE, "image/jpeg"), "image/png"),
                arguments(Map.of(CONTENT_TYPE, "application/octet-stream"), ""),
                arguments(Map.of(CONTENT_TYPE, "nonsense"), ""),
                arguments(Map.of(), ""));
    }

    @ParameterizedTest
    @MethodSource("mimeTypes")
    void theMimeTypeIsDerived(Map<String, Object> headers, String expected) {
        assertThat(metadata(headers, CAMERA).getMimeType()).isEqualTo(expected);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                ViamDataConstants.COMPONENT_NAME,
                ViamDataConstants.FILE_NAME,
                ViamDataConstants.TAGS,
                ViamDataConstants.FILE_MODIFY_TIME,
                ViamDataConstants.METHOD_PARAMETERS,
                FILE_NAME
            })
    void aFileIsNotReadForTheTextOfAHeader(String header, @TempDir Path directory) throws IOException {
        File file = Files.writeString(directory.resolve("keys.txt"), "content").toFile();
        GenericFile<File> generic = new GenericFile<>();
        generic.setFile(file);
        generic.setBody("content");
        for (Object value : List.of(file, generic, List.of(file))) {
            assertThat(refused(ViamDataRejectedException.class, uri(CAMERA), BODY, Map.of(header, value)))
                    .hasMessageContaining(header)
                    .hasMessageNotContaining("content");
        }
        assertThat(service.uploads()).isEmpty();
    }

    @Test
    void foldersAboveAFileNameTagsAndDatasets() {
        UploadMetadata metadata = metadata(
                Map.of(
                        FILE_PATH,
                        "/data/tag=site-1/inbox/tag=night/dataset=d1/tag=not-a-folder.jpg",
                        FILE_NAME,
                        "tag=night\\dataset=d2/a.jpg",
                        ViamDataConstants.TAGS,
                        "night"),
                CAMERA,
                "tags=x");

        assertThat(metadata.getTagsList()).containsExactly("x", "night", "site-1");
        assertThat(metadata.getDatasetIdsList()).containsExactly("d1", "d2");
    }

    @Test
    @Shows({
        "CamelViamDataFileId",
        "CamelViamDataFileIds",
        "CamelViamDataBinaryDataId",
        "CamelViamDataUploadedBytes",
        "CamelViamDataAttempts",
        "CamelViamDataDelivery"
    })
    void resultsBecomeHeadersAndTheBodyStays() {
        Message message = upload(uri(CAMERA), BODY, Map.of()).getMessage();

        assertThat(message.getBody()).isSameAs(BODY);
        assertThat(message.getHeaders())
                .containsEntry(ViamDataConstants.FILE_ID, TestService.BINARY_DATA_ID + 1)
                .containsEntry(ViamDataConstants.FILE_IDS, List.of(TestService.BINARY_DATA_ID + 1))
                .containsEntry(ViamDataConstants.BINARY_DATA_ID, TestService.BINARY_DATA_ID + 1)
                .containsEntry(ViamDataConstants.UPLOADED_BYTES, 3L)
                .containsEntry(ViamDataConstants.ATTEMPTS, 1)
                .containsEntry(ViamDataConstants.DELIVERY, ViamDataDelivery.stored);
    }

    @Test
    void resultsOfAnEarlierUploadAreCleared() {
        Exchange exchange = send(
                uri("componentType=c"),
                BODY,
                Map.of(
                        ViamDataConstants.FILE_ID,
                        "old",
                        ViamDataConstants.BINARY_DATA_ID,
                        "old",
                        ViamDataConstants.FILE_IDS,
                        List.of("old"),
                        ViamDataConstants.UPLOADED_BYTES,
                        1L,
                        ViamDataConstants.ATTEMPTS,
                        1));

        assertThat(exchange.getException()).isInstanceOf(ViamDataRejectedException.class);
        assertThat(exchange.getMessage().getHeaders())
                .containsExactly(Map.entry(ViamDataConstants.DELIVERY, ViamDataDelivery.notSent));
    }
}
