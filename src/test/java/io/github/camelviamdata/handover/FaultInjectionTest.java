// Copyright the camel-viamdata authors. SPDX-License-Identifier: Apache-2.0
package io.github.camelviamdata.handover;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.camelviamdata.ViamDataComponent;
import io.github.camelviamdata.ViamDataConstants;
import io.github.camelviamdata.ViamDataDelivery;
import io.github.camelviamdata.ViamDataException;
import io.github.camelviamdata.service.TestCall;
import io.github.camelviamdata.service.TestService;
import io.github.camelviamdata.support.InFlight;
import io.github.camelviamdata.support.ViamDataTestSupport;
import io.grpc.Status;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.camel.AsyncProducer;
import org.apache.camel.Exchange;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Every place where the component calls code that is not its own, and everything that may happen there: each exchange ends
 * once, its headers say truly where its data is, and nobody else notices.
 */
class FaultInjectionTest extends ViamDataTestSupport {

    private static final int UPLOADS = 64;
    private static final int VICTIM = 37;
    private static final int IN_FLIGHT = 8;
    private static final Duration LIMIT = Duration.ofSeconds(Integer.getInteger("handover.seconds", 20));
    /** How long a hand-over blocks after all else has ended. Of a whole minute, each second of it, in the long form. */
    private static final Duration BLOCKED = Duration.ofSeconds(Integer.getInteger("handover.blocked", 0));

    private static final int SMALL = 100;
    private static final int LARGE = 5_000;

    private final TestService other = TestService.plaintext();
    private final ExecutorService callers = Executors.newCachedThreadPool();
    private final List<One> all = new ArrayList<>();
    private final List<String> stored = new CopyOnWriteArrayList<>();
    private final Set<String> refusedOnce = ConcurrentHashMap.newKeySet();
    private Trap trap;

    /** An exchange, and how often it has ended. */
    private record One(String id, Exchange exchange, Object body, AtomicInteger ends) {

        boolean hasEnded() {
            return ends.get() > 0;
        }
    }

    static Stream<Arguments> faults() {
        return Arrays.stream(HandOver.values())
                .flatMap(handOver -> handOver.faults().stream()
                        .flatMap(fault -> Stream.of(true, false)
                                .filter(stream -> !stream || handOver.isOfOneMessage() && handOver != HandOver.ITERATE)
                                .filter(stream -> stream || handOver.upload() != HandOver.Upload.NONE)
                                .map(stream -> Arguments.of(handOver, fault, stream ? "streamed" : "unary"))));
    }

    @AfterEach
    void release() {
        trap.release();
        callers.shutdown();
        other.close();
    }

    @Override
    public boolean isUseAdviceWith() {
        // The context starts once its parts are in place.
        return true;
    }

    @ParameterizedTest
    @MethodSource("faults")
    void eachExchangeEndsOnceAndTheOthersDoNotNotice(HandOver handOver, Fault fault, String mode) throws Exception {
        trap = new Trap(fault, handOver.callsBefore());
        service.answering(call -> answer(call));
        handOver.prepare(context, trap);
        context.start();
        AsyncProducer producer = producer(options(handOver.optionsOfAll()));
        AsyncProducer ofVictim =
                producer(options("idleTimeout=" + (fault == Fault.BLOCKING ? 300 : 60_000), handOver.options()));
        if (handOver.listener(trap) != null) {
            component().clients().forEach(client -> client.addListener(handOver.listener(trap)));
        }

        for (int i = 0; i < UPLOADS; i++) {
            byte[] bytes = bytes(i, i == VICTIM ? mode.equals("streamed") : i % 2 == 0);
            Object body = i == VICTIM ? handOver.body(trap, bytes) : null;
            begin(
                    body == null ? producer : ofVictim,
                    "upload-" + i,
                    body != null ? body : i % 4 < 2 ? bytes : new FaultyBodies.Stream(bytes),
                    i == VICTIM ? handOver.headers(trap) : Map.of(),
                    handOver == HandOver.CALLBACK);
        }
        if (handOver.upload() == HandOver.Upload.NONE) {
            startAndStop();
        }
        soon("The fault or the end").until(trap::isSprung);
        othersEndInTheirTime();
        int blocked = endsWhileBlocked(handOver) ? 0 : 1;
        soon("The other exchanges end").until(() -> ended() >= UPLOADS - blocked);
        if (fault == Fault.BLOCKING && !BLOCKED.isZero()) {
            othersEndInTheirTimeFor(BLOCKED);
        }
        trap.release();

        soon("All exchanges end").until(() -> ended() == UPLOADS);
        allIsAsItWas(producer);
        assertThat(all)
                .allSatisfy(one -> assertThat(one.ends()).describedAs(one.id()).hasValue(1));
        theHeadersAreTrue(handOver);
    }

