// Copyright the camel-viamdata authors. SPDX-License-Identifier: Apache-2.0
package io.github.camelviamdata.kamelets;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.github.camelviamdata.ViamDataOperation;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.apache.camel.util.TimeUtils;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The Kamelets of the jar: the rules that the Kamelet catalog of Apache Camel sets for its own, as far as they apply to one
 * from elsewhere, and that they offer all that the endpoints do. The catalog also demands its own name as the provider.
 */
class KameletsTest {

    private static final Path SOURCES = Path.of("src/main/resources/kamelets");
    private static final Path METADATA = Path.of("src/generated/resources/META-INF/io/github/camelviamdata");
    private static final String CREDENTIALS = "urn:camel:group:credentials";
    private static final Pattern PLACEHOLDER = Pattern.compile("\\{\\{(\\??)([A-Za-z0-9._-]+)}}");

    /** Words that titles of the catalog leave in lower case. */
    private static final Set<String> SMALL_WORDS =
            Set.of("a", "an", "and", "as", "at", "by", "for", "in", "of", "on", "or", "the", "to");

    /** Options of the endpoint that are no property of the Kamelet, and why. An option that is new has to go somewhere. */
    private static final Map<String, Map<String, String>> LEFT_OUT = Map.of(
            "viamdata-source",
            source(),
            "viamdata-sink",
            sink(Map.of(
                    "wrapReadings", "for readings",
                    "timeField", "for readings",
                    "maxRequestSize", "for readings")),
            "viamdata-tabular-sink",
            sink(Map.ofEntries(
                    Map.entry("operation", "the Kamelet is the one for readings"),
                    Map.entry("fileExtension", "for bytes"),
                    Map.entry("mimeType", "for bytes"),
                    Map.entry("detectMimeType", "for bytes"),
                    Map.entry("correctMimeType", "for bytes"),
                    Map.entry("allowEmptyPayload", "for bytes"),
                    Map.entry("uploadMode", "for bytes"),
                    Map.entry("streamingThreshold", "for bytes"),
                    Map.entry("chunkSize", "for bytes"),
                    Map.entry("idleTimeout", "for bytes"),
                    Map.entry("onceIdentity", "readings are not looked for"),
                    Map.entry("keepOnceTag", "readings are not looked for"),
                    Map.entry("lookBackPatience", "readings are not looked for"),
                    Map.entry("lookBackInterval", "readings are not looked for"))),
            "viamdata-server-source",
            Map.of(
                    "bridgeErrorHandler", "of every Camel component",
                    "exceptionHandler", "of every Camel component",
                    "exchangePattern", "of every Camel component"));

    private static final Map<String, String> ENDPOINTS = Map.of(
            "viamdata-source", "viamdata",
            "viamdata-sink", "viamdata",
            "viamdata-tabular-sink", "viamdata",
            "viamdata-server-source", "server/viamdata-server");

    /** What Kamelets read from; the others bring all that they use. */
    private static final Map<String, String> SOURCE_COMPONENTS = Map.of(
            "viamdata-file-source", "file",
            "viamdata-mqtt-source", "paho-mqtt5",
            "viamdata-kafka-source", "kafka");

    /** Headers of the endpoint that say nothing to the Kamelet. */
    private static final Map<String, Set<String>> OTHER_HEADERS = Map.of(
            "viamdata-source",
            Set.of(
                    "CamelViamDataWrapReadings",
                    "CamelViamDataFileCreateTime",
                    "CamelViamDataFileModifyTime",
                    "CamelViamDataOtherFields"),
            "viamdata-sink",
            Set.of("CamelViamDataOperation", "CamelViamDataWrapReadings"),
            "viamdata-tabular-sink",
            Set.of(
                    "CamelViamDataOperation",
                    "CamelViamDataFileExtension",
                    "CamelViamDataFileName",
                    "CamelViamDataMimeType",
                    "CamelViamDataFileCreateTime",
                    "CamelViamDataFileModifyTime"),
            "viamdata-server-source",
            Set.of());

