// Copyright the camel-viamdata authors. SPDX-License-Identifier: Apache-2.0
package io.github.camelviamdata.examples;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.github.camelviamdata.service.FileTree;
import io.github.camelviamdata.service.TestCall;
import io.github.camelviamdata.service.TestService;
import java.io.IOException;
import java.io.Reader;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.apache.camel.CamelContext;
import org.apache.camel.Exchange;
import org.apache.camel.impl.DefaultCamelContext;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Starts the examples as their readers do, each in a Java process of its own. */
@Tag("examples")
class DemoIT {

    private static final Path INBOX = Path.of("examples/file/inbox");
    private static final Path DISK = Path.of("examples/capture/disk");
    private static final Path RECEIVED = Path.of("target/demo/file/received");
    private static final List<String> SETTINGS = List.of("VIAM_API_KEY_ID", "VIAM_API_KEY", "VIAM_MACHINE_PART_ID");

    private static final Map<String, String> CREDENTIALS =
            Map.of("VIAM_API_KEY_ID", "id", "VIAM_API_KEY", "key", "VIAM_MACHINE_PART_ID", "part");

    private record Run(int status, List<String> lines) {}

    @TempDir
    Path temporary;

    private int started;

    @Test
    void uploadsEveryFileToTheLocalServer() throws Exception {
        Map<String, Path> sent = files(INBOX);

        Run run = run(Map.of(), "-Dexample=file");

        assertThat(run.lines()).last().isEqualTo("uploaded %d of %d".formatted(sent.size(), sent.size()));
        assertThat(run.lines())
                .hasSize(sent.size() + 1)
                .filteredOn(line -> line.matches("\\S+ stored as \\S+"))
                .hasSize(sent.size());
        assertThat(run.status()).isZero();

        Map<String, Path> received = files(RECEIVED);
        assertThat(received).hasSize(sent.size() * 2);
        for (Map.Entry<String, Path> file : sent.entrySet()) {
            String component = INBOX.relativize(file.getValue()).getName(0).toString();
            Path copy = RECEIVED.resolve(component).resolve(file.getKey());
            assertThat(copy).hasSameBinaryContentAs(file.getValue());

            JsonNode metadata =
                    new ObjectMapper().readTree(Files.readString(copy.resolveSibling(file.getKey() + ".json")));
            assertThat(metadata.path("CamelViamDataPartId").asText()).isNotBlank();
            assertThat(metadata.path("CamelViamDataComponentType").asText()).isEqualTo("camera");
            assertThat(metadata.path("CamelViamDataComponentName").asText()).isEqualTo(component);
            assertThat(metadata.path("CamelViamDataMethodName").asText())
                    .isEqualTo(file.getKey().endsWith(".pcd") ? "GetPointCloud" : "GetImages");
            assertThat(metadata.path("CamelViamDataFileExtension").asText())
                    .isEqualTo(file.getKey().substring(file.getKey().indexOf('.')));
            List<String> tags = new ArrayList<>();
            metadata.path("CamelViamDataTags").forEach(tag -> tags.add(tag.asText()));
            assertThat(tags)
                    .containsExactlyInAnyOrderElementsOf(
                            file.getValue().toString().contains("tag=night")
                                    ? List.of("demo", "night")
                                    : List.of("demo"));
            assertThat(metadata.path("CamelViamDataTimeRequested").asText()).matches("\\d{4}-\\d\\d-\\d\\dT[0-9:.]+Z");
        }
    }

    @Test
    void uploadsThroughARelay() throws Exception {
        Run run = run(Map.of(), "-Dexample=relay");

        assertReceived(run, "relay", ".*");
        assertThat(contents(Path.of("target/demo/relay/archive"), ".*(?<![.]json)"))
                .containsExactlyElementsOf(contents(INBOX, ".*"));
    }

