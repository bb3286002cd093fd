// Copyright the camel-viamdata authors. SPDX-License-Identifier: Apache-2.0
package io.github.camelviamdata.query;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.github.camelviamdata.ViamDataConstants;
import io.github.camelviamdata.service.FileHost;
import io.github.camelviamdata.service.FileHost.Answer;
import io.github.camelviamdata.support.LogCollector;
import io.github.camelviamdata.support.Shows;
import io.grpc.Status;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;
import org.apache.camel.StreamCache;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The bytes of items: what is asked for, from where, with which credential, and what becomes of them. */
class DownloadTest extends ReadTestSupport {

    @TempDir
    Path spool;

    @Test
    void aSmallItemTravelsInTheMessage() throws Exception {
        store(1, 1, 1_000_000);
        route(queue());

        await().until(() -> received.size() == 1);

        assertThat(received.get(0).bytes()).isEqualTo(payload(1, 1_000_000));
        assertThat(own.requests()).isEmpty();
    }

    @Test
    void aLargeItemIsFetchedAndTheOtherHostSeesNoCredential() throws Exception {
        store(1, 1, LARGE);
        route(queue());

        await().until(() -> received.size() == 1);

        assertThat(received.get(0).bytes()).isEqualTo(payload(1, LARGE));
        assertThat(own.requests())
                .singleElement()
                .satisfies(
                        request -> assertThat(request.header("Authorization")).isEqualTo("Bearer token-of-id-of-key"));
        assertThat(other.requests()).singleElement().satisfies(this::hasNoCredential);
    }

    private void hasNoCredential(FileHost.Request request) {
        assertThat(request.header("Authorization")).isNull();
        assertThat(request.header("key")).isNull();
        assertThat(request.header("Cookie")).isNull();
        assertThat(request.headers().toString()).doesNotContain("token-of", "secret-key", "id-of-key");
    }

    @Test
    void anItemThatLiesElsewhereIsFetchedWithoutCredential() throws Exception {
        stored.locatedAt(id -> "http://127.0.0.1:" + other.port() + "/data/" + id);
        store(1, 1, LARGE);
        route(queue());

        await().until(() -> received.size() == 1);

        assertThat(other.requests()).singleElement().satisfies(this::hasNoCredential);
    }

    @Test
    void anItemWithoutPlaceIsFetchedByASignedUrl() throws Exception {
        stored.locatedAt(id -> "").signing(id -> "http://127.0.0.1:" + other.port() + "/data/" + id + "?signature=s");
        store(1, 1, LARGE);
        route(queue());

        await().until(() -> received.size() == 1);

        assertThat(received.get(0).bytes()).isEqualTo(payload(1, LARGE));
        assertThat(other.requests()).singleElement().satisfies(this::hasNoCredential);
    }

    @Test
    void aRedirectBackToTheServiceGetsNoCredentialEither() throws Exception {
        own.answering(request -> request.path().startsWith("/data/")
                ? Answer.redirect("/moved" + request.path())
                : Answer.bytes(stored.bytes(
                        id(new FileHost.Request(request.path().replace("/moved", ""), request.headers())))));
        store(1, 1, LARGE);
        route(queue());

        await().until(() -> received.size() == 1);

        assertThat(own.requests()).hasSize(2);
        assertThat(own.requests().get(1)).satisfies(this::hasNoCredential);
    }

    @Test
    void anEndlessRedirectEnds() throws Exception {
        own.answering(request -> Answer.redirect(request.path()));
        store(1, 1, LARGE);
        store(2, 1, 5);
        route(queue("maxAttempts=1"));

        await().until(() -> received.size() == 1);

        assertThat(receivedIds()).containsExactly(itemId(2));
        assertThat(own.requests()).hasSizeLessThanOrEqualTo(6 * 20);
    }

    @Test
    void aPlaceWithoutTlsOnAnotherMachineIsNotAsked() throws Exception {
        try (LogCollector log = new LogCollector()) {
            own.answering(request -> Answer.redirect("http://storage.example/data?signature=secret-of-url"));
            store(1, 1, LARGE);
            route(queue("maxAttempts=1"));

            await().until(() -> text(log).contains("redirects to a place without TLS"));
            assertThat(text(log)).doesNotContain("secret-of-url", "secret-key", "token-of");
        }
        assertThat(received).isEmpty();
    }

    @Test
    void noFailureShowsACredentialOrASignedUrl() throws Exception {
        try (LogCollector log = new LogCollector()) {
            other.answering(request -> Answer.status(403));
            store(1, 1, LARGE);
            route(queue("maxAttempts=2"));

            await().until(() -> text(log).contains("answered with the HTTP status 403"));
            assertThat(text(log))
                    .doesNotContain("secret-of-url", "secret-key", "token-of")
                    .contains(itemId(1));
        }
    }

    private static String text(LogCollector log) {
        return String.join("\n", log.linesWithoutCamelsOwn());
    }

