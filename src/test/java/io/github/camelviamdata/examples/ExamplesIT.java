// Copyright the camel-viamdata authors. SPDX-License-Identifier: Apache-2.0
package io.github.camelviamdata.examples;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.github.camelviamdata.ViamDataConstants;
import io.github.camelviamdata.ViamDataOperation;
import io.github.camelviamdata.proto.data.v1.Annotations;
import io.github.camelviamdata.proto.data.v1.Classification;
import io.github.camelviamdata.server.Received;
import io.github.camelviamdata.server.TestServer;
import io.github.camelviamdata.service.FileTree;
import io.grpc.Status;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.camel.Exchange;
import org.apache.camel.main.Main;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.eclipse.paho.mqttv5.client.MqttClient;
import org.eclipse.paho.mqttv5.client.persist.MemoryPersistence;
import org.eclipse.paho.mqttv5.common.MqttException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * The routes of the examples, the files themselves, with brokers and a {@code viamdata-server}: each byte and each header
 * that arrives there is compared with what was sent.
 */
@Tag("examples")
@Timeout(120)
class ExamplesIT {

    private static final int MESSAGES = 500;
    private static final String PART = "11111111-2222-3333-4444-555555555555";

    private static final String ID = "0f0e0d0c-0b0a-0908-0706-050403020100/location/";

    private final Instant begin = Instant.now().truncatedTo(ChronoUnit.MILLIS);
    private final TestServer viam = new TestServer();
    private final List<AutoCloseable> running = new ArrayList<>();

    /** What the server does with an upload before it answers. */
    private volatile Consumer<Received> answer = upload -> {};

    /** What a source held, and the headers that have to arrive with it. */
    private record Sent(byte[] body, Map<String, Object> headers) {}

    @TempDir
    Path directory;

    @BeforeEach
    void startViam() throws Exception {
        // As many at once as there are messages, so that it is not the server that holds them back.
        viam.start(
                "viamdata-server:localhost:0?maxConcurrentCalls=" + MESSAGES,
                route -> route.process(exchange -> {
                    Received upload = Received.of(exchange);
                    viam.received.add(upload);
                    answer.accept(upload);
                    exchange.getMessage().setHeader(ViamDataConstants.FILE_ID, ID + exchange.getExchangeId());
                }));
    }

