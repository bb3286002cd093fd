// Copyright the camel-viamdata authors. SPDX-License-Identifier: Apache-2.0
package io.github.camelviamdata.faults;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What brokers of Kafka offer that changes who gets a record, and how often. */
@Tag("field")
@Timeout(600)
class FieldKafkaIT extends FieldSupport {

    private static final int FEW = 40;
    private static final String KAFKA = "camel.component.kafka.configuration.";

    private static Report report;

    @BeforeAll
    static void startReport() {
        report = report("3-kafka", "Kafka", "Features of Kafka, once each.");
    }

    @AfterAll
    static void writeReport() throws IOException {
        report.sort();
        report.write();
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
        verify(
                report,
                "500 records of one partition, in the order of the partition but for what is in flight at once",
                0);
        assertInOrder(sent, ledger.order());
    }

    private KafkaProducer<byte[], byte[]> producer(Map<String, Object> more) {
        Map<String, Object> properties = new HashMap<>(more);
        properties.put("bootstrap.servers", "localhost:" + source.port());
        properties.put("acks", "all");
        return new KafkaProducer<>(properties, new ByteArraySerializer(), new ByteArraySerializer());
    }

    private static ProducerRecord<byte[], byte[]> record(Integer partition, byte[] body) {
        ProducerRecord<byte[], byte[]> record = new ProducerRecord<>("frames", partition, null, body);
        Map.of("camera", "gate", "method", "GetImages", "extension", ".jpg")
                .forEach((header, value) -> record.headers().add(header, value.getBytes(StandardCharsets.UTF_8)));
        return record;
    }
}
