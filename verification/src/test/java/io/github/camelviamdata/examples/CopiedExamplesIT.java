// Copyright the camel-viamdata authors. SPDX-License-Identifier: Apache-2.0
package io.github.camelviamdata.examples;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.github.camelviamdata.faults.Ports;
import io.github.camelviamdata.service.FileTree;
import io.github.camelviamdata.service.TestCall;
import io.github.camelviamdata.service.TestService;
import io.grpc.Status;
import java.io.Reader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import org.apache.camel.CamelContext;
import org.apache.camel.ProducerTemplate;
import org.apache.camel.impl.DefaultCamelContext;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Each example that makes sense alone, copied to an empty folder and run there with a Maven of its own. They all start at once,
 * because each of them waits more than it computes.
 */
@Tag("examples")
@Timeout(300)
class CopiedExamplesIT {

    private static final Duration PATIENCE = Duration.ofMinutes(2);
    private static final String REFUSED = "refused";

    @TempDir
    static Path directory;

    private static final Map<String, CopiedExample> EXAMPLES = new HashMap<>();
    private static final Map<String, Integer> GATEWAYS = new HashMap<>();
    private static final MqttBroker MQTT = new MqttBroker();
    private static final KafkaBroker KAFKA = new KafkaBroker();
    private static final CamelContext CAMERAS = new DefaultCamelContext();

    private static String mqtt;
    private static String kafka;
    private static int s3Port;

    @BeforeAll
    static void startAll() throws Exception {
        int mqttPort = Ports.free();
        MQTT.setPort(mqttPort);
        MQTT.setDirectory(directory.resolve("mqtt-broker").toString());
        MQTT.start();
        mqtt = "tcp://localhost:" + mqttPort;
        int kafkaPort = Ports.free();
        KAFKA.setPort(kafkaPort);
        KAFKA.setDirectory(directory.resolve("kafka-broker").toString());
        KAFKA.start();
        kafka = "localhost:" + kafkaPort;
        CAMERAS.start();
        start("file", directory.resolve("file/inbox").toString());
        start("mqtt", mqtt);
        start("readings", mqtt);
        start("kafka", kafka);
        start("capture", directory.resolve("capture/disk").toString());
        for (String gateway : List.of("relay", "offline")) {
            GATEWAYS.put(gateway, Ports.free());
            start(gateway, GATEWAYS.get(gateway).toString());
        }
        s3Port = Ports.free();
        start("export", "dataset", S3Server.options(s3Port).toArray(String[]::new));
    }

    private static void start(String name, String value, String... options) throws Exception {
        EXAMPLES.put(name, new CopiedExample(name, directory, value, options));
    }

    @AfterAll
    static void stopAll() throws Exception {
        for (CopiedExample example : EXAMPLES.values()) {
            example.close();
        }
        CAMERAS.close();
        KAFKA.stop();
        MQTT.stop();
    }

    @ParameterizedTest
    @ValueSource(strings = {"file", "mqtt", "readings", "kafka", "capture", "relay", "offline"})
    void runsByItsReadmeAndSaysWhatFails(String name) throws Exception {
        CopiedExample example = EXAMPLES.get(name);
        await().atMost(PATIENCE).until(() -> example.lines().stream().anyMatch(line -> line.contains(" started in ")));

        send(name, example);

        String address = "localhost:" + example.viamPort;
        await("the outage on the screen")
                .atMost(PATIENCE)
                .untilAsserted(() -> assertThat(example.lines())
                        .anyMatch(line ->
                                line.contains("WARN") && line.contains(address) && line.contains("UNAVAILABLE")));
        try (TestService viam = TestService.plaintext(example.viamPort)
                .giving(request -> "token-of-" + request.getEntity())
                .answering(call -> isRefused(call) ? Status.INVALID_ARGUMENT : Status.OK)) {
            if (name.equals("relay")) {
                // Its clients try again; the first may come before its connection does.
                await().atMost(PATIENCE).until(() -> relayed("gate"));
                relayed(REFUSED);
            }
            await("an upload")
                    .atMost(PATIENCE)
                    .untilAsserted(() -> assertThat(viam.uploads())
                            .filteredOn(TestCall::isHalfClosed)
                            .anyMatch(call -> !isRefused(call)));
            await("the refusal on the screen")
                    .atMost(PATIENCE)
                    .untilAsserted(() -> assertThat(example.lines())
                            .anyMatch(line -> line.contains("WARN") && line.contains("INVALID_ARGUMENT")));
            assertThat(viam.uploads())
                    .allMatch(call -> call.header("authorization").equals("Bearer token-of-id"));
        }
        assertThat(example.lines())
                .filteredOn(line -> line.contains("INVALID_ARGUMENT"))
                .as("one line for each message that is refused")
                .hasSize(1);
        assertThat(example.lines())
                .as("a line for each kind of failure, and not a page")
                .noneMatch(line -> line.matches("\\s*at [\\w.$/]+\\(.*") || line.contains("Message History"))
                .filteredOn(line -> line.contains("UNAVAILABLE"))
                .hasSizeBetween(1, 20);
    }

