// Copyright the camel-viamdata authors. SPDX-License-Identifier: Apache-2.0
package io.github.camelviamdata.message;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Struct;
import com.google.protobuf.Timestamp;
import com.google.protobuf.UnknownFieldSet;
import com.google.protobuf.Value;
import io.github.camelviamdata.ViamDataConstants;
import io.github.camelviamdata.ViamDataDelivery;
import io.github.camelviamdata.ViamDataRejectedException;
import io.github.camelviamdata.proto.datasync.v1.DataCaptureMetadata;
import io.github.camelviamdata.proto.datasync.v1.DataCaptureUploadMetadata;
import io.github.camelviamdata.proto.datasync.v1.DataCaptureUploadRequest;
import io.github.camelviamdata.proto.datasync.v1.DataType;
import io.github.camelviamdata.proto.datasync.v1.SensorData;
import io.github.camelviamdata.proto.datasync.v1.SensorMetadata;
import io.github.camelviamdata.proto.datasync.v1.StreamingDataCaptureUploadRequest;
import io.github.camelviamdata.proto.datasync.v1.UploadMetadata;
import io.github.camelviamdata.service.TestCall;
import io.github.camelviamdata.support.CaptureFile;
import io.github.camelviamdata.support.LogCollector;
import io.github.camelviamdata.support.Shows;
import io.github.camelviamdata.support.ViamDataTestSupport;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;
import org.apache.camel.Exchange;
import org.apache.camel.converter.stream.FileInputStreamCache;
import org.apache.camel.converter.stream.InputStreamCache;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Capture files of a machine's own agent: whole ones, cut ones, and what is no such file at all. */
class CaptureTest extends ViamDataTestSupport {

    private static final byte[] PICTURE = "a picture, as far as anybody knows".getBytes(StandardCharsets.UTF_8);

    @TempDir
    Path directory;

    private int seen;

    @Test
    void uploadsReadingsAsTheAgentDoes() throws Exception {
        CaptureFile file = CaptureFile.ofReadings(3);

        Exchange exchange = upload(capture(), file.bytes(), Map.of());

        assertThat(requests()).containsExactly(request(file, file.data()));
        assertWhole(exchange, 3);
        assertThat(exchange.getMessage().getHeader(ViamDataConstants.FILE_IDS, List.class))
                .hasSize(1);
        assertThat(exchange.getMessage().getHeader(ViamDataConstants.DELIVERY)).isEqualTo(ViamDataDelivery.stored);
    }

    @Test
    void uploadsEachPayloadOnItsOwn() throws Exception {
        CaptureFile file = CaptureFile.ofPictures(PICTURE, new byte[0], PICTURE);

        Exchange exchange = upload(capture(), file.bytes(), Map.of());

        assertThat(requests())
                .containsExactly(
                        request(file, file.data().subList(0, 1)),
                        request(file, file.data().subList(1, 2)),
                        request(file, file.data().subList(2, 3)));
        assertWhole(exchange, 3);
        assertThat(exchange.getMessage().getHeader(ViamDataConstants.FILE_IDS, List.class))
                .hasSize(3);
    }

    static Stream<String> bodies() {
        return Stream.of("File", "Path", "ByteBuffer", "InputStream", "InputStreamCache", "FileInputStreamCache");
    }

    @ParameterizedTest
    @MethodSource("bodies")
    void readsEveryBodyAndStreamsWhatIsLarge(String kind) throws Exception {
        byte[] large = new byte[3_000_000];
        new Random(1).nextBytes(large);
        CaptureFile file = CaptureFile.ofPictures(large, PICTURE);
        Path path = Files.write(directory.resolve("gate.capture"), file.bytes());
        Object body = switch (kind) {
            case "File" -> path.toFile();
            case "Path" -> path;
            case "ByteBuffer" -> ByteBuffer.wrap(file.bytes());
            case "InputStream" -> new ByteArrayInputStream(file.bytes());
            case "InputStreamCache" -> new InputStreamCache(file.bytes());
            default -> new FileInputStreamCache(path.toFile());
        };
        Path spool = directory.resolve("spool");
        context.getStreamCachingStrategy().setSpoolDirectory(spool.toFile());

        Exchange exchange = upload(capture(), body, Map.of());

        List<TestCall> calls = service.uploads();
        assertThat(calls)
                .extracting(TestCall::method)
                .containsExactly("StreamingDataCaptureUpload", "DataCaptureUpload");
        assertThat(StreamingDataCaptureUploadRequest.parseFrom(
                                calls.get(0).messages().get(0))
                        .getMetadata())
                .isEqualTo(DataCaptureUploadMetadata.newBuilder()
                        .setUploadMetadata(metadata(file))
                        .setSensorMetadata(file.data().get(0).getMetadata())
                        .build());
        assertThat(calls.get(0).payload()).isEqualTo(large);
        assertThat(DataCaptureUploadRequest.parseFrom(calls.get(1).messages().get(0)))
                .isEqualTo(request(file, file.data().subList(1, 2)));
        assertWhole(exchange, 2);
        if (kind.contains("InputStream")) {
            assertThat(spool).isEmptyDirectory();
        } else {
            assertThat(spool).doesNotExist();
        }
    }

