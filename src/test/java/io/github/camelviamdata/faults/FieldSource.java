// Copyright the camel-viamdata authors. SPDX-License-Identifier: Apache-2.0
package io.github.camelviamdata.faults;

import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.eclipse.paho.mqttv5.client.MqttClient;
import org.eclipse.paho.mqttv5.client.MqttConnectionOptions;
import org.eclipse.paho.mqttv5.client.persist.MemoryPersistence;
import org.eclipse.paho.mqttv5.common.MqttException;

/** A real source of messages, and a route of the examples that uploads them. */
abstract class FieldSource {

    final Path directory;
    private final String name;
    private final String routes;

    FieldSource(Path directory, String name, String routes) {
        this.directory = directory;
        this.name = name;
        this.routes = routes;
    }

    String name() {
        return name;
    }

    /** The file with the route. */
    String routes() {
        return routes;
    }

    abstract void start() throws Exception;

    abstract void stop() throws Exception;

    /** Sends {@code SIGSTOP} or {@code SIGCONT} to the broker. */
    abstract void signal(String name) throws Exception;

    static void signal(long process, String name) throws IOException, InterruptedException {
        new ProcessBuilder("kill", "-" + name, String.valueOf(process)).start().waitFor();
    }

    Child broker(String kind, int port, int advertisedPort) throws IOException {
        return new Child(
                Files.createDirectories(Report.DIRECTORY).resolve("field-broker-" + kind + ".log"),
                BrokerProgram.class,
                List.of("-Xmx512m", "-XX:TieredStopAtLevel=1"),
                kind,
                String.valueOf(port),
                String.valueOf(advertisedPort),
                directory.resolve(kind).toString());
    }

    /** Lets the source know of the route that comes later, where it would keep nothing for it otherwise. */
    void announce() throws Exception {
        // Kafka and folders keep all.
    }

    /** Gives a message to the source, which has it when this returns. A place is a topic, a folder, or a record's extension. */
    abstract void publish(int number, String place, byte[] body) throws Exception;

    /** A place of a camera that is called gate. */
    abstract String place();

    /** Places that names of files or topics can be, and that no route is made for. */
    abstract List<String> oddPlaces();

    abstract List<String> properties();

    /** Files that were put aside, without their reasons. */
    long putAside() throws IOException {
        Path folder = directory.resolve("rejected");
        if (!Files.exists(folder)) {
            return 0;
        }
        try (var files = Files.list(folder)) {
            return files.filter(file -> file.toString().endsWith(".json")).count();
        }
    }

    abstract static class Mqtt extends FieldSource {

        final int port;
        /** Where routes connect to; a proxy, perhaps. */
        int routePort;

        private MqttClient cameras;

        Mqtt(Path directory, String name) throws IOException {
            super(directory, name, "examples/mqtt/upload.camel.yaml");
            port = Ports.free();
            routePort = port;
        }

        @Override
        List<String> properties() {
            return List.of(
                    "mqtt.broker=tcp://localhost:" + routePort, "mqtt.client-id=uploader", "mqtt.topic=cameras/+/+");
        }

        @Override
        String place() {
            return "cameras/gate/GetImages";
        }

        @Override
        List<String> oddPlaces() {
            return List.of("cameras/yard/", "cameras/../x", "cameras/" + "l".repeat(300) + "/GetImages", "cameras//");
        }

        /** The session of the route. What is published before there is one goes to nobody. */
        @Override
        void announce() throws MqttException {
            MqttClient route = new MqttClient("tcp://localhost:" + port, "uploader", new MemoryPersistence());
            MqttConnectionOptions options = new MqttConnectionOptions();
            options.setCleanStart(false);
            options.setSessionExpiryInterval(86_400L);
            await().atMost(Duration.ofSeconds(60)).ignoreExceptions().until(() -> {
                route.connect(options);
                return true;
            });
            route.subscribe("cameras/+/+", 1);
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
    }

    static final class OfMosquitto extends Mqtt {

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

    static final class OfArtemis extends Mqtt {

        private Child broker;

        OfArtemis(Path directory) throws IOException {
            super(directory, "Artemis");
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
            broker = broker("artemis", port, port);
        }

        @Override
        void stop() throws Exception {
            broker.terminate(60);
        }

