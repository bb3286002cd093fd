// Copyright the camel-viamdata authors. SPDX-License-Identifier: Apache-2.0
package io.github.camelviamdata.faults;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.github.camelviamdata.service.FaultyProxy;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.LongStream;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.eclipse.paho.mqttv5.client.MqttClient;
import org.eclipse.paho.mqttv5.common.MqttException;
import org.eclipse.paho.mqttv5.common.MqttMessage;
import org.eclipse.paho.mqttv5.common.packet.MqttProperties;
import org.eclipse.paho.mqttv5.common.packet.UserProperty;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What brokers offer and networks do: the features of MQTT 5 and Kafka that change who gets a message, and how often. */
@Tag("field")
@Timeout(300)
class FieldFeaturesIT extends FieldSupport {

    private static final String ANY_TOPIC = "src/test/resources/routes/field-mqtt.camel.yaml";
    private static final byte[] PROBE = "is there a member?".getBytes(StandardCharsets.UTF_8);
    private static final int FEW = 40;
    private static final String KAFKA = "camel.component.kafka.configuration.";

    private static Report report;

    @BeforeAll
    static void startReport() {
        report = new Report(
                "field-features",
                "Features of the brokers",
                """
                The routes of the [field suite](field-suite.md) with what brokers offer beyond that, once each.
                """,
                "Case",
                "Source",
                "Offered",
                "Stored",
                "Lost or stuck",
                "Put aside",
                "Poison",
                "Duplicates");
    }

    @AfterAll
    static void writeReport() throws IOException {
        report.writeAlone(
                "field-features.md", WHOLE && System.getProperty("it.test", "").isEmpty());
    }

    /** Five connections live for some hundred bytes of the route each, in the middle of its acknowledgements. */
    private static FaultyProxy cuttingProxy(int port, long shortest) throws IOException {
        return new FaultyProxy(
                port,
                LongStream.concat(
                        LongStream.of(1, 2, 3, 4, 5).map(i -> i * shortest),
                        LongStream.generate(() -> Long.MAX_VALUE)));
    }

