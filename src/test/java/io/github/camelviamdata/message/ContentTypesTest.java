// Copyright the camel-viamdata authors. SPDX-License-Identifier: Apache-2.0
package io.github.camelviamdata.message;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import io.github.camelviamdata.ViamDataConstants;
import io.github.camelviamdata.ViamDataException;
import io.github.camelviamdata.ViamDataRejectedException;
import io.github.camelviamdata.proto.datasync.v1.UploadMetadata;
import io.github.camelviamdata.service.TestCall;
import io.github.camelviamdata.support.LogCollector;
import io.github.camelviamdata.support.Shows;
import io.github.camelviamdata.support.ViamDataTestSupport;
import io.grpc.Status;
import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import javax.imageio.ImageIO;
import javax.sound.sampled.AudioFileFormat;
import javax.sound.sampled.AudioFormat;
import javax.sound.sampled.AudioInputStream;
import javax.sound.sampled.AudioSystem;
import org.apache.camel.Exchange;
import org.apache.camel.converter.stream.InputStreamCache;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What data is, as its content tells, where nobody else does or somebody else is wrong. */
class ContentTypesTest extends ViamDataTestSupport {

    private static final String UNNAMED = "componentType=camera&componentName=gate&methodName=GetImages";

    @TempDir
    Path directory;

    /** Real content, by what it is. */
    private static byte[] content(String kind) throws Exception {
        return switch (kind) {
            case "jpeg", "png", "gif", "bmp", "tiff" -> picture(kind);
            case "wav" -> sound();
            case "zip" -> zip();
            case "pcd" ->
                text("# .PCD v0.7 - Point Cloud Data file format\nVERSION 0.7\nFIELDS x y z\nSIZE 4 4 4\nTYPE F F F\n");
            case "pcd of viam" -> text("VERSION .7\nFIELDS x y z rgb\nSIZE 4 4 4 4\nTYPE F F F I\nCOUNT 1 1 1 1\n");
            case "pcd, no blank" -> text("#.PCD v.7 - Point Cloud Data file format\nVERSION .7\nFIELDS x y z\n");
            case "pcd, comments" -> text("# made by a scanner\n#\n# .PCD\nVERSION 0.7\nFIELDS x y z\nSIZE 4 4 4\n");
            case "pcd, no magic" -> text("# made by a scanner\r\n# twice\r\nVERSION 0.7\r\nFIELDS x y z\r\n");
            case "pcd, BOM and CRLF" ->
                "\uFEFF\r\nVERSION 0.7\r\nFIELDS x y z\r\nSIZE 4 4 4\r\n".getBytes(StandardCharsets.UTF_8);
            case "pcd, BOM" -> "\uFEFF# .PCD v0.7\r\nVERSION 0.7\r\n".getBytes(StandardCharsets.UTF_8);
            case "depth map" ->
                ByteBuffer.allocate(32)
                        .put(text("DEPTHMAP"))
                        .putLong(2)
                        .putLong(2)
                        .array();
            case "raw rgba" ->
                ByteBuffer.allocate(28).put(text("RGBA")).putInt(2).putInt(2).array();
            case "rf64" ->
                ByteBuffer.allocate(200)
                        .put(text("RF64"))
                        .putInt(-1)
                        .put(text("WAVEds64"))
                        .array();
            case "styp" ->
                ByteBuffer.allocate(200).putInt(24).put(text("stypmsdh")).array();
            case "moof" ->
                ByteBuffer.allocate(200)
                        .putInt(100)
                        .put(text("moof"))
                        .putInt(16)
                        .put(text("mfhd"))
                        .array();
            case "iso3",
                    "iso4",
                    "iso5",
                    "iso6",
                    "iso7",
                    "iso8",
                    "iso9",
                    "hvc1",
                    "cmfc",
                    "msdh",
                    "M4V ",
                    "f4v ",
                    "XAVC" -> movie(kind);
            case "mp4" -> movie("isom");
            case "mp4 v2" -> movie("mp42");
            case "mov" -> movie("qt  ");
            case "3gp" -> movie("3gp5");
            case "xml" -> text("<?xml version=\"1.0\"?><a><b/></a>");
            case "svg" -> text("<?xml version=\"1.0\"?><svg xmlns=\"http://www.w3.org/2000/svg\"/>");
            case "html" -> text("<!DOCTYPE html><html><head><title>502 Bad Gateway</title></head></html>");
            case "json" -> text("{\"a\": 1}");
            case "text" -> text("Error 404");
            case "noise" -> noise();
            default -> throw new IllegalArgumentException(kind);
        };
    }

