// Copyright the camel-viamdata authors. SPDX-License-Identifier: Apache-2.0
package io.github.camelviamdata.message;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.google.protobuf.InvalidProtocolBufferException;
import io.github.camelviamdata.ViamDataAnnotations;
import io.github.camelviamdata.ViamDataConstants;
import io.github.camelviamdata.ViamDataRejectedException;
import io.github.camelviamdata.proto.data.v1.Annotations;
import io.github.camelviamdata.proto.data.v1.BoundingBox;
import io.github.camelviamdata.proto.data.v1.Classification;
import io.github.camelviamdata.proto.datasync.v1.DataCaptureUploadRequest;
import io.github.camelviamdata.proto.datasync.v1.SensorData;
import io.github.camelviamdata.support.Shows;
import io.github.camelviamdata.support.ViamDataTestSupport;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The header of annotations in all its forms, and what each thing wrong with it is called. */
class AnnotationsTest extends ViamDataTestSupport {

    private static final byte[] BODY = {1, 2, 3};

    private static final Annotations DOG_AT_NIGHT = Annotations.newBuilder()
            .addBboxes(BoundingBox.newBuilder()
                    .setLabel("dog")
                    .setConfidence(0.9)
                    .setXMinNormalized(0.1)
                    .setYMinNormalized(0.25)
                    .setXMaxNormalized(0.5)
                    .setYMaxNormalized(0.75))
            .addClassifications(Classification.newBuilder().setLabel("night").setConfidence(0.8))
            .build();

    private static final String JSON = "{'bboxes':[{'label':'dog','confidence':0.9,'x_min_normalized':0.1,"
            + "'y_min_normalized':0.25,'x_max_normalized':0.5,'y_max_normalized':0.75}],"
            + "'classifications':[{'label':'night','confidence':0.8}]}";

    private Annotations sent(Object header, String... options) {
        upload(uri(Stream.concat(Stream.of(CAMERA), Stream.of(options)).toArray(String[]::new)), BODY, headers(header));
        return service.onlyUpload().sensorMetadata().getAnnotations();
    }

    private static Map<String, Object> headers(Object annotations) {
        return Map.of(ViamDataConstants.ANNOTATIONS, annotations);
    }

    private static String json(String text) {
        return text.replace('\'', '"');
    }

    private static Object parsed(String text) {
        try {
            return new ObjectMapper().readValue(json(text), Object.class);
        } catch (JsonProcessingException e) {
            throw new AssertionError(e);
        }
    }

    static Stream<Arguments> forms() throws Exception {
        Map<String, Object> box = Map.of(
                "label",
                "dog",
                "confidence",
                0.9,
                "x_min_normalized",
                new BigDecimal("0.1"),
                "y_min_normalized",
                0.25f,
                "x_max_normalized",
                0.5,
                "y_max_normalized",
                0.75);
        Map<String, Object> night = Map.of("label", new StringBuilder("night"), "confidence", 0.8);
        return Stream.of(
                arguments("protobuf", DOG_AT_NIGHT),
                arguments(
                        "typed",
                        new ViamDataAnnotations(
                                List.of(new ViamDataAnnotations.BoundingBox("dog", 0.9, 0.1, 0.25, 0.5, 0.75)),
                                List.of(new ViamDataAnnotations.Classification("night", 0.8)))),
                arguments(
                        "typed, in pixels",
                        new ViamDataAnnotations(
                                List.of(new ViamDataAnnotations.BoundingBox("dog", 0.9, 20, 25, 100, 75)
                                        .normalized(200, 100)),
                                List.of(new ViamDataAnnotations.Classification("night", 0.8)))),
                arguments("map", Map.of("bboxes", List.of(box), "classifications", List.of(night))),
                arguments("arrays", Map.of("bboxes", new Object[] {box}, "classifications", new Map<?, ?>[] {night})),
                arguments("JSON", json(JSON)),
                arguments("bytes", json(JSON).getBytes(StandardCharsets.UTF_8)),
                arguments("Jackson's tree", new ObjectMapper().readTree(json(JSON))),
                arguments("camel case", json(JSON.replace("x_min_n", "xMinN").replace("y_max_n", "yMaxN"))),
                arguments(
                        "pixels",
                        json("{'image_width':200,'imageHeight':100,'bboxes':[{'label':'dog','confidence':0.9,"
                                + "'x_min':20,'y_min':25,'xMax':100,'y_max':75}],"
                                + "'classifications':[{'label':'night','confidence':0.8}]}")),
                arguments(
                        "pixels, with the size in the box",
                        json("{'image_width':1,'bboxes':[{'label':'dog','confidence':0.9,'image_width':200,"
                                + "'image_height':100,'x_min':20,'y_min':25,'x_max':100,'y_max':75}],"
                                + "'classifications':[{'label':'night','confidence':0.8}]}")),
                arguments("a list of one", List.of(DOG_AT_NIGHT)),
                arguments("a list of one in JSON", json("[" + JSON + "]")));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("forms")
    @Shows("CamelViamDataAnnotations")
    void allFormsAreSent(String form, Object header) {
        assertThat(sent(header)).isEqualTo(DOG_AT_NIGHT);
    }

    @Test
    void streamsCarryThemToo() {
        assertThat(sent(json(JSON), "uploadMode=streaming")).isEqualTo(DOG_AT_NIGHT);
        assertThat(service.onlyUpload().method()).isEqualTo("StreamingDataCaptureUpload");
    }

    @Test
    void confidencesAndIdsAreOptional() {
        Annotations sent = sent(json("{'bboxes':[{'id':'a','label':'dog','confidence':null,'x_min_normalized':0,"
                + "'y_min_normalized':0,'x_max_normalized':1,'y_max_normalized':0}],"
                + "'classifications':[{'label':'night','id':'b'}]}"));

        assertThat(sent.getBboxes(0).getId()).isEqualTo("a");
        assertThat(sent.getBboxes(0).hasConfidence()).isFalse();
        assertThat(sent.getClassifications(0).getId()).isEqualTo("b");
        assertThat(sent.getClassifications(0).hasConfidence()).isFalse();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " ", "{}", "{'bboxes':[]}", "{'classifications':null}", "[null]", "null", "[{}]"})
    void withoutAnyNoneAreSent(String header) {
        upload(uri(CAMERA), BODY, headers(json(header)));

        assertThat(service.onlyUpload().sensorMetadata().hasAnnotations()).isFalse();
    }

