// Copyright the camel-viamdata authors. SPDX-License-Identifier: Apache-2.0
package io.github.camelviamdata.apps;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.github.camelviamdata.apps.Application.Running;
import io.github.camelviamdata.kamelets.CamelKRun;
import io.github.camelviamdata.service.TestCall;
import io.github.camelviamdata.service.TestService;
import io.grpc.Status;
import io.netty.handler.codec.mqtt.MqttQoS;
import java.io.IOException;
import java.io.Writer;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.Random;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The applications in examples/, each built by Maven and run in a process of its own. */
@Tag("examples")
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class ApplicationsIT {

    private static final Path SAMPLES = Path.of("examples/file/inbox").toAbsolutePath();
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final int PICTURES = 40;

    @TempDir
    Path temporary;

    private Path log;

    /** Where whoever looks into a failure finds it. */
    @BeforeEach
    void nameLog(TestInfo test) throws IOException {
        String name = test.getTestMethod().orElseThrow().getName() + "-" + test.getDisplayName();
        log = Files.createDirectories(Path.of("target/apps")).resolve(name.replaceAll("\\W+", "-") + ".log");
    }

    @ParameterizedTest
    @EnumSource
    @Order(1)
    void doesWhatItsReadmeSays(Application application) throws Exception {
        Path received = temporary.resolve("received");
        String[] commands = application.commandOfItsReadme().split(" && ");
        // The build that this test is part of has done the first two.
        assertThat(commands).hasSize(3).startsWith("mvn -q install -DskipTests", "cd " + application.folder());
        assertThat(commands[2]).startsWith("mvn ");

        try (Running running = application.maven(
                log,
                Map.of("viam.port", String.valueOf(Application.freePort()), "received", received.toString()),
                List.of(commands[2].substring("mvn ".length()).split(" ")))) {
            await().atMost(Duration.ofMinutes(4))
                    .ignoreExceptionsInstanceOf(IOException.class)
                    .until(() -> running.health().statusCode() == 200);
            try (Stream<Path> files = Files.walk(SAMPLES)) {
                for (Path file : files.filter(Files::isRegularFile).toList()) {
                    Path copy = received.resolve(SAMPLES.relativize(file).getName(0))
                            .resolve(file.getFileName());
                    await().atMost(PATIENCE)
                            .untilAsserted(() -> assertThat(copy).hasSameBinaryContentAs(file));
                }
            }
        }
    }

    /** With what its routes do not need, but those of the next tests do. */
    @ParameterizedTest
    @EnumSource
    @Order(2)
    void canBePackagedWithKamelets(Application application) throws Exception {
        try (Running maven = application.maven(log, Map.of(), List.of("-q", "package", "-Pkamelets"))) {
            assertThat(maven.exit(240)).as(maven.output()).isZero();
        }
    }

    @ParameterizedTest
    @EnumSource
    @Order(3)
    void uploadsAndTellsItsHealth(Application application) throws Exception {
        byte[] picture = picture("inbox/gate/gate-1.jpg");
        Map<String, String> properties = new HashMap<>();
        properties.put("inbox", temporary.resolve("inbox").toString());
        properties.put("viam.part.id", "part-of-the-environment");
        properties.put("camel.main.routes-exclude-pattern", "**/server.camel.yaml");
        int port;
        try (TestService service = TestService.plaintext()) {
            port = service.port();
            properties.put("viam.port", String.valueOf(port));
            Running running = application.jar(log, properties);
            try (running) {
                await().atMost(PATIENCE).until(() -> service.uploads().stream().anyMatch(TestCall::isHalfClosed));
                TestCall call = service.onlyUpload();
                assertThat(call.payload()).isEqualTo(picture);
                assertThat(call.header("authorization")).isEqualTo("Bearer token-of-uploader");
                assertThat(call.metadata().getPartId()).isEqualTo("part-of-the-environment");
                assertThat(call.metadata().getComponentName()).isEqualTo("gate");
                HttpResponse<String> up = awaitHealth(running, 200);
                if (application == Application.QUARKUS) {
                    assertThat(up.body()).containsSubsequence("camel-producers", "UP");
                } else {
                    assertThat(up.body()).contains("producer:viamdata-upload-part-of-the-environment\":\"UP\"");
                }

                service.close();
                byte[] next = picture("inbox/gate/gate-2.jpg");

                HttpResponse<String> down = awaitHealth(running, 503);
                assertThat(down.body())
                        .contains("producer:viamdata-upload-part-of-the-environment", "localhost:" + port);
                try (TestService again = TestService.plaintext(port)) {
                    awaitHealth(running, 200);
                    await().atMost(PATIENCE)
                            .until(() -> again.uploads().stream().anyMatch(TestCall::isHalfClosed));
                    assertThat(again.onlyUpload().payload()).isEqualTo(next);
                }
            }
            assertThat(running.output()).doesNotContain("only-for-this-demo");
        }
    }

    @ParameterizedTest
    @EnumSource
    @Order(3)
    void uploadsToViamItself(Application application) throws Exception {
        byte[] picture = picture("inbox/gate/gate-1.jpg");
        Map<String, String> properties = new HashMap<>(Map.of(
                "viam.api.key.id", "our-id",
                "viam.api.key", "our-key",
                "viam.machine.part.id", "our-part",
                "inbox", temporary.resolve("inbox").toString(),
                "camel.component.viamdata.host", "localhost",
                "camel.component.viamdata.plaintext", "true"));
        try (TestService service = TestService.plaintext()) {
            properties.put("camel.component.viamdata.port", String.valueOf(service.port()));
            try (Running running = application != Application.QUARKUS
                    ? application.maven(log, properties, List.of("spring-boot:run", "-Dspring-boot.run.profiles=cloud"))
                    : application.jar(log, properties, Map.of("quarkus.profile", "cloud"))) {
                await().atMost(Duration.ofMinutes(2))
                        .until(() -> service.uploads().stream().anyMatch(TestCall::isHalfClosed));
                TestCall call = service.onlyUpload();
                assertThat(call.payload()).isEqualTo(picture);
                assertThat(call.header("authorization")).isEqualTo("Bearer token-of-our-id");
                assertThat(call.metadata().getPartId()).isEqualTo("our-part");
                assertThat(running.output()).doesNotContain("our-key");
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    @Order(3)
    void takesSettingsFromTheCommandLine(Application application) throws Exception {
        picture("inbox/gate/gate-1.jpg");
        int port = Application.freePort();
        Map<String, String> settings = Map.of(
                "inbox",
                temporary.resolve("inbox").toString(),
                "received",
                temporary.resolve("received").toString(),
                "viam.port",
                String.valueOf(Application.freePort()),
                application != Application.QUARKUS ? "server.port" : "quarkus.http.port",
                String.valueOf(port));
        try (Running running = application.jar(log, Map.of(), settings);
                Socket http = new Socket()) {
            await().atMost(PATIENCE)
                    .untilAsserted(() -> assertThat(temporary.resolve("received/gate/gate-1.jpg"))
                            .as(running.output())
                            .exists());
            http.connect(new InetSocketAddress("localhost", port));
        }
    }

    private static HttpResponse<String> awaitHealth(Running running, int status) {
        return await().atMost(PATIENCE)
                .ignoreExceptionsInstanceOf(IOException.class)
                .until(running::health, response -> response.statusCode() == status);
    }

    @ParameterizedTest
    @EnumSource
    @Order(3)
    void doesNotStartWithAnUnknownOption(Application application) throws Exception {
        try (Running running = application.jar(
                log, Map.of("inbox", temporary.toString(), "camel.component.viamdata.api.kee", "a-secret"))) {
            assertThat(running.exit(60)).isNotZero();
            assertThat(running.output()).containsIgnoringCase("kee");
        }
    }

    @ParameterizedTest
    @EnumSource
    @Order(3)
    void runsTheKameletsOfTheJar(Application application) throws Exception {
        byte[] picture = picture("inbox/gate.jpg");
        try (TestService service = TestService.plaintext();
                Running running = application.jar(
                        log,
                        Map.of(
                                "inbox", temporary.resolve("inbox").toString(),
                                "viam.port", String.valueOf(Application.freePort()),
                                "viam.part.id", "part-of-the-relay",
                                "camel.component.viamdata.port", String.valueOf(service.port()),
                                "camel.main.routes-include-pattern",
                                        file("src/test/resources/apps/kamelets.camel.yaml")))) {
            await().atMost(PATIENCE).until(() -> running.output().contains("relayed as"));
            TestCall call = service.onlyUpload();
            assertThat(call.payload()).isEqualTo(picture);
            assertThat(call.metadata().getPartId()).isEqualTo("part-of-the-kamelet");
            assertThat(call.metadata().getComponentName()).isEqualTo("gate");
            assertThat(call.metadata().getTagsList()).containsExactly("night");
            assertThat(running.output()).contains("relayed as " + TestService.BINARY_DATA_ID + 1);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"integration.yaml", "kafka-pipe.yaml"})
    @Order(3)
    void uploadsFromKafkaForCamelK(String example) throws Exception {
        try (CamelKRun camelK = new CamelKRun(example, temporary)) {
            AtomicBoolean refused = new AtomicBoolean();
            camelK.service()
                    .answering(call -> refused.compareAndSet(false, true) ? Status.INVALID_ARGUMENT : Status.OK);
            camelK.publish(PICTURES);
            Running running = start(camelK);
            try (running) {
                camelK.awaitPictures();
                assertThat(camelK.service().uploads())
                        .as("with the refused one, which is read again")
                        .hasSize(PICTURES + 1);
                if (example.equals("integration.yaml")) {
                    await().until(() -> running.output().contains("stored as " + TestService.BINARY_DATA_ID));
                }
            }
            assertThat(running.output()).doesNotContain(camelK.apiKey());
        }
    }

    /** A silent service shows what is not acknowledged, and a stop what the broker keeps. */
    @Test
    @Order(3)
    void uploadsFromMqttForCamelK() throws Exception {
        try (CamelKRun camelK = new CamelKRun("mqtt-pipe.yaml", temporary)) {
            camelK.service().answering(call -> null);
            try (Running running = start(camelK)) {
                await().atMost(PATIENCE)
                        .until(() -> camelK.queue() != null && camelK.queue().getConsumerCount() == 1);
                assertThat(camelK.session().getClientSessionExpiryInterval()).isEqualTo(86_400);
                assertThat(camelK.session().getSubscriptions())
                        .singleElement()
                        .satisfies(subscription ->
                                assertThat(subscription.qualityOfService()).isEqualTo(MqttQoS.AT_LEAST_ONCE));
                camelK.publish(PICTURES);
                await().atMost(PATIENCE).until(() -> camelK.service().uploads().size() >= 10);
                await("no more than ten without an answer")
                        .during(Duration.ofMillis(500))
                        .until(() -> camelK.service().uploads().size() == 10);
                assertThat(running.output()).doesNotContain(camelK.apiKey());
            }
            await("the end of the connection, but not of the session")
                    .until(() -> camelK.queue() != null && camelK.queue().getConsumerCount() == 0);
            assertThat(camelK.queue().getMessageCount())
                    .as("kept, as none was answered")
                    .isEqualTo(PICTURES);
            camelK.publish(PICTURES);
            camelK.service().calls().clear();
            camelK.service().answering(call -> Status.OK);
            // Camel's consumer connects first and listens then: README.md of the example says what follows from that.
            // That depends on the machine, so here the broker sends nothing before the consumer listens.
            camelK.queue().pause();
            try (Running running = start(camelK)) {
                await().atMost(PATIENCE).until(() -> running.output().contains("(camel-1) started in"));
                camelK.queue().resume();
                await("all that was kept has been acknowledged")
                        .atMost(PATIENCE)
                        .until(() -> camelK.queue().getMessageCount() == 0);
            }
            camelK.awaitPictures();
        }
    }

    /** As the operator starts it: with all properties in a file. */
    private Running start(CamelKRun camelK) throws IOException {
        Properties properties = new Properties();
        properties.putAll(camelK.properties());
        Path file = temporary.resolve("application.properties");
        try (Writer writer = Files.newBufferedWriter(file)) {
            properties.store(writer, null);
        }
        return Application.QUARKUS.jar(
                log, Map.of("quarkus.config.locations", file.toString(), "camel.main.shutdown-timeout", "1"));
    }

    private static String file(String path) {
        return "file:" + Path.of(path).toAbsolutePath();
    }

    private byte[] picture(String name) throws IOException {
        byte[] picture = new byte[50_000];
        new Random(name.hashCode()).nextBytes(picture);
        Path file = temporary.resolve(name);
        Files.createDirectories(file.getParent());
        Files.write(file, picture);
        return picture;
    }
}
