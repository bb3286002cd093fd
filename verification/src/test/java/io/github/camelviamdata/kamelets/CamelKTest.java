// Copyright the camel-viamdata authors. SPDX-License-Identifier: Apache-2.0
package io.github.camelviamdata.kamelets;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.io.StringReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.camel.util.StringHelper;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The files of {@code examples/camel-k} and the Kamelets have the form that Camel K's schemas demand. */
class CamelKTest {

    static final Path EXAMPLES = Path.of("examples/camel-k");

    private static final String TRAIT = "trait.camel.apache.org/";

    static KameletFile example(String name) throws IOException {
        return KameletFile.parse(Files.readString(EXAMPLES.resolve(name)));
    }

    /** What stands in the Secret. */
    static Properties secret() throws IOException {
        Properties properties = new Properties();
        properties.load(new StringReader(example("secret.yaml").text("stringData", "viam.properties")));
        return properties;
    }

    private static KameletFile fields() throws IOException {
        try (InputStream stream = CamelKTest.class.getResourceAsStream("/camel-k/fields.yaml")) {
            return KameletFile.parse(new String(stream.readAllBytes(), StandardCharsets.UTF_8));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"integration.yaml", "kafka-pipe.yaml", "mqtt-pipe.yaml"})
    void hasOnlyFieldsThatTheSchemaKnows(String name) throws IOException {
        check(example(name));
    }

    @ParameterizedTest
    @ValueSource(strings = {"viamdata-sink", "viamdata-tabular-sink", "viamdata-server-source", "viamdata-source"})
    void kameletsHaveOnlyFieldsThatTheSchemaKnows(String name) throws IOException {
        check(KameletFile.kamelet(name));
    }

    private static void check(KameletFile resource) throws IOException {
        assertThat(resource.text("apiVersion")).isEqualTo("camel.apache.org/v1");
        check(fields().at(resource.text("kind")), "", resource.content());
    }

    private static void check(Map<String, Object> fields, String place, Object value) {
        Object known = fields.entrySet().stream()
                .filter(entry ->
                        place.matches(entry.getKey().replace(".", "\\.").replace("*", "[^.]+")))
                .map(Map.Entry::getValue)
                .findFirst()
                .orElse(null);
        if (!"any".equals(known) && (value instanceof Map || value instanceof List)) {
            assertThat(known).as("the schema knows what stands below " + place).isNotNull();
            Map<?, ?> map = (Map<?, ?>) value;
            if (known instanceof List<?> names) {
                assertThat(names.toString().replaceAll("[\\[\\]]", "").split(", "))
                        .as("fields of " + place)
                        .contains(map.keySet().toArray(String[]::new));
            }
            map.forEach((name, child) -> check(fields, place.isEmpty() ? name.toString() : place + "." + name, child));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"kafka-pipe.yaml", "mqtt-pipe.yaml"})
    void pipesSetTraitsAndPropertiesThatExist(String name) throws IOException {
        KameletFile pipe = example(name);
        Map<String, String> annotations = pipe.at("metadata", "annotations");
        Map<String, List<String>> traits = fields().at("Integration");
        annotations.forEach((annotation, value) -> {
            assertThat(annotation).startsWith(TRAIT);
            String[] option = annotation.substring(TRAIT.length()).split("\\.");
            assertThat(traits.get("spec.traits." + option[0]))
                    .as(annotation)
                    .contains(StringHelper.dashToCamelCase(option[1]));
        });
        String source = pipe.text("spec", "source", "ref", "name");
        assertThat(annotations)
                .containsEntry(TRAIT + "kamelets.auto", "false")
                .containsEntry(TRAIT + "kamelets.list", source);
        for (String end : List.of("source", "sink")) {
            KameletFile kamelet = KameletFile.kamelet(pipe.text("spec", end, "ref", "name"));
            Map<String, Object> properties = pipe.at("spec", end, "properties");
            assertThat(kamelet.properties().keySet()).as(end).containsAll(properties.keySet());
            assertThat(properties.keySet()).as(end).containsAll(kamelet.list("spec", "definition", "required"));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"integration.yaml", "kafka-pipe.yaml", "mqtt-pipe.yaml"})
    void dependsOnThisVersionAndTakesItsSecretsFromTheSecret(String name) throws IOException {
        // Of those that the operator finds in the route by itself there are none.
        assertThat(example(name).list("spec", "dependencies"))
                .filteredOn(dependency -> !dependency.equals("camel:bean"))
                .isEqualTo(KameletFile.kamelet("viamdata-sink").list("spec", "dependencies").stream()
                        .filter(dependency -> dependency.startsWith("mvn:"))
                        .toList());

        TreeSet<String> used = new TreeSet<>();
        Matcher placeholder =
                Pattern.compile("\\{\\{(viam\\.[^}]+)}}").matcher(Files.readString(EXAMPLES.resolve(name)));
        while (placeholder.find()) {
            used.add(placeholder.group(1));
        }
        assertThat(used).isEqualTo(secret().stringPropertyNames());
        assertThat(Files.readString(EXAMPLES.resolve(name)))
                .contains("\"secret:" + example("secret.yaml").text("metadata", "name") + "\"")
                .doesNotContain(secret().getProperty("viam.api-key"));
    }
}