    private static Map<String, String> source() {
        Map<String, String> all = new TreeMap<>(Map.of(
                "client", "an object of the application; a route that has one uses the endpoint",
                "maxResults", "for operations of a producer",
                "bridgeErrorHandler", "of every Camel component",
                "exceptionHandler", "of every Camel component",
                "exchangePattern", "of every Camel component",
                "lazyStartProducer", "of every Camel component",
                "synchronous", "a choice about threads, made in code"));
        Stream.of("operation", "datasetIds", "methodParameters", "fileExtension", "mimeType", "wrapReadings")
                .forEach(option -> all.put(option, "for uploads"));
        Stream.of("detectMimeType", "correctMimeType", "allowEmptyPayload", "timeField", "timeUnit", "uploadMode")
                .forEach(option -> all.put(option, "for uploads"));
        Stream.of("streamingThreshold", "chunkSize", "maxRequestSize", "maxInFlight", "maxInFlightWait")
                .forEach(option -> all.put(option, "for uploads"));
        Stream.of("shutdownTimeout", "once", "onceKey", "onceIdentity", "keepOnceTag", "ledger", "ledgerRetention")
                .forEach(option -> all.put(option, "for uploads"));
        Stream.of("lookBackPatience", "lookBackInterval").forEach(option -> all.put(option, "for uploads"));
        return all;
    }

    private static Map<String, String> sink(Map<String, String> ofItsOwn) {
        Map<String, String> all = new TreeMap<>(ofItsOwn);
        all.put("methodParameters", "a property has one value; the header carries a map");
        all.put("client", "an object of the application; a route that has one uses the endpoint");
        all.put("synchronous", "a choice about threads, made in code");
        all.put("lazyStartProducer", "of every Camel component, and nothing is connected at the start anyway");
        return all;
    }

    static Stream<String> names() throws IOException {
        try (Stream<Path> files = Files.list(SOURCES)) {
            return files
                    .map(file -> file.getFileName().toString())
                    .filter(name -> name.endsWith(".kamelet.yaml"))
                    .map(name -> name.substring(0, name.indexOf('.')))
                    .sorted()
                    .toList()
                    .stream();
        }
    }

    /** Those that are made of an endpoint of this project, and no more. */
    static Stream<String> ofEndpoints() {
        return ENDPOINTS.keySet().stream().sorted();
    }

    private static JsonNode metadata(String name) throws IOException {
        return new ObjectMapper()
                .readTree(METADATA.resolve(ENDPOINTS.get(name) + ".json").toFile());
    }

    @Test
    void allAreInTheJar() throws IOException {
        assertThat(names())
                .containsExactly(
                        "viamdata-file-source",
                        "viamdata-kafka-source",
                        "viamdata-mqtt-source",
                        "viamdata-put-aside-action",
                        "viamdata-server-source",
                        "viamdata-sink",
                        "viamdata-source",
                        "viamdata-tabular-sink");
        assertThat(names().map(name -> titleOf(name))).doesNotHaveDuplicates();
        assertThat(names().map(name -> descriptionOf(name))).doesNotHaveDuplicates();
    }

    @ParameterizedTest
    @MethodSource("names")
    void isNamedAsTheCatalogDemands(String name) throws IOException {
        KameletFile kamelet = KameletFile.kamelet(name);
        String type = ((Map<?, ?>) kamelet.at("metadata", "labels"))
                .get("camel.apache.org/kamelet.type")
                .toString();

        assertThat(kamelet.text("apiVersion")).isEqualTo("camel.apache.org/v1");
        assertThat(kamelet.text("kind")).isEqualTo("Kamelet");
        assertThat(kamelet.text("metadata", "name"))
                .isEqualTo(name)
                .matches("[a-z0-9]+(-[a-z0-9]+)*")
                .endsWith("-" + type);
        assertThat(type).isIn("source", "sink", "action");
        assertThat(titleOf(name)).endsWith(" " + type.substring(0, 1).toUpperCase() + type.substring(1));
        assertThat(descriptionOf(name)).endsWith(".");
        assertThat(kamelet.text("spec", "definition", "type")).isEqualTo("object");
    }

    @ParameterizedTest
    @MethodSource("names")
    void isAnnotatedAsTheCatalogDemands(String name) throws Exception {
        Map<String, String> annotations = KameletFile.kamelet(name).at("metadata", "annotations");

        assertThat(annotations.get("camel.apache.org/kamelet.support.level"))
                .isEqualTo(
                        metadata("viamdata-sink").at("/component/supportLevel").asText())
                .isIn("Preview", "Stable");
        assertThat(annotations.get("camel.apache.org/catalog.version"))
                .isEqualTo(project().getProperty("version"));
        assertThat(annotations.get("camel.apache.org/provider"))
                .isEqualTo(project().getProperty("artifactId"));
        assertThat(annotations.get("camel.apache.org/kamelet.group")).isEqualTo("Viam Data");
        assertThat(annotations.get("camel.apache.org/kamelet.namespace")).isEqualTo("Cloud");
        String icon = annotations.get("camel.apache.org/kamelet.icon");
        String prefix = "data:image/svg+xml;base64,";
        assertThat(icon).startsWith(prefix);
        byte[] svg = Base64.getDecoder().decode(icon.substring(prefix.length()));
        assertThat(javax.xml.parsers.DocumentBuilderFactory.newInstance()
                        .newDocumentBuilder()
                        .parse(new java.io.ByteArrayInputStream(svg))
                        .getDocumentElement()
                        .getTagName())
                .isEqualTo("svg");
    }

