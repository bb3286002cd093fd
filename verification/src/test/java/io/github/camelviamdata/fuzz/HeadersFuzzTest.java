// Copyright the camel-viamdata authors. SPDX-License-Identifier: Apache-2.0
package io.github.camelviamdata.fuzz;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.Timestamp;
import io.github.camelviamdata.ViamDataConstants;
import io.github.camelviamdata.ViamDataException;
import io.github.camelviamdata.ViamDataRejectedException;
import io.github.camelviamdata.proto.datasync.v1.UploadMetadata;
import io.github.camelviamdata.service.TestCall;
import io.github.camelviamdata.service.TestService;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZonedDateTime;
import java.util.Arrays;
import java.util.Calendar;
import java.util.Collections;
import java.util.Date;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.GenerationMode;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.lifecycle.AfterContainer;
import net.jqwik.api.lifecycle.BeforeContainer;
import org.apache.camel.Exchange;

/** Whatever a header holds, the request is right or the message is rejected by an error that names the header. */
class HeadersFuzzTest {

    private static final List<String> TEXTS = List.of(
            ViamDataConstants.PART_ID,
            ViamDataConstants.COMPONENT_TYPE,
            ViamDataConstants.COMPONENT_NAME,
            ViamDataConstants.METHOD_NAME,
            ViamDataConstants.FILE_NAME);
    private static final List<String> TIMES = List.of(
            ViamDataConstants.TIME_REQUESTED,
            ViamDataConstants.TIME_RECEIVED,
            ViamDataConstants.FILE_CREATE_TIME,
            ViamDataConstants.FILE_MODIFY_TIME);
    private static final List<String> LISTS = List.of(ViamDataConstants.TAGS, ViamDataConstants.DATASET_IDS);
    private static final List<String> OTHERS = List.of(
            ViamDataConstants.OPERATION,
            ViamDataConstants.FILE_EXTENSION,
            ViamDataConstants.MIME_TYPE,
            ViamDataConstants.METHOD_PARAMETERS,
            ViamDataConstants.ANNOTATIONS);

    private static TestService service;
    private static Fuzz fuzz;

    @BeforeContainer
    static void open() {
        service = TestService.plaintext();
        fuzz = new Fuzz();
    }

    @AfterContainer
    static void close() {
        fuzz.close();
        service.close();
    }

    @Provide
    Arbitrary<Object> value() {
        return Values.any();
    }

    @Property(seed = Fuzz.SEED)
    void anyValueIsSentOrRejectedByName(@ForAll("anyHeader") String header, @ForAll("value") Object value)
            throws Exception {
        Exchange exchange = send(header, value);

        if (exchange.getException() != null) {
            assertRejected(exchange, header);
        } else {
            assertThat(service.uploads()).hasSize(1);
        }
    }

    @Provide
    Arbitrary<Values.Oddity> oddity() {
        return Arbitraries.of(Values.Oddity.values());
    }

    @Provide
    Arbitrary<UnaryOperator<Object>> wrapping() {
        return Arbitraries.of(
                value -> value, value -> Arrays.asList("a", value), value -> Collections.singletonMap("a", value));
    }

    @Property(seed = Fuzz.SEED, tries = 2000, generation = GenerationMode.EXHAUSTIVE)
    void absurdValuesTooAreSentOrRejectedByName(
            @ForAll("anyHeader") String header,
            @ForAll("oddity") Values.Oddity oddity,
            @ForAll("wrapping") UnaryOperator<Object> wrapping)
            throws Exception {
        anyValueIsSentOrRejectedByName(header, wrapping.apply(oddity.make()));
    }

    @Provide
    Arbitrary<String> anyHeader() {
        return Arbitraries.of(
                Stream.of(TEXTS, TIMES, LISTS, OTHERS).flatMap(List::stream).toList());
    }

    @Provide
    Arbitrary<String> textHeader() {
        return Arbitraries.of(TEXTS);
    }

    @Provide
    Arbitrary<String> text() {
        return Values.text();
    }

