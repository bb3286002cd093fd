// Copyright the camel-viamdata authors. SPDX-License-Identifier: Apache-2.0
package io.github.camelviamdata.server;

import static io.github.camelviamdata.server.Failures.assertFails;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.google.protobuf.ByteString;
import io.github.camelviamdata.proto.datasync.v1.DataSyncServiceGrpc;
import io.github.camelviamdata.proto.datasync.v1.FileUploadRequest;
import io.github.camelviamdata.proto.datasync.v1.FileUploadResponse;
import io.github.camelviamdata.support.Shows;
import io.grpc.Server;
import io.grpc.Status;
import io.grpc.netty.shaded.io.grpc.netty.NettyServerBuilder;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;
import java.util.zip.CRC32;
import java.util.zip.CheckedOutputStream;
import org.apache.camel.Exchange;
import org.apache.camel.Processor;
import org.apache.camel.RuntimeCamelException;
import org.apache.camel.StreamCache;
import org.awaitility.core.ConditionTimeoutException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StreamTest {

    private static final ByteString CHUNK = ByteString.copyFrom(new byte[64 * 1024]);

    @TempDir
    Path directory;

    private Path spool;
    private TestServer server;

    @BeforeEach
    void create() {
        spool = directory.resolve("spool");
        server = new TestServer();
        server.context.getStreamCachingStrategy().setSpoolDirectory(spool.toFile());
    }

    @AfterEach
    void stop() {
        server.close();
    }

    private TestClient start(Processor processor) throws Exception {
        server.start("viamdata-server:localhost:0", route -> route.process(processor));
        return server.client();
    }

    private List<Path> spooled() throws IOException {
        return Spooled.in(spool);
    }

    private void awaitNothingSpooled() {
        await().untilAsserted(() -> assertThat(spooled()).isEmpty());
        // Nor an open file that has no name any more: it would take room on the disk. Linux tells.
        await().untilAsserted(() -> assertThat(openFiles())
                .noneMatch(file -> file.startsWith(spool.toString()) && !file.endsWith(".lock")));
    }

    private static List<String> openFiles() throws IOException {
        List<String> open = new ArrayList<>();
        Path all = Path.of("/proc/self/fd");
        if (!Files.isDirectory(all)) {
            return open;
        }
        try (Stream<Path> descriptors = Files.list(all)) {
            for (Path descriptor : descriptors.toList()) {
                try {
                    open.add(Files.readSymbolicLink(descriptor).toString());
                } catch (IOException e) {
                    // Closed meanwhile.
                }
            }
        }
        return open;
    }

    private static long checksum(StreamCache body) throws IOException {
        CheckedOutputStream out = new CheckedOutputStream(OutputStream.nullOutputStream(), new CRC32());
        ((InputStream) body).transferTo(out);
        body.reset();
        return out.getChecksum().getValue();
    }

    @Test
    void largeStreamStandsOnDiskAndReadsTwice() throws Exception {
        AtomicReference<List<Object>> seen = new AtomicReference<>();
        try (TestClient client = start(exchange -> {
            StreamCache body = exchange.getMessage().getBody(StreamCache.class);
            seen.set(List.of(
                    body.inMemory(),
                    body.length(),
                    checksum(body),
                    checksum(body),
                    spooled().size(),
                    Files.getPosixFilePermissions(spooled().get(0))));
        })) {
            TestClient.Stream<?, ?> answer = sendLarge(client);
            answer.answer.get(60, TimeUnit.SECONDS);
        }
        CRC32 expected = new CRC32();
        Random random = new Random(1);
        for (int i = 0; i < 1024; i++) {
            byte[] chunk = new byte[64 * 1024];
            random.nextBytes(chunk);
            expected.update(chunk);
        }

        assertThat(seen.get())
                .containsExactly(
                        false,
                        64L << 20,
                        expected.getValue(),
                        expected.getValue(),
                        1,
                        Set.of(PosixFilePermission.OWNER_READ, PosixFilePermission.OWNER_WRITE));
        assertThat(spooled()).isEmpty();
    }

    private static TestClient.Stream<?, ?> sendLarge(TestClient client) {
        var stream = client.stream().send(TestClient.streamMetadata());
        Random random = new Random(1);
        for (int i = 0; i < 1024; i++) {
            byte[] chunk = new byte[64 * 1024];
            random.nextBytes(chunk);
            stream.send(TestClient.streamData(ByteString.copyFrom(chunk)));
        }
        stream.complete();
        return stream;
    }

    @Test
    void emptyPayloadIsAnEmptyBody() throws Exception {
        try (TestClient client = start(server::record)) {
            client.file()
                    .send(TestClient.fileMetadata(), TestClient.fileData(ByteString.EMPTY))
                    .complete()
                    .get(20, TimeUnit.SECONDS);
            // As Viam's SDKs send an empty file: the metadata, and nothing else.
            client.file().send(TestClient.fileMetadata()).complete().get(20, TimeUnit.SECONDS);
            client.stream().send(TestClient.streamMetadata()).complete().get(20, TimeUnit.SECONDS);

            assertThat(server.received).hasSize(3).allSatisfy(received -> {
                assertThat(received.streamed()).isTrue();
                assertThat(received.bytes()).isEmpty();
            });
            awaitNothingSpooled();
        }
    }

    @Test
    void compressedMessagesArriveAsTheyWere() throws Exception {
        try (TestClient client = start(server::record)) {
            TestClient.Stream<FileUploadRequest, FileUploadResponse> stream = new TestClient.Stream<>();
            DataSyncServiceGrpc.newStub(client.channel).withCompression("gzip").fileUpload(stream);
            stream.send(TestClient.fileMetadata(), TestClient.fileData(CHUNK))
                    .complete()
                    .get(20, TimeUnit.SECONDS);
            client.blocking().withCompression("gzip").dataCaptureUpload(TestClient.picture());

            assertThat(server.received.get(0).bytes()).isEqualTo(CHUNK.toByteArray());
            assertThat(server.received.get(1).bytes()).asString().isEqualTo("picture");
        }
    }

    @Test
    void withoutSpoolDirectoryTheOneOfJavaServes() throws Exception {
        server.context.getStreamCachingStrategy().setSpoolDirectory((File) null);
        Path tmp = Path.of(System.getProperty("java.io.tmpdir"));
        // Of other programs, which were killed.
        List<Path> others = Spooled.in(tmp);
        AtomicReference<List<Path>> files = new AtomicReference<>();
        try (TestClient client = start(exchange -> files.set(Spooled.in(tmp)))) {
            client.file()
                    .send(TestClient.fileMetadata(), TestClient.fileData(CHUNK))
                    .complete()
                    .get(20, TimeUnit.SECONDS);
        }

        List<Path> own = new ArrayList<>(files.get());
        own.removeAll(others);
        assertThat(own).hasSize(1);
        assertThat(own.get(0)).doesNotExist();
    }

    @Test
    void exchangeStartsOnlyWhenTheStreamIsComplete() throws Exception {
        try (TestClient client = start(server::record)) {
            var stream = client.file().send(TestClient.fileMetadata(), TestClient.fileData(CHUNK));
            await().untilAsserted(() -> assertThat(spooled()).hasSize(1));
            assertThat(server.received).isEmpty();

            stream.complete().get(20, TimeUnit.SECONDS);
            assertThat(server.received).hasSize(1);
        }
    }

    @Test
    void cancelledStreamLeavesNothing() throws Exception {
        try (TestClient client = start(server::record)) {
            var file = client.file().send(TestClient.fileMetadata(), TestClient.fileData(CHUNK));
            var binary = client.stream().send(TestClient.streamMetadata(), TestClient.streamData(CHUNK));
            await().untilAsserted(() -> assertThat(spooled()).hasSize(2));

            file.cancel();
            binary.cancel();

            awaitNothingSpooled();
            client.blocking().dataCaptureUpload(TestClient.picture());
            assertThat(server.received).hasSize(1);
        }
    }

    @Test
    void lostConnectionLeavesNothing() throws Exception {
        try (TestClient client = start(server::record)) {
            client.file().send(TestClient.fileMetadata(), TestClient.fileData(CHUNK));
            await().untilAsserted(() -> assertThat(spooled()).hasSize(1));

            client.channel.shutdownNow();

            awaitNothingSpooled();
            assertThat(server.received).isEmpty();
        }
    }

    @Test
    void malformedStreamLeavesNothing() throws Exception {
        try (TestClient client = start(server::record)) {
            var stream = client.file()
                    .send(TestClient.fileMetadata(), TestClient.fileData(CHUNK), TestClient.fileMetadata());

            assertFails(Status.Code.INVALID_ARGUMENT, stream.answer);
            awaitNothingSpooled();
        }
    }

    @Test
    void failedRouteLeavesNothing() throws Exception {
        try (TestClient client = start(exchange -> {
            throw new RuntimeCamelException("boom");
        })) {
            assertFails(
                    Status.Code.INTERNAL,
                    client.file()
                            .send(TestClient.fileMetadata(), TestClient.fileData(CHUNK))
                            .complete());
            assertThat(spooled()).isEmpty();
        }
    }

    @Test
    void diskThatCannotBeWrittenIsInternalAndTellsNoPath() throws Exception {
        Files.writeString(spool, "a file where a directory should be");
        try (TestClient client = start(server::record)) {
            assertFails(
                            Status.Code.INTERNAL,
                            client.file()
                                    .send(TestClient.fileMetadata(), TestClient.fileData(CHUNK))
                                    .complete())
                    .isEqualTo("The server failed to spool the upload");
            assertThat(server.received).isEmpty();
        } finally {
            Files.delete(spool);
        }
    }

    /** An exchange of its own, such as seda's, keeps the file as long as it needs it. */
    @Test
    void fileLastsAsLongAsAnotherExchangeUsesIt() throws Exception {
        CountDownLatch answered = new CountDownLatch(1);
        CompletableFuture<byte[]> later = new CompletableFuture<>();
        server.add(
                "seda:later",
                route -> route.process((Exchange exchange) -> {
                    answered.await();
                    later.complete(exchange.getMessage().getBody(byte[].class));
                }),
                "later");
        server.start("viamdata-server:localhost:0", route -> route.to("seda:later"));
        try (TestClient client = server.client()) {
            client.file()
                    .send(TestClient.fileMetadata(), TestClient.fileData(CHUNK))
                    .complete()
                    .get(20, TimeUnit.SECONDS);
            answered.countDown();

            assertThat(later.get(20, TimeUnit.SECONDS)).hasSize(CHUNK.size());
            awaitNothingSpooled();
        }
    }

    @Test
    @Shows("maxUploadSize")
    void tooLargeAStreamIsRefusedForGoodAndLeavesNothing() throws Exception {
        server.start(
                "viamdata-server:localhost:0?maxUploadSize=" + 2 * CHUNK.size(),
                route -> route.process(server::record));
        try (TestClient client = server.client()) {
            client.file()
                    .send(TestClient.fileMetadata(), TestClient.fileData(CHUNK), TestClient.fileData(CHUNK))
                    .complete()
                    .get(20, TimeUnit.SECONDS);
            var file = client.file()
                    .send(TestClient.fileMetadata(), TestClient.fileData(CHUNK), TestClient.fileData(CHUNK));
            await().untilAsserted(() -> assertThat(spooled()).hasSize(1));
            file.send(TestClient.fileData(ByteString.copyFromUtf8("x")));
            var binary = client.stream().send(TestClient.streamMetadata());
            for (int i = 0; i < 3; i++) {
                binary.send(TestClient.streamData(CHUNK));
            }

            for (CompletableFuture<?> answer : List.of(file.answer, binary.answer)) {
                assertFails(Status.Code.INVALID_ARGUMENT, answer).isEqualTo("The upload is larger than 131072 bytes");
            }
            awaitNothingSpooled();
            assertThat(server.received).hasSize(1);
        }
    }

    /** Flow control, end to end: what the server does not ask for, the client cannot send. */
    @Test
    void slowDiskHoldsTheClientBack() throws Exception {
        CountDownLatch disk = new CountDownLatch(1);
        Server slow = NettyServerBuilder.forPort(0)
                .addService(new DataSyncService(
                        null,
                        UploadRights.of(null, ApiKeys.of(null)),
                        () -> {
                            try {
                                disk.await();
                            } catch (InterruptedException e) {
                                throw new IOException(e);
                            }
                            throw new IOException("enough");
                        },
                        new UploadFormat(),
                        Long.MAX_VALUE))
                .build()
                .start();
        try (TestClient client = TestClient.plaintext(slow.getPort())) {
            var stream = client.file();
            int sent = 0;
            stream.send(TestClient.fileMetadata());
            await().until(stream.requests::isReady);
            while (stream.requests.isReady() && sent < 1000) {
                stream.send(TestClient.fileData(CHUNK));
                sent++;
                settle(stream);
            }

            // The windows of the stream and of the connection are 1 MiB at most.
            assertThat(sent).isBetween(1, 40);
            disk.countDown();
            assertFails(Status.Code.INTERNAL, stream.answer);
        } finally {
            slow.shutdownNow();
        }
    }

    private static void settle(TestClient.Stream<?, ?> stream) {
        try {
            await().atMost(1, TimeUnit.SECONDS).until(stream.requests::isReady);
        } catch (ConditionTimeoutException e) {
            // Held back.
        }
    }

    @Test
    void callsThatHaveEndedMakeRoomForOthers() throws Exception {
        server.start("viamdata-server:localhost:0?maxConcurrentCalls=1", route -> route.process(server::record));
        try (TestClient client = server.client()) {
            for (int i = 0; i < 3; i++) {
                var stream = client.file().send(TestClient.fileMetadata(), TestClient.fileData(CHUNK));
                await().untilAsserted(() -> assertThat(spooled()).hasSize(1));
                stream.cancel();
                awaitNothingSpooled();
                client.blocking().dataCaptureUpload(TestClient.picture());
            }
            assertThat(server.received).hasSize(3);
        }
    }
}
