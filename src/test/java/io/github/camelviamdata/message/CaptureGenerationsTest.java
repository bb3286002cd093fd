// Copyright the camel-viamdata authors. SPDX-License-Identifier: Apache-2.0
package io.github.camelviamdata.message;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import com.google.protobuf.Timestamp;
import io.github.camelviamdata.ViamDataConstants;
import io.github.camelviamdata.ViamDataRejectedException;
import io.github.camelviamdata.proto.datasync.v1.DataCaptureMetadata;
import io.github.camelviamdata.proto.datasync.v1.DataType;
import io.github.camelviamdata.proto.datasync.v1.SensorData;
import io.github.camelviamdata.proto.datasync.v1.SensorMetadata;
import io.github.camelviamdata.service.TestCall;
import io.github.camelviamdata.support.CaptureFile;
import io.github.camelviamdata.support.LogCollector;
import io.github.camelviamdata.support.Shows;
import io.github.camelviamdata.support.ViamDataTestSupport;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.camel.Exchange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Capture files as each generation of the machine agent has written them, and what each payload in them is called. */
class CaptureGenerationsTest extends ViamDataTestSupport {

    private static final byte[] JPEG = {(byte) 0xff, (byte) 0xd8, (byte) 0xff, (byte) 0xe0, 0, 16, 'J', 'F', 'I', 'F'};
    private static final byte[] PNG = {
        (byte) 0x89, 'P', 'N', 'G', '\r', '\n', 0x1a, '\n', 0, 0, 0, 13, 'I', 'H', 'D', 'R'
    };

    static byte[] file(String name) throws IOException {
        return Files.readAllBytes(Path.of("src/test/resources/cases", name));
    }

    private String capture(String... options) {
        return uri(Stream.concat(Stream.of("operation=capture"), Stream.of(options))
                .toArray(String[]::new));
    }

    private static void assertUpload(TestCall call, String mimeType, String extension, int size, String... times) {
        assertThat(call.method()).isEqualTo("DataCaptureUpload");
        assertThat(call.metadata().getComponentName()).isEqualTo("cam");
        assertThat(call.metadata().getMethodName()).isEqualTo("GetImages");
        assertThat(call.metadata().getTagsList()).containsExactly("t1");
        assertThat(call.metadata().getMimeType()).isEqualTo(mimeType);
        assertThat(call.metadata().getFileExtension()).isEqualTo(extension);
        assertThat(call.payload()).hasSize(size);
        SensorMetadata sensor = call.sensorMetadata();
        assertThat(Stream.of(sensor.getTimeRequested(), sensor.getTimeReceived())
                        .map(ProtoValues::instant))
                .containsExactly(Instant.parse(times[0]), Instant.parse(times[1]));
    }

    @Test
    void theAgentOf2026GivesAMimeTypeAndNoExtension() throws Exception {
        Exchange exchange = upload(capture(), file("getimages-2026.capture"), Map.of());

        assertUpload(
                service.onlyUpload(),
                "image/jpeg",
                ".jpeg",
                100,
                "2026-05-01T10:00:00.000000005Z",
                "2026-05-01T10:00:01.000000005Z");
        assertThat(exchange.getMessage().getHeader(ViamDataConstants.CAPTURE_COUNT))
                .isEqualTo(1L);
    }

    @Test
    void theAgentOf2025TypesEachPayload() throws Exception {
        upload(capture(), file("getimages-2025.capture"), Map.of());

        assertThat(service.uploads()).hasSize(2);
        assertUpload(
                service.uploads().get(0),
                "image/jpeg",
                ".jpeg",
                120,
                "2025-05-01T10:00:00.000000005Z",
                "2025-05-01T10:00:01.000000005Z");
        assertUpload(
                service.uploads().get(1),
                "image/png",
                ".png",
                90,
                "2025-05-01T10:00:00.000000005Z",
                "2025-05-01T10:00:01.000000005Z");
    }

    @Test
    void theAgentOf2024HoldsImagesInAStruct() throws Exception {
        Exchange exchange = upload(capture(), file("getimages-2024.capture"), Map.of());

        assertThat(service.uploads()).hasSize(2);
        String time = "2024-05-01T10:00:00.250Z";
        assertUpload(service.uploads().get(0), "image/jpeg", ".jpeg", 60, time, time);
        assertUpload(service.uploads().get(1), "image/vnd.viam.dep", ".dep", 17, time, time);
        assertThat(service.uploads().get(0).payload()).startsWith(JPEG);
        assertThat(new String(service.uploads().get(1).payload(), StandardCharsets.US_ASCII))
                .startsWith("DEPTHMAP");
        assertThat(exchange.getMessage().getHeaders())
                .containsEntry(ViamDataConstants.CAPTURE_COUNT, 2L)
                .containsEntry(ViamDataConstants.CAPTURE_LEFT, 0L);
        assertThat(exchange.getMessage().getHeader(ViamDataConstants.FILE_IDS, List.class))
                .hasSize(2);
    }

