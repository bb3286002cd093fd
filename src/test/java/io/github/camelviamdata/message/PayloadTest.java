// Copyright the camel-viamdata authors. SPDX-License-Identifier: Apache-2.0
package io.github.camelviamdata.message;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import io.github.camelviamdata.ViamDataConstants;
import io.github.camelviamdata.ViamDataDelivery;
import io.github.camelviamdata.ViamDataException;
import io.github.camelviamdata.ViamDataRejectedException;
import io.github.camelviamdata.ViamDataUnavailableException;
import io.github.camelviamdata.service.TestCall;
import io.github.camelviamdata.support.Shows;
import io.github.camelviamdata.support.ViamDataTestSupport;
import java.io.ByteArrayInputStream;
import java.io.File;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.RandomAccessFile;
import java.io.StringReader;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Function;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.camel.Exchange;
import org.apache.camel.StreamCache;
import org.apache.camel.component.file.GenericFile;
import org.apache.camel.converter.stream.CachedOutputStream;
import org.apache.camel.converter.stream.InputStreamCache;
import org.apache.camel.support.DefaultExchange;
import org.apache.camel.support.SimpleTypeConverter;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Bodies of all types and sizes arrive byte for byte. */
class PayloadTest extends ViamDataTestSupport {

    private static final int MIB = 1024 * 1024;

    @TempDir
    Path directory;

    private byte[] bytes(int size) {
        byte[] bytes = new byte[size];
        new Random(size).nextBytes(bytes);
        return bytes;
    }

    /** All bodies that hold bytes, by name. */
    private Object body(String type, byte[] bytes) throws Exception {
        Path file = Files.write(directory.resolve("body.bin"), bytes);
        return switch (type) {
            case "byte[]" -> bytes;
            case "ByteBuffer" -> ByteBuffer.wrap(bytes);
            case "ByteBuffer slice" ->
                ByteBuffer.allocate(bytes.length + 10)
                        .put(5, bytes)
                        .position(5)
                        .limit(5 + bytes.length)
                        .slice();
            case "ByteBuffer read-only" -> ByteBuffer.wrap(bytes).asReadOnlyBuffer();
            case "ByteBuffer direct" ->
                ByteBuffer.allocateDirect(bytes.length).put(bytes).flip();
            case "File" -> file.toFile();
            case "Path" -> file;
            case "GenericFile" -> genericFile(file.toFile());
            case "InputStream" -> new ByteArrayInputStream(bytes);
            case "trickling InputStream" -> new Trickle(bytes);
            case "InputStreamCache" -> new InputStreamCache(bytes);
            case "FileInputStreamCache" -> spooled(bytes);
            default -> throw new IllegalArgumentException(type);
        };
    }

    private static String sha256(byte[] bytes) throws NoSuchAlgorithmException {
        return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
    }

    private static GenericFile<File> genericFile(File file) {
        GenericFile<File> generic = new GenericFile<>();
        generic.setFile(file);
        generic.setFileName(file.getName());
        return generic;
    }

    private StreamCache spooled(byte[] bytes) throws IOException {
        context.getStreamCachingStrategy().setSpoolEnabled(true);
        context.getStreamCachingStrategy().setSpoolThreshold(1);
        context.getStreamCachingStrategy().setSpoolDirectory(directory.toFile());
        CachedOutputStream out = new CachedOutputStream(new DefaultExchange(context), false);
        out.write(bytes);
        return out.newStreamCache();
    }

    static Stream<Arguments> sizesAndTypes() {
        IntStream sizes = IntStream.of(
                1, 65_535, 65_536, 65_537, 999_999, 1_000_000, 1_000_001, 4 * MIB - 1, 4 * MIB, 4 * MIB + 1);
        return sizes.boxed()
                .flatMap(size -> Stream.of(
                                "byte[]",
                                "ByteBuffer",
                                "ByteBuffer slice",
                                "ByteBuffer read-only",
                                "ByteBuffer direct",
                                "File",
                                "Path",
                                "GenericFile",
                                "InputStream",
                                "trickling InputStream",
                                "InputStreamCache",
                                "FileInputStreamCache")
                        .map(type -> arguments(size, type)));
    }