    /** The run ends when the gateway has taken all, be it that some still wait there. */
    @Test
    void theGatewayHasForwardedOrKeepsWhatItTook() throws Exception {
        Run run = run(Map.of(), "-Dexample=offline");

        int sent = contents(INBOX, ".*").size();
        assertThat(run.lines()).last().isEqualTo("uploaded %d of %d".formatted(sent, sent));
        assertThat(run.status()).isZero();
        Path output = Path.of("target/demo/offline");
        assertThat(files(output.resolve("outbox")).keySet().stream()
                                .filter(name -> name.endsWith(".upload"))
                                .count()
                        + (Files.exists(output.resolve("received"))
                                ? contents(output.resolve("received"), ".*(?<![.]json)")
                                        .size()
                                : 0))
                .isGreaterThanOrEqualTo(sent);
    }

    /** The pictures of the inbox, whatever the names of the files there. */
    private static void assertReceived(Run run, String example, String include) throws IOException {
        List<String> sent = contents(INBOX, include);
        assertThat(run.lines()).last().isEqualTo("uploaded %d of %d".formatted(sent.size(), sent.size()));
        assertThat(run.lines()).filteredOn(line -> line.contains(" stored as ")).hasSize(sent.size());
        assertThat(run.lines()).hasSize(sent.size() + 1);
        assertThat(run.status()).isZero();
        assertThat(contents(Path.of("target/demo", example, "received"), ".*(?<![.]json)"))
                .containsExactlyElementsOf(sent);
    }

    @Test
    void exportsADatasetThatTheGalleryShows() throws Exception {
        Run run = run(Map.of(), "-Dexample=export");

        List<String> sent = contents(INBOX, ".*");
        assertThat(run.lines()).last().isEqualTo("exported %d of %d".formatted(sent.size(), sent.size()));
        assertThat(run.lines()).hasSize(sent.size() + 1);
        assertThat(run.status()).isZero();
        Path exported = Path.of("target/demo/export/exported");
        Path bucket = Path.of("target/demo/export/buckets/viam-export");
        assertThat(contents(exported, ".*")).isEqualTo(sent);
        assertThat(FileTree.files(bucket).keySet())
                .isEqualTo(FileTree.files(exported).keySet())
                .allMatch(name -> name.matches("(gate|lidar|warehouse|yard)/[0-9a-f-]{36}[.](jpg|png|pcd)"));
        assertThat(contents(bucket, ".*")).isEqualTo(sent);

        Run gallery = run(Map.of(), "-Dexample=gallery", "-Dinbox=" + exported, "-Dpause=10", "-Duntil=uploaded");

        assertThat(gallery.lines()).last().isEqualTo("uploaded %d of %d".formatted(sent.size(), sent.size()));
    }

    @Test
    void exportsFromViamItself() throws Exception {
        DatasetService viam = dataset(freePort(), INBOX);
        int s3Port = freePort();
        S3Server s3 = s3(s3Port, temporary.resolve("buckets"));
        viam.start();
        s3.start();
        Process process = start(
                Map.of(
                        "VIAM_API_KEY_ID", "id",
                        "VIAM_API_KEY", "key",
                        "AWS_ACCESS_KEY_ID", "id-of-s3",
                        "AWS_SECRET_ACCESS_KEY", "key-of-s3"),
                with(
                        S3Server.options(s3Port),
                        "-Dexample=export",
                        "-Dviam=cloud",
                        "-Dviam.dataset=dataset",
                        "-Ds3.bucket=my-bucket",
                        "-Dcamel.component.viamdata.host=localhost",
                        "-Dcamel.component.viamdata.plaintext=true",
                        "-Dcamel.component.viamdata.port=" + viam.getPort()));
        try {
            await().atMost(Duration.ofMinutes(2))
                    .ignoreExceptionsInstanceOf(IOException.class)
                    .untilAsserted(() -> assertThat(contents(temporary.resolve("buckets/my-bucket"), ".*"))
                            .isEqualTo(contents(INBOX, ".*")));
            await().atMost(Duration.ofMinutes(2)).until(viam::isEmpty);
        } finally {
            process.destroyForcibly();
            s3.stop();
            viam.stop();
        }
    }

