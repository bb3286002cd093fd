// Copyright the camel-viamdata authors. SPDX-License-Identifier: Apache-2.0
package io.github.camelviamdata.query;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.google.protobuf.Timestamp;
import io.github.camelviamdata.proto.datasync.v1.SensorMetadata;
import io.github.camelviamdata.support.Shows;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.camel.Processor;
import org.apache.camel.support.ScheduledPollConsumer;
import org.apache.camel.support.processor.idempotent.MemoryIdempotentRepository;
import org.apache.camel.support.processor.state.MemoryStateRepository;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A route follows what a part captures. */
class CaptureTimeTest extends ReadTestSupport {

    private static final String KEY = "gate";

    private final MemoryStateRepository watermark = new MemoryStateRepository();
    private final MemoryIdempotentRepository known = new MemoryIdempotentRepository();

    @BeforeEach
    void bind() throws Exception {
        known.setCacheSize(100_000);
        known.start();
        context.getRegistry().bind("watermark", watermark);
        context.getRegistry().bind("known", known);
    }

    private String follow(String... options) {
        String[] all = java.util.stream.Stream.concat(
                        java.util.stream.Stream.of(
                                "watermark=#watermark", "watermarkKey=" + KEY, "idempotentRepository=#known"),
                        java.util.stream.Stream.of(options))
                .toArray(String[]::new);
        return from(all).replace("viamdata:?", "viamdata:" + PART + "?");
    }

    /** A new process, which has only what the repositories keep. */
    private void restart(String uri, Runnable meanwhile) throws Exception {
        context.getRouteController().stopRoute("reader");
        context.removeRoute("reader");
        received.clear();
        service.calls().clear();
        meanwhile.run();
        route(uri);
    }

    private static String time(int number) {
        Timestamp time = sensor(number).getTimeRequested();
        return Instant.ofEpochSecond(time.getSeconds(), time.getNanos()).toString();
    }

    private void awaitLists(int more) {
        long now = lists();
        await().until(() -> lists() >= now + more);
    }

    private long lists() {
        return service.calls().stream()
                .filter(call -> call.method().equals("BinaryDataByFilter"))
                .count();
    }

    @Test
    @Shows({"watermark", "watermarkKey"})
    void goesOnWhereItStopped() throws Exception {
        store(0, 250, 5);
        route(follow());
        await().until(() -> received.size() == 250);
        await().until(() -> time(249).equals(watermark.getState(KEY)));

        // The repository of IDs has only what the overlap and the rescan list again.
        restart(follow("overlap=0", "rescan=0"), () -> {
            known.clear();
            store(250, 3, 5);
        });
        await().until(() -> received.size() >= 4);
        awaitLists(3);

        assertThat(receivedIds()).containsExactly(itemId(249), itemId(250), itemId(251), itemId(252));
        assertThat(downloads()).isEqualTo(4);
    }

    @Test
    void theKeyIsThatOfTheFilterByDefault() throws Exception {
        store(0, 2, 5);
        route(follow().replace("&watermarkKey=" + KEY, ""));
        await().until(() -> received.size() == 2);
        restart(follow("until=2030-01-01T00:00:00Z").replace("&watermarkKey=" + KEY, ""), () -> store(2, 1, 5));
        await().until(() -> received.size() == 1);
        awaitLists(2);

        assertThat(receivedIds()).containsExactly(itemId(2));
    }

    @Test
    @Shows("overlap")
    void deliversWhatComesLateWithinTheOverlap() throws Exception {
        store(1000, 1, 5);
        route(follow("overlap=3s", "rescan=0"));
        await().until(() -> received.size() == 1);

        store(996, 1, 5);
        store(998, 1, 5);
        await().until(() -> received.size() == 2);
        awaitLists(5);

        assertThat(receivedIds()).containsExactly(itemId(1000), itemId(998));
    }

    @Test
    @Shows("rescan")
    void deliversWhatComesVeryLateWithinTheRescan() throws Exception {
        store(1000, 1, 5);
        route(follow("overlap=0", "rescan=6s"));
        await().until(() -> received.size() == 1);

        store(992, 1, 5);
        store(995, 1, 5);
        await().until(() -> received.size() == 2);
        // Another one in whole.
        awaitLists(20);

        assertThat(receivedIds()).containsExactly(itemId(1000), itemId(995));
        assertThat(downloads()).isEqualTo(2);
    }

    /** Of what was in flight when a process ended, the watermark says nothing if it came late: the rescan of the start finds it. */
    @Test
    void theRescanAtTheStartFindsWhatCameLateBefore() throws Exception {
        store(1000, 1, 5);
        route(follow());
        await().until(() -> watermark.getState(KEY) != null);

        restart(follow("overlap=0"), () -> store(1, 1, 5));

        await().until(() -> received.size() == 1);
        assertThat(receivedIds()).containsExactly(itemId(1));
    }

    @Test
    void theWatermarkWaitsForTheOldestThatIsNotDone() throws Exception {
        store(0, 5, 5);
        Set<String> failing = ConcurrentHashMap.newKeySet();
        failing.add(itemId(2));
        AtomicInteger attempts = new AtomicInteger();
        Processor step = exchange -> {
            if (failing.contains(exchange.getMessage().getHeader("CamelViamDataBinaryDataId", String.class))) {
                attempts.incrementAndGet();
                throw new IllegalStateException("not this one");
            }
        };
        route(follow("overlap=0", "rescan=0"), step);
        await().until(() -> attempts.get() > 3);
        assertThat(watermark.getState(KEY)).isEqualTo(time(2));
        assertThat(receivedIds()).containsExactly(itemId(0), itemId(1), itemId(3), itemId(4));

        restart(follow("overlap=0", "rescan=0"), () -> {});
        await().until(() -> time(4).equals(watermark.getState(KEY)));

        assertThat(receivedIds()).containsExactly(itemId(2));
    }

