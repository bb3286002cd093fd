// Copyright the camel-viamdata authors. SPDX-License-Identifier: Apache-2.0
package io.github.camelviamdata.kamelets;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.github.camelviamdata.examples.KafkaBroker;
import io.github.camelviamdata.examples.MqttBroker;
import io.github.camelviamdata.service.TestCall;
import io.github.camelviamdata.service.TestService;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.Random;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.component.paho.mqtt5.PahoMqtt5Endpoint;
import org.apache.camel.main.Main;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.eclipse.paho.mqttv5.client.MqttClient;
import org.eclipse.paho.mqttv5.client.persist.MemoryPersistence;
import org.eclipse.paho.mqttv5.common.MqttMessage;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.snakeyaml.engine.v2.api.Dump;
import org.snakeyaml.engine.v2.api.DumpSettings;

/**
 * The Integration and the Pipes of {@code examples/camel-k}, with the brokers that they read from and with Camel's own
 * Kamelets, on Camel Main. What the operator of Camel K makes of them is done here. Camel can read a Pipe by itself, but it
 * encodes placeholders for a URI, and so no longer knows them.
 */
@Tag("examples")
class CamelKIT {

    private static final int PICTURES = 200;

    @TempDir
    Path folder;

    private final TestService service = TestService.plaintext();
    private final Main main = new Main();
    private final Map<String, byte[]> pictures = new HashMap<>();
    private int port;