    @ParameterizedTest
    @CsvSource({
        "image/jpeg, .jpeg",
        "image/png, .png",
        "pointcloud/pcd, .pcd",
        "video/mp4, .mp4",
        "audio/wav, .wav",
        "audio/mpeg, .mp3",
        "image/vnd.viam.rgba, .rgba",
        "image/vnd.viam.dep, .dep"
    })
    void theExtensionIsThatOfTheTypeAlsoOverAnotherOne(String mimeType, String extension) {
        for (String other : List.of("", ".dat")) {
            service.calls().clear();
            upload(capture("fileExtension=.gif"), binary(mimeType, other, JPEG), Map.of());

            assertThat(service.onlyUpload().metadata().getMimeType()).isEqualTo(mimeType);
            assertThat(service.onlyUpload().metadata().getFileExtension()).isEqualTo(extension);
        }
    }

    @Test
    void anExtensionBesideATypeThatHasNoneIsKept() {
        upload(capture(), binary("video/webm", ".webm", JPEG), Map.of());

        assertThat(service.onlyUpload().metadata().getFileExtension()).isEqualTo(".webm");
    }

    @Test
    void aPayloadWithoutATypeIsRefusedOrToldByItsContent() {
        byte[] file = binary("", "", PNG);
        assertThat(refused(ViamDataRejectedException.class, capture(), file, Map.of()))
                .hasMessageContaining("Missing: fileExtension");
        assertThat(service.calls()).isEmpty();

        upload(capture("detectMimeType=true"), file, Map.of());

        assertThat(service.onlyUpload().metadata().getMimeType()).isEqualTo("image/png");
        assertThat(service.onlyUpload().metadata().getFileExtension()).isEqualTo(".png");
    }

    @Test
    @Shows({"detectMimeType", "correctMimeType"})
    void aTypeThatTheContentContradictsIsReportedOrCorrected() {
        byte[] file = binary("image/jpeg", ".jpeg", PNG);
        try (LogCollector log = new LogCollector()) {
            upload(capture("detectMimeType=true"), file, Map.of());

            assertThat(log.lines()).anyMatch(line -> line.startsWith("WARN") && line.contains("content is image/png"));
        }
        assertThat(service.onlyUpload().metadata().getMimeType()).isEqualTo("image/jpeg");
        service.calls().clear();

        upload(capture("correctMimeType=true"), file, Map.of());

        assertThat(service.onlyUpload().metadata().getMimeType()).isEqualTo("image/png");
        assertThat(service.onlyUpload().metadata().getFileExtension()).isEqualTo(".png");
    }

    @ParameterizedTest
    @CsvSource({
        "1, , image/vnd.viam.rgba, .rgba",
        "2, , image/vnd.viam.dep, .dep",
        "3, , image/jpeg, .jpeg",
        "4, , image/png, .png",
        "0, image/png, image/png, .png",
        "0, image/jpg, image/jpeg, .jpeg",
        "0, , image/jpeg, .jpeg",
        "9, , image/jpeg, .jpeg"
    })
    void anImageOfAStructIsNamedByItsTypeOrFormatOrContent(
            int format, String mimeType, String expected, String extension) {
        Map<String, Object> image = mimeType == null
                ? Map.of("source_name", "color", "format", format, "image", numbers(JPEG))
                : Map.of("format", format, "mime_type", mimeType, "image", numbers(JPEG));

        upload(capture(), struct(Map.of("images", List.of(image))), Map.of());

        assertThat(service.onlyUpload().metadata().getMimeType()).isEqualTo(expected);
        assertThat(service.onlyUpload().metadata().getFileExtension()).isEqualTo(extension);
        assertThat(service.onlyUpload().payload()).isEqualTo(JPEG);
        assertThat(service.onlyUpload().sensorMetadata()).isEqualTo(times());
    }

    @Test
    void theBytesOfAnImageMayBeBase64AndEveryByteSurvives() {
        byte[] all = new byte[256];
        for (int i = 0; i < all.length; i++) {
            all[i] = (byte) i;
        }
        String text = Base64.getEncoder().encodeToString(all);
        Map<String, Object> first = Map.of("format", 3, "image", numbers(all));
        Map<String, Object> second = Map.of("format", 4, "image", text);

        upload(capture(), struct(Map.of("images", List.of(first, second))), Map.of());

        assertThat(service.uploads()).extracting(TestCall::payload).containsExactly(all, all);
    }

    @Test
    void aCallWithoutImagesIsNoDamage() {
        Exchange exchange = upload(capture(), struct(Map.of("images", List.of())), Map.of());

        assertThat(service.calls()).isEmpty();
        assertThat(exchange.getMessage().getHeaders())
                .containsEntry(ViamDataConstants.CAPTURE_COUNT, 0L)
                .containsEntry(ViamDataConstants.CAPTURE_LEFT, 0L);
    }