    @ParameterizedTest(name = "{0} bytes as {1}")
    @MethodSource("sizesAndTypes")
    void bodiesArriveByteForByte(int size, String type) throws Exception {
        arrives(size, type);
    }

    @ParameterizedTest
    @ValueSource(strings = {"byte[]", "File", "InputStream", "FileInputStreamCache"})
    void largeBodiesArriveByteForByte(String type) throws Exception {
        arrives(64 * MIB, type);
    }

    private void arrives(int size, String type) throws Exception {
        byte[] bytes = bytes(size);
        Object body = body(type, bytes);

        Exchange exchange = upload(uri(CAMERA), body, Map.of());

        TestCall call = service.onlyUpload();
        assertThat(sha256(call.payload())).isEqualTo(sha256(bytes));
        assertThat(call.method()).isEqualTo(size <= 1_000_000 ? "DataCaptureUpload" : "StreamingDataCaptureUpload");
        assertThat(exchange.getMessage().getHeader(ViamDataConstants.UPLOADED_BYTES))
                .isEqualTo((long) size);
        assertThat(exchange.getMessage().getBody()).isSameAs(body);
        if (body instanceof ByteBuffer buffer) {
            assertThat(buffer.remaining()).isEqualTo(size);
        } else if (body instanceof StreamCache) {
            assertThat(exchange.getMessage().getBody(byte[].class)).isEqualTo(bytes);
        }
    }

    @Test
    void aPathMayLieInAnArchive() throws Exception {
        Path archive = directory.resolve("pictures.zip");
        try (FileSystem zip = FileSystems.newFileSystem(archive, Map.of("create", "true"))) {
            Path picture = Files.write(zip.getPath("a.jpg"), bytes(70_000));

            upload(uri(CAMERA), picture, Map.of());
        }
        assertThat(service.onlyUpload().payload()).isEqualTo(bytes(70_000));
    }

