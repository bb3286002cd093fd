// Copyright the camel-viamdata authors. SPDX-License-Identifier: Apache-2.0
package io.github.camelviamdata.handover;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.ArchConfiguration;
import com.tngtech.archunit.core.domain.JavaAccess;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import io.github.camelviamdata.ViamDataComponent;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * Which methods of the component call code that is not its own. Each stands in {@code sites.txt} with the
 * {@link HandOver} that {@link FaultInjectionTest} puts a fault at: a new one without a case is found here.
 */
class HandOverSitesTest {

    private static final String OWN = ViamDataComponent.class.getPackageName();

    /** Of these, users give implementations, or their threads may be missing. A type stands for what extends it. */
    private static final Map<String, String> FOREIGN = Map.ofEntries(
            Map.entry("java.util.concurrent.Executor", "execute|submit|invoke.*|schedule.*"),
            Map.entry("java.util.concurrent.CompletionStage", ".*Async|orTimeout|completeOnTimeout"),
            Map.entry("java.io.InputStream", "(?!nullInputStream|<).*"),
            Map.entry("java.io.Reader", "(?!<).*"),
            Map.entry("java.lang.AutoCloseable", "close"),
            Map.entry("java.lang.Iterable", "iterator|forEach"),
            Map.entry("java.util.Iterator", "forEachRemaining"),
            Map.entry("org.apache.camel.StreamCache", ".*"),
            Map.entry("org.apache.camel.TypeConverter", ".*"),
            Map.entry("org.apache.camel.AsyncCallback", ".*"),
            Map.entry("org.apache.camel.health.HealthCheckRepository", ".*HealthCheck"),
            Map.entry("org.apache.camel.health.WritableHealthCheckRepository", ".*HealthCheck"),
            Map.entry("org.apache.camel.support.jsse.SSLContextParameters", "create.*"),
            Map.entry("io.micrometer.core.instrument.Meter", "record|increment"),
            Map.entry("io.micrometer.core.instrument.Timer$Builder", "register"),
            Map.entry("io.micrometer.core.instrument.Counter$Builder", "register"),
            Map.entry("io.micrometer.core.instrument.Gauge$Builder", "register"),
            Map.entry("io.micrometer.core.instrument.MeterRegistry", ".*"),
            Map.entry("org.apache.camel.spi.IdempotentRepository", ".*"),
            Map.entry("org.apache.camel.Expression", "evaluate"),
            Map.entry(OWN + ".client.ClientListener", ".*"),
            Map.entry(OWN + ".once.Ledger", ".*"),
            Map.entry(OWN + ".upload.Uploads", "next|close"),
            Map.entry(OWN + ".upload.Payload", "open|head"));

    private static final Map<String, Class<?>> LOADED = new HashMap<>();

    /** These call routes or run in them, and have tests of their own. */
    private static final Set<String> OTHERS = Set.of("server", "source", "springboot", "testing", "transport");

    @Test
    void eachPlaceWhereForeignCodeIsCalledHasACase() throws IOException {
        // What is not ours counts by its name. It takes long to look into all of it.
        ArchConfiguration.get().setResolveMissingDependenciesFromClassPath(false);
        Set<String> found = new ClassFileImporter()
                        .withImportOption(location -> !location.contains("/proto/"))
                        .importUrl(ViamDataComponent.class
                                .getProtectionDomain()
                                .getCodeSource()
                                .getLocation())
                        .stream()
                        .filter(from -> !OTHERS.contains(room(from)))
                        .flatMap(from -> Stream.concat(
                                from.getMethodCallsFromSelf().stream(), from.getMethodReferencesFromSelf().stream()))
                        .filter(HandOverSitesTest::isForeign)
                        .map(HandOverSitesTest::site)
                        .collect(Collectors.toCollection(TreeSet::new));

        Map<String, String> known = known();
        assertThat(found).hasSizeGreaterThan(20);
        assertThat(found.stream().filter(site -> !known.containsKey(site)))
                .describedAs(
                        "Calls of foreign code without a case: add a line to sites.txt, and a HandOver if none fits")
                .isEmpty();
        assertThat(known.keySet().stream().filter(site -> !found.contains(site)))
                .describedAs("Lines of sites.txt that nothing in the code is like")
                .isEmpty();
        assertThat(known.values().stream()
                        .filter(handOvers -> !handOvers.startsWith("-"))
                        .flatMap(handOvers -> Stream.of(handOvers.split(" ")))
                        .map(HandOver::valueOf))
                .describedAs("Cases of the sites")
                .contains(HandOver.values());
    }

    private static String room(JavaClass from) {
        String rest = from.getPackageName().substring(OWN.length());
        return rest.isEmpty() ? "" : rest.substring(1).split("\\.")[0];
    }

    private static boolean isForeign(JavaAccess<?> call) {
        String method = call.getTarget().getName();
        Class<?> owner = load(call.getTargetOwner().getName());
        boolean ours = owner.getName().startsWith(OWN) && !owner.isInterface();
        return !ours
                && !Collection.class.isAssignableFrom(owner)
                && FOREIGN.entrySet().stream()
                        .anyMatch(type -> method.matches(type.getValue())
                                && load(type.getKey()).isAssignableFrom(owner));
    }

    private static Class<?> load(String name) {
        return LOADED.computeIfAbsent(name, all -> {
            try {
                return all.endsWith("[]")
                        ? Object.class
                        : Class.forName(all, false, HandOverSitesTest.class.getClassLoader());
            } catch (ClassNotFoundException | LinkageError e) {
                throw new AssertionError(e);
            }
        });
    }

    private static String site(JavaAccess<?> call) {
        String from =
                call.getOriginOwner().getName().substring(OWN.length() + 1).replaceAll("\\$.*", "");
        return from + " -> " + call.getTargetOwner().getSimpleName() + "."
                + call.getTarget().getName();
    }

    /** The hand-overs of each site, or, after a dash, the reason why there is none. */
    private static Map<String, String> known() throws IOException {
        try (InputStream text = HandOverSitesTest.class.getResourceAsStream("sites.txt")) {
            return new String(text.readAllBytes(), StandardCharsets.UTF_8)
                    .lines()
                    .filter(line -> !line.isBlank() && !line.startsWith("#"))
                    .map(line -> line.split(" : ", 2))
                    .collect(Collectors.toMap(line -> line[0], line -> line[1]));
        }
    }
}