    @Test
    void aRefusedTokenIsReplacedOnce() throws Exception {
        AtomicInteger tokens = new AtomicInteger();
        service.giving(request -> "token-" + tokens.incrementAndGet());
        own.answering(request -> "Bearer token-1".equals(request.header("Authorization"))
                ? Answer.status(401)
                : Answer.bytes(stored.bytes(id(request))));
        store(1, 1, LARGE);
        route(queue("maxAttempts=1"));

        await().until(() -> received.size() == 1);

        assertThat(tokens).hasValue(2);
    }

    @Test
    void aCutOrFalseLengthIsFetchedAgain() throws Exception {
        AtomicInteger answers = new AtomicInteger();
        other.answering(request -> {
            byte[] whole = stored.bytes(id(request));
            byte[] half = java.util.Arrays.copyOf(whole, whole.length / 2);
            return switch (answers.incrementAndGet()) {
                // The connection is cut; then the server says that half is all; then it has more than all.
                case 1 -> new Answer(200, Map.of(), half, whole.length);
                case 2 -> Answer.bytes(half);
                case 3 -> Answer.bytes(java.util.Arrays.copyOf(whole, whole.length + 1));
                default -> Answer.bytes(whole);
            };
        });
        context.getStreamCachingStrategy().setSpoolDirectory(spool.toFile());
        store(1, 1, LARGE);
        route(queue());

        await().until(() -> received.size() == 1);

        assertThat(received.get(0).bytes()).isEqualTo(payload(1, LARGE));
        assertThat(answers).hasValue(4);
        await().until(() -> files().isEmpty());
    }

    @Test
    void aServerThatStallsIsGivenUp() throws Exception {
        AtomicInteger answers = new AtomicInteger();
        CountDownLatch end = new CountDownLatch(1);
        other.answering(request -> {
            if (answers.incrementAndGet() == 1) {
                end.await(60, TimeUnit.SECONDS);
            }
            return Answer.bytes(stored.bytes(id(request)));
        });
        store(1, 1, LARGE);
        route(queue("requestTimeout=300", "idleTimeout=300"));

        await().until(() -> received.size() == 1);

        end.countDown();
    }

    @Test
    void aServerThatStallsInTheMiddleIsGivenUp() throws Exception {
        AtomicInteger answers = new AtomicInteger();
        CountDownLatch end = new CountDownLatch(1);
        other.answering(request -> {
            byte[] whole = stored.bytes(id(request));
            return answers.incrementAndGet() == 1 ? Answer.stalling(whole, whole.length / 2, end) : Answer.bytes(whole);
        });
        store(1, 1, LARGE);
        route(queue("idleTimeout=300"));

        await().until(() -> received.size() == 1);

        assertThat(received.get(0).bytes()).isEqualTo(payload(1, LARGE));
        end.countDown();
    }

    @Test
    void aLargeItemLiesInAFileForAsLongAsItsExchange() throws Exception {
        context.getStreamCachingStrategy().setSpoolDirectory(spool.toFile());
        store(1, 1, LARGE);
        AtomicReference<Object> body = new AtomicReference<>();
        AtomicReference<List<Path>> during = new AtomicReference<>();
        route(queue(), exchange -> {
            body.set(exchange.getMessage().getBody());
            during.set(files());
        });

        await().until(() -> received.size() == 1);

        assertThat(body.get()).isInstanceOf(StreamCache.class);
        assertThat(((StreamCache) body.get()).inMemory()).isFalse();
        assertThat(during.get()).hasSize(1);
        assertThat(received.get(0).bytes()).hasSize(LARGE);
        await().until(() -> files().isEmpty());
    }

    /** As on a disk that is full, or on a share, which may say so no earlier. */
    @Test
    void aFileThatCannotBeClosedIsDeleted() throws Exception {
        InputStream bytes = new ByteArrayInputStream(new byte[1_000]) {
            @Override
            public void close() throws IOException {
                throw new IOException("No space left on device");
            }
        };

        assertThatThrownBy(() -> ItemBytes.spool(bytes, 1_000, spool)).hasMessage("No space left on device");
        assertThat(files()).isEmpty();
    }

    private List<Path> files() throws IOException {
        try (Stream<Path> files = Files.list(spool)) {
            return files.filter(file -> file.getFileName().toString().startsWith("viamdata-read-"))
                    .toList();
        }
    }

    @Test
    @Shows("download")
    void noBodyMeansNoBytes() throws Exception {
        store(1, 1, 5);
        store(2, 1, LARGE);
        route(queue("download=none"));

        await().until(() -> received.size() == 2);

        assertThat(received).allMatch(message -> message.body() == null);
        assertThat(received.get(1).headers()).containsEntry(ViamDataConstants.FILE_SIZE, (long) LARGE);
        assertThat(own.requests()).isEmpty();
    }

