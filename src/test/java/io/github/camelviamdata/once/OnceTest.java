// Copyright the camel-viamdata authors. SPDX-License-Identifier: Apache-2.0
package io.github.camelviamdata.once;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.camelviamdata.ViamDataComponent;
import io.github.camelviamdata.ViamDataConstants;
import io.github.camelviamdata.ViamDataDelivery;
import io.github.camelviamdata.ViamDataRejectedException;
import io.github.camelviamdata.ViamDataUnavailableException;
import io.github.camelviamdata.client.ClientListener.OnceCheck;
import io.github.camelviamdata.client.ViamDataClient;
import io.github.camelviamdata.proto.data.v1.BinaryDataByFilterResponse;
import io.github.camelviamdata.service.StoredData;
import io.github.camelviamdata.service.TestCall;
import io.github.camelviamdata.support.Shows;
import io.github.camelviamdata.support.ViamDataTestSupport;
import io.grpc.Status;
import java.io.ByteArrayInputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import org.apache.camel.Exchange;
import org.apache.camel.ExchangePattern;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.camel.spi.IdempotentRepository;
import org.apache.camel.support.processor.idempotent.MemoryIdempotentRepository;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Nothing is stored twice, whatever becomes of the answers. */
@Timeout(60)
class OnceTest extends ViamDataTestSupport {

    private static final byte[] BODY = {1, 2, 3};
    private static final String FAST = "retryDelay=1&maxRetryDelay=1&lookBackInterval=100";
    private static final Map<String, Object> FRAME = Map.of("frame", "f-1");

    @TempDir
    private Path folder;

    private final StoredData stored = new StoredData(Duration.ZERO, Duration.ZERO);
    private final MemoryIdempotentRepository repository = new MemoryIdempotentRepository();

    @BeforeEach
    void store() {
        context.getRegistry().bind("repository", IdempotentRepository.class, repository);
        answer(call -> Status.OK);
    }

    private void answer(Function<TestCall, Status> answers) {
        stored.serve(service, answers);
    }

    /** The first so many uploads are stored, and their answers lost. */
    private void loseAnswers(int count) {
        AtomicInteger left = new AtomicInteger(count);
        answer(call -> left.getAndDecrement() > 0 ? Status.UNAVAILABLE : Status.OK);
    }

    private String once(String... options) {
        List<String> all = new ArrayList<>(List.of(CAMERA, FAST, "ledger=file:" + folder.resolve("ledger.db")));
        all.addAll(List.of(options));
        return uri(all.toArray(String[]::new));
    }

    private static final String LOOK_BACK = "once=lookback&onceKey=${header.frame}";

    private long checks(OnceCheck check) {
        return context.getComponent("viamdata", ViamDataComponent.class).clients().stream()
                .map(ViamDataClient::statistics)
                .mapToLong(statistics -> statistics.onceChecks(check))
                .sum();
    }

    @Test
    @Shows({"once", "ledger", "onceKey", "CamelViamDataDuplicate"})
    void whatIsStoredIsNotUploadedAgain() {
        Exchange first = upload(once(LOOK_BACK), BODY, FRAME);
        Exchange second = upload(once(LOOK_BACK), BODY, FRAME);

        assertThat(service.uploads()).hasSize(1);
        assertThat(first.getMessage().getHeaders()).doesNotContainKey(ViamDataConstants.DUPLICATE);
        assertThat(second.getMessage().getHeaders())
                .containsEntry(ViamDataConstants.DUPLICATE, true)
                .containsEntry(ViamDataConstants.DELIVERY, ViamDataDelivery.stored)
                .containsEntry(ViamDataConstants.UPLOADED_BYTES, 0L)
                .containsEntry(ViamDataConstants.ATTEMPTS, 0)
                .containsEntry(ViamDataConstants.FILE_ID, first.getMessage().getHeader(ViamDataConstants.FILE_ID))
                .containsEntry(
                        ViamDataConstants.BINARY_DATA_ID,
                        first.getMessage().getHeader(ViamDataConstants.BINARY_DATA_ID));
        assertThat(checks(OnceCheck.skipped)).isEqualTo(1);
        upload(once(LOOK_BACK), BODY, Map.of("frame", "f-2"));
        assertThat(service.uploads()).hasSize(2);
    }