    /** What foreign code throws reaches the handler of its thread, where it is no failure of the test. */
    private static ConditionFactory soon(String what) {
        return Awaitility.await(what)
                .dontCatchUncaughtExceptions()
                .pollDelay(Duration.ZERO)
                .pollInterval(Duration.ofMillis(5))
                .atMost(LIMIT);
    }

    private static boolean endsWhileBlocked(HandOver handOver) {
        return handOver.upload() == HandOver.Upload.ENDS_WHILE_BLOCKED
                || handOver.upload() == HandOver.Upload.IS_STORED_WHILE_BLOCKED;
    }

    private long ended() {
        return all.stream().filter(One::hasEnded).count();
    }

    /** One in 16 is refused at first. */
    private Status answer(TestCall call) {
        String id = call.metadata().getTagsList().stream()
                .filter(tag -> tag.contains("-"))
                .findFirst()
                .orElseThrow();
        int number = Integer.parseInt(id.substring(id.indexOf('-') + 1));
        if (id.startsWith("upload") && number % 16 == 1 && refusedOnce.add(id)) {
            return Status.UNAVAILABLE;
        }
        stored.add(id);
        return Status.OK;
    }

    private static byte[] bytes(int number, boolean streamed) {
        byte[] bytes = new byte[streamed ? LARGE : SMALL];
        Arrays.fill(bytes, (byte) ('0' + number % 10));
        return bytes;
    }

    private String options(String... more) {
        return uri(
                CAMERA,
                "apiKeyId=id&apiKey=key&streamingThreshold=1000&chunkSize=1024&retryDelay=10&shutdownTimeout=500",
                "maxInFlightWait=60000&maxInFlight=" + IN_FLIGHT,
                Stream.of(more).filter(option -> !option.isEmpty()).collect(Collectors.joining("&")));
    }

    private ViamDataComponent component() {
        return context.getComponent("viamdata", ViamDataComponent.class);
    }

    private AsyncProducer producer(String uri) throws Exception {
        AsyncProducer producer = context.getEndpoint(uri).createAsyncProducer();
        try {
            producer.start();
        } catch (RuntimeException | Error e) {
            // A fault may end a start, but not the next one.
            assertThat(trap.isSprung()).isTrue();
            producer = context.getEndpoint(uri).createAsyncProducer();
            producer.start();
        }
        return producer;
    }

    private One begin(AsyncProducer producer, String id, Object body, Map<String, Object> headers, boolean trapped) {
        Exchange exchange = producer.getEndpoint().createExchange();
        exchange.getMessage().setBody(body);
        exchange.getMessage().setHeaders(new java.util.HashMap<>(headers));
        exchange.getMessage().setHeader(ViamDataConstants.TAGS, id);
        One one = new One(id, exchange, body, new AtomicInteger());
        all.add(one);
        callers.execute(() -> producer.process(exchange, doneSync -> {
            one.ends().incrementAndGet();
            if (trapped) {
                trap.step();
            }
        }));
        return one;
    }

    private void startAndStop() throws Exception {
        AsyncProducer third = producer(options("tags=third"));
        try {
            third.stop();
        } catch (RuntimeException | Error e) {
            assertThat(trap.isSprung()).isTrue();
        }
    }

    /** While the fault lasts, if it does. */
    private void othersEndInTheirTime() throws Exception {
        AtomicInteger refusals = new AtomicInteger();
        other.answering(call -> refusals.getAndIncrement() == 0 ? Status.UNAVAILABLE : Status.OK)
                .reading(call -> call.messages().size() < 2);
        String options = CAMERA + "&" + other.options() + "&retryDelay=10&shutdownTimeout=500";
        AsyncProducer retries = producer("viamdata:" + PART + "?" + options);
        AsyncProducer stalls = producer("viamdata:" + PART + "?" + options + "&idleTimeout=100&maxAttempts=1");
        One retried = begin(retries, "retried-1", new byte[10], Map.of(), false);
        One stalled = begin(stalls, "stalled-1", new byte[4_000_000], Map.of(), false);
        all.removeAll(List.of(retried, stalled));
        soon("Retries and timeouts elsewhere").until(() -> retried.hasEnded() && stalled.hasEnded());
        assertThat(retried.exchange().getException()).isNull();
        assertThat(stalled.exchange().getException()).hasMessageContaining("idleTimeout");
    }