    @Test
    void sendsNoMoreReadingsInARequestThanTheServiceTakes() throws Exception {
        CaptureFile file = CaptureFile.ofReadings(0);
        for (int i = 0; i < 90; i++) {
            file.add(textReading("x".repeat(100_000 + i)));
        }

        Exchange exchange = upload(capture(), file.bytes(), Map.of());

        List<TestCall> calls = service.uploads();
        assertThat(calls)
                .hasSize(3)
                .allSatisfy(call -> assertThat(call.messages().get(0).length).isLessThan(4 << 20));
        assertThat(requests().stream().flatMap(request -> request.getSensorContentsList().stream()))
                .isEqualTo(file.data());
        assertWhole(exchange, 90);
    }

    @Test
    void addsTagsAndDatasetsAndFillsInWhatTheFileLacks() throws Exception {
        CaptureFile file = new CaptureFile(DataCaptureMetadata.newBuilder()
                        .setComponentName("gate")
                        .setType(DataType.DATA_TYPE_BINARY_SENSOR)
                        .addTags("of the file")
                        .build())
                .add(SensorData.newBuilder()
                        .setBinary(ByteString.copyFromUtf8("x"))
                        .build());

        upload(
                capture(
                        "componentType=camera",
                        "componentName=other",
                        "methodName=GetImages",
                        "tags=option",
                        "datasetIds=d1"),
                file.bytes(),
                Map.of(
                        ViamDataConstants.TAGS,
                        "header,of the file",
                        ViamDataConstants.MIME_TYPE,
                        "image/png",
                        Exchange.FILE_NAME,
                        "dataset=d2/tag=folder/x.capture"));

        assertThat(requests().get(0).getMetadata())
                .isEqualTo(UploadMetadata.newBuilder()
                        .setPartId(PART)
                        .setType(DataType.DATA_TYPE_BINARY_SENSOR)
                        .setComponentType("camera")
                        .setComponentName("gate")
                        .setMethodName("GetImages")
                        .setMimeType("image/png")
                        .setFileExtension(".png")
                        .addAllTags(List.of("of the file", "option", "header", "folder"))
                        .addAllDatasetIds(List.of("d1", "d2"))
                        .build());
        assertThat(requests()).isEmpty();
    }

    /** The file says when its data was captured. */
    @ParameterizedTest
    @CsvSource({
        "CamelViamDataTimeRequested, 2026-11-27T10:30:00Z, noon",
        "CamelViamDataTimeReceived, 2026-11-27T10:30:00Z, 1.5",
        "CamelViamDataAnnotations, '{\"classifications\":[{\"label\":\"dog\"}]}', '{\"labels\":[]}'"
    })
    void timesAndAnnotationsInHeadersAreCheckedAndNotSent(String header, String value, String nonsense)
            throws Exception {
        CaptureFile file = CaptureFile.ofReadings(1);
        upload(capture(), file.bytes(), Map.of(header, value));
        assertThat(requests().get(0).getSensorContentsList()).isEqualTo(file.data());

        service.calls().clear();
        assertThat(refused(ViamDataRejectedException.class, capture(), file.bytes(), Map.of(header, nonsense)))
                .hasMessageContaining(header);
        assertThat(service.calls()).isEmpty();
    }

    @Test
    void namesWhatNeitherTheFileNorAnybodyElseSays() {
        CaptureFile file = new CaptureFile(DataCaptureMetadata.newBuilder()
                        .setComponentName("gate")
                        .setType(DataType.DATA_TYPE_BINARY_SENSOR)
                        .build())
                .add(SensorData.newBuilder()
                        .setBinary(ByteString.copyFromUtf8("x"))
                        .build());

        assertThat(refused(ViamDataRejectedException.class, capture(), file.bytes(), Map.of()))
                .hasMessageContaining("Missing: componentType, methodName, fileExtension");
    }