    @Test
    void theExportRunsByItsReadmeAndSaysWhatFails() throws Exception {
        CopiedExample example = EXAMPLES.get("export");
        await("the outage of Viam on the screen")
                .atMost(PATIENCE)
                .untilAsserted(() -> assertThat(example.lines())
                        .anyMatch(line -> line.contains("WARN")
                                && line.contains("localhost:" + example.viamPort)
                                && line.contains("UNAVAILABLE")));
        Path inbox = Path.of("examples/file/inbox");
        DatasetService viam = DemoIT.dataset(example.viamPort, inbox);
        S3Server s3 = DemoIT.s3(s3Port, directory.resolve("buckets"));
        viam.start();
        try {
            await("the outage of S3 on the screen")
                    .atMost(PATIENCE)
                    .untilAsserted(() -> assertThat(example.lines())
                            .anyMatch(line -> line.contains("WARN") && line.contains("localhost:" + s3Port)));
            assertThat(viam.isEmpty()).isFalse();
            s3.start();
            try {
                await("all that was in the dataset").atMost(PATIENCE).until(viam::isEmpty);
            } finally {
                s3.stop();
            }
        } finally {
            viam.stop();
        }
        assertThat(FileTree.files(directory.resolve("buckets/my-bucket")).keySet())
                .hasSize(FileTree.files(inbox).size())
                .isEqualTo(FileTree.files(example.folder.resolve("exported")).keySet());
        assertThat(example.lines())
                .as("a line for each failure, and not a page")
                .noneMatch(line -> line.matches("\\s*at [\\w.$/]+\\(.*") || line.contains("Message History"));
    }

    /** What Viam is to refuse: what is called so, and the point cloud of the capture folder. */
    private static boolean isRefused(TestCall call) {
        String first = new String(call.messages().get(0), StandardCharsets.ISO_8859_1);
        return first.contains(REFUSED) || first.contains("NextPointCloud");
    }

    /** A message that is stored, and one that is refused. */
    private static void send(String name, CopiedExample example) throws Exception {
        ProducerTemplate camera = CAMERAS.createProducerTemplate();
        switch (name) {
            case "file" -> Files.writeString(example.folder.resolve("inbox/gate/late.jpg"), REFUSED);
            case "mqtt" -> {
                camera.sendBody("paho-mqtt5:cameras/gate/GetImages?brokerUrl=" + mqtt, "picture");
                camera.sendBody("paho-mqtt5:cameras/" + REFUSED + "/GetImages?brokerUrl=" + mqtt, "picture");
            }
            case "readings" -> {
                camera.sendBody("paho-mqtt5:sensors/tank/Readings?brokerUrl=" + mqtt, "{\"level\": 1}");
                camera.sendBody("paho-mqtt5:sensors/" + REFUSED + "/Readings?brokerUrl=" + mqtt, "{\"level\": 1}");
            }
            case "kafka" -> {
                for (String component : List.of("gate", REFUSED)) {
                    camera.sendBodyAndHeaders(
                            "kafka:frames?brokers=" + kafka,
                            "picture",
                            Map.of("camera", component, "method", "GetImages", "extension", ".jpg"));
                }
            }
            case "relay", "offline" -> {
                for (String component : List.of("gate", REFUSED)) {
                    camera.send(
                            client(name, component),
                            exchange -> exchange.getMessage().setBody("picture"));
                }
            }
            case "capture" -> {
                Path dock = example.folder.resolve("disk/rdk_component_camera/dock");
                assertThat(dock).as("which the example begins with").exists();
            }
            default -> throw new AssertionError(name);
        }
    }

    private static boolean relayed(String component) throws Exception {
        String client = client("relay", component);
        return CAMERAS.createProducerTemplate()
                        .send(client, exchange -> exchange.getMessage().setBody("picture"))
                        .getException()
                == null;
    }

    private static String client(String name, String component) throws Exception {
        Properties keys = new Properties();
        try (Reader reader = Files.newBufferedReader(Path.of("examples", name, "application.properties"))) {
            keys.load(reader);
        }
        String prefix = name.equals("relay") ? "relay" : "gateway";
        return "viamdata:part?componentType=camera&methodName=GetImages&fileExtension=.jpg&plaintext=true&maxAttempts=1"
                + "&host=localhost&port=" + GATEWAYS.get(name)
                + "&componentName=" + component
                + "&apiKeyId=" + keys.getProperty(prefix + ".api-key-id")
                + "&apiKey=" + keys.getProperty(prefix + ".api-key");
    }
}