    @ParameterizedTest
    @MethodSource("names")
    void namesThisJarAndNoComponentOfCamelThatDoesNotExist(String name) throws IOException {
        List<String> dependencies = KameletFile.kamelet(name).list("spec", "dependencies");
        Properties project = project();

        assertThat(dependencies)
                .startsWith("camel:kamelet")
                .endsWith("mvn:%s:%s:%s"
                        .formatted(
                                project.getProperty("groupId"),
                                project.getProperty("artifactId"),
                                project.getProperty("version")));
        String source = SOURCE_COMPONENTS.get(name);
        assertThat(dependencies.subList(1, dependencies.size() - 1))
                .isEqualTo(source == null ? List.of() : List.of("camel:" + source));
    }

    @ParameterizedTest
    @MethodSource("names")
    void describesEachProperty(String name) throws IOException {
        KameletFile kamelet = KameletFile.kamelet(name);
        Set<String> titles = new HashSet<>();
        kamelet.properties().forEach((property, definition) -> {
            String title = String.valueOf(definition.get("title"));
            assertThat(titles.add(title)).as(title).isTrue();
            assertThat(title).as(property).isNotBlank().doesNotMatch("(A|An|The) .*");
            for (String word : title.split(" ", -1)) {
                assertThat(SMALL_WORDS.contains(word) || Character.isUpperCase(word.charAt(0)))
                        .as("%s of %s", word, title)
                        .isTrue();
            }
            assertThat(String.valueOf(definition.get("description")))
                    .as(property)
                    .matches("[A-Z].*\\.");
            assertThat(definition.get("type")).as(property).isIn("string", "integer", "boolean");
            if (ENDPOINTS.containsKey(name)) {
                // Settings of the component would be hidden by it. A part need not be named, but has its place in the
                // URI.
                assertThat(definition.get("default"))
                        .as(property)
                        .isEqualTo(name.equals("viamdata-source") && property.equals("partId") ? "" : null);
            } else {
                Matcher stated = KameletFile.DEFAULT.matcher(
                        definition.get("description").toString());
                assertThat(stated.find() ? stated.group(1) : null)
                        .as(property)
                        .isEqualTo(
                                definition.containsKey("default")
                                        ? definition.get("default").toString()
                                        : null);
            }
            assertThat(definition.containsKey("example") || "password".equals(definition.get("format")))
                    .as("%s has an example, or is a secret", property)
                    .isTrue();
        });
    }

    @ParameterizedTest
    @MethodSource("names")
    void usesWhatItDeclaresAndDeclaresWhatItUses(String name) throws IOException {
        KameletFile kamelet = KameletFile.kamelet(name);
        Map<String, Boolean> used = new TreeMap<>();
        Matcher placeholder = PLACEHOLDER.matcher(kamelet.at("spec", "template").toString());
        while (placeholder.find()) {
            used.put(placeholder.group(2), placeholder.group(1).isEmpty());
        }
        List<String> stated = kamelet.list("spec", "definition", "required");
        List<String> required = stated == null ? List.of() : stated;
        // Beans of the template, and the ID that Camel gives its route.
        List<Map<String, Object>> beans = kamelet.at("spec", "template", "beans");
        if (beans != null) {
            beans.forEach(bean -> used.remove(bean.get("name").toString()));
        }
        used.remove("routeId");

        assertThat(used.keySet()).isEqualTo(new TreeSet<>(kamelet.properties().keySet()));
        assertThat(required).doesNotHaveDuplicates();
        used.forEach((property, mandatory) -> assertThat(mandatory)
                .as(property)
                .isEqualTo(required.contains(property)
                        || kamelet.properties().get(property).containsKey("default")));
    }

