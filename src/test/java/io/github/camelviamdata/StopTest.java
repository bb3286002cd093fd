// Copyright the camel-viamdata authors. SPDX-License-Identifier: Apache-2.0
package io.github.camelviamdata;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.github.camelviamdata.support.ViamDataTestSupport;
import io.grpc.Status;
import java.io.ByteArrayInputStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.apache.camel.AsyncProducer;
import org.apache.camel.Exchange;
import org.apache.camel.builder.RouteBuilder;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What a stop waits for, and what it cancels. */
@Timeout(60)
class StopTest extends ViamDataTestSupport {

    private final CountDownLatch answer = new CountDownLatch(1);

    @AfterEach
    void answer() {
        answer.countDown();
    }

    private void answerLater() {
        service.answering(call -> {
            wait(answer);
            return Status.OK;
        });
    }

    private static void wait(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private CompletableFuture<Exchange> begin(AsyncProducer producer, Object body) {
        Exchange exchange = producer.getEndpoint().createExchange();
        exchange.getMessage().setBody(body);
        CompletableFuture<Exchange> end = new CompletableFuture<>();
        producer.process(exchange, doneSync -> end.complete(exchange));
        return end;
    }

    private AsyncProducer producer(String... options) throws Exception {
        AsyncProducer producer = context.getEndpoint(uri(options)).createAsyncProducer();
        producer.start();
        return producer;
    }

    /** As where a producer is dropped from the cache of toD, after a route somewhere took too long to stop. */
    @Test
    void aStopThatWasForcedEarlierCancelsNoUploadsOfOthers() throws Exception {
        CountDownLatch blocked = new CountDownLatch(1);
        CountDownLatch never = new CountDownLatch(1);
        context.addRoutes(new RouteBuilder() {
            @Override
            public void configure() {
                from("seda:stuck").routeId("stuck").process(e -> {
                    blocked.countDown();
                    never.await();
                });
            }
        });
        template.sendBody("seda:stuck", "body");
        blocked.await();
        context.getRouteController().stopRoute("stuck", 1, TimeUnit.SECONDS);
        assertThat(context.getShutdownStrategy().isTimeoutOccurred()).isTrue();
        answerLater();
        AsyncProducer producer = producer(CAMERA);
        CompletableFuture<Exchange> upload = begin(producer, new byte[10]);
        await().until(() -> service.uploads().size() == 1);

        producer.stop();
        answer.countDown();

        assertThat(upload.get(20, TimeUnit.SECONDS).getException()).isNull();
        never.countDown();
    }

    @Test
    void allClientsAreClosedWithinOneShutdownTimeout() throws Exception {
        answerLater();
        List<CompletableFuture<Exchange>> uploads = new ArrayList<>();
        for (int i = 0; i < 8; i++) {
            uploads.add(begin(producer(CAMERA, "shutdownTimeout=2000", "accessToken=token-" + i), new byte[10]));
        }
        await().until(() -> service.uploads().size() == 8);
        long began = System.nanoTime();

        context.stop();

        // One after another they would take 16 s.
        assertThat(Duration.ofNanos(System.nanoTime() - began)).isLessThan(Duration.ofSeconds(9));
        for (CompletableFuture<Exchange> upload : uploads) {
            assertThat(upload.get(20, TimeUnit.SECONDS).getException())
                    .isInstanceOf(ViamDataUnavailableException.class);
        }
    }

    /** As the stream of an HTTP client, which reads on to its end. */
    @Test
    void doesNotWaitForTheCloseOfABody() throws Exception {
        CountDownLatch closing = new CountDownLatch(1);
        service.answering(call -> null);
        AsyncProducer producer =
                producer(CAMERA, "uploadMode=streaming&requestTimeout=300&maxAttempts=1&shutdownTimeout=500");
        CompletableFuture<Exchange> upload = begin(producer, new ByteArrayInputStream(new byte[10]) {
            @Override
            public void close() {
                closing.countDown();
                StopTest.wait(answer);
            }
        });
        assertThat(closing.await(20, TimeUnit.SECONDS)).isTrue();
        assertThat(upload.get(20, TimeUnit.SECONDS).getException()).hasMessageContaining("requestTimeout");

        CompletableFuture<Void> stop = CompletableFuture.runAsync(context::stop);

        stop.get(20, TimeUnit.SECONDS);
    }
}
