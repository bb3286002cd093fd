// Copyright the camel-viamdata authors. SPDX-License-Identifier: Apache-2.0
package io.github.camelviamdata.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.github.camelviamdata.ViamDataDelivery;
import io.github.camelviamdata.ViamDataRejectedException;
import io.github.camelviamdata.ViamDataUnavailableException;
import io.github.camelviamdata.service.TestCall;
import io.github.camelviamdata.support.ViamDataTestSupport;
import io.grpc.Status;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.RandomAccessFile;
import java.io.Reader;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.camel.AsyncProducer;
import org.apache.camel.Exchange;
import org.apache.camel.StreamCache;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Bodies that give nothing for long, or too much. */
@Timeout(60)
class BodiesThatStallTest extends ViamDataTestSupport {

    private static final String STALLED = "the body gave no bytes for";

    private final CountDownLatch more = new CountDownLatch(1);

    @AfterEach
    void goOn() {
        more.countDown();
    }

    /** A cache that does not know its length, and stalls once in the middle. */
    private final class StallingCache extends ByteArrayInputStream implements StreamCache {

        private final AtomicInteger readers = new AtomicInteger();
        private final AtomicInteger mostReaders = new AtomicInteger();
        private final AtomicInteger stalls = new AtomicInteger(1);

        StallingCache(byte[] bytes) {
            super(bytes);
        }

        // Not synchronized: what is read by two threads would block, and not be seen.
        @Override
        public int read(byte[] target, int offset, int length) {
            mostReaders.accumulateAndGet(readers.incrementAndGet(), Math::max);
            try {
                if (pos > 100_000 && stalls.getAndDecrement() > 0) {
                    more.await();
                }
                int size = Math.min(length, Math.min(1024, count - pos));
                if (size <= 0) {
                    return -1;
                }
                System.arraycopy(buf, pos, target, offset, size);
                pos += size;
                return size;
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            } finally {
                readers.decrementAndGet();
            }
        }

        @Override
        public void reset() {
            pos = 0;
        }

        @Override
        public void writeTo(OutputStream out) throws IOException {
            out.write(buf);
        }

        @Override
        public StreamCache copy(Exchange exchange) {
            throw new UnsupportedOperationException();
        }

        @Override
        public boolean inMemory() {
            return false;
        }

        @Override
        public long length() {
            return -1;
        }

        @Override
        public long position() {
            return pos;
        }
    }

    @Test
    void neverHaveTwoReaders() {
        StallingCache body = new StallingCache(new byte[500_000]);

        ViamDataUnavailableException exception = refused(
                ViamDataUnavailableException.class,
                uri(CAMERA, "uploadMode=streaming&chunkSize=2048&idleTimeout=300&maxAttempts=3&retryDelay=1"),
                body,
                Map.of());
        more.countDown();

        assertThat(exception).hasMessageContaining(STALLED).hasMessageContaining("idleTimeout");
        assertThat(exception.getDelivery()).isEqualTo(ViamDataDelivery.notSent);
        await().untilAsserted(() -> assertThat(body.readers).hasValue(0));
        assertThat(body.mostReaders).hasValue(1);
        assertThat(service.uploads()).hasSize(1).noneMatch(TestCall::isHalfClosed);
    }

    /** All permits are taken by senders that say nothing, over real sockets. */
    @Test
    void giveTheirPermitsBack() throws Exception {
        String options = CAMERA + "&maxInFlight=4&maxInFlightWait=20000&idleTimeout=300&maxAttempts=1";
        try (ServerSocket listener = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
            List<Socket> sockets = new ArrayList<>();
            List<CompletableFuture<Exchange>> silent = new ArrayList<>();
            for (int i = 0; i < 4; i++) {
                Socket socket = new Socket(InetAddress.getLoopbackAddress(), listener.getLocalPort());
                sockets.add(socket);
                var body = socket.getInputStream();
                silent.add(template.asyncSend(uri(options), e -> e.getMessage().setBody(body)));
            }
            upload(uri(options), new byte[10], Map.of());

            for (CompletableFuture<Exchange> one : silent) {
                assertThat(one.get(20, TimeUnit.SECONDS).getException())
                        .isInstanceOf(ViamDataUnavailableException.class)
                        .hasMessageContaining(STALLED);
            }
            // Closing them ends the reads.
            await().until(() -> sockets.stream().allMatch(Socket::isClosed));
            await().until(() -> Thread.getAllStackTraces().entrySet().stream()
                    .filter(thread -> thread.getKey().getName().contains("ViamDataCall"))
                    .noneMatch(thread -> Arrays.stream(thread.getValue())
                            .anyMatch(frame -> frame.getClassName().contains("Socket"))));
        }
        assertThat(service.uploads()).hasSize(1);
    }

