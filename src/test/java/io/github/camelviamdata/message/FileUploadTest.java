// Copyright the camel-viamdata authors. SPDX-License-Identifier: Apache-2.0
package io.github.camelviamdata.message;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.github.camelviamdata.ViamDataConstants;
import io.github.camelviamdata.ViamDataRejectedException;
import io.github.camelviamdata.proto.datasync.v1.DataType;
import io.github.camelviamdata.proto.datasync.v1.UploadMetadata;
import io.github.camelviamdata.service.TestCall;
import io.github.camelviamdata.support.ViamDataTestSupport;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.apache.camel.Exchange;
import org.apache.camel.builder.RouteBuilder;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The operation {@code file}: what a file tells of itself, and how it travels. */
class FileUploadTest extends ViamDataTestSupport {

    private static final Instant PAST = Instant.parse("2023-06-05T11:00:00.123Z");
    private static final Instant FUTURE = Instant.parse("2040-06-05T11:00:00.123Z");

    @TempDir
    Path directory;

    private Path file(String name, Instant modified) throws IOException {
        Path file = directory.resolve(name);
        Files.createDirectories(file.getParent());
        Files.writeString(file, "content");
        Files.setLastModifiedTime(file, FileTime.from(modified));
        return file;
    }

    private UploadMetadata metadata(Object body, Map<String, Object> headers) {
        service.calls().clear();
        upload(uri("operation=file"), body, headers);
        return service.onlyUpload().metadata();
    }

    private static Instant created(Path file) throws IOException {
        return Files.readAttributes(file, BasicFileAttributes.class)
                .creationTime()
                .toInstant();
    }

    @Test
    void aFileRouteSendsNameExtensionAndTimes() throws Exception {
        Path file = file("reports/tag=night/Day 1.Summary.CSV", FUTURE);
        Instant created = created(file);
        String target = uri("operation=file");
        context.addRoutes(new RouteBuilder() {
            @Override
            public void configure() {
                from("file:" + directory.resolve("reports") + "?recursive=true&initialDelay=0&delete=true")
                        .to(target);
            }
        });

        await().until(() -> !Files.exists(file));
        TestCall call = service.onlyUpload();
        assertThat(call.method()).isEqualTo("FileUpload");
        UploadMetadata.Builder expected = UploadMetadata.newBuilder()
                .setPartId(PART)
                .setType(DataType.DATA_TYPE_FILE)
                .setFileName("Day 1.Summary.CSV")
                .setFileExtension(".csv")
                .addTags("night")
                .setFileModifyTime(ProtoValues.timestamp(FUTURE));
        // Not every disk knows when a file was made; then Java gives the time of its modification.
        if (created.isBefore(FUTURE)) {
            expected.setFileCreateTime(ProtoValues.timestamp(created));
        }
        assertThat(call.metadata()).isEqualTo(expected.build());
        assertThat(call.payload()).asString().isEqualTo("content");
    }

    @Test
    void onlyThePartIsNeeded() {
        assertThat(metadata("content", Map.of()))
                .isEqualTo(UploadMetadata.newBuilder()
                        .setPartId(PART)
                        .setType(DataType.DATA_TYPE_FILE)
                        .build());
    }

    /** A file has no place for them on the wire. */
    @ParameterizedTest
    @CsvSource({
        "CamelViamDataTimeRequested, 2026-11-27T10:30:00Z, noon",
        "CamelViamDataTimeReceived, 2026-11-27T10:30:00Z, 1.5",
        "CamelViamDataAnnotations, '{\"classifications\":[{\"label\":\"dog\"}]}', '{\"labels\":[]}'"
    })
    void timesAndAnnotationsOfAPayloadAreCheckedAndNotSent(String header, String value, String nonsense) {
        assertThat(metadata("content", Map.of(header, value)))
                .isEqualTo(UploadMetadata.newBuilder()
                        .setPartId(PART)
                        .setType(DataType.DATA_TYPE_FILE)
                        .build());

        service.calls().clear();
        assertThat(refused(ViamDataRejectedException.class, uri("operation=file"), "content", Map.of(header, nonsense)))
                .hasMessageContaining(header);
        assertThat(service.calls()).isEmpty();
    }