    @Test
    @Shows("download")
    void aStreamIsReadByTheRoute() throws Exception {
        context.setStreamCaching(false);
        context.getStreamCachingStrategy().setSpoolDirectory(spool.toFile());
        store(1, 2, LARGE);
        AtomicReference<Object> body = new AtomicReference<>();
        route(
                queue("download=stream"),
                exchange -> body.set(exchange.getMessage().getBody()));

        await().until(() -> stored.inDataset(DATASET).isEmpty());

        assertThat(body.get()).isInstanceOf(InputStream.class).isNotInstanceOf(StreamCache.class);
        assertThat(received.get(1).bytes()).isEqualTo(payload(2, LARGE));
        assertThat(files()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(ints = {10, LARGE + 1})
    void aStreamOfAnotherLengthFailsTheExchange(int length) throws Exception {
        context.setStreamCaching(false);
        AtomicInteger answers = new AtomicInteger();
        other.answering(request -> {
            byte[] whole = stored.bytes(id(request));
            return Answer.bytes(answers.incrementAndGet() == 1 ? java.util.Arrays.copyOf(whole, length) : whole);
        });
        store(1, 1, LARGE);
        route(queue("download=stream"));

        await().until(() -> stored.inDataset(DATASET).isEmpty());

        assertThat(answers).hasValue(2);
        assertThat(received)
                .singleElement()
                .satisfies(message -> assertThat(message.bytes()).hasSize(LARGE));
    }

    @Test
    void anItemTooLargeForAMessageAfterAllIsFetched() throws Exception {
        store(1, 1, 900_000);
        service.answeringQueries(call -> call.method().equals("BinaryDataByIDs")
                ? Status.INVALID_ARGUMENT.withDescription("INCLUDE_BINARY_TOO_LARGE")
                : Status.OK);
        route(queue());

        await().until(() -> received.size() == 1);

        assertThat(received.get(0).bytes()).hasSize(900_000);
        assertThat(other.requests()).hasSize(1);
    }

    /** As gRPC of this side refuses a message above its limit: no attempt more is made for it. */
    @ParameterizedTest
    @CsvSource({
        "RESOURCE_EXHAUSTED,gRPC message exceeds maximum size,1",
        "UNAVAILABLE,INCLUDE_BINARY_TOO_LARGE,1",
        "UNAVAILABLE,,3"
    })
    void whatIsTooLargeIsFetchedAtOnce(Status.Code code, String text, int calls) throws Exception {
        store(1, 1, 900_000);
        service.answeringQueries(call ->
                call.method().equals("BinaryDataByIDs") ? code.toStatus().withDescription(text) : Status.OK);
        route(queue("maxAttempts=3"));

        await().until(() -> received.size() == 1);

        assertThat(downloads()).isEqualTo(calls);
        assertThat(other.requests()).hasSize(1);
    }

    @Test
    void aPauseThatTheServerOfFilesAsksForIsKept() throws Exception {
        AtomicInteger answers = new AtomicInteger();
        AtomicLong first = new AtomicLong();
        AtomicLong second = new AtomicLong();
        other.answering(request -> {
            if (answers.incrementAndGet() == 1) {
                first.set(System.nanoTime());
                return Answer.status(429, Map.of("Retry-After", "1"));
            }
            second.set(System.nanoTime());
            return Answer.bytes(stored.bytes(id(request)));
        });
        store(1, 1, LARGE);
        route(queue("maxRetryDelay=2s"));

        await().until(() -> received.size() == 1);

        assertThat(answers).hasValue(2);
        assertThat(Duration.ofNanos(second.get() - first.get())).isGreaterThanOrEqualTo(Duration.ofSeconds(1));
    }

    /** The next poll may find it. */
    @Test
    void aPauseAboveTheLimitEndsTheAttempts() throws Exception {
        AtomicInteger answers = new AtomicInteger();
        other.answering(request -> answers.incrementAndGet() == 1
                ? Answer.status(503, Map.of("Retry-After", "3600"))
                : Answer.bytes(stored.bytes(id(request))));
        store(1, 1, LARGE);
        try (LogCollector log = new LogCollector()) {
            route(queue());

            await().until(() -> received.size() == 1);

            assertThat(text(log))
                    .contains("was not delivered, and is tried again")
                    .contains("HTTP status 503");
        }
        assertThat(answers).hasValue(2);
    }

    @Test
    void anEmptyItemHasAnEmptyBody() throws Exception {
        store(1, 1, 0);
        route(queue());

        await().until(() -> received.size() == 1);

        assertThat(received.get(0).bytes()).isEmpty();
    }

    @Test
    @Shows("parallelDownloads")
    void downloadsAheadOfTheRoute() throws Exception {
        store(1, 6, LARGE);
        AtomicInteger now = new AtomicInteger();
        AtomicInteger most = new AtomicInteger();
        CountDownLatch three = new CountDownLatch(3);
        other.answering(request -> {
            most.accumulateAndGet(now.incrementAndGet(), Math::max);
            three.countDown();
            assertThat(three.await(30, TimeUnit.SECONDS)).isTrue();
            now.decrementAndGet();
            return Answer.bytes(stored.bytes(id(request)));
        });
        route(queue("parallelDownloads=3"));

        await().until(() -> received.size() == 6);

        assertThat(most).hasValue(3);
    }
}
