// Copyright the camel-viamdata authors. SPDX-License-Identifier: Apache-2.0
package io.github.camelviamdata.heavy;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import io.github.camelviamdata.ViamDataConstants;
import io.github.camelviamdata.proto.datasync.v1.DataSyncServiceGrpc;
import io.github.camelviamdata.proto.datasync.v1.StreamingDataCaptureUploadRequest;
import io.github.camelviamdata.proto.datasync.v1.StreamingDataCaptureUploadResponse;
import io.github.camelviamdata.server.ViamDataServerConsumer;
import io.github.camelviamdata.support.ChildJvm;
import io.github.camelviamdata.support.UploadFile;
import io.grpc.Server;
import io.grpc.netty.shaded.io.grpc.netty.NettyServerBuilder;
import io.grpc.stub.StreamObserver;
import java.io.IOException;
import java.io.InputStream;
import java.io.RandomAccessFile;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.camel.Exchange;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.impl.DefaultCamelContext;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A file of two gibibytes goes through 64 MiB of memory. Takes minutes. */
@Tag("heavy")
class LargeFileIT {

    // Just beyond what an int can count.
    private static final long SIZE = (1L << 31) + 12_345;

    @TempDir
    static Path directory;

    private static Path file;
    private static String digest;

    @BeforeAll
    static void makeFile() throws Exception {
        file = directory.resolve("large.bin");
        Random random = new Random(42);
        try (RandomAccessFile content = new RandomAccessFile(file.toFile(), "rw")) {
            content.setLength(SIZE);
            byte[] block = new byte[100_000];
            for (int i = 0; i < 500; i++) {
                random.nextBytes(block);
                content.seek((long) (random.nextDouble() * (SIZE - block.length)));
                content.write(block);
            }
        }
        try (InputStream stream = Files.newInputStream(file)) {
            digest = digest(stream);
        }
    }

    @Test
    void binaryDataArrivesWhole() throws Exception {
        DigestingService service = new DigestingService();
        Server server = NettyServerBuilder.forAddress(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
                .addService(service)
                .build()
                .start();
        try {
            uploadInLittleMemory(
                    server.getPort(), "componentType=camera&componentName=gate&methodName=GetVideo", "digested");

            assertThat(service.received.get(1, TimeUnit.SECONDS)).isEqualTo(SIZE + " " + digest);
        } finally {
            server.shutdownNow();
        }
    }

    @Test
    void fileArrivesWholeAtTheServerComponent() throws Exception {
        CompletableFuture<String> received = new CompletableFuture<>();
        try (DefaultCamelContext context = new DefaultCamelContext()) {
            context.getStreamCachingStrategy().setSpoolDirectory(directory.toFile());
            context.addRoutes(new RouteBuilder() {
                @Override
                public void configure() {
                    from("viamdata-server:localhost:0").routeId("server").process(this::receive);
                }

                private void receive(Exchange exchange) throws Exception {
                    InputStream body = exchange.getMessage().getBody(InputStream.class);
                    received.complete(digest(body));
                    exchange.getMessage().setHeader(ViamDataConstants.FILE_ID, "spooled");
                }
            });
            context.start();
            int port = ((ViamDataServerConsumer) context.getRoute("server").getConsumer()).getPort();

            // The server reads what it has spooled before it answers.
            uploadInLittleMemory(port, "operation=file&requestTimeout=120s", "spooled");
        }
        assertThat(received.get(1, TimeUnit.SECONDS)).isEqualTo(digest);
    }

    private static void uploadInLittleMemory(int port, String options, String id) throws Exception {
        ChildJvm.Result result = new ChildJvm(ChildJvm.ownClassPath(), "-Xmx64m")
                .run(
                        400,
                        UploadFile.class.getName(),
                        "viamdata:part?host=localhost&plaintext=true&maxAttempts=1&port=" + port + "&" + options,
                        file.toString());

        assertThat(result.exitCode()).as(result.output()).isZero();
        assertThat(result.output()).contains("stored as " + id, "bytes " + SIZE);
        long seconds = number(result.output(), "seconds");
        System.out.printf(
                "%s: %d bytes in %d s, %d MB/s; peak heap %d MiB, peak direct memory %d MiB%n",
                id,
                SIZE,
                seconds,
                SIZE / Math.max(1, seconds) / 1_000_000,
                number(result.output(), "peak heap MiB"),
                number(result.output(), "peak direct MiB"));
        // Of 64: no more than a few chunks and what gRPC holds for one connection.
        assertThat(number(result.output(), "peak direct MiB")).isBetween(1L, 32L);
        assertThat(number(result.output(), "peak heap MiB")).isBetween(1L, 64L);
    }

    private static long number(String output, String name) {
        Matcher matcher =
                Pattern.compile("^" + name + " (\\d+)$", Pattern.MULTILINE).matcher(output);
        assertThat(matcher.find()).as(output).isTrue();
        return Long.parseLong(matcher.group(1));
    }

    private static String digest(InputStream stream) throws IOException, NoSuchAlgorithmException {
        MessageDigest sha256 = MessageDigest.getInstance("SHA-256");
        byte[] buffer = new byte[1 << 16];
        for (int read = stream.read(buffer); read >= 0; read = stream.read(buffer)) {
            sha256.update(buffer, 0, read);
        }
        return HexFormat.of().formatHex(sha256.digest());
    }

    /** Keeps nothing of what it receives but its length and its digest. */
    private static final class DigestingService extends DataSyncServiceGrpc.DataSyncServiceImplBase {

        private final CompletableFuture<String> received = new CompletableFuture<>();

        @Override
        public StreamObserver<StreamingDataCaptureUploadRequest> streamingDataCaptureUpload(
                StreamObserver<StreamingDataCaptureUploadResponse> client) {
            MessageDigest sha256;
            try {
                sha256 = MessageDigest.getInstance("SHA-256");
            } catch (NoSuchAlgorithmException e) {
                throw new AssertionError(e);
            }
            return new StreamObserver<>() {

                private long size;

                @Override
                public void onNext(StreamingDataCaptureUploadRequest request) {
                    ByteString data = request.getData();
                    size += data.size();
                    data.asReadOnlyByteBufferList().forEach(sha256::update);
                }

                @Override
                public void onError(Throwable failure) {
                    received.completeExceptionally(failure);
                }

                @Override
                public void onCompleted() {
                    received.complete(size + " " + HexFormat.of().formatHex(sha256.digest()));
                    client.onNext(StreamingDataCaptureUploadResponse.newBuilder()
                            .setBinaryDataId("digested")
                            .build());
                    client.onCompleted();
                }
            };
        }
    }
}
