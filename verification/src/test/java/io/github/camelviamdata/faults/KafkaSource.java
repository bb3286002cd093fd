// Copyright the camel-viamdata authors. SPDX-License-Identifier: Apache-2.0
package io.github.camelviamdata.faults;

import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/** A broker of Kafka, with 4 partitions for a topic. */
class KafkaSource extends FieldSource {

    final int port;
    int advertisedPort;

    private Child broker;
    private KafkaProducer<byte[], byte[]> producer;

    KafkaSource(Path directory) throws IOException {
        super(directory, "Kafka", "examples/kafka/upload.camel.yaml");
        port = Ports.free();
        advertisedPort = port;
    }

    @Override
    void start() throws Exception {
        broker = broker("kafka", port, advertisedPort);
        await().atMost(FieldSupport.STARTUP).until(() -> Ports.isOpen(port));
        if (producer == null) {
            producer = new KafkaProducer<>(
                    Map.of("bootstrap.servers", "localhost:" + advertisedPort, "acks", "all", "max.block.ms", "180000"),
                    new ByteArraySerializer(),
                    new ByteArraySerializer());
        }
    }

    @Override
    void stop() throws Exception {
        broker.terminate(180);
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
        return List.of();
    }

    @Override
    List<String> refusedPlaces() {
        return List.of("/../../x", "x".repeat(300), "", "a\u0000b");
    }

    @Override
    int port() {
        return port;
    }

    /** All clients are told to connect to it. */
    @Override
    void routeBy(int proxyPort) {
        advertisedPort = proxyPort;
    }

    /** The headers of a record. */
    Map<String, String> headers(String place) {
        return Map.of("camera", "gate", "method", "GetImages", "extension", place);
    }

    @Override
    void publish(int number, String place, byte[] body)
            throws InterruptedException, java.util.concurrent.ExecutionException, TimeoutException {
        byte[] key = String.valueOf(number).getBytes(StandardCharsets.UTF_8);
        ProducerRecord<byte[], byte[]> record = new ProducerRecord<>("frames", key, body);
        headers(place).forEach((header, value) -> record.headers().add(header, value.getBytes(StandardCharsets.UTF_8)));
        producer.send(record).get(180, TimeUnit.SECONDS);
    }
}