    @Test
    void theLedgerOutlivesItsContextAndHasOneAtATime() throws Exception {
        upload(once(LOOK_BACK), BODY, FRAME);
        try (DefaultCamelContext other = new DefaultCamelContext()) {
            other.start();
            assertThatThrownBy(() -> other.createProducerTemplate().sendBodyAndHeaders(once(LOOK_BACK), BODY, FRAME))
                    .hasStackTraceContaining("another process or context uses it. Give each a file of its own");
        }
        context.stop();
        try (DefaultCamelContext next = new DefaultCamelContext()) {
            next.start();
            Exchange exchange = next.createProducerTemplate().send(once(LOOK_BACK), OnceTest::frame);
            assertThat(exchange.getMessage().getHeader(ViamDataConstants.DUPLICATE))
                    .isEqualTo(true);
        }
        assertThat(service.uploads()).hasSize(1);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2_000_000})
    @Shows("once")
    void anUploadWhoseAnswerIsLostIsFound(int size) {
        loseAnswers(1);
        Exchange exchange = upload(once(LOOK_BACK), new byte[size], FRAME);

        assertThat(stored.ids()).hasSize(1);
        assertThat(exchange.getMessage().getHeaders())
                .containsEntry(ViamDataConstants.FILE_ID, stored.ids().get(0))
                .containsEntry(ViamDataConstants.DELIVERY, ViamDataDelivery.stored)
                .containsEntry(ViamDataConstants.ATTEMPTS, 1)
                .containsEntry(ViamDataConstants.UPLOADED_BYTES, (long) size)
                .doesNotContainKey(ViamDataConstants.DUPLICATE);
        assertThat(checks(OnceCheck.found)).isEqualTo(1);
    }

    @Test
    @Shows("lookBackInterval")
    void itIsAskedForUntilItIsListed() {
        StoredData late = new StoredData(Duration.ofMillis(700), Duration.ofMillis(700));
        AtomicInteger left = new AtomicInteger(1);
        late.serve(service, call -> left.getAndDecrement() > 0 ? Status.UNAVAILABLE : Status.OK);
        upload(once(LOOK_BACK), BODY, FRAME);
        assertThat(late.ids()).hasSize(1);
        assertThat(service.queries()).hasSizeBetween(2, 9);
    }

    @Test
    @Shows("lookBackPatience")
    void whatIsNotListedIsSentAgainAfterThePatience() {
        AtomicInteger left = new AtomicInteger(1);
        answer(call -> left.getAndDecrement() > 0 ? null : Status.OK);
        long began = System.nanoTime();
        Exchange exchange = upload(once(LOOK_BACK, "lookBackPatience=700"), BODY, FRAME);
        assertThat(Duration.ofNanos(System.nanoTime() - began)).isGreaterThan(Duration.ofMillis(700));
        assertThat(stored.ids()).hasSize(1);
        assertThat(exchange.getMessage().getHeader(ViamDataConstants.ATTEMPTS)).isEqualTo(2);
        assertThat(checks(OnceCheck.absent)).isEqualTo(1);
    }

    @Test
    void whatIsNotListedAtTheEndOfAllAttemptsIsNotSent() {
        answer(call -> null);
        ViamDataUnavailableException failure = refused(
                ViamDataUnavailableException.class, once(LOOK_BACK, "lookBackPatience=0&maxAttempts=2"), BODY, FRAME);
        assertThat(failure.getDelivery()).isEqualTo(ViamDataDelivery.notSent);
        assertThat(failure).hasMessageContaining("The service does not list it, so nothing is stored");
        assertThat(service.uploads()).hasSize(2);
        // Nothing is left of it, so the next one is sent without a question.
        int queries = service.queries().size();
        answer(call -> Status.OK);
        upload(once(LOOK_BACK), BODY, FRAME);
        assertThat(service.queries()).hasSize(queries);
    }

    @Test
    void whatTheServiceCannotBeAskedForStaysUnknownAndIsFoundLater() {
        loseAnswers(1);
        service.answeringQueries(call -> Status.UNAVAILABLE);
        ViamDataUnavailableException failure = refused(
                ViamDataUnavailableException.class, once(LOOK_BACK, "lookBackPatience=0&maxAttempts=2"), BODY, FRAME);
        assertThat(failure.getDelivery()).isEqualTo(ViamDataDelivery.unknown);
        assertThat(failure).hasMessageContaining("could not be asked");

        service.answeringQueries(call -> Status.OK);
        Exchange again = upload(once(LOOK_BACK, "lookBackPatience=0&maxAttempts=2"), BODY, FRAME);
        assertThat(stored.ids()).hasSize(1);
        assertThat(again.getMessage().getHeader(ViamDataConstants.DUPLICATE)).isEqualTo(true);
    }

    @Test
    void aRefusalIsForgotten() {
        answer(call -> Status.OK);
        service.answering(call -> Status.INVALID_ARGUMENT);
        refused(ViamDataRejectedException.class, once(LOOK_BACK), BODY, FRAME);
        answer(call -> Status.OK);
        assertThat(upload(once(LOOK_BACK), BODY, FRAME).getMessage().getHeaders())
                .doesNotContainKey(ViamDataConstants.DUPLICATE);
        assertThat(service.queries()).isEmpty();
    }

    @Test
    @Shows("once")
    void withTheLedgerAloneAnUnknownUploadIsSentAgain() {
        loseAnswers(1);
        upload(once("once=ledger&onceKey=${header.frame}"), BODY, FRAME);
        assertThat(stored.ids()).hasSize(2);
        assertThat(stored.tags()).isEmpty();
        upload(once("once=ledger&onceKey=${header.frame}"), BODY, FRAME);
        assertThat(service.uploads()).hasSize(2);
        assertThat(service.queries()).isEmpty();
    }

    @Test
    @Shows({"onceIdentity", "keepOnceTag"})
    void theTagStaysOrIsTakenOff() {
        upload(once(LOOK_BACK), BODY, FRAME);
        assertThat(stored.tags()).hasSize(1).allMatch(tag -> tag.matches("once-[a-z2-7]{26}"));
        upload(once(LOOK_BACK, "keepOnceTag=false"), BODY, Map.of("frame", "f-2"));
        org.awaitility.Awaitility.await().until(() -> stored.tags().size() == 1);
    }

    @Test
    @Shows("onceIdentity")
    void theTimeIdentifiesToo() {
        loseAnswers(1);
        Map<String, Object> headers =
                Map.of("frame", "f-1", ViamDataConstants.TIME_REQUESTED, Instant.parse("2026-01-02T03:04:05.678Z"));
        upload(once(LOOK_BACK, "onceIdentity=time"), BODY, headers);
        assertThat(stored.ids()).hasSize(1);
        assertThat(stored.tags()).isEmpty();
        assertThat(refused(ViamDataRejectedException.class, once(LOOK_BACK, "onceIdentity=time"), BODY, FRAME))
                .hasMessageContaining("CamelViamDataTimeRequested");
    }

    /** A broker sends a message again, and its time is that of its arrival. */
    @Test
    void byItsTagAnUploadOfAnotherTimeIsFound() {
        loseAnswers(1);
        service.answeringQueries(call -> Status.UNAVAILABLE);
        String uri = once("once=lookback&onceKey=content&lookBackPatience=0&maxAttempts=1");
        refused(
                ViamDataUnavailableException.class,
                uri,
                BODY,
                Map.of(ViamDataConstants.TIME_REQUESTED, "2026-01-02T03:04:05Z"));
        service.answeringQueries(call -> Status.OK);
        upload(uri, BODY, Map.of(ViamDataConstants.TIME_REQUESTED, "2026-01-02T03:04:09Z"));
        assertThat(stored.ids()).hasSize(1);
    }

    @Test
    void dataOfAnotherSizeIsNotTheSame() {
        loseAnswers(1);
        service.answeringQueries(call -> Status.UNAVAILABLE);
        String uri = once("once=lookback&onceKey=a&lookBackPatience=0&maxAttempts=1");
        refused(ViamDataUnavailableException.class, uri, BODY, Map.of());
        service.answeringQueries(call -> Status.OK);
        upload(uri, new byte[BODY.length + 1], Map.of());
        assertThat(stored.ids()).hasSize(2);
        assertThat(checks(OnceCheck.absent)).isEqualTo(1);
    }

    @ParameterizedTest
    @CsvSource({"3, 1", "4, 2"})
    @Shows("onceKey")
    void theContentMayBeTheKey(int secondSize, int uploads) {
        upload(once("once=lookback&onceKey=content"), BODY, Map.of());
        upload(once("once=lookback&onceKey=content"), java.util.Arrays.copyOf(BODY, secondSize), Map.of());
        assertThat(service.uploads()).hasSize(uploads);
    }

    @Test
    void aStreamThatIsReadOnceHasNoHash() {
        context.setStreamCaching(false);
        assertThat(refused(
                        ViamDataRejectedException.class,
                        once("once=lookback&onceKey=content"),
                        new ByteArrayInputStream(BODY) {},
                        Map.of()))
                .hasMessageContaining("onceKey=content")
                .hasMessageContaining("stream caching");
    }

    @Test
    void withoutAnIdentityAMessageIsRefused() {
        assertThat(refused(ViamDataRejectedException.class, once("once=lookback"), BODY, Map.of()))
                .hasMessageContaining("Set the option onceKey");
        assertThat(refused(ViamDataRejectedException.class, once(LOOK_BACK), BODY, Map.of()))
                .hasMessageContaining("The option onceKey is blank for this message: ${header.frame}");
        assertThat(service.uploads()).isEmpty();
    }

    @Test
    void aRouteWhoseMessagesHaveNoIdentityDoesNotStart() {
        assertThatThrownBy(() -> context.addRoutes(new RouteBuilder() {
                    @Override
                    public void configure() {
                        from("timer:frames").to(once("once=lookback"));
                    }
                }))
                .hasRootCauseMessage(
                        "The option once needs to know the same data again. Set the option onceKey, such as"
                                + " onceKey=${header.frameId}, or onceKey=content for a hash of the content: messages of"
                                + " timer have nothing that identifies them");
    }

    @Test
    void aFileIsKnownAgainByItsPathLengthAndTime() throws Exception {
        Path inbox = Files.createDirectory(folder.resolve("inbox"));
        Path file = inbox.resolve("a.jpg");
        Files.write(file, BODY);
        context.addRoutes(new RouteBuilder() {
            @Override
            public void configure() {
                from("file:" + inbox + "?noop=true&idempotent=false&delay=50&initialDelay=0")
                        .to(once("once=lookback"))
                        .to("mock:done");
            }
        });
        getMockEndpoint("mock:done").expectedMinimumMessageCount(3);
        getMockEndpoint("mock:done").assertIsSatisfied();
        assertThat(service.uploads()).hasSize(1);
        Files.setLastModifiedTime(file, FileTime.from(Instant.now().plusSeconds(5)));
        org.awaitility.Awaitility.await().until(() -> service.uploads().size() == 2);
    }

    @ParameterizedTest
    @CsvSource({"CamelKafkaTopic, CamelKafkaPartition, CamelKafkaOffset", "kafka.TOPIC, kafka.PARTITION, kafka.OFFSET"})
    void aKafkaRecordIsKnownAgain(String topic, String partition, String offset) {
        for (long number : new long[] {7, 8, 7, 8}) {
            upload(once("once=lookback"), BODY, Map.of(topic, "frames", partition, 0, offset, number));
        }
        assertThat(service.uploads()).hasSize(2);
    }

    @Test
    void thePartsOfASplitMessageHaveNoIdentityOfTheirOwn() throws Exception {
        context.addRoutes(new RouteBuilder() {
            @Override
            public void configure() {
                from("direct:split").split(body()).stopOnException().to(once("once=lookback"));
            }
        });
        Exchange exchange = send(
                "direct:split",
                List.of("a", "b"),
                Map.of("kafka.TOPIC", "frames", "kafka.PARTITION", 0, "kafka.OFFSET", 1L));
        assertThat(exchange.getException()).hasStackTraceContaining("is a part of one");
        assertThat(service.uploads()).isEmpty();
    }

    @Test
    @Shows("ledger")
    void anIdempotentRepositoryIsALedger() {
        String uri = once(LOOK_BACK, "ledger=#repository").replaceFirst("ledger=file:[^&]*&", "");
        loseAnswers(1);
        upload(uri, BODY, FRAME);
        Exchange second = upload(uri, BODY, FRAME);
        assertThat(stored.ids()).hasSize(1);
        assertThat(second.getMessage().getHeader(ViamDataConstants.DUPLICATE)).isEqualTo(true);
        assertThat(repository.getCacheSize()).isEqualTo(2);
    }

    @Test
    void severalRequestsOfAMessageGoOnWhereTheyStopped() {
        String uri = once("operation=tabular&maxRequestSize=1024&once=lookback&onceKey=${header.frame}&maxAttempts=1");
        List<Map<String, Object>> readings = new ArrayList<>();
        for (int i = 0; i < 100; i++) {
            readings.add(Map.of("value", "x".repeat(90) + i));
        }
        AtomicInteger left = new AtomicInteger(3);
        service.answering(call -> left.getAndDecrement() > 0 ? Status.OK : Status.INVALID_ARGUMENT);
        service.replying(call -> null);
        ViamDataRejectedException failure = refused(ViamDataRejectedException.class, uri, readings, FRAME);
        assertThat(failure.getDelivery()).isEqualTo(ViamDataDelivery.partial);
        int before = service.uploads().size();
        service.answering(call -> Status.OK);
        Exchange exchange = upload(uri, readings, FRAME);
        int requests = exchange.getMessage()
                .getHeader(ViamDataConstants.FILE_IDS, List.class)
                .size();
        assertThat(service.uploads()).hasSize(before + requests - 3);
        assertThat(exchange.getMessage().getHeaders()).doesNotContainKey(ViamDataConstants.DUPLICATE);
    }

    @Test
    void withoutTheLedgerNothingIsSent() throws Exception {
        context.getRegistry().bind("broken", Ledger.class, new Ledger() {
            @Override
            public State begin(String key) {
                throw new IllegalStateException("the disk is full");
            }

            @Override
            public void done(String key, String id) {}

            @Override
            public void forget(String key) {}
        });
        String uri = once(LOOK_BACK, "ledger=#broken").replaceFirst("ledger=file:[^&]*&", "");
        ViamDataUnavailableException failure = refused(ViamDataUnavailableException.class, uri, BODY, FRAME);
        assertThat(failure).hasMessageContaining("Nothing was sent").hasMessageContaining("the disk is full");
        assertThat(failure.getDelivery()).isEqualTo(ViamDataDelivery.notSent);
        assertThat(service.uploads()).isEmpty();
    }

    @Test
    void twoMessagesOfTheSameKeyFollowEachOther() {
        CompletableFuture<Void> gate = new CompletableFuture<>();
        answer(call -> {
            gate.join();
            return Status.OK;
        });
        CompletableFuture<Exchange> first = template.asyncSend(once(LOOK_BACK), OnceTest::frame);
        CompletableFuture<Exchange> second = template.asyncSend(once(LOOK_BACK), OnceTest::frame);
        org.awaitility.Awaitility.await().until(() -> service.uploads().size() == 1);
        gate.complete(null);
        assertThat(first.join().getException()).isNull();
        assertThat(second.join().getException()).isNull();
        assertThat(service.uploads()).hasSize(1);
        assertThat(checks(OnceCheck.skipped)).isEqualTo(1);
    }

    /** One that gives up while it waits does not let the next one pass the first. */
    @Test
    void aWaiterThatIsCancelledOpensNothing() throws Exception {
        CompletableFuture<Void> first = new CompletableFuture<>();
        CompletableFuture<Void> second = new CompletableFuture<>();
        KeptLedger ledger = new KeptLedger(new RepositoryLedger(repository));
        assertThat(ledger.enter("key", first).toCompletableFuture()).isDone();
        assertThat(ledger.enter("key", second).toCompletableFuture()).isNotDone();
        CompletionStage<?> third = ledger.enter("key", new CompletableFuture<>());
        second.complete(null);
        assertThat(third.toCompletableFuture()).isNotDone();
        first.complete(null);
        assertThat(third.toCompletableFuture()).isDone();
        assertThat(ledger.enter("key", new CompletableFuture<>()).toCompletableFuture())
                .isNotDone();
    }

    @Test
    void aForcedStopEndsWhatIsLookedForAsUnknown() throws Exception {
        loseAnswers(1);
        service.querying(call -> BinaryDataByFilterResponse.getDefaultInstance());
        context.getShutdownStrategy().setTimeout(1);
        context.addRoutes(new RouteBuilder() {
            @Override
            public void configure() {
                from("seda:frames").routeId("frames").to(once(LOOK_BACK));
            }
        });
        CompletableFuture<Exchange> exchange = template.asyncSend("seda:frames", e -> {
            frame(e);
            e.setPattern(ExchangePattern.InOut);
        });
        org.awaitility.Awaitility.await().until(() -> !service.queries().isEmpty());
        context.stop();
        assertThat(exchange.get(20, TimeUnit.SECONDS).getException())
                .isInstanceOfSatisfying(
                        ViamDataUnavailableException.class,
                        failure -> assertThat(failure.getDelivery()).isEqualTo(ViamDataDelivery.unknown));
    }

    @Test
    void aLedgerThatHangsFailsTheUploadAndIsReported() {
        CompletableFuture<Void> gate = new CompletableFuture<>();
        context.getRegistry().bind("hanging", Ledger.class, new Ledger() {
            @Override
            public State begin(String key) {
                gate.join();
                return State.begun();
            }

            @Override
            public void done(String key, String id) {}

            @Override
            public void forget(String key) {
                gate.join();
            }
        });
        String uri = once(LOOK_BACK, "ledger=#hanging&requestTimeout=200").replaceFirst("ledger=file:[^&]*&", "");
        ViamDataUnavailableException failure = refused(ViamDataUnavailableException.class, uri, BODY, FRAME);
        assertThat(failure).hasMessageContaining("The ledger could not note the upload");
        assertThat(service.uploads()).isEmpty();
        gate.complete(null);
    }

    /** Otherwise the note of the next one would be taken back, while its upload is in flight. */
    @Test
    void whatTimesOutTakesItsNoteBackBeforeTheNextOneOfTheKeyBegins() {
        SlowLedger slow = new SlowLedger();
        KeptLedger ledger = new KeptLedger(slow);
        assertTimesOut(begin(ledger, Duration.ofMillis(1)));
        CompletionStage<Ledger.State> next = begin(ledger, Duration.ofMinutes(1));

        slow.begins.complete(null);
        // Longer than the first one has waited.
        slow.forgetting.join();
        assertTimesOut(begin(ledger, Duration.ofMillis(50)));
        slow.forgets.complete(null);

        assertThat(next.toCompletableFuture().join()).isEqualTo(Ledger.State.begun());
        assertThat(begin(ledger, Duration.ofMinutes(1)).toCompletableFuture().join())
                .isEqualTo(Ledger.State.open());
        assertThat(slow.calls.get())
                .as("one that timed out before its turn is not made")
                .isEqualTo(3);
    }

    private static CompletionStage<Ledger.State> begin(KeptLedger ledger, Duration timeout) {
        Executor threads = command -> new Thread(command).start();
        return ledger.begin("key", timeout, threads, threads);
    }

    private static void assertTimesOut(CompletionStage<?> stage) {
        assertThatThrownBy(stage.toCompletableFuture()::join).hasRootCauseInstanceOf(TimeoutException.class);
    }

    /** It answers late; its notes are made and taken back in time. */
    private static final class SlowLedger implements Ledger {

        final CompletableFuture<Void> begins = new CompletableFuture<>();
        final CompletableFuture<Void> forgets = new CompletableFuture<>();
        final CompletableFuture<Void> forgetting = new CompletableFuture<>();
        final AtomicInteger calls = new AtomicInteger();
        private final Set<String> noted = ConcurrentHashMap.newKeySet();

        @Override
        public State begin(String key) {
            calls.incrementAndGet();
            boolean isNew = noted.add(key);
            begins.join();
            return isNew ? State.begun() : State.open();
        }

        @Override
        public void done(String key, String id) {}

        @Override
        public void forget(String key) {
            forgetting.complete(null);
            forgets.join();
            noted.remove(key);
        }
    }

    @Test
    void thePartsOfAnAggregateHaveNoIdentityOfTheirOwn() {
        Exchange exchange = template.send(once("once=lookback"), e -> {
            e.getMessage().setBody(BODY);
            e.getMessage()
                    .setHeaders(new java.util.HashMap<>(
                            Map.of("kafka.TOPIC", "frames", "kafka.PARTITION", 0, "kafka.OFFSET", 1L)));
            e.setProperty(Exchange.AGGREGATED_SIZE, 2);
        });
        assertThat(exchange.getException()).hasMessageContaining("Set the option onceKey");
    }

    private static void frame(Exchange exchange) {
        exchange.getMessage().setBody(BODY);
        exchange.getMessage().setHeader("frame", "f-1");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "once=ledger&onceKey=a | The option once=ledger needs the option ledger",
                "once=lookback&onceKey=a&ledger=mine | The option ledger is 'mine'; it must be file: and a path",
                "once=lookback&onceKey=a&ledger=file:x&operation=capture&onceIdentity=time | onceIdentity=time cannot distinguish",
                "once=lookback&onceKey=a&ledger=file:x&ledgerRetention=10s | The option ledgerRetention is 10000 ms",
                "once=lookback&onceKey=a&ledger=file:x&lookBackInterval=1 | The option lookBackInterval is 1 ms",
                "once=lookback&onceKey=a&ledger=file:x&lookBackPatience=-1 | The option lookBackPatience is -1 ms"
            })
    void wrongOptionsAreRefusedByName(String options, String text) {
        assertThatThrownBy(() -> context.getEndpoint(uri(CAMERA, options)).start())
                .hasMessageContaining(text);
    }
}
