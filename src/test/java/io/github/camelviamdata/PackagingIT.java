// Copyright the camel-viamdata authors. SPDX-License-Identifier: Apache-2.0
package io.github.camelviamdata;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.github.camelviamdata.server.ViamDataServerComponent;
import io.github.camelviamdata.service.TestCall;
import io.github.camelviamdata.service.TestService;
import io.github.camelviamdata.support.ChildJvm;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Properties;
import java.util.Random;
import java.util.jar.JarFile;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import org.jboss.jandex.DotName;
import org.jboss.jandex.Index;
import org.jboss.jandex.IndexReader;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The jar, as users get it. */
class PackagingIT {

    private static final Path JAR = Path.of(System.getProperty("project.jar"));
    private static final String VERSION = System.getProperty("project.version");

    private JarFile jar;

    @BeforeEach
    void open() throws IOException {
        jar = new JarFile(JAR.toFile());
    }

    @AfterEach
    void close() throws IOException {
        jar.close();
    }

    private InputStream entry(String name) throws IOException {
        ZipEntry entry = jar.getEntry(name);
        assertThat(entry).as(name).isNotNull();
        return jar.getInputStream(entry);
    }

    private Properties properties(String name) throws IOException {
        Properties properties = new Properties();
        try (InputStream stream = entry(name)) {
            properties.load(stream);
        }
        return properties;
    }

    @Test
    void hasAnIndexOfItsClasses() throws IOException {
        try (InputStream stream = entry("META-INF/jandex.idx")) {
            Index index = new IndexReader(stream).read();

            DotName component = DotName.createSimple("org.apache.camel.spi.annotations.Component");
            assertThat(index.getAnnotations(component))
                    .extracting(
                            annotation -> annotation.target().asClass().name().toString())
                    .containsExactlyInAnyOrder(
                            ViamDataComponent.class.getName(), ViamDataServerComponent.class.getName());
            assertThat(index.getClassByName("io.github.camelviamdata.ViamDataComponentConfigurer"))
                    .isNotNull();
        }
    }

    @ParameterizedTest
    @CsvSource({
        "viamdata, META-INF/io/github/camelviamdata/viamdata.json, ViamDataComponent",
        "viamdata-server, META-INF/io/github/camelviamdata/server/viamdata-server.json, server.ViamDataServerComponent"
    })
    void describesItsComponents(String scheme, String name, String component) throws IOException {
        try (InputStream stream = entry(name)) {
            JsonNode json = new ObjectMapper().readTree(stream).get("component");

            assertThat(json.get("scheme").asText()).isEqualTo(scheme);
            assertThat(json.get("artifactId").asText()).isEqualTo("camel-viamdata");
            assertThat(json.get("version").asText()).isEqualTo(VERSION);
            assertThat(json.get("javaType").asText()).isEqualTo("io.github.camelviamdata." + component);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "component/viamdata",
                "component/viamdata-server",
                "configurer/viamdata-component",
                "configurer/viamdata-endpoint",
                "configurer/viamdata-server-component",
                "configurer/viamdata-server-endpoint",
                "dev-console/viamdata",
                "urifactory/viamdata-endpoint",
                "urifactory/viamdata-server-endpoint"
            })
    void namesClassesThatItHolds(String service) throws IOException {
        String type =
                properties("META-INF/services/org/apache/camel/" + service).getProperty("class");

        assertThat(type).startsWith("io.github.camelviamdata.");
        assertThat(jar.getEntry(type.replace('.', '/') + ".class")).as(type).isNotNull();
    }

    @Test
    void listsItsComponentsForCatalogs() throws IOException {
        Properties list = properties("META-INF/services/org/apache/camel/component.properties");

        assertThat(list.getProperty("components").split(" ")).containsExactly("viamdata", "viamdata-server");
        assertThat(list).containsEntry("groupId", "io.github.camel-viamdata");
        assertThat(list).containsEntry("artifactId", "camel-viamdata");
        assertThat(list).containsEntry("version", VERSION);
        assertThat(list.values()).asString().doesNotContain("${");
    }

    @Test
    void tellsSpringBootOfItsOptions() throws IOException {
        try (InputStream imports =
                        entry("META-INF/spring/org.springframework.boot.autoconfigure.AutoConfiguration.imports");
                InputStream metadata = entry("META-INF/spring-configuration-metadata.json")) {
            String type = new String(imports.readAllBytes(), StandardCharsets.UTF_8).strip();
            assertThat(jar.getEntry(type.replace('.', '/') + ".class")).as(type).isNotNull();

            JsonNode properties = new ObjectMapper().readTree(metadata).get("properties");
            assertThat(properties)
                    .filteredOn(property -> property.get("description").asText().startsWith("Secret."))
                    .hasSizeGreaterThanOrEqualTo(4)
                    .noneMatch(property -> property.has("defaultValue"))
                    .anyMatch(property -> property.get("name").asText().equals("camel.component.viamdata.api-key"));
        }
    }

    @Test
    void knowsItsVersions() throws IOException {
        Properties versions = properties("io/github/camelviamdata/client/versions.properties");

        assertThat(versions).containsEntry("client", VERSION);
        assertThat(versions.getProperty("api")).matches("[0-9.]+");
    }