    @Test
    void hasNothingToDoWhereNothingWasCaptured() {
        Exchange exchange = upload(capture(), CaptureFile.ofReadings(0).bytes(), Map.of());

        assertThat(service.uploads()).isEmpty();
        assertWhole(exchange, 0);
        assertThat(exchange.getMessage().getHeaders())
                .doesNotContainKeys(ViamDataConstants.FILE_ID, ViamDataConstants.FILE_IDS, ViamDataConstants.DELIVERY);
    }

    static Stream<CaptureFile> files() {
        return Stream.of(
                CaptureFile.ofReadings(4), CaptureFile.ofPictures(PICTURE), CaptureFile.ofPictures(PICTURE, PICTURE));
    }

    @ParameterizedTest
    @Shows({"CamelViamDataCaptureCount", "CamelViamDataCaptureLeft", "CamelViamDataCaptureDamage"})
    @MethodSource("files")
    void recoversEveryWholeMessageOfAFileThatIsCutAnywhere(CaptureFile file) throws Exception {
        byte[] bytes = file.bytes();
        String uri = capture();
        for (int length = 0; length <= bytes.length; length++) {
            Exchange exchange = send(uri, Arrays.copyOf(bytes, length), Map.of());

            int whole = file.wholeIn(length);
            int begin = whole < 0 ? 0 : file.ends().get(whole);
            if (whole < 0 || whole == 0 && length > begin) {
                assertThat(exchange.getException())
                        .as("%s bytes", length)
                        .isInstanceOf(ViamDataRejectedException.class)
                        .hasMessageContaining("at offset " + begin + " of " + length + " bytes");
                assertThat(requests()).isEmpty();
                continue;
            }
            assertThat(exchange.getException()).isNull();
            assertThat(data()).as("%s bytes", length).isEqualTo(file.data().subList(0, whole));
            assertThat(exchange.getMessage().getHeader(ViamDataConstants.CAPTURE_COUNT))
                    .isEqualTo((long) whole);
            int end = file.ends().get(whole);
            assertThat(exchange.getMessage().getHeader(ViamDataConstants.CAPTURE_LEFT))
                    .isEqualTo((long) length - end);
            if (length == end) {
                assertWhole(exchange, whole);
            } else {
                assertThat(exchange.getMessage().getHeader(ViamDataConstants.CAPTURE_DAMAGE, String.class))
                        .startsWith("at offset " + end + " of " + length + " bytes, ");
            }
        }
    }

    /** What a flipped bit turns into another valid message cannot be told from one: what comes before it can. */
    @ParameterizedTest
    @MethodSource("files")
    void uploadsWhatIsBeforeAFlippedBit(CaptureFile file) throws Exception {
        byte[] bytes = file.bytes();
        String uri = capture();
        for (int bit = 0; bit < 8 * bytes.length; bit++) {
            byte[] flipped = bytes.clone();
            flipped[bit / 8] ^= 1 << bit % 8;

            Exchange exchange = send(uri, flipped, Map.of());

            int whole = file.wholeIn(bit / 8);
            if (whole <= 0) {
                requests();
                assertRejectedOrDone(exchange);
                continue;
            }
            assertThat(exchange.getException()).as("bit %s", bit).isNull();
            assertThat(data().subList(0, whole))
                    .as("bit %s", bit)
                    .isEqualTo(file.data().subList(0, whole));
        }
    }

    @Test
    void survivesAnyDamage() {
        Random random = new Random(7);
        List<CaptureFile> files = files().toList();
        String uri = capture();
        for (int i = 0; i < 2_000; i++) {
            byte[] bytes = files.get(i % files.size()).bytes();
            for (int flips = random.nextInt(20); flips >= 0; flips--) {
                int position = random.nextInt(bytes.length);
                bytes[position] = random.nextBoolean() ? (byte) random.nextInt() : (byte) (bytes[position] ^ 0x80);
            }
            assertRejectedOrDone(send(uri, bytes, Map.of()));
        }
    }

