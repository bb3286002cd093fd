// Copyright the camel-viamdata authors. SPDX-License-Identifier: Apache-2.0
package io.github.camelviamdata.fuzz;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.Any;
import io.github.camelviamdata.ViamDataConstants;
import io.github.camelviamdata.ViamDataRejectedException;
import io.github.camelviamdata.message.ProtoValues;
import io.github.camelviamdata.proto.datasync.v1.DataCaptureUploadRequest;
import io.github.camelviamdata.service.TestService;
import java.io.ByteArrayInputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.Tuple;
import net.jqwik.api.lifecycle.AfterContainer;
import net.jqwik.api.lifecycle.BeforeContainer;
import org.apache.camel.Exchange;
import org.apache.camel.converter.stream.InputStreamCache;

/** Whatever the body is, it arrives as it is, or the message is rejected. */
class BodiesFuzzTest {

    private static TestService service;
    private static Fuzz fuzz;
    private static Path file;

    @BeforeContainer
    static void open() throws Exception {
        service = TestService.plaintext();
        fuzz = new Fuzz();
        file = Files.createTempFile("fuzz", ".bin");
    }

    @AfterContainer
    static void close() throws Exception {
        fuzz.close();
        service.close();
        Files.delete(file);
    }

    enum Form {
        ARRAY,
        BUFFER,
        DIRECT_BUFFER,
        STREAM,
        SHORT_READS,
        STREAM_CACHE,
        FILE,
        PATH,
        TEXT
    }

    @Provide
    Arbitrary<Integer> size() {
        return Arbitraries.frequencyOf(
                Tuple.of(1, Arbitraries.of(0, 1, 1023, 1024, 1025, 4096, 65_536)),
                Tuple.of(3, Arbitraries.integers().between(0, 5000)),
                Tuple.of(1, Arbitraries.integers().between(0, 200_000)));
    }

    @Provide
    Arbitrary<Integer> chunkSize() {
        return Arbitraries.of(1024, 1025, 5000, 65_536, 4_000_000);
    }

    @Provide
    Arbitrary<Integer> threshold() {
        return Arbitraries.of(0, 1, 1023, 1024, 4096, 100_000);
    }

    @Provide
    Arbitrary<String> mode() {
        return Arbitraries.of("auto", "unary", "streaming");
    }

    @Property(seed = Fuzz.SEED)
    void bytesArriveAsTheyAre(
            @ForAll Form form,
            @ForAll("size") int size,
            @ForAll long random,
            @ForAll("chunkSize") int chunkSize,
            @ForAll("threshold") int threshold,
            @ForAll("mode") String mode,
            @ForAll boolean asFile)
            throws Exception {
        byte[] bytes = new byte[size];
        new Random(random).nextBytes(bytes);
        if (form == Form.TEXT) {
            bytes = new String(bytes, StandardCharsets.ISO_8859_1).getBytes(StandardCharsets.UTF_8);
        }
        service.calls().clear();
        Exchange exchange = fuzz.send(
                uri("operation=" + (asFile ? "file" : "binary")) + "&chunkSize=" + chunkSize + "&streamingThreshold="
                        + threshold + "&uploadMode=" + mode,
                body(form, bytes),
                Map.of());

        if (size == 0) {
            assertThat(Fuzz.failure(exchange))
                    .isInstanceOf(ViamDataRejectedException.class)
                    .hasMessageContaining("The body is empty");
            assertThat(service.uploads()).isEmpty();
        } else {
            assertThat(exchange.getException()).isNull();
            assertThat(service.onlyUpload().payload()).isEqualTo(bytes);
            assertThat(service.onlyUpload().isHalfClosed()).isTrue();
            assertThat(exchange.getMessage().getHeader(ViamDataConstants.UPLOADED_BYTES))
                    .isEqualTo((long) bytes.length);
        }
    }

    private static Object body(Form form, byte[] bytes) throws Exception {
        return switch (form) {
            case ARRAY -> bytes;
            case BUFFER -> ByteBuffer.wrap(bytes);
            case DIRECT_BUFFER ->
                ByteBuffer.allocateDirect(bytes.length).put(bytes).flip();
            case STREAM -> new ByteArrayInputStream(bytes);
            case SHORT_READS ->
                new ByteArrayInputStream(bytes) {
                    @Override
                    public synchronized int read(byte[] target, int offset, int length) {
                        return super.read(target, offset, Math.min(length, 1 + (pos * 31) % 777));
                    }
                };
            case STREAM_CACHE -> new InputStreamCache(bytes);
            case FILE -> Files.write(file, bytes).toFile();
            case PATH -> Files.write(file, bytes);
            case TEXT -> new String(bytes, StandardCharsets.UTF_8);
        };
    }

    @Provide
    Arbitrary<Object> anything() {
        return Values.any();
    }

