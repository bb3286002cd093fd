// Copyright the camel-viamdata authors. SPDX-License-Identifier: Apache-2.0
package io.github.camelviamdata.source;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.camelviamdata.ViamDataDelivery;
import io.github.camelviamdata.ViamDataException.Progress;
import io.github.camelviamdata.ViamDataRejectedException;
import io.github.camelviamdata.ViamDataUnavailableException;
import io.grpc.Status;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BiConsumer;
import org.apache.camel.AsyncCallback;
import org.apache.camel.Consumer;
import org.apache.camel.Exchange;
import org.apache.camel.Processor;
import org.apache.camel.Producer;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.camel.support.DefaultAsyncProducer;
import org.apache.camel.support.DefaultEndpoint;
import org.apache.camel.support.DefaultExchange;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** That each message of a source ends once, whatever its route, the folder for what is put aside, and a stop do. */
class SteadyDeliveryTest {

    private final DefaultCamelContext context = new DefaultCamelContext();
    private final SteadyDelivery delivery = new SteadyDelivery();
    private final AtomicInteger putAside = new AtomicInteger();
    private volatile BiConsumer<Exchange, AsyncCallback> route;

    @BeforeEach
    void start() throws Exception {
        context.start();
        context.addEndpoint("sink:route", new Sink());
        delivery.setCamelContext(context);
        delivery.setSink("sink:route");
        delivery.setPutAside(exchange -> putAside.incrementAndGet());
        delivery.setMaxPauseMillis(1);
        delivery.start();
    }

    @AfterEach
    void stop() {
        delivery.stop();
        context.stop();
    }

    private final class Sink extends DefaultEndpoint {

        Sink() {
            super("sink:route", null);
            setCamelContext(context);
        }

        @Override
        public Producer createProducer() {
            return new DefaultAsyncProducer(this) {
                @Override
                public boolean process(Exchange exchange, AsyncCallback callback) {
                    route.accept(exchange, callback);
                    return false;
                }
            };
        }

        @Override
        public Consumer createConsumer(Processor processor) {
            throw new UnsupportedOperationException();
        }

        @Override
        public boolean isSingleton() {
            return true;
        }
    }

    private CompletableFuture<Exchange> deliver(String body) {
        Exchange exchange = new DefaultExchange(context);
        exchange.getMessage().setBody(body);
        CompletableFuture<Exchange> end = new CompletableFuture<>();
        delivery.process(exchange, doneSync -> end.complete(exchange));
        return end;
    }

    private static Exchange ended(CompletableFuture<Exchange> end) {
        return end.orTimeout(60, TimeUnit.SECONDS).join();
    }

    private static ViamDataUnavailableException unavailable() {
        return new ViamDataUnavailableException(
                "away", null, new Progress(Status.Code.UNAVAILABLE, "part", 1, 0, ViamDataDelivery.notSent));
    }

    private static ViamDataRejectedException rejected() {
        return new ViamDataRejectedException(
                "bad", null, new Progress(Status.Code.INVALID_ARGUMENT, "part", 1, 0, ViamDataDelivery.refused));
    }

    @Test
    void whatIsStoredAfterAStopDuringAnOutageEnds() {
        CompletableFuture<AsyncCallback> slow = new CompletableFuture<>();
        delivery.setMaxPauseMillis(600_000);
        delivery.stop();
        delivery.start();
        route = (exchange, callback) -> {
            if (exchange.getMessage().getBody().equals("slow")) {
                slow.complete(callback);
            } else {
                exchange.setException(unavailable());
                callback.done(false);
            }
        };
        CompletableFuture<Exchange> stored = deliver("slow");
        CompletableFuture<Exchange> waits = deliver("waits");
        assertThat(waits).isNotDone();
        delivery.stop();
        assertThat(ended(waits).getException()).isInstanceOf(RejectedExecutionException.class);
        slow.join().done(false);
        assertThat(ended(stored).getException()).isNull();
    }

    /** Its failure stops the route while it is looked at, which is after the look whether the route stops. */
    @Test
    void whatFailsWhileTheRouteStopsEnds() {
        route = (exchange, callback) -> {
            exchange.setException(new RuntimeException() {
                @Override
                public synchronized Throwable getCause() {
                    delivery.stop();
                    return unavailable();
                }
            });
            callback.done(false);
        };
        assertThat(ended(deliver("fails")).getException()).isInstanceOf(RejectedExecutionException.class);
    }

    @Test
    void whatArrivesInAnOutageWhileTheRouteStopsEnds() {
        route = (exchange, callback) -> {};
        delivery.prepareShutdown(false, false);
        assertThat(ended(deliver("late")).getException()).isInstanceOf(RejectedExecutionException.class);
    }

    @Test
    void puttingAsideIsTriedAgainAfterAnError() {
        delivery.setPutAside(exchange -> {
            if (putAside.incrementAndGet() == 1) {
                throw new StackOverflowError("once");
            }
        });
        route = (exchange, callback) -> {
            exchange.setException(rejected());
            callback.done(false);
        };
        assertThat(ended(deliver("bad")).getException()).isNull();
        assertThat(putAside).hasValue(2);
    }

    @Test
    void anErrorOfTheRouteIsAFailedAttempt() {
        route = (exchange, callback) -> {
            throw new NoClassDefFoundError("of a step");
        };
        assertThat(ended(deliver("bad")).getException()).isNull();
        assertThat(putAside).hasValue(1);
    }

    @Test
    void aMessageWhoseSourceThrowsEndsOnce() {
        route = (exchange, callback) -> callback.done(true);
        AtomicInteger ends = new AtomicInteger();
        delivery.process(new DefaultExchange(context), doneSync -> {
            ends.incrementAndGet();
            throw new IllegalStateException("of the source");
        });
        assertThat(ends).hasValue(1);
    }

    @Test
    void manyMessagesGetThroughShortOutages() {
        AtomicInteger attempts = new AtomicInteger();
        List<Object> stored = Collections.synchronizedList(new ArrayList<>());
        route = (exchange, callback) -> CompletableFuture.runAsync(() -> {
            if (attempts.incrementAndGet() % 7 < 3) {
                exchange.setException(unavailable());
            } else {
                stored.add(exchange.getMessage().getBody());
            }
            callback.done(false);
        });
        List<CompletableFuture<Exchange>> ends = new ArrayList<>();
        for (int i = 0; i < 2_000; i++) {
            ends.add(deliver("message " + i));
        }
        ends.forEach(end -> assertThat(ended(end).getException()).isNull());
        assertThat(stored).hasSize(2_000).doesNotHaveDuplicates();
    }
}