    private static void assertRejectedOrDone(Exchange exchange) {
        if (exchange.getException() == null) {
            assertThat(exchange.getMessage().getHeaders())
                    .containsKeys(ViamDataConstants.CAPTURE_COUNT, ViamDataConstants.CAPTURE_LEFT);
        } else {
            assertThat(exchange.getException()).isInstanceOf(ViamDataRejectedException.class);
        }
    }

    static Stream<byte[]> tails() {
        byte[] longest = new byte[10];
        Arrays.fill(longest, (byte) 0xff);
        longest[9] = 0;
        byte[] tooLong = new byte[11];
        Arrays.fill(tooLong, (byte) 0x80);
        byte[] power63 = {-128, -128, -128, -128, -128, -128, -128, -128, -128, 1};
        byte[] negative = {-1, -1, -1, -1, -1, -1, -1, -1, -1, 1};
        byte[] badNested = {12, 10, -128, -128, -128, -128, -128, -128, -128, -128, -128, 1};
        return Stream.of(longest, tooLong, power63, negative, badNested, new byte[10_000_000]);
    }

    @ParameterizedTest
    @MethodSource("tails")
    void stopsAtHostileLengths(byte[] tail) throws Exception {
        for (CaptureFile file : List.of(CaptureFile.ofReadings(2), CaptureFile.ofPictures(PICTURE, PICTURE))) {
            Exchange exchange = upload(capture(), concat(file.bytes(), tail), Map.of());

            assertThat(data()).isEqualTo(file.data());
            assertThat(exchange.getMessage().getHeader(ViamDataConstants.CAPTURE_LEFT))
                    .isEqualTo((long) tail.length);
        }
        assertThat(refused(ViamDataRejectedException.class, capture(), tail, Map.of()))
                .hasMessageContaining("at offset 0 of " + tail.length);
    }

    static Stream<SensorData> misfits() {
        SensorData.Builder reading = textReading("x").toBuilder();
        SensorData.Builder picture = SensorData.newBuilder().setBinary(ByteString.copyFromUtf8("x"));
        Timestamp.Builder tooLate = Timestamp.newBuilder().setSeconds(Long.MAX_VALUE);
        Timestamp.Builder tooMany = Timestamp.newBuilder().setNanos(1_000_000_000);
        return Stream.of(
                SensorData.getDefaultInstance(),
                reading.clone()
                        .setMetadata(SensorMetadata.newBuilder().setTimeRequested(tooLate))
                        .build(),
                picture.clone()
                        .setMetadata(SensorMetadata.newBuilder().setTimeReceived(tooLate))
                        .build(),
                reading.clone()
                        .setMetadata(SensorMetadata.newBuilder().setTimeRequested(tooMany))
                        .build(),
                picture.clone()
                        .setMetadata(SensorMetadata.newBuilder().setTimeReceived(tooMany))
                        .build(),
                nested(120));
    }

    @ParameterizedTest
    @MethodSource("misfits")
    void stopsAtWhatTheServiceWouldRefuse(SensorData misfit) throws Exception {
        CaptureFile file = misfit.hasBinary() ? CaptureFile.ofPictures(PICTURE) : CaptureFile.ofReadings(2);
        List<SensorData> whole = List.copyOf(file.data());
        long length = file.bytes().length;
        file.add(misfit).add(file.data().get(0));

        Exchange exchange = upload(capture(), file.bytes(), Map.of());

        assertThat(data()).isEqualTo(whole);
        assertThat(exchange.getMessage().getHeader(ViamDataConstants.CAPTURE_LEFT))
                .isEqualTo(file.bytes().length - length);
    }

    /** The file is whole: what comes after such a message must not be left out as a success. */
    @Test
    void refusesAFileWithAReadingThatNoRequestTakes() {
        CaptureFile file = CaptureFile.ofReadings(2);
        int offset = file.bytes().length;
        file.add(textReading("x".repeat(5_000))).add(file.data().get(0));

        Exchange exchange = send(capture("maxRequestSize=4000"), file.bytes(), Map.of());

        assertThat(exchange.getException())
                .isInstanceOf(ViamDataRejectedException.class)
                .hasMessageContaining("Nothing was uploaded. At offset " + offset + " of " + file.bytes().length)
                .hasMessageContaining("maxRequestSize");
        assertThat(service.uploads()).isEmpty();
        assertThat(exchange.getMessage().getHeaders())
                .containsEntry(ViamDataConstants.DELIVERY, ViamDataDelivery.notSent)
                .doesNotContainKeys(ViamDataConstants.CAPTURE_LEFT, ViamDataConstants.CAPTURE_DAMAGE);
    }