    @Test
    void severalReadingsHaveTheirOwn() throws Exception {
        assertThat(readings(
                        Arrays.asList(DOG_AT_NIGHT, null, Map.of("classifications", List.of(Map.of("label", "a"))))))
                .extracting(reading -> reading.getMetadata().getAnnotations())
                .containsExactly(
                        DOG_AT_NIGHT,
                        Annotations.getDefaultInstance(),
                        Annotations.newBuilder()
                                .addClassifications(Classification.newBuilder().setLabel("a"))
                                .build());
    }

    @Test
    void oneIsThatOfAllReadings() throws Exception {
        assertThat(readings(json(JSON)))
                .hasSize(3)
                .allMatch(reading -> reading.getMetadata().getAnnotations().equals(DOG_AT_NIGHT));
    }

    private List<SensorData> readings(Object annotations) throws InvalidProtocolBufferException {
        upload(
                uri(CAMERA, "operation=tabular"),
                List.of(Map.of("a", 1), Map.of("a", 2), Map.of("a", 3)),
                headers(annotations));
        return DataCaptureUploadRequest.parseFrom(
                        service.onlyUpload().messages().get(0))
                .getSensorContentsList();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{'bboxes':[{B},{B,'x_max_normalized':1.2}]} | .bboxes[1].x_max_normalized is 1.2: it must be from 0 to 1",
                "{'bboxes':[{B,'y_min_normalized':-0.1}]} | .bboxes[0].y_min_normalized is -0.1",
                "{'bboxes':[{B,'confidence':1.01}]} | .bboxes[0].confidence is 1.01",
                "{'classifications':[{'label':'a','confidence':-1}]} | .classifications[0].confidence is -1.0",
                "{'bboxes':[{B,'x_min_normalized':0.8}]} | .bboxes[0].x_min_normalized is 0.8, which is above x_max_normalized",
                "{'bboxes':[{B,'y_min_normalized':0.8}]} | .bboxes[0].y_min_normalized is 0.8, which is above y_max_normalized",
                "{'bboxes':[{B,'label':' '}]} | .bboxes[0].label is missing",
                "{'classifications':[{'id':'a'}]} | .classifications[0].label is missing",
                "{'bboxes':[{B,'y_max_normalized':null}]} | .bboxes[0].y_max_normalized is missing",
                "{'image_height':9,'bboxes':[{B,'x_min_normalized':null,'x_min':3}]} | .bboxes[0].x_min is in pixels: give image_width",
                "{'bboxes':[{B,'x_min':3}]} | .bboxes[0].x_min is given in pixels, and x_min_normalized too",
                "{'image_width':9,'bboxes':[{B,'x_max_normalized':null,'x_max':10}]} | .bboxes[0].x_max is 10.0: it must be from 0 to image_width, which is 9.0",
                "{'image_width':0,'bboxes':[{B,'x_max_normalized':null,'x_max':0}]} | .image_width is 0.0: it must be above 0",
                "{'bboxes':[{B,'image_height':-5}]} | .bboxes[0].image_height is -5.0: it must be above 0",
                "{'bboxes':[{B,'lable':'dog'}]} | .bboxes[0].lable is not known; there are id, label",
                "{'boxes':[]} | .boxes is not known; there are bboxes, classifications",
                "{'classifications':[{'label':'a','x_min':1}]} | .classifications[0].x_min is not known",
                "{'bboxes':[{B,'xMinNormalized':0}]} | .bboxes[0].x_min_normalized is given twice",
                "{'bboxes':{B}} | .bboxes is a java.util.LinkedHashMap: give a list",
                "{'bboxes':['dog']} | .bboxes[0] is a java.lang.String: give a map or JSON object",
                "{'bboxes':[null]} | .bboxes[0] is null",
                "{'bboxes':[{B,'confidence':'0.9'}]} | .bboxes[0].confidence is a java.lang.String: give a number",
                "{'classifications':[{'label':7}]} | .classifications[0].label is a java.lang.Integer: give text",
                "[{'classifications':[{'label':7}]}] | [0].classifications[0].label is a java.lang.Integer: give text",
                "[{},{}] | is a list of 2, for 1 readings or payloads",
                "[[]] | [0] is a java.util.ArrayList: give a map or JSON object"
            })
    void whatIsWrongIsNamed(String header, String expected) {
        Object value = parsed(header.replace(
                "B",
                "'label':'dog','x_min_normalized':0.1,'y_min_normalized':0.25,'x_max_normalized':0.5,"
                        + "'y_max_normalized':0.75"));
        String separator = expected.startsWith("is") ? " " : "";
        assertThat(refused(ViamDataRejectedException.class, uri(CAMERA), BODY, headers(value)))
                .hasMessageContaining("Nothing was uploaded. " + ViamDataConstants.ANNOTATIONS + separator + expected);
        assertThat(service.calls()).isEmpty();
    }

    static Stream<Arguments> typed() {
        BoundingBox box = DOG_AT_NIGHT.getBboxes(0);
        return Stream.of(
                arguments(protobuf(box.toBuilder().setXMaxNormalized(1.5)), ".bboxes[0].x_max_normalized is 1.5"),
                arguments(
                        protobuf(box.toBuilder().setYMinNormalized(Double.NaN)), ".bboxes[0].y_min_normalized is NaN"),
                arguments(
                        protobuf(box.toBuilder().setConfidence(Double.POSITIVE_INFINITY)),
                        ".bboxes[0].confidence is Infinity"),
                arguments(protobuf(box.toBuilder().clearLabel()), ".bboxes[0].label is missing"),
                arguments(
                        ViamDataAnnotations.of(
                                new ViamDataAnnotations.BoundingBox("dog", null, 0, 0, 10, 10).normalized(0, 20)),
                        ".bboxes[0].x_min_normalized is NaN"),
                arguments(
                        ViamDataAnnotations.of(new ViamDataAnnotations.BoundingBox("dog", 2.0, 0, 0, 1, 1)),
                        ".bboxes[0].confidence is 2.0"),
                arguments(
                        ViamDataAnnotations.of(
                                new ViamDataAnnotations.Classification("a", null),
                                new ViamDataAnnotations.Classification(null, null)),
                        ".classifications[1].label is missing"),
                arguments(
                        ViamDataAnnotations.of(new ViamDataAnnotations.Classification("\ud83d", null)),
                        ".classifications[0].label holds text that is not valid Unicode"),
                arguments(new ObjectMapper().createArrayNode().add(1), "[0] is a java.lang.Double"),
                arguments(7, " is a java.lang.Double: give a map or JSON object"),
                arguments("{", " is not valid JSON at $. in line 1, column 2, where the text ends too early"));
    }

    private static Annotations protobuf(BoundingBox.Builder box) {
        return Annotations.newBuilder().addBboxes(box).build();
    }

    @ParameterizedTest
    @MethodSource("typed")
    void typedValuesAreCheckedToo(Object header, String expected) {
        assertThat(refused(ViamDataRejectedException.class, uri(CAMERA), BODY, headers(header)))
                .hasMessageContaining("Nothing was uploaded. " + ViamDataConstants.ANNOTATIONS + expected);
    }
}
