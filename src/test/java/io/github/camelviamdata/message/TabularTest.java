// Copyright the camel-viamdata authors. SPDX-License-Identifier: Apache-2.0
package io.github.camelviamdata.message;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.google.gson.JsonParser;
import com.google.protobuf.Struct;
import com.google.protobuf.Value;
import io.github.camelviamdata.ViamDataConstants;
import io.github.camelviamdata.ViamDataDelivery;
import io.github.camelviamdata.ViamDataRejectedException;
import io.github.camelviamdata.proto.datasync.v1.DataCaptureUploadRequest;
import io.github.camelviamdata.proto.datasync.v1.SensorData;
import io.github.camelviamdata.service.TestCall;
import io.github.camelviamdata.support.Shows;
import io.github.camelviamdata.support.ViamDataTestSupport;
import io.grpc.Status;
import java.io.ByteArrayInputStream;
import java.io.StringReader;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.camel.Exchange;
import org.apache.camel.converter.stream.InputStreamCache;
import org.apache.camel.converter.stream.ReaderCache;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Readings: the bodies they may come in, their times, the key they go under, and the requests they make. */
class TabularTest extends ViamDataTestSupport {

    private static final String JSON =
            "{\"level\": 0.7, \"big\": 9007199254740993, \"ok\": true, \"none\": null, \"list\": [1, [\"a\"], {}],"
                    + " \"in\": {\"ä\": \"€\"}}";
    private static final Map<String, Object> READING = reading();

    private static Map<String, Object> reading() {
        Map<String, Object> reading = new LinkedHashMap<>();
        reading.put("level", 0.7);
        // Of what came, a double holds so much.
        reading.put("big", 9007199254740992.0);
        reading.put("ok", true);
        reading.put("none", null);
        reading.put("list", List.of(1.0, List.of("a"), Map.of()));
        reading.put("in", Map.of("ä", "€"));
        return reading;
    }

    @TempDir
    static Path folder;

    public record Level(double level, String name) {}

    private String tabular(String... options) {
        return uri(Stream.concat(
                        Stream.of("operation=tabular&componentType=sensor&componentName=tank&methodName=Readings"),
                        Stream.of(options))
                .toArray(String[]::new));
    }

    private static List<SensorData> contents(TestCall call) {
        try {
            return DataCaptureUploadRequest.parseFrom(call.messages().get(0)).getSensorContentsList();
        } catch (com.google.protobuf.InvalidProtocolBufferException e) {
            throw new AssertionError(e);
        }
    }

    /** What the service has of all requests, in the order they came in. */
    private List<Map<String, Object>> stored() {
        return service.uploads().stream()
                .flatMap(call -> contents(call).stream())
                .map(data -> ProtoValues.map(data.getStruct()))
                .toList();
    }

    static Stream<Arguments> single() throws Exception {
        byte[] bytes = JSON.getBytes(StandardCharsets.UTF_8);
        Path file = Files.write(folder.resolve("one.json"), bytes);
        return Stream.of(
                        READING,
                        JSON,
                        " \uFEFF\n" + JSON.replace(", ", ",\r\n") + "\n",
                        bytes,
                        ByteBuffer.wrap(bytes),
                        new ByteArrayInputStream(bytes),
                        new InputStreamCache(bytes),
                        new StringReader(JSON),
                        new ReaderCache(JSON),
                        file.toFile(),
                        file,
                        new ObjectMapper().readTree(JSON),
                        JsonParser.parseString(JSON),
                        ProtoValues.struct("test", READING))
                .map(Arguments::of);
    }

    @ParameterizedTest
    @MethodSource("single")
    void oneReadingInAnyForm(Object body) {
        Exchange exchange = upload(tabular(), body, Map.of());

        assertThat(stored()).containsExactly(Map.of("readings", READING));
        assertThat(exchange.getMessage().getBody()).isSameAs(body);
    }

