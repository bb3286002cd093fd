// Copyright the camel-viamdata authors. SPDX-License-Identifier: Apache-2.0
package io.github.camelviamdata.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.entry;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.google.protobuf.Any;
import com.google.protobuf.Timestamp;
import com.google.protobuf.UnknownFieldSet;
import io.github.camelviamdata.ViamDataConstants;
import io.github.camelviamdata.ViamDataOperation;
import io.github.camelviamdata.message.OtherFields;
import io.github.camelviamdata.message.ProtoValues;
import io.github.camelviamdata.proto.data.v1.Annotations;
import io.github.camelviamdata.proto.data.v1.Classification;
import io.github.camelviamdata.proto.datasync.v1.DataCaptureUploadRequest;
import io.github.camelviamdata.proto.datasync.v1.SensorData;
import io.github.camelviamdata.proto.datasync.v1.SensorMetadata;
import io.github.camelviamdata.proto.datasync.v1.UploadMetadata;
import io.github.camelviamdata.support.Shows;
import io.grpc.Context;
import java.io.IOException;
import java.time.Instant;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class UploadHeadersTest {

    private static final Instant ONE = Instant.parse("2023-06-05T11:00:00.123456Z");
    private static final Instant TWO = Instant.parse("2023-06-05T11:00:03Z");

    private static SensorMetadata times(Instant requested, Instant received) {
        SensorMetadata.Builder sensor = SensorMetadata.newBuilder();
        if (requested != null) {
            sensor.setTimeRequested(ProtoValues.timestamp(requested));
        }
        if (received != null) {
            sensor.setTimeReceived(ProtoValues.timestamp(received));
        }
        return sensor.build();
    }

    private static Map<String, Object> ofSensors(SensorMetadata... sensors) {
        return UploadHeaders.of(ViamDataOperation.tabular, request(UploadMetadata.newBuilder(), sensors));
    }

    private static DataCaptureUploadRequest request(UploadMetadata.Builder metadata, SensorMetadata... sensors) {
        DataCaptureUploadRequest.Builder request =
                DataCaptureUploadRequest.newBuilder().setMetadata(metadata);
        Stream.of(sensors)
                .forEach(sensor ->
                        request.addSensorContents(SensorData.newBuilder().setMetadata(sensor)));
        return request.build();
    }

    @Test
    @Shows({
        "CamelViamDataOperation",
        "CamelViamDataPartId",
        "CamelViamDataOtherFields",
        "CamelViamDataComponentType",
        "CamelViamDataComponentName",
        "CamelViamDataMethodName",
        "CamelViamDataFileExtension",
        "CamelViamDataFileName",
        "CamelViamDataMimeType",
        "CamelViamDataTags",
        "CamelViamDataDatasetIds",
        "CamelViamDataMethodParameters",
        "CamelViamDataTimeRequested",
        "CamelViamDataTimeReceived",
        "CamelViamDataFileCreateTime",
        "CamelViamDataFileModifyTime",
        "CamelViamDataAnnotations"
    })
    void everyFieldHasItsHeader() throws Exception {
        Map<String, Object> parameters = new LinkedHashMap<>();
        parameters.put("filter", List.of("a", true, 1.5));
        parameters.put("nothing", null);
        Any foreign = Any.pack(Timestamp.newBuilder().setSeconds(1).build());
        Annotations annotations = Annotations.newBuilder()
                .addClassifications(Classification.newBuilder().setLabel("cat"))
                .build();
        UploadMetadata.Builder metadata = TestClient.pictureMetadata()
                .setFileName("x/y.jpg")
                .setMimeType("image/jpeg")
                .addTags("b")
                .addTags("a")
                .addDatasetIds("set")
                .putMethodParameters("filter", ProtoValues.any("", parameters.get("filter")))
                .putMethodParameters("nothing", ProtoValues.any("", null))
                .putMethodParameters("foreign", foreign)
                .setFileCreateTime(ProtoValues.timestamp(ONE))
                .setFileModifyTime(ProtoValues.timestamp(TWO))
                .setUnknownFields(UnknownFieldSet.newBuilder()
                        .addField(
                                4711,
                                UnknownFieldSet.Field.newBuilder().addVarint(1).build())
                        .build());
        parameters.put("foreign", foreign);

        DataCaptureUploadRequest request = request(
                metadata,
                times(ONE, TWO).toBuilder().setAnnotations(annotations).build());

        assertThat(UploadHeaders.of(ViamDataOperation.binary, request))
                .containsOnly(
                        entry(ViamDataConstants.OPERATION, ViamDataOperation.binary),
                        entry(ViamDataConstants.VERBATIM, true),
                        entry(ViamDataConstants.PART_ID, "part"),
                        entry(ViamDataConstants.COMPONENT_TYPE, "camera"),
                        entry(ViamDataConstants.COMPONENT_NAME, "gate"),
                        entry(ViamDataConstants.METHOD_NAME, "GetImages"),
                        entry(ViamDataConstants.FILE_EXTENSION, ".jpg"),
                        entry(ViamDataConstants.FILE_NAME, "x/y.jpg"),
                        entry(ViamDataConstants.MIME_TYPE, "image/jpeg"),
                        entry(ViamDataConstants.TAGS, List.of("b", "a")),
                        entry(ViamDataConstants.DATASET_IDS, List.of("set")),
                        entry(ViamDataConstants.METHOD_PARAMETERS, parameters),
                        entry(ViamDataConstants.FILE_CREATE_TIME, ONE),
                        entry(ViamDataConstants.FILE_MODIFY_TIME, TWO),
                        entry(ViamDataConstants.TIME_REQUESTED, ONE),
                        entry(ViamDataConstants.TIME_RECEIVED, TWO),
                        entry(ViamDataConstants.ANNOTATIONS, annotations),
                        entry(ViamDataConstants.OTHER_FIELDS, OtherFields.header(request)));

        Set<String> all = new TreeSet<>(
                UploadHeaders.of(ViamDataOperation.tabular, request).keySet());
        Context.current()
                .withValue(AuthInterceptor.KEY_ID, "id")
                .run(() -> all.addAll(new CaptureFormat()
                        .headers(ViamDataOperation.binary, request)
                        .keySet()));
        assertThat(all).isEqualTo(setOnArrival());
    }

    /** The headers of the catalog, without those that are read for the answer. */
    private static Set<String> setOnArrival() throws IOException {
        Set<String> names = new TreeSet<>();
        new ObjectMapper()
                .readTree(UploadHeadersTest.class.getResource(
                        "/META-INF/io/github/camelviamdata/server/viamdata-server.json"))
                .get("headers")
                .fields()
                .forEachRemaining(header -> {
                    if (header.getValue().get("group").asText().equals("consumer")) {
                        names.add(header.getKey());
                    }
                });
        return names;
    }

    @Test
    @Shows({"CamelViamDataWrapReadings", "CamelViamDataVerbatim"})
    void absentFieldsHaveNone() {
        assertThat(UploadHeaders.of(ViamDataOperation.file, request(UploadMetadata.newBuilder())))
                .containsOnly(
                        entry(ViamDataConstants.OPERATION, ViamDataOperation.file),
                        entry(ViamDataConstants.VERBATIM, true));
        assertThat(ofSensors(times(null, null), times(null, null)))
                .containsOnly(
                        entry(ViamDataConstants.OPERATION, ViamDataOperation.tabular),
                        entry(ViamDataConstants.VERBATIM, true),
                        entry(ViamDataConstants.WRAP_READINGS, false));
    }

    @Test
    void equalTimesAreOne() {
        assertThat(ofSensors(times(ONE, TWO), times(ONE, TWO)))
                .containsEntry(ViamDataConstants.TIME_REQUESTED, ONE)
                .containsEntry(ViamDataConstants.TIME_RECEIVED, TWO);
    }

    @Test
    void differentTimesAreAList() {
        assertThat(ofSensors(times(ONE, TWO), times(TWO, TWO), times(ONE, TWO)))
                .containsEntry(ViamDataConstants.TIME_REQUESTED, List.of(ONE, TWO, ONE))
                .containsEntry(ViamDataConstants.TIME_RECEIVED, TWO);
    }

    @Test
    void missingTimeKeepsItsPlace() {
        assertThat(ofSensors(times(null, ONE), times(TWO, null)))
                .containsEntry(ViamDataConstants.TIME_REQUESTED, Arrays.asList(null, TWO))
                .containsEntry(ViamDataConstants.TIME_RECEIVED, Arrays.asList(ONE, null));
    }

    /** A relay would send them on as another value. */
    @ParameterizedTest
    @ValueSource(ints = {-1, 1_000_000_000})
    void nanosecondsThatNoSecondHasAreRefused(int nanos) {
        assertThatThrownBy(() -> ofSensors(SensorMetadata.newBuilder()
                        .setTimeReceived(Timestamp.newBuilder().setSeconds(1).setNanos(nanos))
                        .build()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("time_received has " + nanos + " nanoseconds; 0 to 999999999 are possible");
    }

    @ParameterizedTest
    @CsvSource({"9223372036854775807, 0", "253402300800, 0", "-62135596801, 0", "-9223372036854775808, -1"})
    void impossibleTimesAreRefused(long seconds, int nanos) {
        Timestamp time =
                Timestamp.newBuilder().setSeconds(seconds).setNanos(nanos).build();

        assertThatThrownBy(() -> ofSensors(
                        SensorMetadata.newBuilder().setTimeRequested(time).build()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("time_requested is outside the years 1 to 9999");
        assertThatThrownBy(() -> UploadHeaders.of(
                        ViamDataOperation.file,
                        request(UploadMetadata.newBuilder().setFileModifyTime(time))))
                .hasMessage("file_modify_time is outside the years 1 to 9999");
    }
}