    /** The machine's clock is years ahead. What is captured after it by the right time is followed all the same. */
    @Test
    void aTimeInTheFutureHidesNothing() throws Exception {
        stored.add(
                "ahead",
                upload(0).build(),
                SensorMetadata.newBuilder()
                        .setTimeRequested(Timestamp.newBuilder().setSeconds(4_000_000_000L))
                        .build(),
                payload(0, 5));
        route(follow("overlap=0", "rescan=0"));
        await().until(() -> received.size() == 1);
        awaitLists(3);

        Instant now = Instant.now();
        stored.add(
                "now",
                upload(1).build(),
                SensorMetadata.newBuilder()
                        .setTimeRequested(Timestamp.newBuilder().setSeconds(now.getEpochSecond() + 60))
                        .build(),
                payload(1, 5));

        await().until(() -> received.size() == 2);
        assertThat(receivedIds()).containsExactly("ahead", "now");
        assertThat(Instant.parse(watermark.getState(KEY))).isBefore(Instant.now());
    }

    @Test
    void equalTimesAcrossPagesAndPollsAreAllDelivered() throws Exception {
        for (int i = 0; i < 350; i++) {
            stored.add("equal-" + i, upload(i).build(), sensor(i < 320 ? 7 : 8), payload(i, 5));
        }
        route(follow("maxMessagesPerPoll=30", "delay=1"));

        await().until(() -> received.size() == 350);
        awaitLists(3);

        assertThat(receivedIds()).doesNotHaveDuplicates().hasSize(350);
        assertThat(downloads()).isEqualTo(350);
    }

    @Test
    void aLookBackInPartsFindsWhatIsFarBehind() throws Exception {
        for (int i = 0; i < 12_000; i++) {
            // The first 6,000 have one time: a part cannot end among them.
            String id = itemId(i);
            stored.add(id, upload(i).build(), sensor(i < 6000 ? 0 : i), payload(i, 1));
            known.add(id);
        }
        watermark.setState(KEY, time(11_999));
        known.remove(itemId(5999));
        known.remove(itemId(11_000));
        route(follow("delay=1", "overlap=0"));

        await().until(() -> received.size() == 2);
        assertThat(receivedIds()).containsExactly(itemId(5999), itemId(11_000));
    }

    @Test
    void aRouteThatIsSuspendedInMidPollGoesOn() throws Exception {
        store(0, 20, 5);
        AtomicInteger delivered = new AtomicInteger();
        route(follow("overlap=0", "rescan=0"), exchange -> {
            if (delivered.incrementAndGet() == 5) {
                new Thread(() -> {
                            try {
                                context.getRouteController().suspendRoute("reader");
                            } catch (Exception e) {
                                throw new IllegalStateException(e);
                            }
                        })
                        .start();
                ScheduledPollConsumer consumer =
                        (ScheduledPollConsumer) context.getRoute("reader").getConsumer();
                await().until(consumer::isSuspendingOrSuspended);
            }
        });
        await().until(() ->
                context.getRouteController().getRouteStatus("reader").isSuspended());
        assertThat(received).hasSizeLessThan(20);
        context.getRouteController().resumeRoute("reader");

        await().until(() -> received.size() == 20);
        assertThat(receivedIds()).doesNotHaveDuplicates();
        await().until(() -> time(19).equals(watermark.getState(KEY)));
    }

    @Test
    void repositoriesThatFailLoseNothing() throws Exception {
        AtomicInteger calls = new AtomicInteger();
        context.getRegistry().bind("watermark", new MemoryStateRepository() {
            @Override
            public void setState(String key, String value) {
                if (calls.getAndIncrement() < 3) {
                    throw new NoClassDefFoundError("no driver");
                }
                super.setState(key, value);
            }
        });
        context.getRegistry().bind("known", new MemoryIdempotentRepository() {
            @Override
            public boolean add(String key) {
                if (calls.getAndIncrement() % 2 == 0) {
                    throw new IllegalStateException("no database");
                }
                return super.add(key);
            }
        });
        store(0, 4, 5);
        route(follow());
        await().until(() -> received.size() == 4);
        store(4, 4, 5);
        await().until(() -> received.size() == 8);
        awaitLists(5);

        assertThat(receivedIds()).doesNotHaveDuplicates();
    }

    @Test
    void aWatermarkThatIsNoTimeIsNamed() {
        watermark.setState(KEY, "2026-03");

        assertThatThrownBy(() -> route(follow()))
                .rootCause()
                .hasMessageContaining("Text '2026-03' could not be parsed");
        assertThatThrownBy(() -> route(follow()))
                .hasStackTraceContaining("The repository of the option watermark has '2026-03' under " + KEY);
    }

    @Test
    void optionsThatContradictAreNamed() {
        assertThatThrownBy(() -> route(from("watermarkKey=x", "componentName=gate", "idempotentRepository=#known")))
                .hasStackTraceContaining("The option watermarkKey needs the option watermark");
        assertThatThrownBy(() -> route(from("watermark=#watermark", "componentName=gate")))
                .hasStackTraceContaining("The option watermark needs the option idempotentRepository");
        List.of(
                        List.of("datasetId=d", "The option watermark does not go with datasetId"),
                        List.of("shuffle=true", "The option shuffle does not go with watermark"),
                        List.of("overlap=-1", "The option overlap is -1; it must be from 0 to 31622400000"),
                        List.of("rescan=367d", "The option rescan is 31708800000; it must be from 0 to 31622400000"))
                .forEach(row -> assertThatThrownBy(() -> route(follow(row.get(0))))
                        .as(row.get(0))
                        .hasStackTraceContaining(row.get(1)));
    }
}