    @BeforeEach
    void connect() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = socket.getLocalPort();
        }
        Properties secret = CamelKTest.secret();
        service.giving(request -> secret.getProperty("viam.api-key")
                                .equals(request.getCredentials().getPayload())
                        && secret.getProperty("viam.api-key-id").equals(request.getEntity())
                ? "token-of-the-secret"
                : null);
        secret.stringPropertyNames().forEach(name -> main.addInitialProperty(name, secret.getProperty(name)));
        main.addInitialProperty("camel.component.viamdata.host", "localhost");
        main.addInitialProperty("camel.component.viamdata.port", String.valueOf(service.port()));
        main.addInitialProperty("camel.component.viamdata.plaintext", "true");
        main.configure().setAutoConfigurationLogSummary(false);
        main.configure().setShutdownTimeout(10);
        Random random = new Random(4);
        for (int i = 0; i < PICTURES; i++) {
            byte[] picture = new byte[1000 + random.nextInt(50_000)];
            random.nextBytes(picture);
            pictures.put("camera-" + i % 7 + "/" + i, picture);
        }
    }

    @AfterEach
    void stop() {
        main.stop();
        service.close();
    }

    private void properties(Iterable<String> lines) {
        for (String line : lines) {
            main.addInitialProperty(line.substring(0, line.indexOf('=')), line.substring(line.indexOf('=') + 1));
        }
    }

    /** As the operator does it: properties of Kamelets by the name of the end they are at, and a route between the two. */
    private void startPipe(String name, String broker) throws Exception {
        KameletFile pipe = CamelKTest.example(name);
        properties(List.of(new ObjectMapper()
                .readValue(
                        pipe.<Map<String, String>>at("metadata", "annotations")
                                .get("trait.camel.apache.org/camel.properties"),
                        String[].class)));
        main.addInitialProperty(broker.substring(0, broker.indexOf('=')), broker.substring(broker.indexOf('=') + 1));
        Map<String, String> ends = new HashMap<>();
        for (String end : List.of("source", "sink")) {
            String kamelet = pipe.text("spec", end, "ref", "name");
            ends.put(end, "kamelet:" + kamelet + "/" + end);
            pipe.<Map<String, Object>>at("spec", end, "properties")
                    .forEach((property, value) -> main.addInitialProperty(
                            "camel.kamelet." + kamelet + "." + end + "." + property, value.toString()));
        }
        main.configure().addRoutesBuilder(new RouteBuilder() {
            @Override
            public void configure() {
                from(ends.get("source")).routeId("binding").to(ends.get("sink"));
            }
        });
        main.start();
    }

    private KafkaBroker kafka() throws IOException {
        KafkaBroker broker = new KafkaBroker();
        broker.setPort(port);
        broker.setDirectory(folder.resolve("kafka").toString());
        broker.start();
        return broker;
    }

    private void publishToKafka(String topic) {
        try (KafkaProducer<byte[], byte[]> producer = new KafkaProducer<>(
                Map.of("bootstrap.servers", "localhost:" + port),
                new ByteArraySerializer(),
                new ByteArraySerializer())) {
            pictures.forEach((name, picture) -> {
                ProducerRecord<byte[], byte[]> frame = new ProducerRecord<>(topic, picture);
                frame.headers().add("camera", camera(name).getBytes(StandardCharsets.UTF_8));
                producer.send(frame);
            });
        }
    }

    private static String camera(String name) {
        return name.substring(0, name.indexOf('/'));
    }

    private void awaitPictures(boolean camerasOfTheirOwn) throws IOException {
        await().atMost(Duration.ofSeconds(40))
                .untilAsserted(() -> assertThat(service.uploads()).hasSize(PICTURES));
        await().until(() -> service.uploads().stream().allMatch(TestCall::isHalfClosed));
        String part = CamelKTest.secret().getProperty("viam.part-id");
        Map<String, TestCall> calls = new HashMap<>();
        service.uploads().forEach(call -> calls.put(Arrays.toString(call.payload()), call));
        pictures.forEach((name, picture) -> {
            TestCall call = calls.get(Arrays.toString(picture));
            assertThat(call).as(name + " arrived byte for byte").isNotNull();
            assertThat(call.metadata().getPartId()).isEqualTo(part);
            assertThat(call.metadata().getComponentType()).isEqualTo("camera");
            assertThat(call.metadata().getComponentName()).isEqualTo(camerasOfTheirOwn ? camera(name) : "gate");
            assertThat(call.metadata().getMethodName()).isEqualTo("GetImages");
            assertThat(call.metadata().getFileExtension()).isEqualTo(".jpg");
            assertThat(call.header("authorization")).isEqualTo("Bearer token-of-the-secret");
        });
    }

    @Test
    void theIntegrationUploadsFromKafka() throws Exception {
        KafkaBroker broker = kafka();
        try {
            KameletFile integration = CamelKTest.example("integration.yaml");
            properties(integration.list("spec", "traits", "camel", "properties"));
            main.addInitialProperty("kafka.brokers", "localhost:" + port);
            Path routes = Files.writeString(
                    folder.resolve("flows.yaml"),
                    new Dump(DumpSettings.builder().build()).dumpToString(integration.at("spec", "flows")));
            publishToKafka("frames");

            main.configure().setRoutesIncludePattern("file:" + routes);
            main.start();

            awaitPictures(true);
        } finally {
            main.stop();
            broker.stop();
        }
    }

    @Test
    void thePipeUploadsFromKafka() throws Exception {
        KafkaBroker broker = kafka();
        try {
            publishToKafka("gate");

            startPipe("kafka-pipe.yaml", "kafka.brokers=localhost:" + port);

            awaitPictures(false);
        } finally {
            main.stop();
            broker.stop();
        }
    }

    @Test
    void thePipeUploadsFromMqtt() throws Exception {
        MqttBroker broker = new MqttBroker();
        broker.setPort(port);
        broker.setDirectory(folder.resolve("mqtt").toString());
        broker.start();
        MqttClient camera = new MqttClient("tcp://localhost:" + port, "camera", new MemoryPersistence());
        try {
            startPipe("mqtt-pipe.yaml", "mqtt.broker=tcp://localhost:" + port);
            assertThat(main.getCamelContext().getEndpoints())
                    .filteredOn(PahoMqtt5Endpoint.class::isInstance)
                    .singleElement()
                    .satisfies(endpoint -> {
                        var settings = ((PahoMqtt5Endpoint) endpoint).getConfiguration();
                        assertThat(settings.getQos()).isEqualTo(1);
                        assertThat(settings.isManualAcksEnabled()).isTrue();
                        assertThat(settings.isCleanStart()).isFalse();
                        assertThat(settings.getSessionExpiryInterval()).isEqualTo(86_400);
                    });
            camera.connect();
            for (byte[] picture : pictures.values()) {
                MqttMessage message = new MqttMessage(picture);
                message.setQos(1);
                camera.publish("cameras/gate/jpg", message);
            }

            awaitPictures(false);
            camera.disconnect();
        } finally {
            camera.close();
            main.stop();
            broker.stop();
        }
    }
}