        @Override
        void signal(String name) throws Exception {
            signal(broker.pid(), name);
        }
    }

    static final class Kafka extends FieldSource {

        final int port;
        /** The port that clients are told; that of a proxy, perhaps. */
        int advertisedPort;

        private Child broker;
        private KafkaProducer<byte[], byte[]> producer;

        Kafka(Path directory) throws IOException {
            super(directory, "Kafka", "examples/kafka/upload.camel.yaml");
            port = Ports.free();
            advertisedPort = port;
        }

        @Override
        void start() throws Exception {
            broker = broker("kafka", port, advertisedPort);
            await().atMost(Duration.ofSeconds(60)).until(() -> Ports.isOpen(port));
            if (producer == null) {
                producer = new KafkaProducer<>(
                        Map.of(
                                "bootstrap.servers",
                                "localhost:" + advertisedPort,
                                "acks",
                                "all",
                                "max.block.ms",
                                "60000"),
                        new ByteArraySerializer(),
                        new ByteArraySerializer());
            }
        }

        @Override
        void stop() throws Exception {
            broker.terminate(60);
        }

        @Override
        void signal(String name) throws Exception {
            signal(broker.pid(), name);
        }

        @Override
        List<String> properties() {
            return List.of(
                    "kafka.brokers=localhost:" + advertisedPort,
                    "kafka.topic=frames",
                    "kafka.group=uploader",
                    // A killed member is given up soon.
                    "camel.component.kafka.configuration.sessionTimeoutMs=6000",
                    "camel.component.kafka.configuration.heartbeatIntervalMs=1000");
        }

        @Override
        String place() {
            return ".jpg";
        }

        @Override
        List<String> oddPlaces() {
            return List.of("/../../x", "x".repeat(300), "", "a\u0000b");
        }

        @Override
        void publish(int number, String extension, byte[] body)
                throws InterruptedException, java.util.concurrent.ExecutionException, TimeoutException {
            byte[] key = String.valueOf(number).getBytes(StandardCharsets.UTF_8);
            ProducerRecord<byte[], byte[]> record = new ProducerRecord<>("frames", key, body);
            Map<String, String> headers = new HashMap<>(Map.of("camera", "gate", "method", "GetImages"));
            headers.put("extension", extension);
            headers.forEach((header, value) -> record.headers().add(header, value.getBytes(StandardCharsets.UTF_8)));
            producer.send(record).get(60, TimeUnit.SECONDS);
        }
    }

    static final class Folder extends FieldSource {

        private final Path inbox;

        Folder(Path directory) throws IOException {
            super(directory, "folder", "examples/file/watch.camel.yaml");
            inbox = Files.createDirectories(directory.resolve("inbox"));
        }

        @Override
        void start() {
            // There is nothing but the disk.
        }

        @Override
        void stop() {
            // There is nothing but the disk.
        }

        @Override
        void signal(String name) {
            throw new UnsupportedOperationException("There is nothing but the disk");
        }

        @Override
        List<String> properties() {
            return List.of("inbox=" + inbox);
        }

        @Override
        String place() {
            return "gate/";
        }

        @Override
        List<String> oddPlaces() {
            return List.of("gate/ümlaut $1 ${x} %2e/", "gate/a+b?c&d=e#f/", "gate/tag=/");
        }

        @Override
        void publish(int number, String place, byte[] body) throws IOException {
            Path folder = Files.createDirectories(inbox.resolve(place));
            Path part = Files.write(directory.resolve("part"), body);
            Files.move(part, folder.resolve("img_" + number + ".jpg"), StandardCopyOption.ATOMIC_MOVE);
        }

        @Override
        long putAside() throws IOException {
            long[] found = {0};
            // Not Files.walk, which ends where a file is moved meanwhile.
            Files.walkFileTree(inbox, new SimpleFileVisitor<>() {
                @Override
                public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
                    if (file.getParent().endsWith(".refused") && file.toString().endsWith(".json")) {
                        found[0]++;
                    }
                    return FileVisitResult.CONTINUE;
                }

                @Override
                public FileVisitResult visitFileFailed(Path file, IOException moved) {
                    return FileVisitResult.CONTINUE;
                }
            });
            return found[0];
        }
    }
}
