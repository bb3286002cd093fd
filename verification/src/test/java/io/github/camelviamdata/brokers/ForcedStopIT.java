// Copyright the camel-viamdata authors. SPDX-License-Identifier: Apache-2.0
package io.github.camelviamdata.brokers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.github.camelviamdata.ViamDataRejectedException;
import io.github.camelviamdata.examples.KafkaBroker;
import io.github.camelviamdata.examples.MqttBroker;
import io.github.camelviamdata.service.TestCall;
import io.github.camelviamdata.source.MqttSessionComponent;
import io.github.camelviamdata.support.ViamDataTestSupport;
import io.grpc.Status;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.apache.camel.CamelContext;
import org.apache.camel.RoutesBuilder;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.eclipse.paho.mqttv5.client.MqttClient;
import org.eclipse.paho.mqttv5.client.persist.MemoryPersistence;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A stop that cancels uploads in flight leaves what they carried with its source, which gives it again later. */
@Timeout(60)
class ForcedStopIT extends ViamDataTestSupport {

    private static final List<String> BODIES = List.of("first", "second", "third");

    @TempDir
    Path directory;

    private CamelContext camel;

    @AfterEach
    void stopCamel() {
        camel.stop();
    }

    @Test
    void theMqttBrokerKeepsTheMessages() throws Exception {
        MqttBroker broker = new MqttBroker();
        int port = freePort();
        broker.setPort(port);
        broker.setDirectory(directory.toString());
        broker.start();
        String uri = "sessions:session?topic=RAW(cameras/+/jpg)&brokerUrl=tcp://localhost:" + port
                + "&clientId=uploader&cleanStart=false&sessionExpiryInterval=86400&qos=1"
                + "&manualAcksEnabled=true&receiveMaximum=16";
        MqttClient cameras = new MqttClient("tcp://localhost:" + port, "cameras", new MemoryPersistence());
        try {
            leaveUnanswered();
            start(uri);
            cameras.connect();
            for (String body : BODIES) {
                cameras.publish("cameras/gate/jpg", body.getBytes(StandardCharsets.UTF_8), 1, false);
            }
            stopByForce(BODIES.size());

            answer();
            start(uri);
            uploaded(BODIES);
            // The broker may send a message again while the session is taken over by the new client.
            await().until(
                            () -> broker.server()
                                    .locateQueue("uploader.cameras.*.jpg")
                                    .getMessageCount(),
                            count -> count == 0);
            stopInPeace();
            start(uri);
            uploadedNothing();
        } finally {
            cameras.disconnect();
            cameras.close();
            camel.stop();
            broker.stop();
        }
    }

    @Test
    void theKafkaBrokerKeepsTheRecords() throws Exception {
        withKafka(uri -> {
            leaveUnanswered();
            start(uri);
            // One after the other.
            stopByForce(1);

            answer();
            start(uri);
            uploaded(BODIES);
            stopInPeace();
            start(uri);
            uploadedNothing();
        });
    }

    @Test
    void theKafkaBrokerKeepsRecordsWhoseUploadFailsDuringTheStop() throws Exception {
        withKafka(uri -> {
            CountDownLatch refused = new CountDownLatch(1);
            service.answering(call -> {
                await().until(() -> refused.getCount() == 0);
                return Status.INVALID_ARGUMENT;
            });
            start(uri);
            await().atMost(Duration.ofSeconds(20)).until(() -> halfClosed() == 1);
            CompletableFuture<Void> stop = CompletableFuture.runAsync(camel::stop);
            await().until(camel::isStopping);
            refused.countDown();
            stop.get(30, TimeUnit.SECONDS);

            answer();
            start(uri);
            uploaded(BODIES);
        });
    }

    @Test
    void aFileGoesWhereFailuresGo() throws Exception {
        drop();
        leaveUnanswered();
        start("file:" + directory.resolve("inbox") + "?moveFailed=.failed");
        stopByForce(BODIES.size());

        assertThat(files("inbox/.failed")).containsExactlyInAnyOrderElementsOf(BODIES);
    }

