// Copyright the camel-viamdata authors. SPDX-License-Identifier: Apache-2.0
package io.github.camelviamdata.examples;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.github.camelviamdata.ViamDataConstants;
import io.github.camelviamdata.server.Received;
import io.github.camelviamdata.service.FileTree;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CountDownLatch;
import org.eclipse.paho.mqttv5.client.MqttClient;
import org.eclipse.paho.mqttv5.client.persist.MemoryPersistence;
import org.eclipse.paho.mqttv5.common.MqttException;
import org.junit.jupiter.api.Test;

/** The routes of {@code examples/mqtt} and {@code examples/readings}, between a real broker and a {@code viamdata-server}. */
class MqttExampleIT extends ExampleTestSupport {

    @Test
    void mqttIsAcknowledgedAfterTheUploadAndNotBefore() throws Exception {
        CountDownLatch answers = holdAnswers();
        // So that nothing but the lack of acknowledgements holds the messages back.
        Example example = start("mqtt", Map.of("camel.component.viamdata.maxInFlight", "500"), "broker", "upload");
        Map<String, Sent> sent = new TreeMap<>();
        MqttClient camera = camera(example);
        for (int i = 0; i < MESSAGES; i++) {
            String name = "camera-" + i % 7;
            String method = i % 3 == 0 ? "GetImages" : "ReadImage";
            byte[] body = picture(i);
            sent.put(key(body), new Sent(body, headers(name, method, ".jpg")));
            camera.publish("cameras/" + name + "/" + method, body, 1, false);
        }

        // The broker sends no more than these.
        await().until(() -> viam.received.size() >= 64);
        await().during(Duration.ofMillis(500)).until(() -> viam.received.size() == 64);
        answers.countDown();
        arrive(sent, ViamDataConstants.TIME_REQUESTED);
        assertThat(viam.received).hasSize(MESSAGES);

        restart(example, "mqtt", Map.of("mqtt.port", example.property("mqtt.port")), "upload");
        await().during(Duration.ofSeconds(1)).until(() -> viam.received.size() == MESSAGES);
    }

    @Test
    void mqttPutsAsideWhatIsRefused() throws Exception {
        refuse(upload -> upload.bytes()[0] == 'x');
        Example example = start("mqtt", Map.of(), "broker", "upload");
        MqttClient camera = camera(example);
        for (String body : List.of("first", "x-refused", "last")) {
            camera.publish("cameras/gate/GetImages", body.getBytes(StandardCharsets.UTF_8), 1, false);
        }

        await().until(() -> viam.received.size() == 3);
        Path rejected = Path.of(example.property("rejected"));
        await().untilAsserted(() -> assertThat(FileTree.files(rejected).values())
                .hasSize(2)
                .anySatisfy(file ->
                        assertThat(file).hasContent("x-refused").asString().endsWith("-cameras_gate_GetImages"))
                .anySatisfy(
                        file -> assertThat(file).hasExtension("json").content().contains("INVALID_ARGUMENT")));
        restart(example, "mqtt", Map.of("mqtt.port", example.property("mqtt.port")), "upload");
        await().during(Duration.ofSeconds(1)).until(() -> viam.received.size() == 3);
    }

    @Test
    void readingsArriveWithTheTimesOfTheirFields() throws Exception {
        refuse(upload -> upload.body().toString().contains("refused"));
        Example example = start("readings", Map.of(), "broker", "upload");
        MqttClient sensor = camera(example);
        Map<Object, String> sent = new TreeMap<>();
        for (int i = 0; i < MESSAGES; i++) {
            String name = "sensor-" + i % 7;
            sent.put((double) i, name);
            String json = "{\"ts\": %d, \"value\": %d}".formatted(captured(i).toEpochMilli(), i);
            sensor.publish("sensors/" + name + "/Readings", json.getBytes(StandardCharsets.UTF_8), 1, false);
        }
        sensor.publish("sensors/tank/Readings", "[{\"ts\": \"noon\"}]".getBytes(StandardCharsets.UTF_8), 1, false);
        sensor.publish("sensors/tank/Readings", "[{\"text\": \"refused\"}]".getBytes(StandardCharsets.UTF_8), 1, false);

        Path rejected = Path.of(example.property("rejected"));
        await().untilAsserted(() -> assertThat(FileTree.files(rejected).values())
                .hasSize(4)
                .anySatisfy(file -> assertThat(file).hasContent("[{\"ts\": \"noon\"}]"))
                .anySatisfy(file -> assertThat(file).hasContent("[{\"text\": \"refused\"}]")));
        await().until(() -> viam.received.size() == MESSAGES + 1);
        Map<Object, String> arrived = new TreeMap<>();
        for (Received upload : viam.received) {
            Map<?, ?> reading = (Map<?, ?>) ((Map<?, ?>) ((List<?>) upload.body()).get(0)).get("readings");
            if (reading.get("value") instanceof Double value) {
                arrived.put(value, component(upload));
                assertThat(upload.headers().get(ViamDataConstants.TIME_REQUESTED))
                        .isEqualTo(captured(value.intValue()))
                        .isEqualTo(upload.headers().get(ViamDataConstants.TIME_RECEIVED));
            }
        }
        assertThat(arrived).isEqualTo(sent);
    }

    private MqttClient camera(Example example) throws MqttException {
        MqttClient camera = new MqttClient(example.property("mqtt.broker"), "cameras", new MemoryPersistence());
        camera.connect();
        running.add(() -> {
            camera.disconnect();
            camera.close();
        });
        return camera;
    }

    /** The upload route alone stops and starts; the broker stays. */
    private void restart(Example example, String name, Map<String, String> properties, String... files)
            throws Exception {
        example.main().getCamelContext().getRouteController().stopRoute("upload");
        start(name, properties, files);
    }
}