    static Stream<Arguments> several() throws Exception {
        String array = "[" + JSON + ",{}]";
        byte[] bytes = array.getBytes(StandardCharsets.UTF_8);
        Struct struct = ProtoValues.struct("test", READING);
        return Stream.of(
                        List.of(READING, Map.of()),
                        new Object[] {READING, Map.of()},
                        (Iterable<Object>)
                                () -> List.<Object>of(READING, Map.of()).iterator(),
                        List.of(struct, Struct.getDefaultInstance()),
                        array,
                        bytes,
                        new InputStreamCache(bytes),
                        Files.write(folder.resolve("two.json"), bytes).toFile(),
                        JSON + "\n\n{}\n",
                        JSON + "\r\n{}",
                        new ObjectMapper().readTree(array),
                        List.of(new ObjectMapper().readTree(JSON), new ObjectMapper().createObjectNode()),
                        JsonParser.parseString(array),
                        JsonParser.parseString(array).getAsJsonArray().asList())
                .map(body -> arguments((Object) body));
    }

    @ParameterizedTest
    @MethodSource("several")
    void severalReadingsInAnyForm(Object body) {
        upload(tabular("allowEmptyPayload=true"), body, Map.of());

        assertThat(service.uploads()).hasSize(1);
        assertThat(stored()).containsExactly(Map.of("readings", READING), Map.of("readings", Map.of()));
    }

    @Test
    void anObjectThatCamelConvertsToAMap() {
        context.getGlobalOptions().put("CamelJacksonEnableTypeConverter", "true");

        upload(tabular(), List.of(new Level(0.7, "tank")), Map.of());

        assertThat(stored()).containsExactly(Map.of("readings", Map.of("level", 0.7, "name", "tank")));
    }

    static Stream<Arguments> notReadings() {
        return Stream.of(
                arguments(new Level(1, "a"), "TabularTest$Level where a reading, a map, should be: convert it first"),
                arguments("", "The body holds no reading"),
                arguments(" \n", "The body holds no reading"),
                arguments("[]", "The body holds no reading"),
                arguments(new Object[0], "The body holds no reading"),
                arguments("[1]", "The body holds a java.lang.Double where"),
                arguments("[[{}]]", "The body holds a java.util.ArrayList where"),
                arguments("null", "The body holds a null where"),
                arguments(Collections.singletonList(null), "The body holds a null where"),
                arguments("[{\"a\":1},{\"a\":}]", "The body is not valid JSON at $[1].a"),
                arguments("[{\"a\":1}", "The body is not valid JSON at $[1]"),
                arguments("[{\"a\":1} {}]", "The body is not valid JSON at $[1]"),
                arguments("[{}] x", "The body is not valid JSON at $"),
                arguments("{}\n{]", "The body is not valid JSON at $. in line 2"),
                arguments("{\"a\":NaN}", "The body is not valid JSON at $.a"),
                arguments("[{},{\"a\":[1e400]}]", "The reading [1].a[0] is Infinity"),
                arguments(List.of(Map.of(), Map.of("a", Map.of("b", new Object()))), "The reading [1].a.b is a java"),
                arguments(Map.of("a", new byte[1]), "The reading.a is a byte[], which has no counterpart in JSON"),
                arguments(new String[0][0], "The body holds no reading"),
                arguments(new int[1], "The body holds a int[] where a reading, a map, should be"),
                arguments(
                        List.of(Struct.newBuilder()
                                .putFields(
                                        "a",
                                        Value.newBuilder()
                                                .setNumberValue(Double.NaN)
                                                .build())
                                .build()),
                        "The reading [0].a is NaN"),
                arguments("{\"a\":".repeat(20_000), "The body is nested more than 100 levels deep"),
                arguments(new byte[] {'{', '"', (byte) 0xff, '"', ':', '1', '}'}, "The body is not text"));
    }

    @ParameterizedTest
    @MethodSource("notReadings")
    void whatIsNoReadingIsRefused(Object body, String text) {
        ViamDataRejectedException exception = refused(ViamDataRejectedException.class, tabular(), body, Map.of());

        assertThat(exception).hasMessageContaining(text);
        assertThat(exception.getStatus()).isEqualTo(Status.Code.INVALID_ARGUMENT);
        assertThat(exception.getDelivery()).isEqualTo(ViamDataDelivery.notSent);
        assertThat(service.calls()).isEmpty();
    }