    static DatasetService dataset(int port, Path directory) {
        DatasetService service = new DatasetService();
        service.setPort(port);
        service.setApiKeyId("id");
        service.setApiKey("key");
        service.setDatasetId("dataset");
        service.setDirectory(directory.toString());
        return service;
    }

    static S3Server s3(int port, Path directory) {
        S3Server server = new S3Server();
        server.setPort(port);
        server.setAccessKey("id-of-s3");
        server.setSecretKey("key-of-s3");
        server.setBucket("my-bucket");
        server.setDirectory(directory.toString());
        return server;
    }

    @Test
    void uploadsReadings() throws Exception {
        Run run = run(Map.of(), "-Dexample=readings");

        assertThat(run.lines()).last().isEqualTo("uploaded 3 of 3");
        assertThat(run.status()).isZero();
        List<JsonNode> readings = new ArrayList<>();
        for (Path file : files(Path.of("target/demo/readings/received")).values()) {
            new ObjectMapper().readTree(file.toFile()).forEach(readings::add);
        }
        assertThat(readings)
                .hasSize(6)
                .allMatch(reading -> reading.at("/readings/ts").isValueNode());
    }

    @Test
    void uploadsACaptureFolderAndLeavesItAsItIs() throws Exception {
        Map<String, Path> disk = files(DISK);

        Run run = run(Map.of(), "-Dexample=capture");

        assertThat(run.lines()).last().isEqualTo("uploaded 3 of 3");
        assertThat(run.status()).isZero();
        assertThat(files(DISK)).isEqualTo(disk);
        assertThat(files(Path.of("target/demo/capture/received"))).isNotEmpty();
    }

    /** To the local server, and then, with a camera that is not the example's, the route alone to Viam. */
    @ParameterizedTest
    @CsvSource({
        "mqtt, .*[.]jpg, mqtt.broker=tcp://, paho-mqtt5:cameras/gate/GetImages?brokerUrl=tcp://",
        "kafka, .*, kafka.brokers=, kafka:frames?brokers="
    })
    void uploadsFromABrokerOfOnesOwn(String example, String include, String option, String destination)
            throws Exception {
        int port = freePort();
        String address = "localhost:" + port;
        byte[] picture = "a picture of this test".getBytes(StandardCharsets.UTF_8);
        try (AutoCloseable broker = broker(example, port);
                TestService service = TestService.plaintext().giving(request -> "token");
                CamelContext camera = new DefaultCamelContext()) {
            assertThat(broker).isNotNull();

            Run run = run(Map.of(), "-Dexample=" + example, "-Dbroker=own", "-D" + option + address);

            assertReceived(run, example, include);
            assertThat(Path.of("target/demo", example, "broker"))
                    .as("the example's own broker")
                    .doesNotExist();

            Process uploads = start(
                    CREDENTIALS,
                    with(
                            cloud(service, "-Dexample=" + example),
                            "-D" + option + address,
                            "-Donly=upload",
                            "-Duntil=stopped"));
            try {
                camera.start();
                camera.createProducerTemplate()
                        .sendBodyAndHeaders(
                                destination + address,
                                picture,
                                Map.of("camera", "gate", "method", "GetImages", "extension", ".jpg"));
                // The broker may send again what the first run has acknowledged too late, at its end.
                await().atMost(Duration.ofMinutes(2))
                        .untilAsserted(() -> assertThat(service.uploads())
                                .filteredOn(TestCall::isHalfClosed)
                                .anySatisfy(call -> {
                                    assertThat(call.payload()).isEqualTo(picture);
                                    assertThat(call.metadata().getPartId()).isEqualTo("part");
                                    assertThat(call.metadata().getComponentName())
                                            .isEqualTo("gate");
                                }));
            } finally {
                uploads.destroyForcibly();
            }
        }
    }

