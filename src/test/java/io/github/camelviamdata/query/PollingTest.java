// Copyright the camel-viamdata authors. SPDX-License-Identifier: Apache-2.0
package io.github.camelviamdata.query;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.github.camelviamdata.support.Shows;
import io.grpc.Status;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.camel.Exchange;
import org.apache.camel.ExchangePropertyKey;
import org.apache.camel.support.ScheduledPollConsumer;
import org.apache.camel.support.processor.idempotent.MemoryIdempotentRepository;
import org.junit.jupiter.api.Test;

/** The consumer polls as any poller of Camel does. */
class PollingTest extends ReadTestSupport {

    private long lists() {
        return service.calls().stream()
                .filter(call -> call.method().equals("BinaryDataByFilter"))
                .count();
    }

    @Test
    @Shows({"initialDelay", "delay", "backoffMultiplier", "backoffIdleThreshold", "backoffErrorThreshold"})
    void handsItsOptionsToTheScheduler() throws Exception {
        route(queue(
                "initialDelay=5m",
                "delay=7s",
                "backoffMultiplier=3",
                "backoffIdleThreshold=4",
                "backoffErrorThreshold=5"));

        ScheduledPollConsumer consumer =
                (ScheduledPollConsumer) context.getRoute("reader").getConsumer();
        assertThat(consumer.getInitialDelay()).isEqualTo(300_000);
        assertThat(consumer.getDelay()).isEqualTo(7000);
        assertThat(consumer.getBackoffMultiplier()).isEqualTo(3);
        assertThat(consumer.getBackoffIdleThreshold()).isEqualTo(4);
        assertThat(consumer.getBackoffErrorThreshold()).isEqualTo(5);
        assertThat(lists()).isZero();
    }

    @Test
    @Shows("greedy")
    void pollsAgainAtOnceWhileThereIsSomething() throws Exception {
        store(0, 3, 5);
        route(queue("greedy=true", "delay=600000", "maxMessagesPerPoll=1"));

        await().until(() -> received.size() == 3);
    }

    @Test
    @Shows("sendEmptyMessageWhenIdle")
    void sendsAnEmptyMessageWhenThereIsNothing() throws Exception {
        route(queue("sendEmptyMessageWhenIdle=true"));

        await().until(() -> !received.isEmpty());

        assertThat(received.get(0).body()).isNull();
        assertThat(received.get(0).id()).isNull();
    }

    @Test
    @Shows("repeatCount")
    void readsOnce() throws Exception {
        store(0, 3, 5);
        stored.add(itemId(3), upload(3).setPartId("another-part").build(), sensor(3), payload(3, 5));
        route(from("repeatCount=1", "download=none").replace("viamdata:?", "viamdata:" + PART + "?"));

        await().until(() -> received.size() == 3);

        assertThat(stored.inDataset(DATASET)).hasSize(3);
    }

    @Test
    @Shows("maxMessagesPerPoll")
    void numbersTheMessagesOfAPoll() throws Exception {
        store(0, 5, 5);
        List<List<Object>> batches = new java.util.concurrent.CopyOnWriteArrayList<>();
        route(
                queue("maxMessagesPerPoll=3"),
                exchange -> batches.add(List.of(
                        exchange.getProperty(ExchangePropertyKey.BATCH_INDEX),
                        exchange.getProperty(ExchangePropertyKey.BATCH_SIZE),
                        exchange.getProperty(ExchangePropertyKey.BATCH_COMPLETE))));

        await().until(() -> received.size() == 5);

        assertThat(batches)
                .containsExactly(
                        List.of(0, 3, false),
                        List.of(1, 3, false),
                        List.of(2, 3, true),
                        List.of(0, 2, false),
                        List.of(1, 2, true));
    }