    @ParameterizedTest
    @MethodSource("ofEndpoints")
    void offersEveryOptionOfTheEndpoint(String name) throws IOException {
        Map<String, Map<String, Object>> properties = KameletFile.kamelet(name).properties();
        Set<String> options = new TreeSet<>();
        JsonNode all = metadata(name).get("properties");
        all.fieldNames().forEachRemaining(options::add);
        if (name.endsWith("-sink")) {
            // A sink reads nothing back.
            options.removeIf(
                    option -> Stream.of(all.get(option).path("label").asText().split(","))
                            .anyMatch(List.of("consumer", "filter", "reading")::contains));
        }

        Set<String> offered = new TreeSet<>(options);
        offered.removeAll(LEFT_OUT.get(name).keySet());
        assertThat(options)
                .as("what is left out exists")
                .containsAll(LEFT_OUT.get(name).keySet());
        assertThat(new TreeSet<>(properties.keySet())).isEqualTo(offered);
    }

    @ParameterizedTest
    @MethodSource("ofEndpoints")
    void agreesWithTheOptionsOfTheEndpoint(String name) throws IOException {
        JsonNode options = metadata(name).get("properties");
        KameletFile.kamelet(name).properties().forEach((property, definition) -> {
            JsonNode option = options.get(property);
            String type = option.get("type").asText();
            assertThat(definition.get("type"))
                    .as(property)
                    .isEqualTo(List.of("integer", "boolean").contains(type) ? type : "string");
            assertThat(definition.get("enum"))
                    .as(property)
                    .isEqualTo(type.equals("enum") ? values(property, option) : null);

            boolean secret = option.get("secret").asBoolean();
            assertThat(definition.get("format")).as(property).isEqualTo(secret ? "password" : null);
            assertThat(definition.get("x-descriptors")).as(property).isEqualTo(secret ? List.of(CREDENTIALS) : null);

            Matcher stated =
                    KameletFile.DEFAULT.matcher(definition.get("description").toString());
            String value = stated.find() ? stated.group(1) : null;
            if (value != null && type.equals("duration")) {
                value = String.valueOf(TimeUtils.toMilliSeconds(value));
            }
            assertThat(value).as(property).isEqualTo(option.path("defaultValue").asText(null));
        });
    }

    @ParameterizedTest
    @MethodSource("ofEndpoints")
    void describesTheHeaders(String name) throws IOException {
        boolean sink = name.endsWith("-sink");
        Map<String, Object> slot = KameletFile.kamelet(name).at("spec", "dataTypes", sink ? "in" : "out");
        Set<String> expected = new TreeSet<>();
        metadata(name).get("headers").fields().forEachRemaining(header -> {
            // Not what an upload has led to, nor what the server is to answer.
            String group = header.getValue().get("group").asText();
            boolean read = name.equals("viamdata-source")
                    && (group.equals("common") || header.getKey().equals("CamelViamDataBinaryDataId"));
            if (group.equals(sink ? "common" : "consumer") || read) {
                expected.add(header.getKey());
            }
        });
        assertThat(expected).containsAll(OTHER_HEADERS.get(name));
        expected.removeAll(OTHER_HEADERS.get(name));

        @SuppressWarnings("unchecked")
        Map<String, Map<String, Object>> headers = (Map<String, Map<String, Object>>) slot.get("headers");
        assertThat(new TreeSet<>(headers.keySet())).isEqualTo(expected);
        headers.forEach((header, definition) -> {
            assertThat(definition.keySet()).as(header).containsExactly("title", "description", "type");
            assertThat(definition.get("description").toString()).as(header).matches("[A-Z].*\\.");
        });
        // With one, Camel Quarkus 3.33 refuses every body that is an array of bytes: its class loader finds no class
        // [B.
        assertThat(slot).doesNotContainKey("default");
    }

    /** The values of an option. A sink does nothing but upload. */
    private static List<String> values(String property, JsonNode option) {
        return texts(option.get("enum")).stream()
                .filter(value -> !property.equals("operation")
                        || ViamDataOperation.valueOf(value).isUpload())
                .toList();
    }

    private static List<String> texts(JsonNode array) {
        List<String> texts = new java.util.ArrayList<>();
        array.forEach(text -> texts.add(text.asText()));
        return texts;
    }

    private static String titleOf(String name) {
        return definition(name, "title");
    }

    private static String descriptionOf(String name) {
        return definition(name, "description");
    }

    private static String definition(String name, String key) {
        try {
            return KameletFile.kamelet(name).text("spec", "definition", key);
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    /** Of this project, as Maven knows them. */
    private static Properties project() throws IOException {
        Properties properties = new Properties();
        try (InputStream stream =
                KameletsTest.class.getResourceAsStream("/META-INF/services/org/apache/camel/component.properties")) {
            properties.load(new java.io.InputStreamReader(stream, StandardCharsets.UTF_8));
        }
        return properties;
    }
}
