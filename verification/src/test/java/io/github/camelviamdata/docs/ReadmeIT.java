// Copyright the camel-viamdata authors. SPDX-License-Identifier: Apache-2.0
package io.github.camelviamdata.docs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.google.protobuf.Struct;
import com.google.protobuf.Value;
import io.github.camelviamdata.ViamDataConstants;
import io.github.camelviamdata.examples.KafkaBroker;
import io.github.camelviamdata.examples.MqttBroker;
import io.github.camelviamdata.faults.Ports;
import io.github.camelviamdata.proto.datasync.v1.DataCaptureUploadRequest;
import io.github.camelviamdata.proto.datasync.v1.DataType;
import io.github.camelviamdata.proto.datasync.v1.SensorMetadata;
import io.github.camelviamdata.proto.datasync.v1.UploadMetadata;
import io.github.camelviamdata.server.ViamDataServerConsumer;
import io.github.camelviamdata.service.FileTree;
import io.github.camelviamdata.service.StoredData;
import io.github.camelviamdata.service.TestCall;
import io.github.camelviamdata.service.TestService;
import io.github.camelviamdata.support.CaptureFile;
import io.github.camelviamdata.support.ChildJvm;
import io.github.camelviamdata.support.TestTls;
import io.github.camelviamdata.support.UploadOnce;
import io.grpc.Status;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import javax.xml.parsers.DocumentBuilderFactory;
import org.apache.camel.Exchange;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.eclipse.paho.mqttv5.client.MqttClient;
import org.eclipse.paho.mqttv5.client.persist.MemoryPersistence;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.w3c.dom.Element;
import org.w3c.dom.Node;

/**
 * Runs the code of {@code README.md}, out of that page. Only places and ports are other ones. What needs a broker runs with
 * the examples.
 */
@Timeout(60)
class ReadmeIT extends PageTestSupport {

    private static final int MESSAGES = 20;

    /** Its routes can be copied as they stand. */
    @Override
    String imports() {
        return "";
    }

    @BeforeEach
    void part() {
        properties.put("viam.partId", "part");
    }

    @Test
    void everyBlockIsRun() throws IOException {
        assertThat(ReadmeBlocks.all().keySet())
                .containsExactly(
                        "camel-viamdata, java",
                        "Use it, xml",
                        "Use it, properties",
                        "From files, java",
                        "From MQTT, java",
                        "From Kafka, java",
                        "Readings, java",
                        "From a machine's own capture folder, java",
                        "Read back, java",
                        "When an upload fails, java",
                        "Receive uploads, java");
    }

    @Test
    void theFirstRouteUploadsPictures() throws Exception {
        byte[] picture = drop("gate.jpg", 3000);
        drop("notes.txt", 10);

        start("java", ReadmeBlocks.block("camel-viamdata, java", "file:inbox", "file:" + inbox));

        awaitInbox(".camel/gate.jpg", "notes.txt");
        assertCamera(uploaded(picture), "gate", ".jpg");
        assertThat(service.uploads()).hasSize(1);
    }

    @Test
    void theDependencyIsThisProject() throws Exception {
        Element dependency = xml(ReadmeBlocks.block("Use it, xml"));
        Element project = xml(Files.readString(Path.of("pom.xml")));

        for (String name : List.of("groupId", "artifactId", "version")) {
            assertThat(child(dependency, name)).isEqualTo(child(project, name));
        }
    }