    @Test
    @Shows({"wrapReadings", "CamelViamDataWrapReadings"})
    void theKeyReadingsIsAddedWhereItIsMissing() {
        List<Map<String, Object>> body = List.of(Map.of("level", 1.0), Map.of("readings", Map.of("level", 2.0)));
        Map<String, Object> wrapped = Map.of("readings", Map.of("level", 1.0));
        String header = ViamDataConstants.WRAP_READINGS;

        upload(tabular(), body, Map.of());
        upload(tabular("wrapReadings=false"), body, Map.of());
        upload(tabular("wrapReadings=false"), body, Map.of(header, true));
        upload(tabular(), body, Map.of(header, "False"));

        assertThat(stored())
                .containsExactly(
                        wrapped, body.get(1), body.get(0), body.get(1), wrapped, body.get(1), body.get(0), body.get(1));
        assertThat(refused(ViamDataRejectedException.class, tabular(), body, Map.of(header, "no")))
                .hasMessageContaining(header + " is neither true nor false: 'no'");
    }

    @Test
    @Shows("timeField")
    void aFieldGivesTheTimeWhereNoHeaderDoes() {
        Instant timestamp = Instant.ofEpochSecond(3);
        Instant given = Instant.ofEpochSecond(7);
        List<Map<String, Object>> body = new ArrayList<>(List.of(
                Map.of("ts", 1_795_341_600_123L),
                Map.of("ts", "2026-11-23T12:00:00.5+01:00"),
                Map.of("readings", Map.of("ts", "1795341600123")),
                Map.of("level", 1),
                Map.of("ts", 1)));
        body.add(Collections.singletonMap("ts", null));

        upload(
                tabular("timeField=ts"),
                body,
                Map.of(
                        Exchange.MESSAGE_TIMESTAMP,
                        timestamp.toEpochMilli(),
                        ViamDataConstants.TIME_RECEIVED,
                        Arrays.asList(null, null, null, null, given, null)));

        List<SensorData> contents = contents(service.onlyUpload());
        Instant first = Instant.ofEpochMilli(1_795_341_600_123L);
        Instant second = Instant.parse("2026-11-23T11:00:00.5Z");
        assertThat(contents.stream()
                        .map(data -> ProtoValues.instant(data.getMetadata().getTimeReceived())))
                .containsExactly(first, second, first, timestamp, given, timestamp);
        assertThat(contents.stream()
                        .map(data -> data.getMetadata().hasTimeRequested()
                                && data.getMetadata()
                                        .getTimeRequested()
                                        .equals(data.getMetadata().getTimeReceived())))
                .containsExactly(true, true, true, true, false, true);
        assertThat(stored().get(0)).isEqualTo(Map.of("readings", Map.of("ts", 1_795_341_600_123.0)));
    }

    @ParameterizedTest
    @CsvSource({
        "seconds, 1764000000, 2025-11-24T16:00:00Z",
        "seconds, 1764000000.25, 2025-11-24T16:00:00.25Z",
        "milliseconds, 1764000000, 1970-01-21T10:00:00Z",
        "milliseconds, 1764000000123, 2025-11-24T16:00:00.123Z",
        "microseconds, 1764000000123456, 2025-11-24T16:00:00.123456Z",
        "nanoseconds, '\"1764000000123456789\"', 2025-11-24T16:00:00.123456789Z",
        "seconds, '\"1764000000.000000001\"', 2025-11-24T16:00:00.000000001Z",
        "seconds, -0.5, 1969-12-31T23:59:59.5Z",
        "seconds, '\"2026-11-27T10:30:00+0100\"', 2026-11-27T09:30:00Z",
    })
    @Shows("timeUnit")
    void numbersCountWhatTheOptionSays(String unit, String number, String time) {
        upload(
                tabular("timeField=at&timeUnit=" + unit),
                "{\"at\":" + number + ",\"v\":1}",
                Map.of(Exchange.MESSAGE_TIMESTAMP, 1_000L));

        assertThat(ProtoValues.instant(
                        contents(service.onlyUpload()).get(0).getMetadata().getTimeReceived()))
                .isEqualTo(time);
        service.calls().clear();

        upload(
                tabular("timeUnit=" + unit),
                "{\"v\":1}",
                Map.of(ViamDataConstants.TIME_RECEIVED, number.replace("\"", "")));

        assertThat(ProtoValues.instant(
                        contents(service.onlyUpload()).get(0).getMetadata().getTimeReceived()))
                .isEqualTo(time);
    }