    static Stream<Arguments> empties() {
        return Stream.of(
                arguments("null", (Function<PayloadTest, Object>) test -> null),
                arguments("byte[]", (Function<PayloadTest, Object>) test -> new byte[0]),
                arguments("String", (Function<PayloadTest, Object>) test -> ""),
                arguments("InputStream", (Function<PayloadTest, Object>) test -> new ByteArrayInputStream(new byte[0])),
                arguments("File", (Function<PayloadTest, Object>) test -> {
                    try {
                        return Files.createTempFile(test.directory, "empty", "").toFile();
                    } catch (IOException e) {
                        throw new AssertionError(e);
                    }
                }));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("empties")
    @Shows("allowEmptyPayload")
    void emptyBodiesAreRefusedUnlessAllowed(String type, Function<PayloadTest, Object> body) {
        assertThat(refused(ViamDataRejectedException.class, uri(CAMERA), body.apply(this), Map.of()))
                .hasMessageContaining("The body is empty")
                .hasMessageContaining("allowEmptyPayload");
        assertThat(service.calls()).isEmpty();

        upload(uri(CAMERA, "allowEmptyPayload=true"), body.apply(this), Map.of());
        assertThat(service.onlyUpload().payload()).isEmpty();
        upload(uri(CAMERA, "allowEmptyPayload=true", "uploadMode=streaming"), body.apply(this), Map.of());
        assertThat(service.uploads().get(1).messages()).hasSize(2);
        assertThat(service.uploads().get(1).payload()).isEmpty();
    }

    @Test
    void textIsSentInTheCharsetOfTheExchange() {
        upload(uri(CAMERA), "дані", Map.of());
        upload(uri(CAMERA), "дані", Map.of(Exchange.CHARSET_NAME, "UTF-16LE"));

        assertThat(service.uploads().get(0).payload()).isEqualTo("дані".getBytes(StandardCharsets.UTF_8));
        assertThat(service.uploads().get(1).payload()).isEqualTo("дані".getBytes(StandardCharsets.UTF_16LE));
    }

    @Test
    void whatCamelCanConvertIsSent() {
        upload(uri(CAMERA), new StringReader("reader"), Map.of());
        context.getTypeConverterRegistry()
                .addTypeConverter(
                        byte[].class,
                        Thread.State.class,
                        new SimpleTypeConverter(
                                false,
                                (type, exchange, value) -> value.toString().getBytes(StandardCharsets.UTF_8)));
        upload(uri(CAMERA), Thread.State.NEW, Map.of());

        assertThat(service.uploads().get(0).payload()).isEqualTo("reader".getBytes(StandardCharsets.UTF_8));
        assertThat(service.uploads().get(1).payload()).isEqualTo("NEW".getBytes(StandardCharsets.UTF_8));
    }

    @Test
    void whatCamelCannotConvertIsRefused() {
        assertThat(refused(ViamDataRejectedException.class, uri(CAMERA), new Object(), Map.of()))
                .hasMessageContaining("The body, a java.lang.Object, cannot be read as bytes");
        assertThat(refused(ViamDataRejectedException.class, uri(CAMERA), directory, Map.of()))
                .hasMessageContaining("it is a directory");
        assertThat(refused(ViamDataRejectedException.class, uri(CAMERA), new File("/no/such/file"), Map.of()))
                .hasMessageContaining("/no/such/file");
        assertThat(service.calls()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(ints = {3_000_000, 300})
    void aFileThatChangesWhileItIsReadIsNeverStored(int change) throws Exception {
        Path file = Files.write(directory.resolve("growing"), bytes(6_000_000));
        boolean[] changed = new boolean[1];
        service.reading(call -> {
            if (!changed[0]) {
                changed[0] = true;
                try (RandomAccessFile resized = new RandomAccessFile(file.toFile(), "rw")) {
                    resized.setLength(6_000_000 + (change == 300 ? 300 : -change));
                } catch (IOException e) {
                    throw new AssertionError(e);
                }
            }
            return true;
        });

        ViamDataUnavailableException exception =
                refused(ViamDataUnavailableException.class, uri(CAMERA), file, Map.of());

        assertThat(exception)
                .hasMessageContaining("could not be read")
                .hasMessageContaining(change == 300 ? "more than the 6000000 bytes" : "the end came after 3000000 of")
                .hasRootCauseInstanceOf(IOException.class);
        assertThat(exception.getDelivery()).isEqualTo(ViamDataDelivery.notSent);
        cancelled(service.onlyUpload());
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 999_999, 1_500_000})
    void aStreamThatBreaksIsNeverStored(int after) {
        AtomicBoolean closed = new AtomicBoolean();
        InputStream broken = new FilterInputStream(new ByteArrayInputStream(bytes(2_000_000))) {
            private int count;

            @Override
            public int read() throws IOException {
                return count++ >= after ? fail() : super.read();
            }

            @Override
            public int read(byte[] buffer, int offset, int length) throws IOException {
                int read = count >= after ? fail() : super.read(buffer, offset, Math.min(length, after - count));
                count += read;
                return read;
            }

            private int fail() throws IOException {
                throw new IOException("the camera was unplugged");
            }

            @Override
            public void close() {
                closed.set(true);
            }
        };

        ViamDataException exception = refused(ViamDataException.class, uri(CAMERA), broken, Map.of());

        assertThat(exception).hasMessageContaining("the camera was unplugged");
        assertThat(exception.getDelivery()).isEqualTo(ViamDataDelivery.notSent);
        service.uploads().forEach(PayloadTest::cancelled);
        await().untilTrue(closed);
    }

    private static void cancelled(TestCall call) {
        await().until(call::isCancelled);
        assertThat(call.isHalfClosed()).isFalse();
    }

    /** Gives odd little pieces, as a network stream does. */
    private static final class Trickle extends ByteArrayInputStream {

        Trickle(byte[] bytes) {
            super(bytes);
        }

        @Override
        public synchronized int read(byte[] buffer, int offset, int length) {
            return super.read(buffer, offset, Math.min(length, 7_777));
        }
    }
}
