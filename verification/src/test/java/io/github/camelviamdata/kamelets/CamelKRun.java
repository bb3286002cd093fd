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
import java.io.InputStream;
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
import java.util.Random;
import org.apache.activemq.artemis.core.protocol.mqtt.MQTTSessionState;
import org.apache.activemq.artemis.core.protocol.mqtt.MQTTStateManager;
import org.apache.activemq.artemis.core.server.Queue;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.eclipse.paho.mqttv5.client.MqttClient;
import org.eclipse.paho.mqttv5.client.persist.MemoryPersistence;
import org.eclipse.paho.mqttv5.common.MqttException;
import org.snakeyaml.engine.v2.api.Dump;
import org.snakeyaml.engine.v2.api.DumpSettings;

/**
 * A file of {@code examples/camel-k} without a cluster: what Camel K's operator makes of it, the broker that it reads from,
 * pictures, and a service that takes them by the API key of the Secret. Camel can read a Pipe by itself, but it encodes
 * placeholders for a URI, and so no longer knows them.
 */
public final class CamelKRun implements AutoCloseable {

    private final TestService service = TestService.plaintext();
    private final Map<String, String> properties = new HashMap<>();
    private final Map<String, String> secret = new HashMap<>();
    private final Map<String, byte[]> pictures = new HashMap<>();
    private final Path folder;
    private final KameletFile resource;
    private final boolean pipe;
    private final int port;
    private KafkaBroker kafka;
    private MqttBroker mqtt;

    /** @param folder takes what the operator mounts, and what the broker keeps */
    public CamelKRun(String example, Path folder) throws Exception {
        this(CamelKTest.example(example), folder);
    }