    @ParameterizedTest
    @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "FOLDER")
    void theConnectionIsCut(Kind kind) throws Exception {
        source = create(kind);
        int port = source instanceof FieldSource.Mqtt mqtt ? mqtt.port : ((FieldSource.Kafka) source).port;
        try (FaultyProxy proxy = cuttingProxy(port, kind == Kind.KAFKA ? 4_000 : 300)) {
            if (source instanceof FieldSource.Mqtt mqtt) {
                mqtt.routePort = proxy.port();
            } else {
                ((FieldSource.Kafka) source).advertisedPort = proxy.port();
            }
            begin();
            program(service.port());
            for (int i = 0; i < 5; i++) {
                publish(FEW);
                awaitStored(good.size() - FEW / 2);
            }
            verify(report, "a proxy resets the connection 5 times", 5 * IN_FLIGHT);
        }
        assertThat(source.putAside()).isZero();
    }

    @ParameterizedTest
    @EnumSource(names = {"MOSQUITTO", "ARTEMIS"})
    void aMemberOfASharedSubscriptionIsKilled(Kind kind) throws Exception {
        source = create(kind);
        routes = ANY_TOPIC;
        String topic = "mqtt.topic=$share/uploaders/cameras/+/+";
        source.start();
        service = service(0);
        program(service.port(), topic, "mqtt.client-id=one");
        Child two = program(service.port(), topic, "mqtt.client-id=two");
        // What is published before there is a member goes to nobody.
        awaitSubscription();
        publish(FEW);
        awaitStored(FEW / 2);
        two.kill();
        publish(FEW);
        // It may be dealt messages while it is away. Its client ID is back, on whatever machine.
        program(service.port(), topic, "mqtt.client-id=two");
        verify(report, "a member of a shared subscription is killed, and comes back", 120 + IN_FLIGHT);
    }

    private void awaitSubscription() {
        await().atMost(Duration.ofSeconds(60))
                .pollInterval(Duration.ofMillis(500))
                .until(() -> {
                    source.publish(0, source.place(), PROBE);
                    return !ledger.ids().isEmpty();
                });
        good.add(Bodies.name(PROBE));
    }

    @ParameterizedTest
    @EnumSource(names = {"MOSQUITTO", "ARTEMIS"})
    void aSessionIsTakenOver(Kind kind) throws Exception {
        source = create(kind);
        begin();
        Child one = program(service.port());
        publish(FEW);
        awaitStored(FEW / 2);
        Child two = program(service.port());
        publish(FEW);
        TimeUnit.SECONDS.sleep(3);
        publish(FEW);
        one.terminate(60);
        publish(FEW);
        assertThat(two.isAlive()).isTrue();
        verify(report, "another program takes the session over, by the same client ID", 4 * FEW);
    }

    @ParameterizedTest
    @EnumSource(names = {"MOSQUITTO", "ARTEMIS"})
    void retainedMessagesArrive(Kind kind) throws Exception {
        source = create(kind);
        source.start();
        service = service(0);
        await().atMost(Duration.ofSeconds(60)).until(() -> Ports.isOpen(((FieldSource.Mqtt) source).port));
        MqttClient cameras = ((FieldSource.Mqtt) source).client("cameras");
        for (int i = 0; i < 10; i++) {
            byte[] body = ("retained " + i).getBytes(StandardCharsets.UTF_8);
            cameras.publish("cameras/gate-" + i + "/GetImages", body, 1, true);
            good.add(Bodies.name(body));
        }
        Child first = program(service.port());
        awaitStored(10);
        // The broker gets its acknowledgements.
        TimeUnit.SECONDS.sleep(2);
        first.terminate(60);
        program(service.port());
        publish(FEW);
        verify(report, "10 messages are retained, and the route starts twice", 0);
        cameras.disconnect();
    }

    @Test
    void aMessageAboveTheBrokersLimitStopsNoOther() throws Exception {
        source = new FieldSource.OfMosquitto(directory, "message_size_limit 100000");
        begin();
        program(service.port());
        publish(FEW);
        MqttClient large = ((FieldSource.Mqtt) source).client("large");
        assertThatThrownBy(() -> large.publish("cameras/gate/GetImages", new byte[200_000], 1, false))
                .isInstanceOf(MqttException.class);
        publish(FEW);
        verify(report, "a message is above the broker's limit, which its publisher is told", 0);
    }

    @ParameterizedTest
    @EnumSource(names = {"MOSQUITTO", "ARTEMIS"})
    void userPropertiesAreNoHeadersOfThisComponent(Kind kind) throws Exception {
        source = create(kind);
        begin();
        program(service.port());
        MqttClient cameras = ((FieldSource.Mqtt) source).client("properties");
        MqttProperties properties = new MqttProperties();
        properties.setUserProperties(List.of(
                new UserProperty("CamelViamDataPartId", "another"),
                new UserProperty("CamelViamDataFileExtension", "/../../x"),
                new UserProperty("", "ü".repeat(1_000))));
        byte[] body = "with properties".getBytes(StandardCharsets.UTF_8);
        cameras.publish("cameras/gate/GetImages", new MqttMessage(body, 1, false, properties));
        good.add(Bodies.name(body));
        publish(FEW);
        verify(report, "user properties that have the names of our headers", 0);
        assertThat(source.putAside()).isZero();
        cameras.disconnect();
    }

    @Test
    void membersJoinAndLeaveByCooperativeRebalances() throws Exception {
        source = create(Kind.KAFKA);
        begin();
        String assignor = KAFKA + "partitionAssignor=org.apache.kafka.clients.consumer.CooperativeStickyAssignor";
        program(service.port(), assignor);
        publish(FEW);
        awaitStored(FEW / 2);
        Child second = program(service.port(), assignor);
        for (int i = 0; i < 5; i++) {
            publish(FEW);
            TimeUnit.SECONDS.sleep(1);
        }
        second.kill();
        publish(FEW);
        verify(report, "cooperative rebalances: a member joins, and is killed", 2 * IN_FLIGHT);
    }

    @Test
    void aStaticMemberIsKilledAndComesBack() throws Exception {
        source = create(Kind.KAFKA);
        begin();
        Child one = program(service.port(), KAFKA + "groupInstanceId=one");
        program(service.port(), KAFKA + "groupInstanceId=two");
        publish(FEW);
        awaitStored(FEW / 2);
        one.kill();
        publish(FEW);
        program(service.port(), KAFKA + "groupInstanceId=one");
        publish(FEW);
        verify(report, "a static member is killed, and comes back", IN_FLIGHT);
    }

    @Test
    void whatAProducerHasAbortedIsNotUploaded() throws Exception {
        source = create(Kind.KAFKA);
        begin();
        program(service.port());
        try (KafkaProducer<byte[], byte[]> producer = producer(Map.of("transactional.id", "cameras"))) {
            producer.initTransactions();
            for (int i = 0; i < 6; i++) {
                producer.beginTransaction();
                for (int j = 0; j < 10; j++) {
                    byte[] body = (i + " in transaction " + j).getBytes(StandardCharsets.UTF_8);
                    producer.send(record(null, body));
                    if (i % 2 == 0) {
                        good.add(Bodies.name(body));
                    }
                }
                producer.flush();
                if (i % 2 == 0) {
                    producer.commitTransaction();
                } else {
                    producer.abortTransaction();
                }
            }
        }
        publish(FEW);
        verify(report, "transactions of 10 records: 3 committed, 3 aborted", 0);
        assertThat(ledger.ids()).containsExactlyInAnyOrderElementsOf(good);
    }

    @Test
    void aRecordAboveTheBrokersLimitStopsNoOther() throws Exception {
        source = create(Kind.KAFKA);
        begin();
        program(service.port());
        publish(FEW);
        try (KafkaProducer<byte[], byte[]> producer = producer(Map.of("max.request.size", "33554432"))) {
            assertThatThrownBy(() ->
                            producer.send(record(null, new byte[20_000_000])).get(60, TimeUnit.SECONDS))
                    .hasMessageContaining("larger than the max message size");
        }
        publish(FEW);
        verify(report, "a record is above max.message.bytes, which its producer is told", 0);
    }

    @Test
    void batchesOfAPartitionAreUploadedInOrder() throws Exception {
        source = create(Kind.KAFKA);
        begin();
        List<String> sent = new ArrayList<>();
        try (KafkaProducer<byte[], byte[]> producer = producer(Map.of())) {
            for (int i = 0; i < 500; i++) {
                byte[] body = ("number " + i).getBytes(StandardCharsets.UTF_8);
                sent.add(Bodies.name(body));
                producer.send(record(0, body)).get(60, TimeUnit.SECONDS);
            }
        }
        good.addAll(sent);
        program(service.port());
        verify(report, "500 records of one partition", 0);
        List<String> stored = ledger.order();
        for (int i = 0; i < stored.size(); i++) {
            assertThat(Math.abs(sent.indexOf(stored.get(i)) - i))
                    .as("place of " + i)
                    .isLessThan(IN_FLIGHT);
        }
    }

    private KafkaProducer<byte[], byte[]> producer(Map<String, Object> more) {
        Map<String, Object> properties = new java.util.HashMap<>(more);
        properties.put("bootstrap.servers", "localhost:" + ((FieldSource.Kafka) source).port);
        properties.put("acks", "all");
        return new KafkaProducer<>(properties, new ByteArraySerializer(), new ByteArraySerializer());
    }

    private static ProducerRecord<byte[], byte[]> record(Integer partition, byte[] body) {
        ProducerRecord<byte[], byte[]> record = new ProducerRecord<>("frames", partition, null, body);
        Map.of("camera", "gate", "method", "GetImages", "extension", ".jpg")
                .forEach((header, value) -> record.headers().add(header, value.getBytes(StandardCharsets.UTF_8)));
        return record;
    }

    @Test
    void aFileThatIsWrittenSlowlyIsStoredWhole() throws Exception {
        source = create(Kind.FOLDER);
        begin();
        program(service.port());
        publish(FEW);
        Path file = Files.createDirectories(directory.resolve("inbox/gate")).resolve("slow.jpg");
        StringBuilder whole = new StringBuilder();
        for (int i = 0; i < 20; i++) {
            String piece = "piece " + i + "\n";
            whole.append(piece);
            Files.writeString(file, piece, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
            TimeUnit.MILLISECONDS.sleep(300);
        }
        good.add(Bodies.name(whole.toString().getBytes(StandardCharsets.UTF_8)));
        publish(FEW);
        verify(report, "a file is written in 20 pieces, one each 0.3 s", 0);
        assertThat(ledger.ids()).containsExactlyInAnyOrderElementsOf(good);
    }

    /** In a folder of the kernel nobody may create a file, not even root, whom rights do not hold. */
    @Test
    void aFolderWithoutRightsIsNotRead() throws Exception {
        source = create(Kind.FOLDER);
        begin();
        Path log = Report.DIRECTORY.resolve("field-folder.log");
        long before = Files.exists(log) ? Files.size(log) : 0;
        Child program = program(service.port(), "inbox=/sys/kernel");
        await().atMost(Duration.ofSeconds(60))
                .until(() -> Files.exists(log)
                        && new String(Files.readAllBytes(log), StandardCharsets.UTF_8)
                                .substring((int) before)
                                .contains("may not write to /sys/kernel"));
        await().atMost(Duration.ofSeconds(30)).until(() -> !program.isAlive());
        verify(report, "a folder that the program may not write to: it does not start", 0);
        assertThat(ledger.calls()).isZero();
    }
}