    @ParameterizedTest
    @CsvSource({"relay, relay", "offline, gateway"})
    void theRelayRunsAlone(String example, String route) throws Exception {
        int port = freePort();
        try (TestService service = TestService.plaintext().giving(request -> "token");
                CamelContext client = new DefaultCamelContext()) {
            Process relay = start(
                    CREDENTIALS,
                    with(
                            cloud(service, "-Dexample=" + example),
                            "-Donly=" + route,
                            "-Duntil=stopped",
                            "-D" + route + ".port=" + port,
                            "-Doutbox=" + temporary.resolve("outbox")));
            try {
                client.start();
                Properties keys = new Properties();
                try (Reader reader = Files.newBufferedReader(Path.of("examples", example, "application.properties"))) {
                    keys.load(reader);
                }
                Exchange upload = client.createProducerTemplate()
                        .send(
                                "viamdata:part?componentType=camera&componentName=gate&methodName=GetImages"
                                        + "&fileExtension=.jpg&plaintext=true&host=localhost&port=" + port
                                        + "&apiKeyId=" + keys.getProperty(route + ".api-key-id")
                                        + "&apiKey=" + keys.getProperty(route + ".api-key")
                                        // The relay is still starting.
                                        + "&maxAttempts=100&maxRetryDelay=2s",
                                exchange -> exchange.getMessage().setBody("picture"));

                assertThat(upload.getException()).isNull();
                // The gateway answers before.
                await().atMost(Duration.ofSeconds(30))
                        .untilAsserted(() ->
                                assertThat(service.onlyUpload().messages()).isNotEmpty());
                assertThat(service.onlyUpload().metadata().getPartId()).isEqualTo("part");
            } finally {
                relay.destroyForcibly();
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"file", "relay", "readings", "mqtt", "kafka"})
    void uploadsToViamItself(String example) throws Exception {
        try (TestService service = TestService.plaintext().giving(request -> "token-of-" + request.getEntity())) {
            Run run = run(CREDENTIALS, with(cloud(service, "-Dexample=" + example)));

            assertThat(run.lines()).last().asString().matches("uploaded (\\d+) of \\1");
            assertThat(run.status()).isZero();
            assertThat(service.uploads()).isNotEmpty().allSatisfy(call -> {
                assertThat(call.header("authorization")).isEqualTo("Bearer token-of-id");
                if (!example.equals("relay")) {
                    assertThat(call.metadata().getPartId()).isEqualTo("part");
                }
            });
        }
    }

    @Test
    void aMountedDiskIsUploadedToViamItself() throws Exception {
        Path disk = copyOfTheDisk("rdk_component_sensor/.*");
        try (TestService service = TestService.plaintext().giving(request -> "token-of-" + request.getEntity())) {
            Run run = run(CREDENTIALS, with(cloud(service, "-Dexample=capture"), "-Dinbox=" + disk));

            assertThat(run.lines()).last().isEqualTo("uploaded 2 of 2");
            assertThat(run.status()).isZero();
            assertThat(service.uploads()).isNotEmpty().allSatisfy(call -> {
                assertThat(call.header("authorization")).isEqualTo("Bearer token-of-id");
                assertThat(call.metadata().getPartId()).isEqualTo("part");
                assertThat(call.metadata().getComponentName()).isEqualTo("tank");
            });
            assertThat(FileTree.files(disk))
                    .hasSize(2)
                    .allSatisfy((name, file) -> assertThat(file).hasSameBinaryContentAs(DISK.resolve(name)));
        }
    }

    private Path copyOfTheDisk(String include) throws IOException {
        Path copy = temporary.resolve("copy");
        for (Map.Entry<String, Path> file : FileTree.files(DISK).entrySet()) {
            if (file.getKey().matches(include)) {
                Path target = copy.resolve(file.getKey());
                Files.createDirectories(target.getParent());
                Files.copy(file.getValue(), target);
            }
        }
        return copy;
    }

    @Test
    void theCopyOfADiskIsUploadedAndMovedAside() throws Exception {
        Path copy = copyOfTheDisk(".*");
        try (TestService service = TestService.plaintext().giving(request -> "token")) {
            Process process =
                    start(CREDENTIALS, with(cloud(service, "-Dexample=capture"), "-Droute=rescue", "-Dinbox=" + copy));
            try {
                await().atMost(Duration.ofMinutes(2))
                        .untilAsserted(() -> assertThat(FileTree.files(copy).keySet())
                                .hasSize(4)
                                .contains(
                                        "rdk_component_camera/dock/NextPointCloud/.done/2026-03-01T06_00_00Z.capture",
                                        "rdk_component_sensor/tank/Readings/.done/2026-03-01T06_00_00Z.capture")
                                .anyMatch(file -> file.matches("rdk_component_sensor/tank/Readings/[.]refused/.*"
                                        + "2026-03-01T06_01_40Z[.]prog[.]json")));
                assertThat(service.uploads())
                        .extracting(call -> call.metadata().getPartId() + " "
                                + call.metadata().getComponentName())
                        .containsOnly("part dock", "part tank");
            } finally {
                process.destroyForcibly();
            }
        }
    }

    @Test
    void uploadsReadingsFromABrokerOfOnesOwn() throws Exception {
        int port = freePort();
        try (AutoCloseable broker = broker("mqtt", port)) {
            assertThat(broker).isNotNull();

            Run run = run(Map.of(), "-Dexample=readings", "-Dbroker=own", "-Dmqtt.broker=tcp://localhost:" + port);

            assertThat(run.lines()).last().isEqualTo("uploaded 3 of 3");
            assertThat(Path.of("target/demo/readings/broker")).doesNotExist();
        }
    }

    @Test
    void anySettingCanBeGiven() throws Exception {
        int port = freePort();
        Path inbox = Files.createDirectories(temporary.resolve("inbox/gate"));
        Files.copy(INBOX.resolve("gate/gate-0712.jpg"), inbox.resolve("only.jpg"));

        Run run = run(Map.of(), "-Dinbox=" + inbox.getParent(), "-Dviam.port=" + port, "-Ddemo.log=INFO");

        assertThat(run.lines()).last().isEqualTo("uploaded 1 of 1");
        assertThat(run.lines()).anyMatch(line -> line.contains("Receiving uploads") && line.contains(":" + port));
    }

    @Test
    void theGalleryTakesPortsAndEnds() throws Exception {
        int port = freePort();
        int page = freePort();
        Path inbox = Files.createDirectories(temporary.resolve("inbox/gate"));
        Files.copy(INBOX.resolve("gate/gate-0712.jpg"), inbox.resolve("only.jpg"));

        Run run = run(
                Map.of(),
                "-Dexample=gallery",
                "-Dinbox=" + inbox.getParent(),
                "-Dviam.port=" + port,
                "-Dgallery.port=" + page,
                "-Dpause=10",
                "-Duntil=uploaded");

        assertThat(run.lines())
                .anyMatch(line -> line.contains("http://localhost:%d/ shows what localhost:%d".formatted(page, port)));
        assertThat(run.lines()).last().isEqualTo("uploaded 1 of 1");
    }

    /** The settings for Viam, but for the address of a service. */
    private static List<String> cloud(TestService service, String... more) {
        List<String> options = new ArrayList<>(List.of(more));
        options.add("-Dviam=cloud");
        for (String option : List.of("host=localhost", "port=" + service.port(), "plaintext=true")) {
            options.add("-Dcamel.component.viamdata." + option);
        }
        return options;
    }

    private static String[] with(List<String> options, String... more) {
        return Stream.concat(options.stream(), Stream.of(more)).toArray(String[]::new);
    }

    private AutoCloseable broker(String example, int port) throws Exception {
        String directory = temporary.resolve("broker").toString();
        if (example.equals("mqtt")) {
            MqttBroker broker = new MqttBroker();
            broker.setPort(port);
            broker.setDirectory(directory);
            broker.start();
            return broker::stop;
        }
        KafkaBroker broker = new KafkaBroker();
        broker.setPort(port);
        broker.setDirectory(directory);
        broker.start();
        return broker::stop;
    }

    @Test
    void aFolderIsFollowedUntilTheRouteIsStopped() throws Exception {
        Path inbox = temporary.resolve("inbox");
        Process process = start(Map.of(), "-Droute=watch", "-Dinbox=" + inbox);
        try {
            Path picture =
                    Files.createDirectories(inbox.resolve("gate/tag=night")).resolve("late.jpg");
            Files.copy(INBOX.resolve("gate/gate-0712.jpg"), picture);

            await().atMost(Duration.ofMinutes(2)).until(() -> Files.exists(picture.resolveSibling(".done/late.jpg")));
            assertThat(RECEIVED.resolve("gate/late.jpg")).hasSameBinaryContentAs(INBOX.resolve("gate/gate-0712.jpg"));
            process.destroy();
            assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
        } finally {
            process.destroyForcibly();
        }
        assertThat(Files.readAllLines(output())).first().asString().startsWith("running until it is stopped");
    }

    @Test
    void twoProcessesShareTheKafkaTopic() throws Exception {
        List<String> common = List.of(
                "-Dexample=kafka",
                "-Duntil=stopped",
                "-Drepeat=0",
                "-Dkafka.port=" + freePort(),
                "-Dviam.port=" + freePort());
        Process first = start(Map.of(), common.toArray(String[]::new));
        Process second = null;
        try {
            Path ofFirst = output();
            await().atMost(Duration.ofMinutes(2))
                    .until(() -> Files.readString(ofFirst).contains(" stored as "));
            List<String> alone = new ArrayList<>(common);
            alone.add("-Donly=upload");
            alone.add("-Dledger=file:" + temporary.resolve("second.ledger"));
            second = start(Map.of(), alone.toArray(String[]::new));
            Path ofSecond = output();
            await().atMost(Duration.ofMinutes(2))
                    .until(() -> Files.readString(ofSecond).contains(" stored as "));
            // Records go on to come to both.
            int lines = Files.readAllLines(ofFirst).size();
            await().atMost(Duration.ofMinutes(2))
                    .until(() -> Files.readAllLines(ofFirst).size() > lines);
            for (Path output : List.of(ofFirst, ofSecond)) {
                assertThat(Files.readAllLines(output).stream().skip(1))
                        .allMatch(line -> line.matches("frames-[0-3]-\\d+[.](jpg|png|pcd) stored as \\S+"));
            }
        } finally {
            first.destroyForcibly();
            if (second != null) {
                second.destroyForcibly();
            }
        }
    }

    @Test
    void missingCredentialsAreNamedInOneLine() throws Exception {
        Run run = run(Map.of(), "-Dviam=cloud");

        assertThat(run.lines()).singleElement().asString().contains(SETTINGS);
        assertThat(run.status()).isEqualTo(1);
    }

    @Test
    void onlyWhatIsMissingIsNamed() throws Exception {
        Run run = run(Map.of("VIAM_API_KEY_ID", "id", "VIAM_MACHINE_PART_ID", "part"), "-Dviam=cloud");

        assertThat(run.lines())
                .singleElement()
                .asString()
                .contains("VIAM_API_KEY")
                .doesNotContain("VIAM_API_KEY_ID", "VIAM_MACHINE_PART_ID");
        assertThat(run.status()).isEqualTo(1);
    }

    /** Also where the route itself would try for ever. */
    @ParameterizedTest
    @ValueSource(strings = {"file", "mqtt", "kafka", "relay"})
    void aWrongKeyEndsTheRunWithoutItsSecret(String example) throws Exception {
        Run run = run(Map.of(), "-Dexample=" + example, "-Dcamel.component.viamdata.api-key=mistaken-key");

        assertThat(run.lines()).last().asString().startsWith("uploaded 0 of ");
        assertThat(run.lines()).hasSize(2);
        assertThat(String.join("\n", run.lines())).doesNotContain("mistaken-key", "\tat ");
        assertThat(run.status()).isEqualTo(1);
    }

    @Test
    void aServiceThatCannotBeReachedIsReportedOnce() throws Exception {
        Run run = run(Map.of(), "-Dcamel.component.viamdata.port=1");

        assertThat(run.lines()).hasSize(2).first().asString().contains("UNAVAILABLE", "localhost:1");
        assertThat(run.lines()).last().asString().startsWith("uploaded 0 of ");
        assertThat(run.status()).isEqualTo(1);
    }

    @Test
    void aWrongSettingEndsInOneLine() throws Exception {
        for (String setting :
                List.of("-Dexample=nothing", "-Dviam=nowhere", "-Dviam.port=high", "-Dinbox=target/none")) {
            Run run = run(Map.of(), setting);

            assertThat(run.lines()).as(setting).hasSize(1);
            assertThat(run.status()).as(setting).isEqualTo(1);
        }
    }

    @Test
    void anErrorOfTheNetworkNamesPortAndBroker() throws Exception {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            int port = taken.getLocalPort();
            String nobody = "localhost:" + freePort();
            for (String options : List.of(
                    "-Dexample=file -Dviam.port=" + port,
                    "-Dexample=relay -Drelay.port=" + port,
                    "-Dexample=mqtt -Dmqtt.port=" + port,
                    "-Dexample=kafka -Dkafka.port=" + port,
                    "-Dexample=mqtt -Dbroker=own -Dmqtt.broker=tcp://" + nobody,
                    "-Dexample=kafka -Dbroker=own -Dpatience=3 -Dkafka.brokers=" + nobody)) {
                Run run = run(Map.of(), options.split(" "));

                String setting = options.substring(options.lastIndexOf("-D") + 2);
                assertThat(run.lines()).as(options).first().asString().contains(setting);
                assertThat(run.lines()).as(options).hasSizeLessThanOrEqualTo(2);
                assertThat(run.status()).as(options).isEqualTo(1);
            }
        }
    }