    /** It is Camel's, and in milliseconds by definition. */
    @Test
    void theMessageTimestampKeepsItsUnit() {
        upload(tabular("timeUnit=seconds"), "{\"v\":1}", Map.of(Exchange.MESSAGE_TIMESTAMP, 1_764_000_000_000L));

        assertThat(ProtoValues.instant(
                        contents(service.onlyUpload()).get(0).getMetadata().getTimeReceived()))
                .isEqualTo("2025-11-24T16:00:00Z");
    }

    @ParameterizedTest
    @ValueSource(strings = {"1764000000", "1764000000.5", "978307200", "253402300799"})
    void aNumberThatLooksLikeSecondsIsRefused(String number) {
        assertThat(refused(
                        ViamDataRejectedException.class,
                        tabular("timeField=at"),
                        "[{\"at\":1764000000000},{\"at\":" + number + "}]",
                        Map.of()))
                .hasMessageContaining("The reading [1].at: " + number + " looks like seconds")
                .hasMessageContaining("multiply by 1000, or set the option timeUnit");
        assertThat(service.calls()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(longs = {0, 978_307_199, 253_402_300_800L, -978_307_200})
    void anEarlyTimeInMillisecondsIsOne(long millis) {
        upload(tabular("timeField=at"), "{\"at\":" + millis + "}", Map.of());

        assertThat(ProtoValues.instant(
                        contents(service.onlyUpload()).get(0).getMetadata().getTimeReceived()))
                .isEqualTo(Instant.ofEpochMilli(millis));
    }

    static Stream<Arguments> emptyReadings() {
        return Stream.of(
                arguments("{}", 1, "The body is empty: "),
                arguments("[{}]", 1, "The body is empty: "),
                arguments(Map.of(), 1, "The body is empty: "),
                arguments("[{}, {}]", 2, "The reading [0] is empty: "),
                arguments("[{\"v\":1}, {}]", 2, "The reading [1] is empty: "),
                arguments("{\"v\":1}\n{\"v\":2}\n{}\n", 3, "The reading [2] is empty: "),
                arguments(List.of(Map.of("v", 1), Map.of()), 2, "The reading [1] is empty: "),
                arguments(
                        new Struct[] {Struct.getDefaultInstance(), Struct.getDefaultInstance()},
                        2,
                        "The reading [0] "));
    }

    @ParameterizedTest
    @MethodSource("emptyReadings")
    @Shows("allowEmptyPayload")
    void readingsWithoutAnyValueAreUploadedOnlyWhereThatIsAllowed(Object body, int count, String refusal) {
        assertThat(refused(ViamDataRejectedException.class, tabular(), body, Map.of()))
                .hasMessageContaining("Nothing was uploaded. " + refusal)
                .hasMessageContaining("allowEmptyPayload");
        assertThat(service.calls()).isEmpty();

        upload(tabular("allowEmptyPayload=true"), body, Map.of());
        assertThat(contents(service.onlyUpload())).hasSize(count);
    }

    @Test
    void aBadTimeInAListNamesTheReading() {
        assertThat(refused(
                        ViamDataRejectedException.class,
                        tabular(),
                        "[{\"v\":1},{\"v\":2},{\"v\":3}]",
                        Map.of(ViamDataConstants.TIME_REQUESTED, List.of(0L, 1L, "noon"))))
                .hasMessageContaining("CamelViamDataTimeRequested[2] is not a time: 'noon'");
    }

    static Stream<Arguments> badTimes() {
        return Stream.of(
                arguments(Map.of("ts", "noon"), "The reading [1].ts is not a time: 'noon'"),
                arguments(Map.of("ts", 1.5), "The reading [1].ts is not a time: '1.5'"),
                arguments(Map.of("ts", List.of()), "The reading [1].ts is not a time: 'LIST_VALUE'"),
                arguments(Map.of("ts", 1e18), "The reading [1].ts: "),
                arguments(Map.of("readings", Map.of("ts", true)), "The reading [1].readings.ts is not a time: 'BOOL"));
    }

    @ParameterizedTest
    @MethodSource("badTimes")
    void aBadTimeInAFieldIsRefusedWithItsPath(Map<String, Object> reading, String text) {
        assertThat(refused(
                        ViamDataRejectedException.class,
                        tabular("timeField=ts"),
                        List.of(Map.of("v", 1), reading),
                        Map.of()))
                .hasMessageContaining(text);
        assertThat(service.calls()).isEmpty();
    }

    @Test
    @Shows("maxRequestSize")
    void manyReadingsGoIntoSeveralRequestsBelowTheLimit() {
        List<Map<String, Object>> body = IntStream.range(0, 1000)
                .mapToObj(i -> Map.<String, Object>of("i", (double) i, "text", "x".repeat(i % 100)))
                .toList();

        Exchange exchange = upload(tabular("maxRequestSize=10000&wrapReadings=false"), body, Map.of());

        assertThat(stored()).isEqualTo(body);
        List<Integer> sizes = service.uploads().stream()
                .map(call -> call.messages().get(0).length)
                .toList();
        assertThat(sizes).hasSizeGreaterThan(5).allMatch(size -> size <= 10_000);
        // No request has room for one reading more.
        assertThat(sizes.subList(0, sizes.size() - 1)).allMatch(size -> size > 10_000 - 200);
        assertThat(exchange.getMessage().getHeader(ViamDataConstants.FILE_IDS, List.class))
                .hasSameSizeAs(sizes)
                .doesNotHaveDuplicates();
    }

    @Test
    void aRequestMayHaveExactlyTheLimit() {
        List<Map<String, Object>> body = List.of(Map.of("a", "x".repeat(3000)), Map.of("a", "y".repeat(3000)));
        upload(tabular(), body, Map.of());
        int size = service.onlyUpload().messages().get(0).length;
        service.calls().clear();

        upload(tabular("maxRequestSize=" + size), body, Map.of());
        assertThat(service.uploads()).hasSize(1);
        upload(tabular("maxRequestSize=" + (size - 1)), body, Map.of());
        assertThat(service.uploads()).hasSize(3);
    }

    @Test
    void aReadingAboveTheLimitIsRefusedBeforeAnythingIsSent() {
        List<Map<String, Object>> body =
                List.of(Map.of("a", "x".repeat(900)), Map.of("a", "x".repeat(900)), Map.of("a", "x".repeat(1100)));

        assertThat(refused(ViamDataRejectedException.class, tabular("maxRequestSize=1100"), body, Map.of()))
                .hasMessageMatching(".*The reading \\[2] makes a request of 12\\d\\d bytes; it may have 1100.*");
        assertThat(service.calls()).isEmpty();
    }

    @Test
    void whatIsStoredBeforeAFailureIsTold() {
        service.answering(call -> service.uploads().size() == 2 ? Status.INVALID_ARGUMENT : Status.OK);
        List<Map<String, Object>> body =
                List.of(Map.of("a", "x".repeat(900)), Map.of("a", "y".repeat(900)), Map.of("a", "z".repeat(900)));

        Exchange exchange = send(tabular("maxRequestSize=1200"), body, Map.of());

        assertThat(exchange.getException(ViamDataRejectedException.class).getDelivery())
                .isEqualTo(ViamDataDelivery.partial);
        assertThat(exchange.getMessage().getHeader(ViamDataConstants.DELIVERY)).isEqualTo(ViamDataDelivery.partial);
        assertThat(exchange.getMessage().getHeader(ViamDataConstants.FILE_IDS, List.class))
                .hasSize(1);
        assertThat(service.uploads()).hasSize(2);
    }

    @Test
    void aCachedStreamCanBeReadAgain() {
        InputStreamCache cache = new InputStreamCache(JSON.getBytes(StandardCharsets.UTF_8));
        upload(tabular(), cache, Map.of());
        upload(tabular(), cache, Map.of());

        assertThat(stored()).hasSize(2);
    }
}