    @Property(seed = Fuzz.SEED)
    void anyBodyIsSentOrRejected(@ForAll("anything") Object body, @ForAll boolean tabular) throws Exception {
        service.calls().clear();
        Exchange exchange = fuzz.send(uri("operation=" + (tabular ? "tabular" : "binary")), body, Map.of());

        if (exchange.getException() == null) {
            assertThat(service.uploads()).hasSize(1);
        } else {
            assertThat(Fuzz.failure(exchange))
                    .isInstanceOf(ViamDataRejectedException.class)
                    .hasMessageFindingMatch("(?i)the (body|reading)");
            assertThat(service.uploads()).isEmpty();
        }
    }

    @Provide
    Arbitrary<Values.Oddity> oddity() {
        return Arbitraries.of(Values.Oddity.values());
    }

    @Property(seed = Fuzz.SEED)
    void absurdBodiesAreSentOrRejected(@ForAll("oddity") Values.Oddity oddity, @ForAll boolean tabular)
            throws Exception {
        anyBodyIsSentOrRejected(oddity.make(), tabular);
    }

    /** What JSON can tell, as it comes back: numbers as doubles. */
    @Provide
    Arbitrary<Map<String, Object>> json() {
        Arbitrary<String> text = Values.text().filter(Values::isUnicode);
        Arbitrary<Object> leaves = Arbitraries.oneOf(
                        text.map(value -> (Object) value),
                        Arbitraries.of(true, false),
                        Arbitraries.integers().map(value -> (Object) value),
                        Arbitraries.longs().map(value -> (Object) value),
                        Arbitraries.bigDecimals().map(value -> (Object) value),
                        Arbitraries.doubles().map(value -> (Object) value))
                .injectNull(0.1);
        Arbitrary<Object> elements = Arbitraries.oneOf(
                leaves,
                leaves.list().ofMaxSize(3).map(value -> (Object) value),
                Arbitraries.maps(text, leaves).ofMaxSize(3).map(value -> (Object) value),
                Arbitraries.maps(text, leaves.list().ofMaxSize(2))
                        .ofMaxSize(2)
                        .list()
                        .ofMaxSize(2)
                        .map(value -> (Object) value));
        return Arbitraries.maps(text, elements).ofMaxSize(5);
    }

    @Property(seed = Fuzz.SEED)
    void readingsAndParametersComeBackEqual(@ForAll("json") Map<String, Object> map) throws Exception {
        service.calls().clear();
        Exchange exchange = fuzz.send(
                uri("operation=tabular&wrapReadings=false&allowEmptyPayload=true"),
                map,
                Map.of(ViamDataConstants.METHOD_PARAMETERS, map));

        assertThat(exchange.getException()).isNull();
        DataCaptureUploadRequest request = DataCaptureUploadRequest.parseFrom(
                service.onlyUpload().messages().get(0));
        Object expected = asDoubles(map);
        assertThat((Object) ProtoValues.map(request.getSensorContents(0).getStruct()))
                .isEqualTo(expected);
        Map<String, Object> parameters = new HashMap<>();
        for (Map.Entry<String, Any> entry :
                request.getMetadata().getMethodParametersMap().entrySet()) {
            parameters.put(entry.getKey(), ProtoValues.object(entry.getValue()));
        }
        assertThat((Object) parameters).isEqualTo(expected);
    }

    @Property(seed = Fuzz.SEED)
    void textThatIsNoUnicodeIsRejected(@ForAll String before, @ForAll boolean key) throws Exception {
        String text = before + "\ud83d";
        Map<String, Object> map = key ? Map.of(text, 1) : Map.of("a", List.of(Map.of("b", text)));
        for (Object body : List.of(map, List.of(map))) {
            service.calls().clear();
            assertThat(Fuzz.failure(fuzz.send(uri("operation=tabular"), body, Map.of())))
                    .isInstanceOf(ViamDataRejectedException.class)
                    .hasMessageContaining("The reading")
                    .hasMessageContaining("not valid Unicode");
            assertThat(service.uploads()).isEmpty();
        }
    }

    private static Object asDoubles(Object value) {
        if (value instanceof Number number) {
            return number.doubleValue();
        } else if (value instanceof List<?> list) {
            List<Object> doubles = new ArrayList<>();
            list.forEach(element -> doubles.add(asDoubles(element)));
            return doubles;
        } else if (value instanceof Map<?, ?> map) {
            Map<Object, Object> doubles = new HashMap<>();
            map.forEach((key, element) -> doubles.put(key, asDoubles(element)));
            return doubles;
        }
        return value;
    }

    private static String uri(String option) {
        return "viamdata:" + Fuzz.PART + "?" + service.options() + "&" + Fuzz.CAMERA + "&" + Fuzz.CREDENTIAL + "&"
                + option;
    }
}
