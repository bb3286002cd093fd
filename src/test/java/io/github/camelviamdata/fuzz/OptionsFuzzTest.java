// Copyright the camel-viamdata authors. SPDX-License-Identifier: Apache-2.0
package io.github.camelviamdata.fuzz;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.lifecycle.AfterContainer;
import net.jqwik.api.lifecycle.BeforeContainer;
import org.apache.camel.Endpoint;
import org.apache.camel.support.service.ServiceHelper;

/** Options that make no sense keep an endpoint from starting, by an error that names them and shows no secret. */
class OptionsFuzzTest {

    // The least and the most of each.
    private static final Map<String, List<Long>> NUMBERS = Map.ofEntries(
            Map.entry("port", List.of(1L, 65_535L)),
            Map.entry("streamingThreshold", List.of(0L, 16L * 1024 * 1024)),
            Map.entry("chunkSize", List.of(1024L, 4_000_000L)),
            Map.entry("maxAttempts", List.of(1L, 100L)),
            Map.entry("maxInFlight", List.of(1L, 10_000L)));
    private static final Map<String, Long> DURATIONS = Map.of(
            "requestTimeout", 1L,
            "idleTimeout", 1L,
            "maxInFlightWait", 0L,
            "keepAliveTime", 10_000L,
            "keepAliveTimeout", 1L,
            "shutdownTimeout", 0L,
            "maxRetryDelay", 200L);
    private static final List<String> ENUMS = List.of("operation", "uploadMode");
    private static final List<String> FLAGS = List.of("plaintext", "allowEmptyPayload", "synchronous");

    private static Fuzz fuzz;

    @BeforeContainer
    static void open() {
        fuzz = new Fuzz();
    }

    @AfterContainer
    static void close() {
        fuzz.close();
    }

    @Provide
    Arbitrary<String> number() {
        return Arbitraries.of(NUMBERS.keySet());
    }

    @Provide
    Arbitrary<Long> value() {
        return Arbitraries.oneOf(
                Arbitraries.longs(),
                Arbitraries.longs().between(-2, 70_000),
                Arbitraries.integers().map(Integer::longValue));
    }

    @Property(seed = Fuzz.SEED)
    void numbersOutOfRangeAreRefused(@ForAll("number") String option, @ForAll("value") long value) {
        List<Long> range = NUMBERS.get(option);
        assertStarts(option, String.valueOf(value), value >= range.get(0) && value <= range.get(1));
    }

    @Provide
    Arbitrary<String> duration() {
        return Arbitraries.of(DURATIONS.keySet());
    }

    @Property(seed = Fuzz.SEED)
    void durationsOutOfRangeAreRefused(@ForAll("duration") String option, @ForAll("value") long value) {
        boolean nanosFit = value <= Long.MAX_VALUE / 1_000_000;
        assertStarts(option, String.valueOf(value), value >= DURATIONS.get(option) && nanosFit);
    }

    @Provide
    Arbitrary<String> anyOption() {
        return Arbitraries.of(List.of(NUMBERS.keySet(), DURATIONS.keySet(), ENUMS, FLAGS))
                .flatMap(Arbitraries::of);
    }

    @Provide
    Arbitrary<String> garbage() {
        return Arbitraries.strings()
                .withCharRange('g', 'z')
                .withChars('-', '.')
                .ofMinLength(5)
                .ofMaxLength(12);
    }

    @Property(seed = Fuzz.SEED)
    void garbageIsRefused(@ForAll("anyOption") String option, @ForAll("garbage") String value) {
        assertStarts(option, value, false);
    }

    private static void assertStarts(String option, String value, boolean well) {
        String uri = "viamdata:" + Fuzz.PART + "?" + Fuzz.CAMERA + "&" + Fuzz.CREDENTIAL + "&host=localhost&" + option
                + "=" + value;
        Endpoint endpoint = null;
        Exception failure = null;
        try {
            endpoint = fuzz.context().getEndpoint(uri);
        } catch (Exception e) {
            failure = e;
        }
        if (endpoint != null) {
            ServiceHelper.stopService(endpoint);
            fuzz.context().removeEndpoint(endpoint);
        }
        if (well) {
            assertThat(failure).isNull();
        } else {
            assertThat(failure).as(uri).isNotNull().hasStackTraceContaining(option);
            Fuzz.assertNoSecret(failure);
        }
    }
}