    private static byte[] text(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    private static byte[] picture(String format) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        assertThat(ImageIO.write(new BufferedImage(320, 200, BufferedImage.TYPE_INT_RGB), format, out))
                .isTrue();
        return out.toByteArray();
    }

    private static byte[] sound() throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        byte[] samples = new byte[1000];
        AudioSystem.write(
                new AudioInputStream(
                        new ByteArrayInputStream(samples), new AudioFormat(8000, 8, 1, true, false), samples.length),
                AudioFileFormat.Type.WAVE,
                out);
        return out.toByteArray();
    }

    private static byte[] zip() throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (ZipOutputStream zip = new ZipOutputStream(out)) {
            zip.putNextEntry(new ZipEntry("a.txt"));
            zip.write(1);
        }
        return out.toByteArray();
    }

    /** The box that a film begins with. */
    private static byte[] movie(String brand) {
        return ByteBuffer.allocate(2000)
                .putInt(24)
                .put(text("ftyp" + brand))
                .putInt(512)
                .put(text("isommp42"))
                .putInt(1976)
                .put(text("mdat"))
                .array();
    }

    private static byte[] noise() {
        byte[] noise = new byte[20_000];
        new Random(1).nextBytes(noise);
        return noise;
    }

    private static List<String> warnings(LogCollector log) {
        return log.lines().stream()
                .filter(line -> line.startsWith("WARN") && line.contains("its content is"))
                .toList();
    }

    private UploadMetadata metadata(Object body, Map<String, Object> headers, String... options) {
        service.calls().clear();
        upload(uri(Stream.concat(Stream.of(UNNAMED), Stream.of(options)).toArray(String[]::new)), body, headers);
        return service.onlyUpload().metadata();
    }

    @ParameterizedTest
    @CsvSource({
        "jpeg, image/jpeg, .jpeg",
        "png, image/png, .png",
        "gif, image/gif, .gif",
        "bmp, image/bmp, .bmp",
        "tiff, image/tiff, .tiff",
        "wav, audio/wav, .wav",
        "zip, application/zip, .zip",
        "pcd, pointcloud/pcd, .pcd",
        "pcd of viam, pointcloud/pcd, .pcd",
        "mp4, video/mp4, .mp4",
        "mp4 v2, video/mp4, .mp4",
        "'pcd, no blank', pointcloud/pcd, .pcd",
        "'pcd, comments', pointcloud/pcd, .pcd",
        "'pcd, no magic', pointcloud/pcd, .pcd",
        "'pcd, BOM and CRLF', pointcloud/pcd, .pcd",
        "'pcd, BOM', pointcloud/pcd, .pcd",
        "depth map, image/vnd.viam.dep, .dep",
        "raw rgba, image/vnd.viam.rgba, .rgba",
        "rf64, audio/wav, .wav",
        "styp, video/mp4, .mp4",
        "moof, video/mp4, .mp4",
        "iso3, video/mp4, .mp4",
        "iso4, video/mp4, .mp4",
        "iso5, video/mp4, .mp4",
        "iso6, video/mp4, .mp4",
        "iso7, video/mp4, .mp4",
        "iso8, video/mp4, .mp4",
        "iso9, video/mp4, .mp4",
        "hvc1, video/mp4, .mp4",
        "cmfc, video/mp4, .mp4",
        "msdh, video/mp4, .mp4",
        "'M4V ', video/mp4, .mp4",
        "'f4v ', video/mp4, .mp4",
        "XAVC, video/mp4, .mp4",
        "mov, video/quicktime, .qt",
        "svg, image/svg+xml, .svg"
    })
    @Shows("detectMimeType")
    void contentTellsWhatItIs(String kind, String mimeType, String extension) throws Exception {
        byte[] content = content(kind);

        UploadMetadata metadata = metadata(content, Map.of(), "detectMimeType=true");

        assertThat(metadata.getMimeType()).isEqualTo(mimeType);
        assertThat(metadata.getFileExtension()).isEqualTo(extension);
        assertThat(service.onlyUpload().payload()).isEqualTo(content);
    }

    @ParameterizedTest
    @ValueSource(strings = {"json", "text", "noise"})
    void contentThatTellsNothingIsRefusedAsEver(String kind) throws Exception {
        assertThat(refused(
                        ViamDataRejectedException.class, uri(UNNAMED, "detectMimeType=true"), content(kind), Map.of()))
                .hasMessageContaining("Missing: fileExtension. Set the endpoint option of that name, or the header"
                        + " CamelViamDataFileExtension");
        assertThat(service.calls()).isEmpty();

        upload(uri("operation=file", "detectMimeType=true"), content(kind), Map.of());
        assertThat(service.onlyUpload().metadata().getFileExtension()).isEmpty();
        assertThat(service.onlyUpload().metadata().getMimeType()).isEmpty();
    }

    @Test
    void allElseThatIsMissingIsToldAtOnceAndBeforeTheBodyIsRead() {
        ByteArrayInputStream body = new ByteArrayInputStream(new byte[10]);

        assertThat(refused(
                        ViamDataRejectedException.class,
                        uri("detectMimeType=true", "componentType=camera"),
                        body,
                        Map.of()))
                .hasMessageContaining("Missing: componentName, methodName. ");
        assertThat(body.available()).isEqualTo(10);
    }

    @Test
    void withoutTheOptionNothingIsLookedAt() throws Exception {
        assertThat(refused(ViamDataRejectedException.class, uri(UNNAMED), content("png"), Map.of()))
                .hasMessageContaining("Missing: fileExtension");
        try (LogCollector log = new LogCollector()) {
            assertThat(metadata(content("png"), Map.of(), "fileExtension=.jpg").getFileExtension())
                    .isEqualTo(".jpg");
            assertThat(warnings(log)).isEmpty();
        }
    }

    static Stream<Arguments> names() {
        return Stream.of(
                arguments(Map.of(Exchange.FILE_NAME, "a.jpg"), ".jpg", ""),
                arguments(Map.of(Exchange.CONTENT_TYPE, "image/jpg"), ".jpeg", "image/jpeg"),
                arguments(Map.of(ViamDataConstants.FILE_EXTENSION, "bin"), ".bin", ""));
    }

    @ParameterizedTest
    @MethodSource("names")
    void whatIsNamedKeepsItsName(Map<String, Object> headers, String extension, String mimeType) throws Exception {
        UploadMetadata metadata = metadata(content("jpeg"), headers, "detectMimeType=true", "correctMimeType=true");

        assertThat(metadata.getFileExtension()).isEqualTo(extension);
        assertThat(metadata.getMimeType()).isEqualTo(mimeType);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "1732723200.123",
                "cam.jpg.tmp",
                "cam.jpg.part",
                "cam.active",
                "cam.jpg (1)",
                "cam.jpg?sig=a%2Fb",
                "noise.bin",
                "cam.äöü",
                "cam.abcdefghijklmnopq",
                "cam."
            })
    void anEndOfAFileNameThatMeansNothingDoesNotStopDetection(String name) throws Exception {
        Map<String, Object> headers = Map.of(Exchange.FILE_NAME, name);

        UploadMetadata metadata = metadata(content("jpeg"), headers, "detectMimeType=true");
        assertThat(metadata.getFileExtension()).isEqualTo(".jpeg");
        assertThat(metadata.getMimeType()).isEqualTo("image/jpeg");

        metadata = metadata(content("jpeg"), headers, "detectMimeType=true", "operation=file");
        assertThat(metadata.getFileName()).isEqualTo(name);
        assertThat(metadata.getFileExtension()).isEqualTo(".jpeg");
    }

    @Test
    void anEndThatMeansNothingIsKeptWhereTheContentTellsNothingEither() throws Exception {
        Map<String, Object> headers = Map.of(Exchange.FILE_NAME, "cam.tmp");

        assertThat(metadata(content("noise"), headers, "detectMimeType=true").getFileExtension())
                .isEqualTo(".tmp");
        assertThat(metadata(content("jpeg"), headers).getFileExtension()).isEqualTo(".tmp");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "application/octet-stream",
                "binary/octet-stream",
                "application/x-octet-stream",
                "Application/Force-Download; name=x.jpg",
                "application/download",
                "*/*",
                "image"
            })
    void aContentTypeThatSaysNothingIsPassedOver(String contentType) throws Exception {
        Map<String, Object> headers = Map.of(Exchange.CONTENT_TYPE, contentType);

        assertThat(metadata(content("jpeg"), headers, "detectMimeType=true").getMimeType())
                .isEqualTo("image/jpeg");
        assertThat(refused(ViamDataRejectedException.class, uri(UNNAMED), content("jpeg"), headers))
                .hasMessageContaining("Missing: fileExtension");
    }

    @ParameterizedTest
    @CsvSource({
        "image/jpg, image/jpeg, .jpeg",
        "image/pjpeg, image/jpeg, .jpeg",
        "audio/x-wav, audio/wav, .wav",
        "audio/wave, audio/wav, .wav",
        "audio/mp3, audio/mpeg, .mp3",
        "application/pcd, pointcloud/pcd, .pcd",
        "IMAGE/PNG; charset=binary, image/png, .png",
        "image/vnd.viam.dep, image/vnd.viam.dep, .dep",
        "image/vnd.viam.rgba, image/vnd.viam.rgba, .rgba"
    })
    @Shows("mimeType")
    void aTypeIsSentByTheNameThatViamHasForIt(String given, String mimeType, String extension) throws Exception {
        for (String header : List.of(ViamDataConstants.MIME_TYPE, Exchange.CONTENT_TYPE, Exchange.FILE_CONTENT_TYPE)) {
            UploadMetadata metadata = metadata(new byte[10], Map.of(header, given));
            assertThat(metadata.getMimeType()).isEqualTo(mimeType);
            assertThat(metadata.getFileExtension()).isEqualTo(extension);
        }
        assertThat(metadata(new byte[10], Map.of(), "mimeType=RAW(" + given + ")")
                        .getMimeType())
                .isEqualTo(mimeType);
    }

    @ParameterizedTest
    @ValueSource(strings = {"jpg (1)", "jpg?sig=1", "tar.gz", "a/b", ".", "abcdefghijklmnopq", "j\npg", "äöü"})
    void anExtensionOfAnotherFormIsRefusedByName(String extension) {
        assertThat(refused(
                        ViamDataRejectedException.class,
                        uri(UNNAMED),
                        new byte[10],
                        Map.of(ViamDataConstants.FILE_EXTENSION, extension)))
                .hasMessageContaining("is not a file extension")
                .hasMessageContaining("CamelViamDataFileExtension");
    }

    @Test
    void theNameThatIsSentGivesTheExtension() throws Exception {
        Map<String, Object> headers =
                Map.of(ViamDataConstants.FILE_NAME, "report.PDF", Exchange.FILE_NAME, "upload.jpg");

        assertThat(metadata(new byte[10], headers).getFileExtension()).isEqualTo(".pdf");
        assertThat(metadata(new byte[10], headers, "operation=file").getFileExtension())
                .isEqualTo(".pdf");
    }

    @Test
    void aPointCloudWithoutABlankInItsCommentIsKnown() throws Exception {
        UploadMetadata metadata = metadata(
                Files.readAllBytes(Path.of("src/test/resources/cases/no-blank.pcd")), Map.of(), "detectMimeType=true");

        assertThat(metadata.getFileExtension()).isEqualTo(".pcd");
        assertThat(metadata.getMimeType()).isEqualTo("pointcloud/pcd");
    }

    static Stream<Arguments> bodies() {
        return Stream.of("byte[]", "ByteBuffer", "Path", "InputStream", "trickling InputStream", "InputStreamCache")
                .flatMap(type -> Stream.of(8191, 8192, 8193, 65_536, 1_000_001).map(size -> arguments(type, size)));
    }

    @ParameterizedTest
    @MethodSource("bodies")
    void bodiesArriveByteForByte(String type, int size) throws Exception {
        byte[] bytes = Arrays.copyOf(content("png"), size);
        Object body = switch (type) {
            case "byte[]" -> bytes;
            case "ByteBuffer" -> ByteBuffer.wrap(bytes);
            case "Path" -> Files.write(directory.resolve("picture"), bytes);
            case "InputStream" -> new ByteArrayInputStream(bytes);
            case "trickling InputStream" -> new Trickle(bytes);
            default -> new InputStreamCache(bytes);
        };

        assertThat(metadata(body, Map.of(), "detectMimeType=true").getMimeType())
                .isEqualTo("image/png");

        assertThat(service.onlyUpload().payload()).isEqualTo(bytes);
    }

    @Test
    void aRepeatableBodyStaysRepeatable() throws Exception {
        byte[] bytes = Arrays.copyOf(content("png"), 2_000_000);
        AtomicInteger calls = new AtomicInteger();
        service.answering(call -> calls.incrementAndGet() < 3 ? Status.UNAVAILABLE : Status.OK);
        for (Object body :
                new Object[] {bytes, Files.write(directory.resolve("picture"), bytes), new InputStreamCache(bytes)}) {
            calls.set(0);
            service.calls().clear();

            upload(uri(UNNAMED, "detectMimeType=true", "retryDelay=1"), body, Map.of());

            assertThat(service.uploads())
                    .hasSize(3)
                    .extracting(TestCall::payload)
                    .allMatch(payload -> Arrays.equals(payload, bytes));
        }
    }

    @Test
    void onlyTheBeginningIsReadAhead() throws Exception {
        InputStream body = new ByteArrayInputStream(content("noise"));

        refused(ViamDataRejectedException.class, uri(UNNAMED, "detectMimeType=true"), body, Map.of());

        assertThat(body.available()).isEqualTo(content("noise").length - 8192);
    }

    @Test
    void aStreamThatBreaksAtItsBeginningIsRefused() {
        InputStream body = new InputStream() {
            private int count;

            @Override
            public int read() throws IOException {
                if (count++ > 100) {
                    throw new IOException("the camera was unplugged");
                }
                return 0;
            }
        };

        assertThat(refused(ViamDataException.class, uri(UNNAMED, "detectMimeType=true"), body, Map.of()))
                .hasMessageContaining("the camera was unplugged");
        assertThat(service.calls()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "png, .jpg, image/jpeg",
        "jpeg, .png, image/png",
        "html, .jpg, image/jpeg",
        "png, .pcd, pointcloud/pcd",
        "pcd, .jpeg, image/jpeg",
        "mp4, .jpg, image/jpeg",
        "jpeg, .mp4, video/mp4",
        "jpeg, .txt, text/plain",
        "wav, .mp3, audio/mpeg",
        "zip, .png, image/png"
    })
    @Shows("correctMimeType")
    void contentThatContradictsItsNameIsReportedOrCorrected(String kind, String extension, String mimeType)
            throws Exception {
        UploadMetadata right = metadata(content(kind), Map.of(), "detectMimeType=true");
        for (String option : new String[] {"fileExtension=" + extension, "mimeType=" + mimeType}) {
            try (LogCollector log = new LogCollector()) {
                UploadMetadata reported = metadata(content(kind), Map.of(), "detectMimeType=true", option);

                assertThat(reported.getFileExtension() + reported.getMimeType()).doesNotContain(right.getMimeType());
                assertThat(warnings(log))
                        .singleElement()
                        .asString()
                        .contains(option.substring(option.indexOf('=') + 1), PART, "gate", "correctMimeType=true");
            }
            UploadMetadata corrected = metadata(content(kind), Map.of(), "correctMimeType=true", option);

            assertThat(corrected.getFileExtension()).isEqualTo(right.getFileExtension());
            assertThat(corrected.getMimeType()).isEqualTo(option.startsWith("mime") ? right.getMimeType() : "");
        }
        assertThat(metadata(
                        content(kind),
                        Map.of(),
                        "correctMimeType=true",
                        "fileExtension=" + extension,
                        "mimeType=" + mimeType))
                .isEqualTo(right);
    }

    @ParameterizedTest
    @CsvSource({
        "jpeg, .jpg, image/jpg",
        "jpeg, .JPEG, IMAGE/JPEG",
        "jpeg, .jfif, image/jpeg",
        "jpeg, .unknown, image/x-of-our-own",
        "wav, .wav, audio/x-wav",
        "wav, .wav, audio/wav",
        "mp4, .mp4, video/quicktime",
        "mov, .mp4, video/mp4",
        "mp4, .mov, video/mp4",
        "mp4, .m4v, audio/mp4",
        "3gp, .mp4, video/3gpp",
        "zip, .docx, application/vnd.openxmlformats-officedocument.wordprocessingml.document",
        "zip, .jar, application/java-archive",
        "svg, .svg, application/xml",
        "svg, .xml, image/svg+xml",
        "xml, .gpx, application/gpx+xml",
        "html, .txt, text/plain",
        "json, .json, application/json",
        "text, .csv, text/csv",
        "text, .jpg, image/jpeg",
        "noise, .jpg, image/jpeg",
        "noise, .bin, application/octet-stream",
        "tiff, .dng, image/x-raw-adobe",
        "pcd, .pcd, pointcloud/pcd"
    })
    void relatedNamesAndUnknownContentAreNoContradiction(String kind, String extension, String mimeType)
            throws Exception {
        Map<String, Object> headers = Map.of(ViamDataConstants.MIME_TYPE, mimeType);
        try (LogCollector log = new LogCollector()) {
            UploadMetadata metadata =
                    metadata(content(kind), headers, "correctMimeType=true", "fileExtension=" + extension);
            assertThat(metadata.getFileExtension()).isEqualTo(extension);
            assertThat(metadata.getMimeType())
                    .isEqualTo(
                            switch (mimeType) {
                                case "image/jpg", "IMAGE/JPEG" -> "image/jpeg";
                                case "audio/x-wav" -> "audio/wav";
                                default -> mimeType;
                            });

            metadata(content(kind), headers, "detectMimeType=true", "fileExtension=" + extension);
            assertThat(warnings(log)).isEmpty();
        }
    }

    @Test
    void aContradictionIsReportedOnceForAnEndpoint() throws Exception {
        try (LogCollector log = new LogCollector()) {
            for (int i = 0; i < 3; i++) {
                metadata(content("png"), Map.of(), "detectMimeType=true", "fileExtension=.jpg");
            }
            assertThat(warnings(log)).hasSize(1);
        }
    }

    /** Gives odd little pieces, as a network stream does. */
    private static final class Trickle extends ByteArrayInputStream {

        Trickle(byte[] bytes) {
            super(bytes);
        }

        @Override
        public synchronized int read(byte[] buffer, int offset, int length) {
            return super.read(buffer, offset, Math.min(length, 777));
        }
    }
}
