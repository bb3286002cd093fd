// Copyright the camel-viamdata authors. SPDX-License-Identifier: Apache-2.0
package io.github.camelviamdata.examples;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.github.camelviamdata.ViamDataConstants;
import io.github.camelviamdata.service.FileTree;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.TreeMap;
import java.util.concurrent.CountDownLatch;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.Test;

/** The route of {@code examples/kafka}, between a real broker and a {@code viamdata-server}. */
class KafkaExampleIT extends ExampleTestSupport {

    @Test
    void kafkaOffsetsAreCommittedAfterTheUploadsAndNotBefore() throws Exception {
        CountDownLatch answers = holdAnswers();
        Example example = start("kafka", Map.of(), "broker", "upload");
        Map<String, Sent> sent = produce(example, MESSAGES);

        await().until(() -> viam.received.size() >= 32);
        assertThat(committed(example)).isZero();
        answers.countDown();
        arrive(sent);
        await().until(() -> committed(example) == MESSAGES);
        assertThat(viam.received).hasSize(MESSAGES);
    }

    @Test
    void kafkaPutsAsideWhatIsRefusedAndCommitsIt() throws Exception {
        refuse(upload -> component(upload).equals("camera-3"));
        Example example = start("kafka", Map.of(), "broker", "upload");
        Map<String, Sent> sent = produce(example, 70);

        await().until(() -> viam.received.size() == 70);
        await().until(() -> committed(example) == 70);
        Map<String, byte[]> rejected = new HashMap<>();
        for (Path file : FileTree.files(Path.of(example.property("rejected"))).values()) {
            if (!file.toString().endsWith(".json")) {
                byte[] body = Files.readAllBytes(file);
                rejected.put(key(body), body);
            }
        }
        assertThat(rejected.keySet())
                .containsExactlyInAnyOrderElementsOf(sent.entrySet().stream()
                        .filter(frame -> frame.getValue()
                                .headers()
                                .get(ViamDataConstants.COMPONENT_NAME)
                                .equals("camera-3"))
                        .map(Map.Entry::getKey)
                        .toList())
                .isNotEmpty();
    }

    @Test
    void kafkaCommitsNothingWhileWhatIsRefusedCannotBePutAside() throws Exception {
        refuse(upload -> component(upload).equals("camera-3"));
        Path inTheWay = Files.createFile(directory.resolve("in-the-way"));
        Example example = start("kafka", Map.of("rejected", inTheWay.toString()), "broker", "upload");
        produce(example, 7);

        await().until(() -> viam.received.size() == 7);
        await().during(Duration.ofSeconds(1)).until(() -> committed(example) < 7);
        Files.delete(inTheWay);
        await().until(() -> committed(example) == 7);
        assertThat(viam.received).hasSize(7);
        assertThat(FileTree.files(inTheWay)).hasSize(2);
    }

    private Map<String, Sent> produce(Example example, int count) throws Exception {
        Properties properties = new Properties();
        properties.put("bootstrap.servers", example.property("kafka.brokers"));
        properties.put("max.request.size", "16777216");
        // With it, records that create their topic were seen to wait for one another for ever.
        properties.put("enable.idempotence", "false");
        Map<String, Sent> sent = new TreeMap<>();
        try (KafkaProducer<byte[], byte[]> producer =
                new KafkaProducer<>(properties, new ByteArraySerializer(), new ByteArraySerializer())) {
            for (int i = 0; i < count; i++) {
                String name = "camera-" + i % 7;
                String extension = List.of(".jpg", ".png", ".pcd").get(i % 3);
                byte[] body = picture(i);
                Map<String, Object> headers = headers(name, "GetImages", extension);
                headers.put(ViamDataConstants.TAGS, List.of("night", "gate"));
                headers.put(ViamDataConstants.TIME_REQUESTED, captured(i));
                sent.put(key(body), new Sent(body, headers));
                ProducerRecord<byte[], byte[]> frame =
                        new ProducerRecord<>("frames", i % 4, name.getBytes(StandardCharsets.UTF_8), body);
                Map.of(
                                "camera",
                                name,
                                "method",
                                "GetImages",
                                "extension",
                                extension,
                                "tags",
                                "night,gate",
                                "captured",
                                captured(i).toString())
                        .forEach(
                                (header, value) -> frame.headers().add(header, value.getBytes(StandardCharsets.UTF_8)));
                producer.send(
                        frame,
                        (record, failure) -> headers.put(
                                ViamDataConstants.FILE_NAME,
                                "frames-" + record.partition() + "-" + record.offset() + extension));
            }
            // The names are known then.
            producer.flush();
        }
        return sent;
    }

    private static long committed(Example example) throws Exception {
        return example.main()
                .getCamelContext()
                .getRegistry()
                .lookupByNameAndType("broker", KafkaBroker.class)
                .committed(example.property("kafka.group"));
    }
}