    @Test
    @Shows("idempotentRepository")
    void downloadsNothingThatIsKnown() throws Exception {
        MemoryIdempotentRepository repository = new MemoryIdempotentRepository();
        repository.start();
        repository.add(itemId(1));
        context.getRegistry().bind("known", repository);
        store(0, 3, 5);
        AtomicInteger attempts = new AtomicInteger();
        route(from("datasetId=" + DATASET, "idempotentRepository=#known"), exchange -> {
            // What failed is not remembered.
            if (attempts.incrementAndGet() == 1) {
                throw new IllegalStateException("not now");
            }
        });

        await().until(() -> received.size() == 2);
        long lists = lists();
        await().until(() -> lists() > lists + 3);

        assertThat(receivedIds()).containsExactlyInAnyOrder(itemId(0), itemId(2));
        // Three deliveries, one of which failed.
        assertThat(downloads()).isEqualTo(3);
        assertThat(repository.contains(itemId(0))).isTrue();
    }

    /** Otherwise a process that ends in between leaves it in the dataset for good. */
    @Test
    void anItemIsRememberedOnlyAfterItsEnding() throws Exception {
        MemoryIdempotentRepository repository = new MemoryIdempotentRepository();
        repository.start();
        context.getRegistry().bind("known", repository);
        AtomicBoolean refuse = new AtomicBoolean(true);
        AtomicInteger refused = new AtomicInteger();
        service.answeringQueries(call -> {
            if (!refuse.get() || !call.method().equals("RemoveBinaryDataFromDatasetByIDs")) {
                return Status.OK;
            }
            refused.incrementAndGet();
            return Status.UNAVAILABLE;
        });
        store(0, 1, 5);
        route(queue("idempotentRepository=#known"));

        await().until(() -> refused.get() > 3);
        assertThat(receivedIds()).containsExactly(itemId(0));
        assertThat(repository.contains(itemId(0))).isFalse();
        refuse.set(false);

        await().until(() -> repository.contains(itemId(0)));
        assertThat(stored.inDataset(DATASET)).isEmpty();
    }

    @Test
    void aRepositoryThatFailsCostsNoItem() throws Exception {
        AtomicInteger failures = new AtomicInteger();
        MemoryIdempotentRepository repository = new MemoryIdempotentRepository() {
            @Override
            public boolean contains(String key) {
                if (failures.getAndIncrement() < 2) {
                    throw new IllegalStateException("no database");
                }
                return super.contains(key);
            }

            @Override
            public boolean add(String key) {
                throw new NoClassDefFoundError("no driver");
            }
        };
        repository.start();
        context.getRegistry().bind("known", repository);
        store(0, 3, 5);
        route(queue("idempotentRepository=#known"));

        await().until(() -> stored.inDataset(DATASET).isEmpty());

        assertThat(receivedIds()).containsExactly(itemId(0), itemId(1), itemId(2));
    }

    @Test
    void aListThatFailsIsTriedAtTheNextPoll() throws Exception {
        AtomicInteger lists = new AtomicInteger();
        service.answeringQueries(call -> call.method().equals("BinaryDataByFilter") && lists.getAndIncrement() < 3
                ? Status.PERMISSION_DENIED
                : Status.OK);
        store(0, 1, 5);
        route(queue());

        await().until(() -> received.size() == 1);
    }

    @Test
    void aFailureCanGoToTheErrorHandlerOfTheRoute() throws Exception {
        service.answeringQueries(call -> Status.PERMISSION_DENIED);
        List<Exception> failures = new java.util.concurrent.CopyOnWriteArrayList<>();
        context.addRoutes(new org.apache.camel.builder.RouteBuilder() {
            @Override
            public void configure() {
                onException(Exception.class)
                        .handled(true)
                        .process(exchange ->
                                failures.add(exchange.getProperty(Exchange.EXCEPTION_CAUGHT, Exception.class)));
                from(queue("bridgeErrorHandler=true")).log("read");
            }
        });

        await().until(() -> !failures.isEmpty());

        assertThat(failures.get(0))
                .isInstanceOf(io.github.camelviamdata.ViamDataAuthenticationException.class)
                .hasMessageContaining("Listing what localhost:" + service.port() + " stores failed");
    }

    @Test
    void whatAppearsLateIsReadWhenItAppears() throws Exception {
        route(queue());
        await().until(() -> lists() > 2);

        store(5, 1, 5);
        await().until(() -> received.size() == 1);
        // Captured before what has been read.
        store(1, 1, 5);

        await().until(() -> received.size() == 2);
    }
}