    @Property(seed = Fuzz.SEED)
    void textArrivesAsItIs(@ForAll("textHeader") String header, @ForAll("text") String text) throws Exception {
        for (Object form : new Object[] {text, new StringBuilder(text)}) {
            Exchange exchange = send(header, form);
            if (Values.isUnicode(text) && isMistyped(header, text)) {
                assertRejected(exchange, header);
            } else if (Values.isUnicode(text)) {
                assertThat(field(header).apply(upload(exchange).metadata()))
                        .isEqualTo(text.isBlank() ? standard(header) : text);
            } else {
                assertThat(assertRejected(exchange, header)).hasMessageContaining("not valid Unicode");
            }
        }
    }

    private static final Set<String> NAMES = Set.of(
            ViamDataConstants.PART_ID,
            ViamDataConstants.COMPONENT_TYPE,
            ViamDataConstants.COMPONENT_NAME,
            ViamDataConstants.METHOD_NAME);

    /** What nobody means: an ID with white space around it, a type that ends in a colon, a placeholder. */
    private static boolean isMistyped(String header, String text) {
        boolean id = header.equals(ViamDataConstants.PART_ID)
                && !text.isBlank()
                && (!text.equals(text.strip()) || text.chars().anyMatch(Character::isISOControl));
        boolean type =
                header.equals(ViamDataConstants.COMPONENT_TYPE) && text.strip().endsWith(":");
        boolean placeholder = text.contains("{{") && NAMES.contains(header);
        return id || type || placeholder;
    }

    @Provide
    Arbitrary<byte[]> utf8() {
        return Arbitraries.oneOf(
                Values.text().map(text -> text.getBytes(StandardCharsets.UTF_8)),
                Arbitraries.bytes().array(byte[].class).ofMaxSize(6));
    }

    @Property(seed = Fuzz.SEED)
    void bytesAreTheirText(@ForAll("textHeader") String header, @ForAll("utf8") byte[] bytes) throws Exception {
        Exchange exchange = send(header, bytes);

        String text = new String(bytes, StandardCharsets.UTF_8);
        boolean isText = Arrays.equals(text.getBytes(StandardCharsets.UTF_8), bytes);
        if (isText && isMistyped(header, text)) {
            assertRejected(exchange, header);
        } else if (isText) {
            assertThat(field(header).apply(upload(exchange).metadata()))
                    .isEqualTo(text.isBlank() ? standard(header) : text);
        } else {
            assertThat(assertRejected(exchange, header)).hasMessageContaining("not UTF-8 text");
        }
    }

    @Provide
    Arbitrary<List<String>> texts() {
        return Values.text().filter(Values::isUnicode).injectNull(0.1).list().ofMaxSize(6);
    }

    @Property(seed = Fuzz.SEED)
    void listsAreSetsInTheirOrder(@ForAll("texts") List<String> texts, @ForAll boolean tags) throws Exception {
        String header = tags ? ViamDataConstants.TAGS : ViamDataConstants.DATASET_IDS;
        List<String> expected = List.copyOf(new LinkedHashSet<>(
                texts.stream().filter(text -> text != null && !text.isBlank()).toList()));
        for (Object form : new Object[] {texts, texts.toArray(), texts.toArray(new String[0])}) {
            UploadMetadata metadata = upload(send(header, form)).metadata();
            assertThat(List.copyOf(tags ? metadata.getTagsList() : metadata.getDatasetIdsList()))
                    .isEqualTo(expected);
        }
    }

    @Provide
    Arbitrary<String> timeHeader() {
        return Arbitraries.of(TIMES);
    }

    @Provide
    Arbitrary<Object> time() {
        return Arbitraries.oneOf(Values.times(), Arbitraries.longs().map(millis -> (Object) millis));
    }

