// Copyright the camel-viamdata authors. SPDX-License-Identifier: Apache-2.0
package io.github.camelviamdata.fuzz;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.camelviamdata.ViamDataComponent;
import io.github.camelviamdata.ViamDataConfiguration;
import java.util.HashMap;
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
import org.apache.camel.util.URISupport;

/** Options that make no sense keep an endpoint from starting, by an error that names them and shows no secret. */
class OptionsFuzzTest {

    // The least and the most of each.
    private static final Map<String, List<Long>> NUMBERS = Map.ofEntries(
            Map.entry("port", List.of(1L, 65_535L)),
            Map.entry("streamingThreshold", List.of(0L, 16L * 1024 * 1024)),
            Map.entry("chunkSize", List.of(1024L, 4_000_000L)),
            Map.entry("maxAttempts", List.of(1L, 100L)),
            Map.entry("maxInFlight", List.of(1L, 10_000L)),
            Map.entry("connections", List.of(1L, 64L)));
    private static final long LONGEST = Long.MAX_VALUE / 1_000_000;
    private static final Map<String, List<Long>> DURATIONS = Map.of(
            "requestTimeout", List.of(100L, LONGEST),
            "idleTimeout", List.of(100L, LONGEST),
            "maxInFlightWait", List.of(0L, LONGEST),
            "keepAliveTime", List.of(10_000L, LONGEST),
            "keepAliveTimeout", List.of(1L, LONGEST),
            "shutdownTimeout", List.of(0L, LONGEST),
            // These two bound each other.
            "retryDelay", List.of(1L, 30_000L),
            "maxRetryDelay", List.of(200L, LONGEST));
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
        assertStarts(option, value, NUMBERS.get(option));
    }

    @Provide
    Arbitrary<String> duration() {
        return Arbitraries.of(DURATIONS.keySet());
    }

    @Property(seed = Fuzz.SEED)
    void durationsOutOfRangeAreRefused(@ForAll("duration") String option, @ForAll("value") long value) {
        assertStarts(option, value, DURATIONS.get(option));
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

    @Provide
    Arbitrary<Map<String, String>> options() {
        Arbitrary<String> names = Arbitraries.oneOf(
                anyOption(),
                Arbitraries.of(
                        "host",
                        "partId",
                        "secret",
                        "accessToken",
                        "methodParameters.a",
                        "retRyDelay",
                        "fileExtention"));
        // Camel's own: references, placeholders, a separator that it finds in encoded values too, and minutes for a
        // long URI.
        Arbitrary<String> values = Arbitraries.oneOf(
                        Values.text(),
                        Arbitraries.of("true", "file", "localhost", "31s", "1m30s", "1h2m3s", "2147483648"))
                .filter(text ->
                        text.length() < 1000 && !text.startsWith("#") && !text.contains("{{") && !text.contains("&"));
        return Arbitraries.maps(names, values).ofMaxSize(6);
    }

    @Property(seed = Fuzz.SEED)
    void anyOptionsServeOrAreRefusedByName(@ForAll("options") Map<String, String> options) throws Exception {
        Map<String, Object> all = new HashMap<>(Map.of("apiKeyId", "id", "apiKey", Fuzz.API_KEY));
        all.putAll(options);
        String uri = "viamdata:" + Fuzz.PART + "?" + URISupport.createQueryString(all);
        try {
            Endpoint endpoint = fuzz.context().getEndpoint(uri);
            ServiceHelper.stopService(endpoint);
            fuzz.context().removeEndpoint(endpoint);
        } catch (Exception e) {
            Fuzz.assertNoSecret(e);
            Fuzz.assertNamesOneOf(e, all.keySet());
        }
    }

    @Provide
    Arbitrary<String> credential() {
        return Arbitraries.strings().ofMaxLength(40).filter(text -> !text.startsWith("#"));
    }

    /** As properties set them, on the component: any characters, those of a URI too. */
    @Property(seed = Fuzz.SEED)
    void anyCredentialServesOrIsRefusedByName(
            @ForAll("credential") String id, @ForAll("credential") String text, @ForAll Credential kind) {
        String secret = text + Fuzz.API_KEY;
        ViamDataComponent component = new ViamDataComponent();
        ViamDataConfiguration options = component.getConfiguration();
        switch (kind) {
            case API_KEY -> {
                options.setApiKeyId(id);
                options.setApiKey(secret);
            }
            case MACHINE_SECRET -> options.setSecret(secret);
            case ACCESS_TOKEN -> options.setAccessToken(secret);
            case TWO_KINDS -> {
                options.setAccessToken(secret);
                options.setSecret(secret);
            }
        }
        boolean well = switch (kind) {
            case API_KEY -> !id.isBlank() && isId(id) && isId(secret);
            case MACHINE_SECRET -> isId(secret);
            case ACCESS_TOKEN -> !secret.isBlank() && secret.chars().allMatch(c -> c > ' ' && c < 0x7f);
            case TWO_KINDS -> false;
        };
        fuzz.context().addComponent("viamdata-keys", component);
        try {
            assertStarts(
                    "viamdata-keys:" + Fuzz.PART + "?" + Fuzz.CAMERA, List.of("apiKey", "secret", "accessToken"), well);
        } finally {
            fuzz.context().removeComponent("viamdata-keys");
        }
    }

    private static boolean isId(String text) {
        return text.equals(text.strip()) && text.chars().noneMatch(Character::isISOControl) && !text.contains("{{");
    }

    enum Credential {
        API_KEY,
        MACHINE_SECRET,
        ACCESS_TOKEN,
        TWO_KINDS
    }

    private static void assertStarts(String option, long value, List<Long> range) {
        assertStarts(option, String.valueOf(value), value >= range.get(0) && value <= range.get(1));
    }

    private static void assertStarts(String option, String value, boolean well) {
        String uri = "viamdata:" + Fuzz.PART + "?" + Fuzz.CAMERA + "&" + Fuzz.CREDENTIAL + "&host=localhost&" + option
                + "=" + value;
        assertStarts(uri, List.of(option), well);
    }

    private static void assertStarts(String uri, List<String> options, boolean well) {
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
            assertThat(failure).as(uri).isNotNull();
            Fuzz.assertNamesOneOf(failure, options);
            Fuzz.assertNoSecret(failure);
        }
    }
}