    /** There is no summary to wait for. */
    @Test
    void whatRunsUntilItIsStoppedSaysWhatFails() throws Exception {
        Path inbox = Files.createDirectories(temporary.resolve("inbox/gate"));
        Files.writeString(inbox.resolve("a.jpg"), "picture");
        int port = freePort();
        Process process = start(
                Map.of(), "-Droute=watch", "-Dinbox=" + inbox.getParent(), "-Dcamel.component.viamdata.port=" + port);
        try {
            await().atMost(Duration.ofMinutes(2))
                    .untilAsserted(() -> assertThat(Files.readAllLines(output()))
                            .anyMatch(line -> line.contains("UNAVAILABLE") && line.contains("localhost:" + port))
                            .noneMatch(line -> line.contains("\tat ")));
        } finally {
            process.destroyForcibly();
        }
    }

    private Run run(Map<String, String> environment, String... options) throws IOException, InterruptedException {
        Process process = start(environment, options);
        try {
            assertThat(process.waitFor(2, TimeUnit.MINUTES))
                    .as("the example ends by itself")
                    .isTrue();
        } finally {
            process.destroyForcibly();
        }
        return new Run(process.exitValue(), Files.readAllLines(output()));
    }

    private Process start(Map<String, String> environment, String... options) throws IOException {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        // They live for seconds: what the second compiler makes faster would not pay.
        command.add("-XX:TieredStopAtLevel=1");
        command.add("-Dlog4j2.configurationFile=examples/log4j2-demo.xml");
        command.addAll(List.of(options));
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), Example.class.getName()));
        started++;
        ProcessBuilder builder =
                new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(output().toFile());
        builder.environment().keySet().removeAll(SETTINGS);
        builder.environment().putAll(environment);
        return builder.start();
    }

    /** What the process started last has printed. */
    private Path output() {
        return temporary.resolve("output-" + started);
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    private static List<String> contents(Path folder, String include) throws IOException {
        List<String> contents = new ArrayList<>();
        for (Map.Entry<String, Path> file : files(folder).entrySet()) {
            if (file.getKey().matches(include)) {
                contents.add(Base64.getEncoder().encodeToString(Files.readAllBytes(file.getValue())));
            }
        }
        contents.sort(null);
        return contents;
    }

    private static Map<String, Path> files(Path folder) throws IOException {
        Map<String, Path> files = new TreeMap<>();
        try (Stream<Path> paths = Files.walk(folder)) {
            paths.filter(Files::isRegularFile)
                    .forEach(path -> files.put(path.getFileName().toString(), path));
        }
        return files;
    }
}