    static Stream<Map<String, Object>> otherStructs() {
        return Stream.of(
                Map.of("readings", Map.of("level", 1)),
                Map.of("images", "none"),
                Map.of("images", List.of(1, 2)),
                Map.of("images", List.of(Map.of("format", 3))),
                Map.of("images", List.of(Map.of("format", 3, "image", "no base64!"))),
                Map.of("images", List.of(Map.of("format", 3, "image", List.of(1, 256)))),
                Map.of("images", List.of(Map.of("format", 3, "image", List.of(1, 0.5)))));
    }

    @ParameterizedTest
    @org.junit.jupiter.params.provider.MethodSource("otherStructs")
    void aStructWithoutImagesInAFileOfBinaryDataFailsTheExchange(Map<String, Object> struct) {
        assertThat(refused(ViamDataRejectedException.class, capture(), struct(struct), Map.of()))
                .hasMessageContaining("No data in the capture file can be read: at offset ");
        assertThat(service.calls()).isEmpty();
    }

    /** Hostile or hurt: whatever is in it, the exchange ends, and a file that gave nothing is no success. */
    @Test
    void aStructThatIsCutOrFlippedAnywhereEndsAsDamage() throws Exception {
        byte[] whole = file("getimages-2024.capture");
        String uri = capture();
        for (int i = 0; i < whole.length; i += 7) {
            byte[] flipped = whole.clone();
            flipped[i] ^= (byte) (1 << i % 8);
            for (byte[] bytes : List.of(Arrays.copyOf(whole, i), flipped)) {
                service.calls().clear();
                Exchange exchange = send(uri, bytes, Map.of());
                if (exchange.getException() == null) {
                    assertThat(exchange.getMessage().getHeaders()).containsKey(ViamDataConstants.CAPTURE_LEFT);
                } else {
                    assertThat(exchange.getException()).isInstanceOf(ViamDataRejectedException.class);
                    assertThat(service.calls()).isEmpty();
                }
            }
        }
    }

    @Test
    void readingsWithBinaryContentFailTheExchangeAndTheTextNamesTheContradiction() throws Exception {
        Exchange exchange = send(capture(), file("readings-with-binary.capture"), Map.of());

        assertThat(exchange.getException())
                .isInstanceOf(ViamDataRejectedException.class)
                .hasMessageContaining(
                        "Nothing was uploaded. No data in the capture file can be read: at offset 47 of 108 bytes, the"
                                + " file is said to hold readings, but a message in it holds binary data");
        assertThat(service.calls()).isEmpty();
    }

    /** Another agent's format, or damage: text, zeros, and a beginning that happens to be one. */
    @ParameterizedTest
    @ValueSource(strings = {"hello, world", "\u0000\u0000\u0000\u0000", "{\"type\": 1}"})
    void aFileThatHoldsNothingReadableFails(String tail) throws Exception {
        byte[] head = binary("image/jpeg", "");
        byte[] bytes = Arrays.copyOf(head, head.length + tail.length());
        System.arraycopy(tail.getBytes(StandardCharsets.US_ASCII), 0, bytes, head.length, tail.length());

        assertThat(refused(ViamDataRejectedException.class, capture(), bytes, Map.of()))
                .hasMessageContaining("No data in the capture file can be read: at offset " + head.length);
    }

    private static SensorMetadata times() {
        return SensorMetadata.newBuilder()
                .setTimeRequested(Timestamp.newBuilder().setSeconds(1_700_000_000))
                .setTimeReceived(Timestamp.newBuilder().setSeconds(1_700_000_001))
                .build();
    }

    private static byte[] binary(String mimeType, String extension, byte[]... payloads) {
        CaptureFile file = new CaptureFile(
                head().setMimeType(mimeType).setFileExtension(extension).build());
        for (byte[] payload : payloads) {
            file.add(SensorData.newBuilder()
                    .setMetadata(times())
                    .setBinary(ByteString.copyFrom(payload))
                    .build());
        }
        return file.bytes();
    }

    private static byte[] struct(Map<String, Object> struct) {
        return new CaptureFile(head().build())
                .add(SensorData.newBuilder()
                        .setMetadata(times())
                        .setStruct(ProtoValues.struct("struct", struct))
                        .build())
                .bytes();
    }

    private static DataCaptureMetadata.Builder head() {
        return DataCaptureMetadata.newBuilder()
                .setComponentType("rdk:component:camera")
                .setComponentName("cam")
                .setMethodName("GetImages")
                .setType(DataType.DATA_TYPE_BINARY_SENSOR);
    }

    private static List<Integer> numbers(byte[] bytes) {
        return java.util.stream.IntStream.range(0, bytes.length)
                .mapToObj(i -> bytes[i] & 0xff)
                .toList();
    }
}