    @AfterEach
    void stop() throws Exception {
        for (int i = running.size() - 1; i >= 0; i--) {
            running.get(i).close();
        }
        viam.close();
    }

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
                .singleElement()
                .satisfies(file -> {
                    assertThat(file).hasContent("x-refused").hasExtension("jpg");
                    assertThat(file.getParent()).hasFileName("gate");
                }));
        restart(example, "mqtt", Map.of("mqtt.port", example.property("mqtt.port")), "upload");
        await().during(Duration.ofSeconds(1)).until(() -> viam.received.size() == 3);
    }

    @Test
    void kafkaOffsetsAreCommittedAfterTheUploadsAndNotBefore() throws Exception {
        CountDownLatch answers = holdAnswers();
        Example example = start("kafka", Map.of(), "broker", "upload");
        Map<String, Sent> sent = produce(example, MESSAGES);

        await().until(() -> viam.received.size() >= 32);
        assertThat(committed(example).values()).isEmpty();
        answers.countDown();
        arrive(sent);
        await().untilAsserted(() -> assertThat(committed(example).values().stream()
                        .mapToLong(OffsetAndMetadata::offset)
                        .sum())
                .isEqualTo(MESSAGES));
        assertThat(viam.received).hasSize(MESSAGES);
    }

    @Test
    void kafkaPutsAsideWhatIsRefusedAndCommitsIt() throws Exception {
        refuse(upload -> component(upload).equals("camera-3"));
        Example example = start("kafka", Map.of(), "broker", "upload");
        Map<String, Sent> sent = produce(example, 70);

        await().until(() -> viam.received.size() == 70);
        await().untilAsserted(() -> assertThat(committed(example).values().stream()
                        .mapToLong(OffsetAndMetadata::offset)
                        .sum())
                .isEqualTo(70));
        Map<String, byte[]> rejected = new HashMap<>();
        for (Path file : FileTree.files(Path.of(example.property("rejected"))).values()) {
            byte[] body = Files.readAllBytes(file);
            rejected.put(key(body), body);
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
    void kafkaReadsABatchAgainThatFailed() throws Exception {
        List<String> refused = new CopyOnWriteArrayList<>();
        refuse(upload -> component(upload).equals("camera-3") && refused.isEmpty() && refused.add(key(upload.bytes())));
        // What is refused cannot be put aside here, which is what fails the batch.
        Path inTheWay = Files.createFile(directory.resolve("in-the-way"));
        Example example = start("kafka", Map.of("rejected", inTheWay.toString()), "broker", "upload");
        Map<String, Sent> sent = produce(example, 70);

        await().untilAsserted(() -> assertThat(committed(example).values().stream()
                        .mapToLong(OffsetAndMetadata::offset)
                        .sum())
                .isEqualTo(70));
        arrive(sent);
        assertThat(viam.received)
                .filteredOn(upload -> refused.contains(key(upload.bytes())))
                .hasSizeGreaterThan(refused.size());
    }

    @Test
    void filesAreMovedWhenTheyAreStored() throws Exception {
        CountDownLatch answers = holdAnswers();
        Path inbox = Files.createDirectories(directory.resolve("inbox"));
        Map<String, Sent> sent = new TreeMap<>();
        for (int i = 0; i < MESSAGES; i++) {
            String name = "camera-" + i % 7;
            Map<String, Object> headers = headers(name, "GetImages", ".jpg");
            headers.put(ViamDataConstants.FILE_NAME, "picture-" + i + ".jpg");
            headers.put(ViamDataConstants.TIME_REQUESTED, captured(i));
            headers.put(ViamDataConstants.TIME_RECEIVED, captured(i));
            Path folder = inbox.resolve(name);
            if (i % 2 == 0) {
                folder = folder.resolve("tag=night");
                headers.put(ViamDataConstants.TAGS, List.of("night"));
            }
            if (i % 4 == 0) {
                folder = folder.resolve("dataset=d" + i % 5);
                headers.put(ViamDataConstants.DATASET_IDS, List.of("d" + i % 5));
            }
            byte[] body = picture(i);
            sent.put(key(body), new Sent(body, headers));
            Path file = Files.createDirectories(folder).resolve("picture-" + i + ".jpg");
            Files.write(file, body);
            Files.setLastModifiedTime(file, FileTime.from(captured(i)));
        }
        Path half = Files.writeString(inbox.resolve("camera-0/half.jpg.part"), "half");
        Example example = start("file", Map.of("inbox", inbox.toString()), "watch");

        await().until(() -> viam.received.size() >= 64);
        await().during(Duration.ofMillis(300)).until(() -> viam.received.size() == 64);
        assertThat(FileTree.files(inbox).keySet()).noneMatch(file -> file.contains(".done"));
        answers.countDown();
        arrive(sent);
        await().untilAsserted(() -> assertThat(FileTree.files(inbox).keySet())
                .filteredOn(file -> file.contains("/.done/"))
                .hasSize(MESSAGES));

        example.close();
        Files.move(half, half.resolveSibling("whole.jpg"));
        start("file", Map.of("inbox", inbox.toString()), "watch");
        await().until(() -> viam.received.size() == MESSAGES + 1);
        await().until(() -> FileTree.files(inbox).size() == MESSAGES + 1
                && FileTree.files(inbox).keySet().stream().allMatch(file -> file.contains("/.done/")));
        assertThat(viam.received).hasSize(MESSAGES + 1);
    }

    @Test
    void filesAreKeptWhenTheyAreRefusedAndTriedAgainWhenTheServiceIsAway() throws Exception {
        AtomicInteger unavailable = new AtomicInteger();
        answer = upload -> {
            Object name = upload.headers().get(ViamDataConstants.FILE_NAME);
            if (name.equals("bad.jpg")) {
                throw Status.INVALID_ARGUMENT.asRuntimeException();
            }
            if (name.equals("later.jpg") && unavailable.incrementAndGet() <= 2) {
                throw Status.UNAVAILABLE.asRuntimeException();
            }
        };
        Path folder = Files.createDirectories(directory.resolve("inbox/gate"));
        for (String name : List.of("bad.jpg", "later.jpg", "good.jpg")) {
            Files.writeString(folder.resolve(name), name);
        }

        start(
                "file",
                Map.of("inbox", directory.resolve("inbox").toString(), "camel.component.viamdata.maxAttempts", "1"),
                "watch");

        await().untilAsserted(() -> assertThat(FileTree.files(folder).keySet())
                .containsExactlyInAnyOrder(".refused/bad.jpg", ".done/later.jpg", ".done/good.jpg"));
        assertThat(unavailable).hasValue(3);
        assertThat(viam.received).hasSize(5);
    }

    @Test
    void theRelayPassesOnAndKeepsACopy() throws Exception {
        Example relay = start("relay", Map.of("viam.part-id", "part-of-the-relay"), "relay");
        Map<String, Sent> sent = new TreeMap<>();
        String uri = client(relay);
        try (var template = relay.main().getCamelContext().createProducerTemplate()) {
            List<java.util.concurrent.Future<Exchange>> uploads = new ArrayList<>();
            for (int i = 0; i < MESSAGES; i++) {
                String name = "camera-" + i % 7;
                byte[] body = picture(i);
                Map<String, Object> ours = Map.of(
                        ViamDataConstants.COMPONENT_NAME,
                        name,
                        ViamDataConstants.FILE_NAME,
                        "picture-" + i + ".jpg",
                        ViamDataConstants.TAGS,
                        List.of("t" + i % 3));
                Map<String, Object> headers = headers(name, "GetImages", ".jpg");
                headers.putAll(ours);
                sent.put(key(body), new Sent(body, headers));
                uploads.add(template.asyncSend(uri, exchange -> {
                    exchange.getMessage().setBody(body);
                    exchange.getMessage().setHeaders(new HashMap<>(ours));
                }));
            }
            for (var upload : uploads) {
                assertThat(upload.get().getException()).isNull();
                assertThat(upload.get().getMessage().getHeader(ViamDataConstants.FILE_ID, String.class))
                        .startsWith(ID);
            }
        }
        arrive(sent);
        assertThat(viam.received).hasSize(MESSAGES);

        Map<String, Path> archive = FileTree.files(Path.of(relay.property("archive")));
        assertThat(archive).hasSize(2 * MESSAGES);
        for (Path file : archive.values()) {
            if (file.toString().endsWith(".jpg")) {
                Sent one = sent.get(key(Files.readAllBytes(file)));
                JsonNode json =
                        json(file.resolveSibling(file.getFileName().toString().replace(".jpg", ".json")));
                for (String header : List.of(
                        ViamDataConstants.PART_ID, ViamDataConstants.FILE_NAME, ViamDataConstants.COMPONENT_NAME)) {
                    assertThat(json.path(header).asText())
                            .isEqualTo(one.headers().get(header));
                }
                assertThat(json.path("CamelViamDataFileId").asText()).startsWith(ID);
            }
        }
    }

    @Test
    void theRelayKeepsACopyOfAllKinds() throws Exception {
        Example relay = start("relay", Map.of(), "relay");
        Map<String, Object> annotated = Map.of(
                ViamDataConstants.ANNOTATIONS,
                Annotations.newBuilder()
                        .addClassifications(Classification.newBuilder().setLabel("lorry"))
                        .build(),
                ViamDataConstants.METHOD_PARAMETERS,
                Map.of("quality", 80));
        try (var template = relay.main().getCamelContext().createProducerTemplate()) {
            template.sendBodyAndHeaders(
                    client(relay) + "&componentName=gate&uploadMode=streaming", "picture", annotated);
            template.sendBody(client(relay) + "&componentName=gate&operation=file", "file");
            template.sendBody(
                    client(relay) + "&componentName=tank&operation=tabular",
                    List.of(Map.of("readings", Map.of("level", 0.7))));
        }

        assertThat(viam.received)
                .extracting(upload -> upload.headers().get(ViamDataConstants.OPERATION))
                .containsExactly(ViamDataOperation.binary, ViamDataOperation.file, ViamDataOperation.tabular);
        assertThat(viam.received).extracting(Received::streamed).containsExactly(false, true, false);
        Map<String, Path> archive = FileTree.files(Path.of(relay.property("archive")));
        List<String> contents = new ArrayList<>();
        for (Path file : archive.values()) {
            contents.add(Files.readString(file).replaceAll("\\s+", ""));
        }
        assertThat(contents)
                .hasSize(6)
                .contains("picture", "file", "[{\"readings\":{\"level\":0.7}}]")
                .anySatisfy(json -> assertThat(json).contains("lorry", "\"quality\":80"));
    }

    @Test
    void theRelaysClientIsToldWhatBecameOfItsUpload() throws Exception {
        answer = upload -> {
            if (component(upload).equals("bad")) {
                throw Status.FAILED_PRECONDITION.asRuntimeException();
            }
        };
        Path archive = Files.createFile(directory.resolve("in-the-way"));
        Example relay = start("relay", Map.of("archive", archive.toString()), "relay");
        try (var template = relay.main().getCamelContext().createProducerTemplate()) {
            Exchange refused = template.send(
                    client(relay) + "&componentName=bad",
                    exchange -> exchange.getMessage().setBody("body"));
            assertThat(refused.getException()).hasMessageContaining("FAILED_PRECONDITION");

            // A copy that cannot be written is no reason to say that Viam has not got it.
            Exchange stored = template.send(
                    client(relay) + "&componentName=good",
                    exchange -> exchange.getMessage().setBody("body"));
            assertThat(stored.getException()).isNull();
            assertThat(stored.getMessage().getHeader(ViamDataConstants.FILE_ID, String.class))
                    .startsWith(ID);
        }
        assertThat(viam.received).hasSize(2);
    }

    // ---- Examples --------------------------------------------------------------------------------------------------

    private record Example(Main main) implements AutoCloseable {

        String property(String name) {
            return main.getCamelContext().resolvePropertyPlaceholders("{{" + name + "}}");
        }

        @Override
        public void close() {
            main.stop();
        }
    }

    /** Some of the files of an example, with its properties, but for those given, and with the server for Viam. */
    private Example start(String name, Map<String, String> properties, String... files) throws Exception {
        Main main = new Main();
        main.setPropertyPlaceholderLocations("file:examples/" + name + "/application.properties");
        main.addInitialProperty("example.folder", "examples/" + name);
        main.addInitialProperty("example.output", directory.toString());
        main.addInitialProperty("free.port.2", String.valueOf(freePort()));
        Map<String, String> ours = new HashMap<>(Map.of(
                "viam.part-id",
                PART,
                "camel.component.viamdata.host",
                "localhost",
                "camel.component.viamdata.port",
                String.valueOf(viam.port()),
                "camel.component.viamdata.plaintext",
                "true",
                "camel.main.routesIncludePattern",
                Stream.of(files)
                        .map(file -> "file:examples/" + name + "/" + file + ".camel.yaml")
                        .collect(Collectors.joining(","))));
        ours.putAll(properties);
        ours.forEach(main::addOverrideProperty);
        main.configure().setAutoConfigurationLogSummary(false);
        main.configure().setShutdownTimeout(5);
        main.start();
        Example example = new Example(main);
        running.add(example);
        return example;
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

    private static String client(Example relay) {
        return "viamdata:" + PART + "?componentType=camera&methodName=GetImages&fileExtension=.jpg&host=localhost&port="
                + relay.property("relay.port") + "&plaintext=true&apiKeyId=" + relay.property("relay.api-key-id")
                + "&apiKey=" + relay.property("relay.api-key");
    }

    // ---- What is sent and what arrives -----------------------------------------------------------------------------

    /** All uploads so far, and those to come, get no answer before the count down. */
    private CountDownLatch holdAnswers() {
        CountDownLatch latch = new CountDownLatch(1);
        answer = upload -> {
            try {
                latch.await();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        };
        running.add(latch::countDown);
        return latch;
    }

    private void refuse(Predicate<Received> refused) {
        answer = upload -> {
            if (refused.test(upload)) {
                throw Status.INVALID_ARGUMENT.asRuntimeException();
            }
        };
    }

    /** Some 6 kB each, but each hundredth so large that it is streamed. */
    private static byte[] picture(int number) {
        byte[] body = new byte[number % 100 == 99 ? 1_100_000 : 1_000 + number * 20];
        new Random(number).nextBytes(body);
        return body;
    }

    /** When a picture was captured, where the source says so. */
    private static Instant captured(int number) {
        return Instant.ofEpochSecond(1_790_000_000L + number);
    }

    private static Map<String, Object> headers(String component, String method, String extension) {
        return new TreeMap<>(Map.of(
                ViamDataConstants.OPERATION,
                ViamDataOperation.binary,
                ViamDataConstants.PART_ID,
                PART,
                ViamDataConstants.COMPONENT_TYPE,
                "camera",
                ViamDataConstants.COMPONENT_NAME,
                component,
                ViamDataConstants.METHOD_NAME,
                method,
                ViamDataConstants.FILE_EXTENSION,
                extension));
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

    private static Map<TopicPartition, OffsetAndMetadata> committed(Example example) throws Exception {
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", example.property("kafka.brokers")))) {
            Map<TopicPartition, OffsetAndMetadata> offsets = admin.listConsumerGroupOffsets(
                            example.property("kafka.group"))
                    .partitionsToOffsetAndMetadata()
                    .get();
            offsets.values().removeIf(java.util.Objects::isNull);
            return offsets;
        }
    }

    /** Each at least once, and nothing else; of the times named, only that they are of this test. */
    private void arrive(Map<String, Sent> sent, String... times) {
        await().atMost(Duration.ofSeconds(60)).until(() -> keys().containsAll(sent.keySet()));
        for (Received upload : viam.received) {
            Sent one = sent.get(key(upload.bytes()));
            assertThat(one).as("known").isNotNull();
            assertThat(upload.bytes()).isEqualTo(one.body());
            Map<String, Object> headers = new TreeMap<>(upload.headers());
            for (String time : times) {
                assertThat(headers.remove(time))
                        .asInstanceOf(InstanceOfAssertFactories.INSTANT)
                        .isBetween(begin, Instant.now());
            }
            assertThat(headers).isEqualTo(one.headers());
            assertThat(upload.streamed()).isEqualTo(one.body().length > 1_000_000);
        }
    }

    private Set<String> keys() {
        return viam.received.stream().map(upload -> key(upload.bytes())).collect(Collectors.toSet());
    }

    private static String component(Received upload) {
        return upload.headers().get(ViamDataConstants.COMPONENT_NAME).toString();
    }

    private static String key(byte[] body) {
        return body.length + "-" + java.util.Arrays.hashCode(body);
    }

    private static JsonNode json(Path file) throws IOException {
        return new ObjectMapper().readTree(Files.readString(file));
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }
}
