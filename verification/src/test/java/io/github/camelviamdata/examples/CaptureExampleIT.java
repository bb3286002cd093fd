// Copyright the camel-viamdata authors. SPDX-License-Identifier: Apache-2.0
package io.github.camelviamdata.examples;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.google.protobuf.ByteString;
import com.google.protobuf.Timestamp;
import io.github.camelviamdata.ViamDataConstants;
import io.github.camelviamdata.proto.data.v1.CreateSequenceResponse;
import io.github.camelviamdata.proto.datasync.v1.DataCaptureMetadata;
import io.github.camelviamdata.proto.datasync.v1.DataType;
import io.github.camelviamdata.proto.datasync.v1.SensorData;
import io.github.camelviamdata.proto.datasync.v1.SensorMetadata;
import io.github.camelviamdata.server.Received;
import io.github.camelviamdata.service.FileTree;
import io.github.camelviamdata.service.TestService;
import io.github.camelviamdata.support.CaptureFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** The rescue of a machine's capture folder, to a {@code viamdata-server}. */
class CaptureExampleIT extends ExampleTestSupport {

    private static final Path DISK = Path.of("examples/capture/disk");

    private static final Instant BEGIN = Instant.parse("2026-03-01T06:00:00Z");

    /** Writes the files of the example, which are committed, after a change. */
    public static void main(String[] args) throws Exception {
        for (Map.Entry<String, byte[]> sample : samples().entrySet()) {
            Path file = DISK.resolve(sample.getKey());
            Files.createDirectories(file.getParent());
            Files.write(file, sample.getValue());
        }
    }

    private static Map<String, byte[]> samples() {
        byte[] cut = readings(100, 42);
        return Map.of(
                "rdk_component_camera/dock/NextPointCloud/2026-03-01T06_00_00Z.capture",
                pointCloud(),
                "rdk_component_sensor/tank/Readings/2026-03-01T06_00_00Z.capture",
                readings(0, 100),
                "rdk_component_sensor/tank/Readings/2026-03-01T06_01_40Z.prog",
                Arrays.copyOf(cut, cut.length - 30));
    }

    private static byte[] pointCloud() {
        StringBuilder cloud = new StringBuilder("VERSION .7\nFIELDS x y z\nSIZE 4 4 4\nTYPE F F F\nCOUNT 1 1 1\n"
                + "WIDTH 100\nHEIGHT 1\nVIEWPOINT 0 0 0 1 0 0 0\nPOINTS 100\nDATA ascii\n");
        for (int i = 0; i < 100; i++) {
            cloud.append(i % 10 / 10.0).append(' ').append(i / 10 / 10.0).append(" 1.5\n");
        }
        return new CaptureFile(DataCaptureMetadata.newBuilder()
                        .setComponentType("rdk:component:camera")
                        .setComponentName("dock")
                        .setMethodName("NextPointCloud")
                        .setType(DataType.DATA_TYPE_BINARY_SENSOR)
                        .setFileExtension(".pcd")
                        .setMimeType("pointcloud/pcd")
                        .build())
                .add(SensorData.newBuilder()
                        .setMetadata(times(0))
                        .setBinary(ByteString.copyFrom(cloud.toString(), StandardCharsets.US_ASCII))
                        .build())
                .bytes();
    }

    private static byte[] readings(int first, int count) {
        CaptureFile file = new CaptureFile(DataCaptureMetadata.newBuilder()
                .setComponentType("rdk:component:sensor")
                .setComponentName("tank")
                .setMethodName("Readings")
                .setType(DataType.DATA_TYPE_TABULAR_SENSOR)
                .addTags("cellar")
                .build());
        for (int i = first; i < first + count; i++) {
            file.add(CaptureFile.reading(times(i), i));
        }
        return file.bytes();
    }

    private static SensorMetadata times(int second) {
        Timestamp time = Timestamp.newBuilder()
                .setSeconds(BEGIN.getEpochSecond() + second)
                .build();
        return SensorMetadata.newBuilder()
                .setTimeRequested(time)
                .setTimeReceived(time)
                .build();
    }

    @Test
    void theFolderHoldsWhatTheAgentWouldWrite() throws Exception {
        Map<String, byte[]> samples = samples();
        Map<String, Path> files = FileTree.files(DISK);

        assertThat(files.keySet()).containsExactlyInAnyOrderElementsOf(samples.keySet());
        for (Map.Entry<String, Path> file : files.entrySet()) {
            assertThat(file.getValue()).hasBinaryContent(samples.get(file.getKey()));
        }
    }