    @Property(seed = Fuzz.SEED)
    void timesAreExactOrRejected(@ForAll("timeHeader") String header, @ForAll("time") Object value) throws Exception {
        Exchange exchange = send(header, value);

        Instant time = instant(value);
        // As milliseconds these are before 1979, and as seconds from 2001 on.
        boolean seconds = value instanceof Long number && number >= 978_307_200L && number <= 253_402_300_799L;
        if (time != null
                && !seconds
                && !time.isBefore(Instant.parse("0001-01-01T00:00:00Z"))
                && time.isBefore(Instant.parse("+10000-01-01T00:00:00Z"))) {
            TestCall call = upload(exchange);
            Timestamp sent = Map.<String, Function<TestCall, Timestamp>>of(
                            ViamDataConstants.TIME_REQUESTED,
                                    c -> c.sensorMetadata().getTimeRequested(),
                            ViamDataConstants.TIME_RECEIVED,
                                    c -> c.sensorMetadata().getTimeReceived(),
                            ViamDataConstants.FILE_CREATE_TIME,
                                    c -> c.metadata().getFileCreateTime(),
                            ViamDataConstants.FILE_MODIFY_TIME,
                                    c -> c.metadata().getFileModifyTime())
                    .get(header)
                    .apply(call);
            assertThat(Instant.ofEpochSecond(sent.getSeconds(), sent.getNanos()))
                    .isEqualTo(time);
        } else {
            assertRejected(exchange, header);
        }
    }

    /** What is not told here is no time. */
    private static Instant instant(Object value) {
        if (value instanceof Instant time) {
            return time;
        } else if (value instanceof OffsetDateTime time) {
            return time.toInstant();
        } else if (value instanceof ZonedDateTime time) {
            return time.toInstant();
        } else if (value instanceof Date time) {
            return Instant.ofEpochMilli(time.getTime());
        } else if (value instanceof Calendar time) {
            return time.toInstant();
        } else if (value instanceof Long millis) {
            return Instant.ofEpochMilli(millis);
        }
        return value instanceof String text ? Instant.parse(text) : null;
    }

    private static Exchange send(String header, Object value) throws Exception {
        service.calls().clear();
        Map<String, Object> headers = new HashMap<>();
        headers.put(header, value);
        return fuzz.send(
                "viamdata:" + Fuzz.PART + "?" + service.options() + "&" + Fuzz.CAMERA + "&" + Fuzz.CREDENTIAL,
                new byte[] {1},
                headers);
    }

    private static TestCall upload(Exchange exchange) {
        if (exchange.getException() != null) {
            throw new AssertionError("The upload failed", exchange.getException());
        }
        return service.onlyUpload();
    }

    private static ViamDataException assertRejected(Exchange exchange, String header) {
        ViamDataException failure = Fuzz.failure(exchange, "token-of-");
        assertThat(failure).isInstanceOf(ViamDataRejectedException.class);
        boolean tabular = header.equals(ViamDataConstants.OPERATION)
                && failure.getMessage().contains("where a reading, a map, should be");
        if (!tabular) {
            assertThat(failure).hasMessageContaining(header);
        }
        assertThat(failure.getMessage().length()).isLessThan(1000);
        assertThat(service.uploads()).isEmpty();
        return failure;
    }

    private static String standard(String header) {
        return Map.of(
                        ViamDataConstants.PART_ID, Fuzz.PART,
                        ViamDataConstants.COMPONENT_TYPE, "camera",
                        ViamDataConstants.COMPONENT_NAME, "my_camera",
                        ViamDataConstants.METHOD_NAME, "GetImages",
                        ViamDataConstants.FILE_NAME, "")
                .get(header);
    }

    private static Function<UploadMetadata, String> field(String header) {
        return Map.<String, Function<UploadMetadata, String>>of(
                        ViamDataConstants.PART_ID, UploadMetadata::getPartId,
                        ViamDataConstants.COMPONENT_TYPE, UploadMetadata::getComponentType,
                        ViamDataConstants.COMPONENT_NAME, UploadMetadata::getComponentName,
                        ViamDataConstants.METHOD_NAME, UploadMetadata::getMethodName,
                        ViamDataConstants.FILE_NAME, UploadMetadata::getFileName)
                .get(header);
    }
}