    private static Element xml(String text) throws Exception {
        return DocumentBuilderFactory.newInstance()
                .newDocumentBuilder()
                .parse(new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8)))
                .getDocumentElement();
    }

    private static String child(Element parent, String name) {
        for (Node node = parent.getFirstChild(); node != null; node = node.getNextSibling()) {
            if (node.getNodeName().equals(name)) {
                return node.getTextContent();
            }
        }
        throw new AssertionError("There is no " + name);
    }

    @Test
    void thePropertiesTakeTheCredentialsFromTheEnvironment() throws Exception {
        Map<String, String> requests = new ConcurrentHashMap<>();
        service.giving(request -> {
            requests.put(request.getEntity(), request.getCredentials().getPayload());
            return "token";
        });
        // By other names, since the component knows these itself.
        Files.writeString(
                folder.resolve("application.properties"),
                ReadmeBlocks.block("Use it, properties", "{{env:VIAM_", "{{env:OUR_"));
        List<Path> classPath = new ArrayList<>(List.of(folder));
        classPath.addAll(ChildJvm.ownClassPath());

        ChildJvm.Result result = new ChildJvm(classPath)
                .environment(
                        Map.of("OUR_API_KEY_ID", "our-id", "OUR_API_KEY", "our-key", "OUR_MACHINE_PART_ID", "our-part"))
                .run(
                        60,
                        UploadOnce.class.getName(),
                        "viamdata:{{viam.partId}}?componentType=camera&componentName=gate&methodName=GetImages"
                                + "&fileExtension=.jpg&" + service.options());

        assertThat(result.exitCode()).as(result.output()).isZero();
        assertThat(requests).isEqualTo(Map.of("our-id", "our-key"));
        assertThat(service.onlyUpload().metadata().getPartId()).isEqualTo("our-part");
    }

    @Test
    void filesAreUploadedAndMoved() throws Exception {
        byte[] stored = drop("gate-1.jpg", 3000);
        byte[] large = drop("tag=night/dataset=yard/gate-2.png", 1_100_000);
        byte[] refused = drop("gate-3.jpg", 3000);
        service.answering(call -> Arrays.equals(call.payload(), refused) ? Status.INVALID_ARGUMENT : Status.OK);

        start("java", ReadmeBlocks.block("From files, java", "directory=inbox", "directory=" + inbox));

        awaitInbox(".done/gate-1.jpg", "tag=night/dataset=yard/.done/gate-2.png", ".refused/gate-3.jpg");
        assertCamera(uploaded(stored), "gate", ".jpg");
        assertThat(uploaded(stored).metadata().getTagsList()).containsExactly("demo");
        assertThat(uploaded(stored).sensorMetadata().getTimeRequested().getSeconds())
                .isEqualTo(1_793_000_000L);
        assertCamera(uploaded(large), "gate", ".png");
        assertThat(uploaded(large).method()).isEqualTo("StreamingDataCaptureUpload");
        assertThat(uploaded(large).metadata().getTagsList()).containsExactlyInAnyOrder("demo", "night");
        assertThat(uploaded(large).metadata().getDatasetIdsList()).containsExactly("yard");
    }

    @Test
    @Tag("examples")
    void mqttIsUploadedAndAcknowledged() throws Exception {
        int port = Ports.free();
        MqttBroker broker = new MqttBroker();
        broker.setPort(port);
        broker.setDirectory(folder.resolve("broker").toString());
        broker.start();
        Path rejected = folder.resolve("rejected");
        AtomicInteger laters = new AtomicInteger();
        service.answering(call -> switch (call.metadata().getComponentName()) {
            case "bad" -> Status.INVALID_ARGUMENT;
            case "later" -> laters.incrementAndGet() == 1 ? Status.UNAVAILABLE : Status.OK;
            default -> Status.OK;
        });
        try {
            start(
                    "java",
                    ReadmeBlocks.block(
                            "From MQTT, java",
                            "localhost:1883",
                            "localhost:" + port,
                            "putAside=rejected",
                            "putAside=" + rejected));
            Map<String, byte[]> pictures = new LinkedHashMap<>();
            MqttClient camera = new MqttClient("tcp://localhost:" + port, "cameras", new MemoryPersistence());
            camera.connect();
            for (int i = 0; i < MESSAGES; i++) {
                String name = i == 3 ? "bad" : i == 5 ? "later" : "gate-" + i;
                pictures.put(name, bytes());
                camera.publish("cameras/" + name + "/jpg", pictures.get(name), 1, false);
            }
            camera.disconnect();
            camera.close();

            await().until(() -> service.uploads().size() == MESSAGES + 1);
            pictures.forEach((name, picture) -> {
                assertThat(calls(picture)).hasSize(name.equals("later") ? 2 : 1);
                assertCamera(calls(picture).get(0), name, ".jpg");
            });
            await().untilAsserted(() -> assertThat(FileTree.files(rejected).values())
                    .hasSize(2)
                    .first()
                    .satisfies(file -> assertThat(file).hasBinaryContent(pictures.get("bad"))));
            await().until(() ->
                    broker.server().locateQueue("uploader.cameras.*.jpg").getMessageCount() == 0);
            assertThat(service.uploads()).hasSize(MESSAGES + 1);
        } finally {
            stop();
            broker.stop();
        }
    }

    @Test
    @Tag("examples")
    void kafkaIsUploadedAndCommitted() throws Exception {
        int port = Ports.free();
        KafkaBroker broker = new KafkaBroker();
        broker.setPort(port);
        broker.setDirectory(folder.resolve("broker").toString());
        broker.start();
        try (KafkaProducer<byte[], byte[]> producer = new KafkaProducer<>(
                Map.of("bootstrap.servers", "localhost:" + port, "enable.idempotence", "false"),
                new ByteArraySerializer(),
                new ByteArraySerializer())) {
            Map<String, byte[]> pictures = new LinkedHashMap<>();
            for (int i = 0; i < MESSAGES; i++) {
                pictures.put("gate-" + i, produce(producer, "gate-" + i));
            }

            start(
                    "java",
                    ReadmeBlocks.block(
                            "From Kafka, java",
                            "localhost:9092",
                            "localhost:" + port,
                            "putAside=rejected",
                            "putAside=" + folder.resolve("rejected")));

            await().until(() ->
                    service.uploads().stream().filter(TestCall::isHalfClosed).count() == MESSAGES);
            pictures.forEach((name, picture) -> assertCamera(uploaded(picture), name, ".jpg"));
            await().until(() -> broker.committed("uploader") == MESSAGES);
            assertThat(service.uploads()).hasSize(MESSAGES);
        } finally {
            stop();
            broker.stop();
        }
    }

    private byte[] produce(KafkaProducer<byte[], byte[]> producer, String camera) throws Exception {
        byte[] picture = bytes();
        ProducerRecord<byte[], byte[]> frame = new ProducerRecord<>("frames", picture);
        frame.headers().add("camera", camera.getBytes(StandardCharsets.UTF_8));
        producer.send(frame).get();
        return picture;
    }

    @Test
    void readingsAreUploaded() throws Exception {
        Path readings = Files.createDirectory(folder.resolve("readings"));
        Files.writeString(readings.resolve("tank.json"), "{\"level\": 0.7}");
        Files.writeString(readings.resolve("other.json"), "level: 0.7");

        start("java", ReadmeBlocks.block("Readings, java", "directory=readings", "directory=" + readings));

        await().untilAsserted(() -> assertThat(tidy(FileTree.files(readings).keySet()))
                .containsExactlyInAnyOrder(".done/tank.json", ".refused/other.json"));
        TestCall call = service.onlyUpload();
        assertThat(call.metadata().getType()).isEqualTo(DataType.DATA_TYPE_TABULAR_SENSOR);
        assertThat(call.metadata().getComponentName()).isEqualTo("tank");
        assertThat(call.metadata().getMethodName()).isEqualTo("Readings");
        Struct level = Struct.newBuilder()
                .putFields("level", Value.newBuilder().setNumberValue(0.7).build())
                .build();
        assertThat(DataCaptureUploadRequest.parseFrom(call.messages().get(0)).getSensorContentsList())
                .extracting(reading -> reading.getStruct().getFieldsMap())
                .containsExactly(Map.of(
                        "readings", Value.newBuilder().setStructValue(level).build()));
    }

    @Test
    void aCaptureFolderIsUploaded() throws Exception {
        Path capture = Files.createDirectories(folder.resolve("capture/gate"));
        byte[] file = CaptureFile.ofPictures(new byte[100], new byte[200]).bytes();
        Files.write(capture.resolve("1.capture"), file);
        Files.write(capture.resolve("2.prog"), Arrays.copyOf(file, file.length - 1));
        Files.write(capture.resolve("3.txt"), file);

        start(
                "java",
                ReadmeBlocks.block(
                        "From a machine's own capture folder, java",
                        "directory=capture",
                        "directory=" + capture.getParent()));

        await().untilAsserted(() ->
                assertThat(FileTree.files(capture)).containsOnlyKeys(".done/1.capture", ".done/2.prog", "3.txt"));
        assertThat(service.uploads())
                .extracting(call -> call.payload().length)
                .containsExactlyInAnyOrder(100, 200, 100);
    }

    /** Those that a machine wrote from 2023 on, one that nothing can be read of, and a sequence. */
    @Test
    void captureFilesOfAllGenerationsAreUploadedAndWhatCannotBeIsPutAside() throws Exception {
        Path capture = Files.createDirectories(folder.resolve("capture/gate"));
        for (String name : List.of(
                "getimages-2024.capture",
                "getimages-2025.capture",
                "getimages-2026.capture",
                "readings-with-binary.capture")) {
            Files.copy(Path.of("src/test/resources/cases", name), capture.resolve(name));
        }
        Files.writeString(capture.resolve("1.seq"), "{}");
        Files.writeString(capture.resolve("2.progseq"), "{}");

        start(
                "java",
                ReadmeBlocks.block(
                        "From a machine's own capture folder, java",
                        "directory=capture",
                        "settle=50&directory=" + capture.getParent()));

        await().untilAsserted(() -> assertThat(FileTree.files(capture).keySet())
                .hasSize(7)
                .contains(
                        ".done/getimages-2024.capture",
                        ".done/getimages-2025.capture",
                        ".done/getimages-2026.capture",
                        "1.seq",
                        "2.progseq")
                .anyMatch(file -> file.matches("[.]refused/.*-gate_readings-with-binary[.]capture"))
                .anyMatch(file -> file.matches("[.]refused/.*-gate_readings-with-binary[.]capture[.]json")));
        assertThat(service.uploads())
                .extracting(call -> call.metadata().getFileExtension() + " " + call.payload().length)
                .containsExactlyInAnyOrder(".jpeg 60", ".dep 17", ".jpeg 120", ".png 90", ".jpeg 100");
    }

    @Test
    void aDatasetIsReadAsAQueue() throws Exception {
        StoredData stored = new StoredData();
        stored.serve(service, call -> Status.OK);
        byte[] picture = bytes();
        stored.add(
                "organization/location/picture",
                UploadMetadata.newBuilder()
                        .setPartId("part")
                        .setFileExtension(".jpg")
                        .addDatasetIds("new")
                        .build(),
                SensorMetadata.getDefaultInstance(),
                picture);
        properties.put("viam.dataset", "new");
        Path exported = folder.resolve("exported");

        start("java", ReadmeBlocks.block("Read back, java", "file:exported", "file:" + exported));

        await().until(() -> stored.inDataset("new").isEmpty());
        assertThat(FileTree.files(exported)).containsOnlyKeys("picture.jpg");
        assertThat(exported.resolve("picture.jpg")).hasBinaryContent(picture);
    }

    @Test
    void theRouteTriesAgainAndPutsAsideWhatIsRefused() throws Exception {
        byte[] stored = drop("stored.jpg", 3000);
        byte[] later = drop("later.jpg", 3000);
        byte[] refused = drop("refused.jpg", 3000);
        AtomicInteger laters = new AtomicInteger();
        service.answering(call -> {
            if (Arrays.equals(call.payload(), refused)) {
                return Status.INVALID_ARGUMENT;
            }
            return Arrays.equals(call.payload(), later) && laters.incrementAndGet() <= 2
                    ? Status.UNAVAILABLE
                    : Status.OK;
        });

        start(
                "java",
                ReadmeBlocks.block(
                        "When an upload fails, java",
                        "file:inbox",
                        "file:" + inbox,
                        "directory=rejected",
                        "directory=" + folder.resolve("rejected")));

        awaitInbox();
        assertThat(FileTree.files(folder.resolve("rejected")).values())
                .hasSize(2)
                .first()
                .satisfies(file -> assertThat(file).hasBinaryContent(refused));
        uploaded(stored);
        uploaded(refused);
        assertThat(calls(later)).hasSize(3);
    }

    @Test
    void theRelayPassesOn() throws Exception {
        beans.put("tls", TestTls.server(folder));
        beans.put("trust", TestTls.client(folder));
        properties.put("relay.keys", "id=key");
        start("java", ReadmeBlocks.block("Receive uploads, java", ":8443", ":0"));
        byte[] picture = bytes();
        int port = ((ViamDataServerConsumer)
                        main.getCamelContext().getRoutes().get(0).getConsumer())
                .getPort();

        Exchange sent = main.getCamelTemplate()
                .send(
                        "viamdata:sender?plaintext=false&sslContextParameters=#trust&host=localhost&port=" + port
                                + "&apiKeyId=id&apiKey=key&componentType=camera&componentName=gate&methodName=GetImages"
                                + "&fileExtension=.jpg",
                        exchange -> exchange.getMessage().setBody(picture));

        assertThat(sent.getException()).isNull();
        assertThat(sent.getMessage().getHeader(ViamDataConstants.FILE_ID)).isEqualTo(TestService.BINARY_DATA_ID + 1);
        TestCall call = uploaded(picture);
        assertThat(call.metadata().getPartId()).isEqualTo("sender");
        assertThat(call.metadata().getComponentName()).isEqualTo("gate");
    }

    private byte[] bytes() {
        byte[] bytes = new byte[3000];
        random.nextBytes(bytes);
        return bytes;
    }

    private static void assertCamera(TestCall call, String name, String extension) {
        assertThat(call.metadata().getPartId()).isEqualTo("part");
        assertThat(call.metadata().getComponentType()).isEqualTo("camera");
        assertThat(call.metadata().getComponentName()).isEqualTo(name);
        assertThat(call.metadata().getMethodName()).isEqualTo("GetImages");
        assertThat(call.metadata().getFileExtension()).isEqualTo(extension);
    }
}