    @Test
    void nothingWholeIsLostOfAFolderOfHundreds() throws Exception {
        Path disk = Files.createDirectories(directory.resolve("disk"));
        Map<String, byte[]> pictures = new TreeMap<>();
        int readings = 0;
        for (int i = 0; i < MESSAGES; i++) {
            Path folder = Files.createDirectories(disk.resolve("component-" + i % 7));
            CaptureFile file;
            if (i % 5 == 0) {
                file = CaptureFile.ofReadings(20);
            } else {
                file = CaptureFile.ofPictures(picture(i));
                pictures.put(key(picture(i)), picture(i));
            }
            byte[] bytes = file.bytes();
            boolean cut = i % 10 == 0;
            readings += i % 5 > 0 ? 0 : cut ? 19 : 20;
            Files.write(
                    folder.resolve(i + (cut ? ".prog" : ".capture")),
                    cut ? Arrays.copyOf(bytes, bytes.length - 3) : bytes);
        }
        Files.writeString(disk.resolve("component-0/no.capture"), "not one at all");
        Files.writeString(disk.resolve("component-0/other.txt"), "not for this route");

        start("capture", Map.of("inbox", disk.toString()), "rescue");

        await().atMost(Duration.ofSeconds(60)).untilAsserted(() -> {
            List<String> files = List.copyOf(FileTree.files(disk).keySet());
            assertThat(files)
                    .filteredOn(file -> file.matches("component-./[.]done/[0-9]+[.]capture"))
                    .hasSize(MESSAGES - MESSAGES / 10);
            assertThat(files)
                    .filteredOn(
                            file -> file.matches("component-./[.]refused/.*-component-._([0-9]+[.]prog|no[.]capture)"))
                    .hasSize(MESSAGES / 10 + 1)
                    .allSatisfy(file -> assertThat(files).contains(file + ".json"));
            assertThat(files).hasSize(MESSAGES + 2 + MESSAGES / 10 + 1).contains("component-0/other.txt");
        });
        Map<String, byte[]> received = new TreeMap<>();
        int receivedReadings = 0;
        for (Received upload : viam.received) {
            if (upload.body() instanceof List<?> list) {
                receivedReadings += list.size();
            } else {
                received.put(key(upload.bytes()), upload.bytes());
                assertThat(upload.headers())
                        .containsEntry(ViamDataConstants.COMPONENT_NAME, "gate")
                        .containsEntry(ViamDataConstants.PART_ID, PART);
            }
        }
        assertThat(receivedReadings).isEqualTo(readings);
        assertThat(received.keySet()).isEqualTo(pictures.keySet());
        received.forEach((key, bytes) -> assertThat(bytes).isEqualTo(pictures.get(key)));
        assertThat(viam.received).hasSize(MESSAGES);
    }

    @Test
    void sequencesComeAfterTheDataOfTheirFolder() throws Exception {
        Path disk = Files.createDirectories(directory.resolve("disk"));
        for (int i = 0; i < 20; i++) {
            Path folder = Files.createDirectories(disk.resolve("component-" + i % 7));
            Files.write(
                    folder.resolve(i + ".capture"),
                    CaptureFile.ofPictures(picture(i)).bytes());
        }
        Path sequences = Files.createDirectories(disk.resolve("sequences"));
        Files.writeString(
                sequences.resolve("1.seq"),
                "{\"start_time\": \"2026-03-01T06:00:00Z\", \"end_time\": \"2026-03-01T06:01:00Z\", \"resources\":"
                        + " [{\"resource_name\": \"gate\", \"method_name\": \"GetImages\"}]}");
        Files.writeString(sequences.resolve("2.progseq"), "");
        Files.writeString(sequences.resolve("3.seq"), "{");
        AtomicInteger before = new AtomicInteger();
        try (TestService service = TestService.plaintext()) {
            service.querying(call -> {
                before.set(service.uploads().size());
                return CreateSequenceResponse.newBuilder().setId("sequence-1").build();
            });

            start(
                    "capture",
                    Map.of("inbox", disk.toString(), "camel.component.viamdata.port", String.valueOf(service.port())),
                    "rescue");

            await().atMost(Duration.ofSeconds(60))
                    .until(() -> Files.exists(sequences.resolve(".done/1.seq"))
                            && FileTree.files(sequences).keySet().stream()
                                    .anyMatch(file -> file.matches("[.]refused/.*3[.]seq")));
            assertThat(service.queries()).hasSize(1);
            assertThat(before).hasValue(20);
            assertThat(sequences.resolve("2.progseq")).exists();
        }
    }
}