    @Test
    void tellsWhatIsStoredBeforeAReadingThatNoRequestTakes() throws Exception {
        CaptureFile file = CaptureFile.ofReadings(100);
        file.add(textReading("x".repeat(5_000))).add(file.data().get(0));

        Exchange exchange = send(capture("maxRequestSize=4000"), file.bytes(), Map.of());

        assertThat(exchange.getException())
                .isInstanceOf(ViamDataRejectedException.class)
                .hasMessageContaining("The rest was not uploaded. ");
        assertThat(requests()).isNotEmpty();
        assertThat(exchange.getMessage().getHeaders())
                .containsEntry(ViamDataConstants.DELIVERY, ViamDataDelivery.partial)
                .containsKey(ViamDataConstants.FILE_IDS);
    }

    @Test
    void refusesAFileWithMetadataThatNoRequestTakes() throws Exception {
        CaptureFile file = CaptureFile.ofPictures(PICTURE);
        SensorData picture = file.data().get(0);
        file.add(picture.toBuilder().setMetadata(largeMetadata()).build()).add(picture);

        Exchange exchange = send(capture(), file.bytes(), Map.of());

        assertThat(exchange.getException())
                .isInstanceOf(ViamDataRejectedException.class)
                .hasMessageContaining("a payload with metadata of 10485");
        assertThat(data()).containsExactly(picture);
        assertThat(exchange.getMessage().getHeader(ViamDataConstants.DELIVERY)).isEqualTo(ViamDataDelivery.partial);
    }

    /** Damage made the length of a message so large, and the messages after it stand in its place. */
    @Test
    void aLengthThatIsTooLargeByDamageIsNoLargeMessage() throws Exception {
        byte[] readings = CaptureFile.ofReadings(200).bytes();
        SensorData.Builder picture = SensorData.newBuilder().setMetadata(largeMetadata());
        CaptureFile pictures = CaptureFile.ofPictures(PICTURE).add(picture.build());
        for (int length = 4_100; length < 6_000; length += 100) {
            CaptureFile file = CaptureFile.ofReadings(2);
            byte[] third = file.data().get(0).toByteArray();
            byte[] damaged = concat(new byte[] {(byte) (length & 0x7f | 0x80), (byte) (length >> 7)}, third);
            byte[] tail = concat(damaged, readings);

            Exchange exchange = upload(capture("maxRequestSize=4000"), concat(file.bytes(), tail), Map.of());

            assertThat(data()).isEqualTo(file.data());
            assertThat(exchange.getMessage().getHeader(ViamDataConstants.CAPTURE_LEFT))
                    .isEqualTo((long) tail.length);
        }
        upload(capture(), pictures.bytes(), Map.of());
        assertThat(data()).isEqualTo(pictures.data().subList(0, 1));
    }

    @Test
    void stopsWhereReadingsAndPayloadsAreMixed() throws Exception {
        CaptureFile readings = CaptureFile.ofReadings(1);
        CaptureFile pictures = CaptureFile.ofPictures(PICTURE);
        SensorData reading = readings.data().get(0);
        SensorData picture = pictures.data().get(0);

        upload(capture(), readings.add(picture).bytes(), Map.of());
        assertThat(data()).containsExactly(reading);
        upload(capture(), pictures.add(reading).bytes(), Map.of());
        assertThat(data()).containsExactly(picture);
    }