    @Test
    void aFileOnDiskTellsItsTimes() throws Exception {
        Path file = file("a.bin", FUTURE);
        assumeTrue(created(file).isBefore(FUTURE), "the disk does not know when files are made");

        for (Object body : List.of(file, file.toFile())) {
            UploadMetadata metadata = metadata(body, Map.of());

            assertThat(metadata.getFileName()).isEqualTo("a.bin");
            assertThat(metadata.getFileModifyTime()).isEqualTo(ProtoValues.timestamp(FUTURE));
            assertThat(metadata.getFileCreateTime()).isEqualTo(ProtoValues.timestamp(created(file)));
        }
    }

    @Test
    void aCopyHasNoTimeOfCreation() throws Exception {
        UploadMetadata metadata = metadata(file("a.bin", PAST), Map.of());

        assertThat(metadata.getFileModifyTime()).isEqualTo(ProtoValues.timestamp(PAST));
        assertThat(metadata.hasFileCreateTime()).isFalse();
    }

    @Test
    void headersGoBeforeTheDisk() throws Exception {
        Path file = file("a.bin", FUTURE);

        UploadMetadata metadata = metadata(
                file,
                Map.of(
                        ViamDataConstants.FILE_NAME,
                        "x/b.txt",
                        ViamDataConstants.FILE_EXTENSION,
                        "log",
                        ViamDataConstants.FILE_CREATE_TIME,
                        PAST,
                        ViamDataConstants.FILE_MODIFY_TIME,
                        PAST.plusMillis(1)));
        assertThat(metadata.getFileName()).isEqualTo("x/b.txt");
        assertThat(metadata.getFileExtension()).isEqualTo(".log");
        assertThat(metadata.getFileCreateTime()).isEqualTo(ProtoValues.timestamp(PAST));
        assertThat(metadata.getFileModifyTime()).isEqualTo(ProtoValues.timestamp(PAST.plusMillis(1)));

        assertThat(metadata(file, Map.of(Exchange.MESSAGE_TIMESTAMP, PAST.toEpochMilli()))
                        .getFileModifyTime())
                .isEqualTo(ProtoValues.timestamp(PAST));
    }

    @Test
    void binaryDataSaysNothingOfTheFile() throws Exception {
        upload(uri(CAMERA), file("a.bin", FUTURE), Map.of());

        assertThat(service.onlyUpload().metadata().hasFileModifyTime()).isFalse();
        assertThat(service.onlyUpload().metadata().hasFileCreateTime()).isFalse();
    }

    @ParameterizedTest
    @ValueSource(strings = {"file", "bytes", "stream"})
    void anySizeIsStreamed(String form) throws Exception {
        byte[] bytes = new byte[5_000_003];
        new Random(1).nextBytes(bytes);
        Object body = switch (form) {
            case "file" -> Files.write(directory.resolve("large.bin"), bytes);
            case "bytes" -> bytes;
            default -> new ByteArrayInputStream(bytes);
        };
        for (int size : new int[] {1, 5_000_003}) {
            service.calls().clear();

            Exchange exchange =
                    upload(uri("operation=file", "uploadMode=unary"), size == 1 ? new byte[] {7} : body, Map.of());

            TestCall call = service.onlyUpload();
            assertThat(call.method()).isEqualTo("FileUpload");
            assertThat(call.messages()).hasSize(1 + (size + 65_535) / 65_536);
            assertThat(call.payload()).isEqualTo(size == 1 ? new byte[] {7} : bytes);
            assertThat(exchange.getMessage().getHeader(ViamDataConstants.UPLOADED_BYTES))
                    .isEqualTo((long) size);
        }
    }

    @Test
    void anEmptyFileIsRefusedUnlessAllowed() throws Exception {
        Path empty = Files.createFile(directory.resolve("empty.log"));
        assertThat(refused(ViamDataRejectedException.class, uri("operation=file"), empty, Map.of()))
                .hasMessageContaining("allowEmptyPayload");
        assertThat(service.calls()).isEmpty();

        upload(uri("operation=file", "allowEmptyPayload=true"), empty, Map.of());

        assertThat(service.onlyUpload().payload()).isEmpty();
        // The service waits for contents, also where there are none.
        assertThat(service.onlyUpload().messages()).hasSize(2);
        assertThat(service.onlyUpload().metadata().getFileName()).isEqualTo("empty.log");
    }
}