    /** Maven publishes the same file. */
    @Test
    void asksForNothingButWhatUsersNeed() throws IOException {
        try (InputStream stream = entry("META-INF/maven/io.github.camel-viamdata/camel-viamdata/pom.xml")) {
            String pom = new String(stream.readAllBytes(), StandardCharsets.UTF_8);

            assertThat(pom)
                    .contains("<artifactId>grpc-netty-shaded</artifactId>", "<name>The camel-viamdata authors</name>")
                    .doesNotContain("<scope>test</scope>", "<dependencyManagement>", "<build>", "<profile>", "${");
            assertThat(pom.split("<dependency>"))
                    .filteredOn(dependency -> dependency.contains("<groupId>org.apache.camel"))
                    .allMatch(dependency -> dependency.contains("<scope>provided</scope>"))
                    .extracting(dependency -> dependency.replaceAll("(?s).*?<artifactId>(.*?)</artifactId>.*", "$1"))
                    .containsExactlyInAnyOrder(
                            "camel-support",
                            "camel-core-engine",
                            "camel-file",
                            "camel-kafka",
                            "camel-paho-mqtt5",
                            "camel-spring-boot");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"LICENSE", "NOTICE"})
    void carriesItsLicence(String name) throws IOException {
        try (InputStream stream = entry("META-INF/" + name)) {
            assertThat(new String(stream.readAllBytes(), StandardCharsets.UTF_8))
                    .isEqualTo(Files.readString(Path.of(name)))
                    .contains("Apache License");
        }
    }

    /** Which is installed beside it. */
    @Test
    void hasSourcesOfAllThatItHolds() throws IOException {
        Path sources = JAR.resolveSibling(JAR.getFileName().toString().replace(".jar", "-sources.jar"));
        try (JarFile file = new JarFile(sources.toFile())) {
            assertThat(jar.stream().map(ZipEntry::getName))
                    .filteredOn(name -> name.endsWith(".class") && !name.contains("$") && !name.endsWith("-info.class"))
                    // Generated: several classes stand in one file there.
                    .filteredOn(name -> !name.contains("/proto/"))
                    .isNotEmpty()
                    .allSatisfy(name -> assertThat(file.getEntry(name.replace(".class", ".java")))
                            .as(name)
                            .isNotNull());
        }
    }

    @Test
    void holdsNothingOfTheTests() {
        assertThat(jar.stream().map(ZipEntry::getName))
                .noneMatch(
                        name -> name.contains("TestService") || name.startsWith("golden/") || name.contains("log4j"));
    }

    /** Camel Main, routes in YAML, and nothing of this project but the jar. */
    @Test
    void uploadsAPicture(@TempDir Path directory) throws Exception {
        byte[] picture = new byte[50_000];
        new Random(1).nextBytes(picture);
        Files.createDirectories(directory.resolve("inbox/tag=night"));
        Files.write(directory.resolve("inbox/tag=night/gate.jpg"), picture);
        try (TestService service = TestService.plaintext()) {
            Files.writeString(
                    directory.resolve("application.properties"),
                    String.join(
                            "\n",
                            "camel.component.viamdata.host=localhost",
                            "camel.component.viamdata.port=" + service.port(),
                            "camel.component.viamdata.plaintext=true",
                            "camel.component.viamdata.api-key-id=key-id",
                            "camel.component.viamdata.api-key=key",
                            "camel.main.routes-include-pattern=classpath:upload.yaml",
                            "camel.main.duration-max-messages=1"));
            Files.writeString(directory.resolve("upload.yaml"), """
                    - route:
                        from:
                          uri: file:inbox
                          parameters:
                            recursive: true
                            noop: true
                          steps:
                            - to:
                                uri: viamdata:part
                                parameters:
                                  componentType: camera
                                  componentName: gate
                                  methodName: GetImages
                    """);
            List<Path> classPath = new ArrayList<>(List.of(directory, JAR));
            classPath.addAll(dependencies());

            ChildJvm.Result result =
                    new ChildJvm(classPath).directory(directory).run(60, "org.apache.camel.main.Main");

            assertThat(result.exitCode()).as(result.output()).isZero();
            TestCall call = service.onlyUpload();
            assertThat(call.payload()).isEqualTo(picture);
            assertThat(call.header("authorization")).isEqualTo("Bearer token-of-key-id");
            assertThat(call.header("viam_client")).startsWith("java;v" + VERSION + ";v");
            assertThat(call.metadata().getFileExtension()).isEqualTo(".jpg");
            assertThat(call.metadata().getTagsList()).containsExactly("night");
        }
    }

    /** The class path without the classes of this project. */
    private static List<Path> dependencies() {
        List<Path> own = ChildJvm.ownClassPath();
        List<Path> dependencies = own.stream()
                .filter(path -> Files.isRegularFile(path) && !path.equals(JAR))
                .toList();
        assertThat(dependencies).hasSizeGreaterThan(20);
        assertThat(Stream.of("classes", "test-classes").map(JAR.getParent()::resolve))
                .noneMatch(dependencies::contains);
        return dependencies;
    }
}
