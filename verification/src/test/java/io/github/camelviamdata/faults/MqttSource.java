// Copyright the camel-viamdata authors. SPDX-License-Identifier: Apache-2.0
package io.github.camelviamdata.faults;

import static org.awaitility.Awaitility.await;

import io.github.camelviamdata.examples.MqttBroker;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.eclipse.paho.mqttv5.client.MqttClient;
import org.eclipse.paho.mqttv5.client.MqttConnectionOptions;
import org.eclipse.paho.mqttv5.client.persist.MemoryPersistence;
import org.eclipse.paho.mqttv5.common.MqttException;

/** A broker of MQTT. What is published to it is of QoS 1. */
abstract class MqttSource extends FieldSource {

    final int port;
    int routePort;

    private MqttClient cameras;

    MqttSource(Path directory, String name) throws IOException {
        super(directory, name, "examples/mqtt/upload.camel.yaml");
        port = Ports.free();
        routePort = port;
    }

    @Override
    List<String> properties() {
        return List.of("mqtt.broker=tcp://localhost:" + routePort, "mqtt.client-id=uploader", "mqtt.topic=" + topics());
    }

    @Override
    String place() {
        return "cameras/gate/GetImages";
    }

    @Override
    List<String> oddPlaces() {
        return List.of("cameras/../x", "cameras/" + "l".repeat(300) + "/GetImages");
    }

    @Override
    List<String> refusedPlaces() {
        return List.of("cameras/yard/", "cameras//");
    }

    @Override
    int port() {
        return port;
    }

    @Override
    void routeBy(int proxyPort) {
        routePort = proxyPort;
    }

    /** What the route subscribes to. */
    String topics() {
        return "cameras/+/+";
    }

    /** The session of the route. What is published before there is one goes to nobody. */
    @Override
    void announce() throws MqttException {
        MqttClient route = new MqttClient("tcp://localhost:" + port, "uploader", new MemoryPersistence());
        MqttConnectionOptions options = new MqttConnectionOptions();
        options.setCleanStart(false);
        options.setSessionExpiryInterval(86_400L);
        await().atMost(FieldSupport.STARTUP).ignoreExceptions().until(() -> {
            route.connect(options);
            return true;
        });
        route.subscribe(topics(), 1);
        route.disconnect();
        route.close();
    }

    MqttClient client(String id) throws MqttException {
        MqttClient client = new MqttClient("tcp://localhost:" + port, id, new MemoryPersistence());
        client.setTimeToWait(5_000);
        client.connect(new MqttConnectionOptions());
        return client;
    }

    /** By QoS 1: the broker has it when this returns. */
    @Override
    void publish(int number, String topic, byte[] body) {
        await().pollDelay(Duration.ZERO).atMost(Duration.ofSeconds(200)).until(() -> {
            try {
                if (cameras == null || !cameras.isConnected()) {
                    cameras = client("cameras");
                }
                cameras.publish(topic, body, 1, false);
                return true;
            } catch (MqttException e) {
                return false;
            }
        });
    }

    static class OfMosquitto extends MqttSource {

        final Mosquitto broker;

        OfMosquitto(Path directory) throws IOException {
            this(directory, "");
        }

        OfMosquitto(Path directory, String settings) throws IOException {
            super(directory, "mosquitto");
            // What the page tells users to tell it.
            broker = new Mosquitto(directory.resolve("mosquitto"), port, "max_queued_messages 0\n" + settings);
        }

        @Override
        void start() throws Exception {
            broker.start();
        }

        @Override
        void stop() throws Exception {
            broker.stop();
        }

        @Override
        void signal(String name) throws Exception {
            broker.signal(name);
        }
    }

    static final class OfArtemis extends MqttSource {

        private final int maximumPacketSize;
        private Child broker;

        OfArtemis(Path directory) throws IOException {
            this(directory, MqttBroker.DEFAULT_MAXIMUM_PACKET_SIZE);
        }

        OfArtemis(Path directory, int maximumPacketSize) throws IOException {
            super(directory, "Artemis");
            this.maximumPacketSize = maximumPacketSize;
        }

        /** Artemis makes periods of slashes, so what it gets by cameras/../x is for another topic. */
        @Override
        List<String> oddPlaces() {
            return super.oddPlaces().stream()
                    .filter(place -> !place.contains(".."))
                    .toList();
        }

        @Override
        void start() throws Exception {
            broker = broker("artemis", port, maximumPacketSize);
        }

        @Override
        void stop() throws Exception {
            broker.terminate(180);
        }

        @Override
        void signal(String name) throws Exception {
            signal(broker.pid(), name);
        }
    }
}