    private void othersEndInTheirTimeFor(Duration blocked) {
        long start = System.nanoTime();
        Awaitility.await("A blocked hand-over")
                .dontCatchUncaughtExceptions()
                .pollInterval(Duration.ofSeconds(1))
                .atMost(blocked.plus(LIMIT))
                .until(() -> {
                    long before = System.nanoTime();
                    othersEndInTheirTime();
                    // The stall is found after 100 ms.
                    assertThat(Duration.ofNanos(System.nanoTime() - before)).isLessThan(Duration.ofMillis(1_100));
                    return System.nanoTime() - start > blocked.toNanos();
                });
    }

    private void allIsAsItWas(AsyncProducer producer) throws Exception {
        soon("Uploads in flight")
                .until(() -> InFlight.of(context, producer.getEndpoint().getEndpointUri()) == 0);
        soon("Threads").until(() -> busyThreads().isEmpty());
        soon("Bodies")
                .until(() -> all.stream()
                        .noneMatch(one -> one.body() instanceof FaultyBodies.Stream stream && !stream.isClosed()));
        allPermitsAreThere(producer);
    }

    /** Threads of the component that are in its code, or in what it has called. */
    private static List<String> busyThreads() {
        return Thread.getAllStackTraces().entrySet().stream()
                .filter(thread -> thread.getKey().getName().contains("ViamData"))
                .filter(thread -> Arrays.stream(thread.getValue())
                        .anyMatch(frame -> frame.getClassName().startsWith("io.github.camelviamdata")))
                .map(thread -> thread.getKey().getName())
                .toList();
    }

    private void allPermitsAreThere(AsyncProducer producer) {
        CountDownLatch gate = new CountDownLatch(1);
        int before = service.uploads().size();
        int first = all.size();
        service.answering(call -> {
            try {
                gate.await();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
            return Status.OK;
        });
        try {
            for (int i = 0; i < IN_FLIGHT; i++) {
                begin(producer, "after-" + i, new byte[10], Map.of(), false);
            }
            soon("Permits").until(() -> service.uploads().size() == before + IN_FLIGHT);
        } finally {
            gate.countDown();
        }
        soon("The fault or the end").until(() -> all.stream().allMatch(One::hasEnded));
        assertThat(all.subList(first, all.size()))
                .allSatisfy(one -> assertThat(one.exchange().getException()).isNull());
        all.subList(first, all.size()).clear();
    }

    private static boolean hasAttempts(One one, int attempts) {
        return one.exchange().getMessage().getHeader(ViamDataConstants.ATTEMPTS, Integer.class) == attempts;
    }

    private void theHeadersAreTrue(HandOver handOver) {
        List<One> failed = all.stream().filter(one -> one.exchange().isFailed()).toList();
        boolean stores = handOver.upload() != HandOver.Upload.MAY_FAIL
                && handOver.upload() != HandOver.Upload.ENDS_WHILE_BLOCKED;
        assertThat(failed).extracting(one -> one.exchange().getException()).hasSizeLessThanOrEqualTo(stores ? 0 : 1);
        // The upload that meets the fault may be one that begins again.
        assertThat(all.stream()
                        .filter(one -> !one.exchange().isFailed()
                                && !hasAttempts(one, refusedOnce.contains(one.id()) ? 2 : 1)))
                .hasSizeLessThanOrEqualTo(stores ? 0 : 1);
        for (One one : all) {
            long times = stored.stream().filter(one.id()::equals).count();
            if (!failed.contains(one)) {
                assertThat(times).describedAs("%s is stored", one.id()).isEqualTo(1);
                continue;
            }
            assertThat(one.exchange().getException()).isInstanceOf(ViamDataException.class);
            ViamDataDelivery delivery = ((ViamDataException) one.exchange().getException()).getDelivery();
            assertThat(times)
                    .describedAs("%s is stored, and told as %s", one.id(), delivery)
                    .isLessThanOrEqualTo(delivery == ViamDataDelivery.unknown ? 1 : 0);
        }
        assertThat(service.connections()).isEqualTo(1);
    }
}