    @Test
    @EnabledOnOs(OS.LINUX)
    void mayBeNamedPipesThatNobodyWritesTo(@TempDir Path directory) throws Exception {
        Path pipe = directory.resolve("pipe.jpg");
        assertThat(new ProcessBuilder("mkfifo", pipe.toString()).start().waitFor())
                .isZero();
        try {
            Exchange exchange = template.asyncSend(
                            uri(CAMERA, "allowEmptyPayload=true&uploadMode=streaming&idleTimeout=300&maxAttempts=1"),
                            e -> e.getMessage().setBody(pipe))
                    .get(20, TimeUnit.SECONDS);

            assertThat(exchange.getException())
                    .isInstanceOf(ViamDataUnavailableException.class)
                    .hasMessageContaining(STALLED);
        } finally {
            // Lets the open() of whatever thread return, which Java cannot interrupt.
            new RandomAccessFile(pipe.toFile(), "rw").close();
        }
    }

    @Test
    void mayBeCharactersOfAnyNumber() {
        int total = 20_000_000;
        Reader reader = new Reader() {

            private int count;
            private boolean arrived;

            @Override
            public int read(char[] target, int offset, int length) {
                if (!arrived && count >= total / 2) {
                    arrived = true;
                    // Only what is not collected first has arrived by now.
                    await().until(() -> service.uploads().stream()
                            .anyMatch(call -> call.messages().size() > 2));
                }
                int size = Math.min(length, total - count);
                Arrays.fill(target, offset, offset + size, 'x');
                count += size;
                return size == 0 ? -1 : size;
            }

            @Override
            public void close() {}
        };

        upload(uri(CAMERA), reader, Map.of());

        assertThat(service.onlyUpload().payload()).hasSize(total);
    }

    /** @param size below and above the largest array, in bytes */
    @ParameterizedTest
    @ValueSource(longs = {1_500_000_000L, 5_000_000_000L})
    void areRefusedByTheNameOfTheOptionWhereTheyDoNotFitIntoOneMessage(long size, @TempDir Path directory)
            throws Exception {
        service.reading(call -> call.messages().size() < 2);
        Path file = directory.resolve("large.jpg");
        try (RandomAccessFile sparse = new RandomAccessFile(file.toFile(), "rw")) {
            sparse.setLength(size);
        }

        ViamDataRejectedException exception = refused(
                ViamDataRejectedException.class,
                uri(CAMERA, "uploadMode=unary&idleTimeout=2000&requestTimeout=2000&maxAttempts=1"),
                file.toFile(),
                Map.of());

        assertThat(exception).hasMessageContaining("uploadMode");
        assertThat(exception.getDelivery()).isEqualTo(ViamDataDelivery.notSent);
        assertThat(service.uploads()).isEmpty();
    }

    /** As after a restart of the service. */
    @ParameterizedTest
    @ValueSource(strings = {"unary", "streaming"})
    void doNotKeepATokenThatIsRefused(String mode) {
        AtomicInteger tokens = new AtomicInteger();
        service.giving(request -> "token-" + tokens.incrementAndGet())
                .answering(
                        call -> call.header("authorization").endsWith("token-1") ? Status.UNAUTHENTICATED : Status.OK);
        String uri = uri(CAMERA, "apiKeyId=id&apiKey=key", "uploadMode=" + mode);

        send(uri, new ByteArrayInputStream(new byte[100]), Map.of());
        upload(uri, new ByteArrayInputStream(new byte[100]), Map.of());

        assertThat(tokens).hasValue(2);
    }

    /** What is refused for want of a permit ends on the thread of its caller. */
    @Test
    void takeNoThreadsBeyondMaxInFlight() throws Exception {
        service.answering(call -> {
            try {
                more.await();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
            return Status.OK;
        });
        AsyncProducer producer = context.getEndpoint(uri(CAMERA, "maxInFlight=4&maxInFlightWait=0&shutdownTimeout=500"))
                .createAsyncProducer();
        producer.start();
        Set<String> threads = ConcurrentHashMap.newKeySet();
        AtomicInteger refused = new AtomicInteger();
        for (int i = 0; i < 1_500; i++) {
            Exchange exchange = producer.getEndpoint().createExchange();
            exchange.getMessage().setBody(new byte[10]);
            producer.process(exchange, doneSync -> {
                refused.addAndGet(exchange.isFailed() ? 1 : 0);
                threads.add(Thread.currentThread().getName());
                if (Thread.currentThread().getName().contains("ViamData")) {
                    // A slow step behind it.
                    try {
                        more.await();
                    } catch (InterruptedException e) {
                        Thread.currentThread().interrupt();
                    }
                }
            });
        }

        await().untilAsserted(() -> assertThat(refused).hasValue(1_496));
        assertThat(threads).noneMatch(name -> name.contains("ViamDataCall"));
    }
}