    CamelKRun(KameletFile resource, Path folder) throws Exception {
        this.folder = folder;
        this.resource = resource;
        pipe = resource.text("kind").equals("Pipe");
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = socket.getLocalPort();
        }
        for (String name : CamelKTest.secret().stringPropertyNames()) {
            secret.put(name, name + " of the Secret");
        }
        service.giving(request -> apiKey().equals(request.getCredentials().getPayload())
                        && secret.get("viam.api-key-id").equals(request.getEntity())
                ? "token-of-the-secret"
                : null);
        properties.putAll(secret);
        List<?> flows = pipe ? pipe() : resource.at("spec", "flows");
        Path routes = Files.writeString(
                folder.resolve("flows.yaml"), new Dump(DumpSettings.builder().build()).dumpToString(flows));
        if (!pipe) {
            set(resource.list("spec", "traits", "camel", "properties"));
        }
        properties.put("camel.main.routes-include-pattern", "file:" + routes);
        properties.put("camel.component.viamdata.host", "localhost");
        properties.put("camel.component.viamdata.port", String.valueOf(service.port()));
        properties.put("camel.component.viamdata.plaintext", "true");
        startBroker();
    }

    private void set(Iterable<String> lines) {
        for (String line : lines) {
            properties.put(line.substring(0, line.indexOf('=')), line.substring(line.indexOf('=') + 1));
        }
    }

    /** Properties of Kamelets by the name of the end they are at, Kamelets of the cluster as files, and a route. */
    private List<?> pipe() throws IOException {
        Map<String, String> annotations = resource.at("metadata", "annotations");
        set(List.of(new ObjectMapper()
                .readValue(annotations.get("trait.camel.apache.org/camel.properties"), String[].class)));
        Path kamelets = Files.createDirectories(folder.resolve("kamelets"));
        for (String name :
                annotations.get("trait.camel.apache.org/kamelets.list").split(",")) {
            String file = name + ".kamelet.yaml";
            try (InputStream kamelet = CamelKRun.class.getResourceAsStream("/kamelets/" + file)) {
                Files.copy(kamelet, kamelets.resolve(file));
            }
        }
        properties.put("camel.component.kamelet.location", "file:" + kamelets + ",classpath:/kamelets");
        return List.of(Map.of(
                "route",
                Map.of(
                        "id",
                        "binding",
                        "from",
                        Map.of("uri", end("source"), "steps", List.of(Map.of("to", end("sink")))))));
    }

    private String end(String end) {
        String kamelet = resource.text("spec", end, "ref", "name");
        resource.<Map<String, Object>>at("spec", end, "properties")
                .forEach((property, value) ->
                        properties.put("camel.kamelet." + kamelet + "." + end + "." + property, value.toString()));
        return "kamelet:" + kamelet + "/" + end;
    }

    private void startBroker() throws Exception {
        if (properties.containsKey("mqtt.broker")) {
            mqtt = new MqttBroker();
            mqtt.setPort(port);
            mqtt.setDirectory(folder.resolve("mqtt").toString());
            mqtt.start();
            properties.put("mqtt.broker", "tcp://localhost:" + port);
        } else {
            kafka = new KafkaBroker();
            kafka.setPort(port);
            kafka.setDirectory(folder.resolve("kafka").toString());
            kafka.start();
            properties.put("kafka.brokers", "localhost:" + port);
        }
    }

    /** All that the operator mounts as properties, but with the brokers and the service of this process. */
    public Map<String, String> properties() {
        return properties;
    }

    public String apiKey() {
        return secret.get("viam.api-key");
    }

    public TestService service() {
        return service;
    }

    public void restartMqtt() throws Exception {
        mqtt.stop();
        mqtt.start();
    }

    /** What the broker keeps for the MQTT session of the Pipe; null before its first connection. */
    public Queue queue() {
        return mqtt.server().locateQueue(clientId() + "." + topic().replace('/', '.'));
    }

    /** The MQTT session of the Pipe as the broker knows it. */
    public MQTTSessionState session() throws Exception {
        return MQTTStateManager.getInstance(mqtt.server()).getSessionState(clientId());
    }

    private String clientId() {
        return resource.text("spec", "source", "properties", "clientId");
    }

    private String topic() {
        return pipe ? resource.text("spec", "source", "properties", "topic") : properties.get("kafka.topic");
    }

    /** Publishes so many pictures more. The broker has them when this returns. */
    public void publish(int count) throws Exception {
        Random random = new Random(pictures.size());
        Map<String, byte[]> more = new HashMap<>();
        for (int i = 0; i < count; i++) {
            byte[] picture = new byte[1000 + random.nextInt(50_000)];
            random.nextBytes(picture);
            more.put("camera-" + i % 7 + "/" + (pictures.size() + i), picture);
        }
        pictures.putAll(more);
        if (mqtt == null) {
            publishToKafka(more);
        } else {
            publishToMqtt(more);
        }
    }

    private void publishToMqtt(Map<String, byte[]> more) throws MqttException {
        MqttClient camera = new MqttClient(properties.get("mqtt.broker"), "camera", new MemoryPersistence());
        camera.connect();
        for (byte[] picture : more.values()) {
            camera.publish(topic(), picture, 1, false);
        }
        camera.disconnect();
        camera.close();
    }

    private void publishToKafka(Map<String, byte[]> more) {
        try (KafkaProducer<byte[], byte[]> producer = new KafkaProducer<>(
                Map.of("bootstrap.servers", "localhost:" + port),
                new ByteArraySerializer(),
                new ByteArraySerializer())) {
            more.forEach((name, picture) -> {
                ProducerRecord<byte[], byte[]> frame = new ProducerRecord<>(topic(), picture);
                frame.headers().add("camera", camera(name).getBytes(StandardCharsets.UTF_8));
                producer.send(frame);
            });
        }
    }

    private static String camera(String name) {
        return name.substring(0, name.indexOf('/'));
    }

    /** Waits until each picture has been sent at least once, and looks at how. */
    public void awaitPictures() {
        Map<String, TestCall> calls = new HashMap<>();
        await().atMost(Duration.ofSeconds(120)).until(() -> {
            service.uploads().stream()
                    .filter(TestCall::isHalfClosed)
                    .forEach(call -> calls.put(Arrays.toString(call.payload()), call));
            return calls.size() >= pictures.size();
        });
        pictures.forEach((name, picture) -> {
            TestCall call = calls.get(Arrays.toString(picture));
            assertThat(call).as(name + " arrived byte for byte").isNotNull();
            assertThat(call.metadata().getPartId()).isEqualTo(secret.get("viam.part-id"));
            assertThat(call.metadata().getComponentType()).isEqualTo("camera");
            assertThat(call.metadata().getComponentName()).isEqualTo(pipe ? "gate" : camera(name));
            assertThat(call.metadata().getMethodName()).isEqualTo("GetImages");
            assertThat(call.metadata().getFileExtension()).isEqualTo(".jpg");
            assertThat(call.header("authorization")).isEqualTo("Bearer token-of-the-secret");
        });
    }

    @Override
    public void close() throws Exception {
        if (mqtt != null) {
            mqtt.stop();
        }
        if (kafka != null) {
            kafka.stop();
        }
        service.close();
    }
}