    @Test
    void aFileStaysWhereOnlyRejectedOnesArePutAside() throws Exception {
        RoutesBuilder route = new RouteBuilder() {
            @Override
            public void configure() {
                onException(ViamDataRejectedException.class).handled(true).setVariable("folder", constant(".rejected"));
                from("file:" + directory.resolve("inbox") + "?move=${file:parent}/${variable.folder}/${file:onlyname}")
                        .setVariable("folder", constant(".done"))
                        .to(uri(CAMERA));
            }
        };
        drop();
        leaveUnanswered();
        start(route);
        stopByForce(BODIES.size());
        assertThat(files("inbox")).containsExactlyInAnyOrderElementsOf(BODIES);

        answer();
        service.answering(call -> new String(call.payload(), StandardCharsets.UTF_8).equals("second")
                ? Status.INVALID_ARGUMENT
                : Status.OK);
        start(route);
        await().until(() -> files("inbox").isEmpty());
        assertThat(files("inbox/.done")).containsExactlyInAnyOrder("first", "third");
        assertThat(files("inbox/.rejected")).containsExactly("second");
    }

    private interface Action {
        void with(String uri) throws Exception;
    }

    private void withKafka(Action action) throws Exception {
        KafkaBroker broker = new KafkaBroker();
        int port = freePort();
        broker.setPort(port);
        broker.setDirectory(directory.toString());
        broker.start();
        try (KafkaProducer<byte[], byte[]> producer = new KafkaProducer<>(
                Map.of("bootstrap.servers", "localhost:" + port),
                new ByteArraySerializer(),
                new ByteArraySerializer())) {
            for (String body : BODIES) {
                producer.send(new ProducerRecord<>("frames", body.getBytes(StandardCharsets.UTF_8)))
                        .get(10, TimeUnit.SECONDS);
            }
            action.with("kafka:frames?brokers=localhost:" + port + "&groupId=uploader"
                    + "&valueDeserializer=org.apache.kafka.common.serialization.ByteArrayDeserializer"
                    + "&autoOffsetReset=earliest&breakOnFirstError=true"
                    + "&autoCommitEnable=false&allowManualCommit=true&kafkaManualCommitFactory=#class:org.apache.camel.component.kafka.consumer.DefaultKafkaManualCommitFactory"
                    + "&pollTimeoutMs=200&sessionTimeoutMs=6000&shutdownTimeout=500");
            camel.stop();
        } finally {
            broker.stop();
        }
    }

    private void drop() throws IOException {
        Path inbox = Files.createDirectories(directory.resolve("inbox"));
        for (String body : BODIES) {
            Files.writeString(inbox.resolve(body), body);
        }
    }

    private List<String> files(String folder) throws IOException {
        try (Stream<Path> files = Files.list(directory.resolve(folder))) {
            return files.filter(Files::isRegularFile)
                    .map(file -> file.getFileName().toString())
                    .toList();
        }
    }

    private void leaveUnanswered() {
        service.answering(call -> null);
    }

    private void answer() {
        service.answering(call -> Status.OK);
        service.calls().clear();
    }

    private void start(String source) throws Exception {
        start(new RouteBuilder() {
            @Override
            public void configure() {
                from(source).to(uri(CAMERA));
            }
        });
    }

    private void start(RoutesBuilder route) throws Exception {
        camel = new DefaultCamelContext();
        camel.getRegistry().bind("sessions", new MqttSessionComponent());
        camel.addRoutes(route);
        camel.start();
    }

    private long halfClosed() {
        return service.uploads().stream().filter(TestCall::isHalfClosed).count();
    }

    private void stopByForce(int uploads) {
        await().atMost(Duration.ofSeconds(20)).until(() -> halfClosed() == uploads);
        camel.getShutdownStrategy().setTimeout(1);
        camel.stop();
    }

    private void stopInPeace() {
        camel.stop();
        service.calls().clear();
    }

    private void uploaded(List<String> bodies) {
        await().atMost(Duration.ofSeconds(20))
                .untilAsserted(() -> assertThat(service.uploads())
                        .filteredOn(TestCall::isHalfClosed)
                        .extracting(call -> new String(call.payload(), StandardCharsets.UTF_8))
                        .containsExactlyInAnyOrderElementsOf(bodies));
    }

    private void uploadedNothing() {
        await().during(Duration.ofSeconds(1))
                .untilAsserted(() -> assertThat(service.uploads())
                        .extracting(call -> new String(call.payload(), StandardCharsets.UTF_8))
                        .isEmpty());
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }
}