    @Test
    void passesOverFieldsOfLaterVersions() throws Exception {
        UnknownFieldSet fields = UnknownFieldSet.newBuilder()
                .addField(
                        17,
                        UnknownFieldSet.Field.newBuilder()
                                .addVarint(Long.MIN_VALUE)
                                .addFixed32(1)
                                .addFixed64(2)
                                .addLengthDelimited(ByteString.copyFromUtf8("new"))
                                .build())
                .build();
        CaptureFile file = CaptureFile.ofPictures(PICTURE);
        SensorData picture = file.data().get(0);
        file.add(picture.toBuilder().setUnknownFields(fields).build());

        Exchange exchange = upload(capture(), file.bytes(), Map.of());

        assertThat(data()).containsExactly(picture, picture);
        assertWhole(exchange, 2);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "hello, world", "\u0000\u0000\u0000"})
    void refusesWhatIsNoCaptureFile(String body) {
        assertThat(refused(ViamDataRejectedException.class, capture(), body, Map.of()))
                .hasMessageContaining("no capture file")
                .hasMessageContaining("offset 0");
    }

    @Test
    void logsDamageOnce() {
        byte[] bytes = CaptureFile.ofReadings(2).bytes();
        try (LogCollector log = new LogCollector()) {
            upload(capture(), Arrays.copyOf(bytes, bytes.length - 1), Map.of(Exchange.FILE_NAME, "tank.prog"));

            assertThat(log.linesWithoutCamelsOwn())
                    .filteredOn(line -> line.startsWith("WARN"))
                    .singleElement()
                    .asString()
                    .contains("tank.prog", "offset");
        }
    }

    private String capture(String... options) {
        return uri(Stream.concat(Stream.of("operation=capture"), Stream.of(options))
                .toArray(String[]::new));
    }

    private static SensorData textReading(String text) {
        return SensorData.newBuilder()
                .setStruct(Struct.newBuilder()
                        .putFields(
                                "text", Value.newBuilder().setStringValue(text).build()))
                .build();
    }

    private static SensorMetadata largeMetadata() {
        return SensorMetadata.newBuilder()
                .setUnknownFields(UnknownFieldSet.newBuilder()
                        .addField(
                                99,
                                UnknownFieldSet.Field.newBuilder()
                                        .addLengthDelimited(ByteString.copyFrom(new byte[1 << 20]))
                                        .build())
                        .build())
                .build();
    }

    private static SensorData nested(int depth) {
        Value value = Value.getDefaultInstance();
        for (int i = 0; i < depth; i++) {
            value = Value.newBuilder()
                    .setStructValue(Struct.newBuilder().putFields("", value))
                    .build();
        }
        return SensorData.newBuilder().setStruct(value.getStructValue()).build();
    }

    private static byte[] concat(byte[] first, byte[] second) throws IOException {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        all.write(first);
        all.write(second);
        return all.toByteArray();
    }

    private static void assertWhole(Exchange exchange, long count) {
        assertThat(exchange.getMessage().getHeaders())
                .containsEntry(ViamDataConstants.CAPTURE_COUNT, count)
                .containsEntry(ViamDataConstants.CAPTURE_LEFT, 0L)
                .doesNotContainKey(ViamDataConstants.CAPTURE_DAMAGE);
    }

    private static UploadMetadata metadata(CaptureFile file) {
        DataCaptureMetadata metadata = file.metadata();
        return UploadMetadata.newBuilder()
                .setPartId(PART)
                .setComponentType(metadata.getComponentType())
                .setComponentName(metadata.getComponentName())
                .setMethodName(metadata.getMethodName())
                .setType(metadata.getType())
                .putAllMethodParameters(metadata.getMethodParametersMap())
                .setFileExtension(metadata.getFileExtension())
                .setMimeType(metadata.getMimeType())
                .addAllTags(metadata.getTagsList())
                .build();
    }

    private static DataCaptureUploadRequest request(CaptureFile file, List<SensorData> data) {
        return DataCaptureUploadRequest.newBuilder()
                .setMetadata(metadata(file))
                .addAllSensorContents(data)
                .build();
    }

    /** Those since this was asked last. */
    private List<DataCaptureUploadRequest> requests() throws InvalidProtocolBufferException {
        List<TestCall> calls = service.uploads();
        List<DataCaptureUploadRequest> requests = new ArrayList<>();
        for (TestCall call : calls.subList(seen, calls.size())) {
            requests.add(DataCaptureUploadRequest.parseFrom(call.messages().get(0)));
        }
        seen = calls.size();
        return Collections.unmodifiableList(requests);
    }

    private List<SensorData> data() throws InvalidProtocolBufferException {
        return requests().stream()
                .flatMap(request -> request.getSensorContentsList().stream())
                .toList();
    }

    @Test
    void aLargeStreamThatIsRefusedLeavesNoFile(@TempDir Path spool) {
        context.getStreamCachingStrategy().setSpoolDirectory(spool.toFile());
        InputStream broken = new InputStream() {
            private int count;

            @Override
            public int read() throws IOException {
                if (count++ > 2 << 20) {
                    throw new IOException("unplugged");
                }
                return 0;
            }
        };
        for (Object body : List.of(new ByteArrayInputStream(new byte[2 << 20]), broken)) {
            refused(ViamDataRejectedException.class, capture(), body, Map.of());
            assertThat(spool).isEmptyDirectory();
        }
    }
}
