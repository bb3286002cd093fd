// Copyright the camel-viamdata authors. SPDX-License-Identifier: Apache-2.0
package io.github.camelviamdata.faults;

import io.github.camelviamdata.ViamDataConstants;
import io.github.camelviamdata.ViamDataUnavailableException;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryMXBean;
import java.util.Arrays;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.camel.AsyncProducer;
import org.apache.camel.Endpoint;
import org.apache.camel.Exchange;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.impl.DefaultCamelContext;

/**
 * A program that offers far more than a slow service takes, and counts what becomes of each offer. Its arguments are the
 * URI of the endpoint, the offers per second, for how many seconds, and their size.
 */
public final class Overload {

    private static final int THREADS = 24;

    private final AtomicInteger offered = new AtomicInteger();
    private final AtomicInteger acknowledged = new AtomicInteger();
    private final AtomicInteger unavailable = new AtomicInteger();
    private final AtomicInteger otherwise = new AtomicInteger();
    private final AtomicLong heap = new AtomicLong();
    private final int offers;
    private final int size;
    private final CountDownLatch ended;

    private Overload(int offers, int size) {
        this.offers = offers;
        this.size = size;
        this.ended = new CountDownLatch(offers);
    }

    public static void main(String[] arguments) throws Exception {
        int perSecond = Integer.parseInt(arguments[1]);
        new Overload(perSecond * Integer.parseInt(arguments[2]), Integer.parseInt(arguments[3]))
                .run(arguments[0], perSecond);
    }

    private void run(String uri, int perSecond) throws Exception {
        DefaultCamelContext context = new DefaultCamelContext();
        context.addRoutes(new RouteBuilder() {
            @Override
            public void configure() {
                onException(Throwable.class).handled(true).logExhausted(false);
                from("direct:offers").to(uri);
            }
        });
        context.start();
        Endpoint endpoint = context.getEndpoint("direct:offers");
        AsyncProducer producer = endpoint.createAsyncProducer();
        producer.start();
        ScheduledExecutorService threads = Executors.newScheduledThreadPool(THREADS + 1);
        MemoryMXBean memory = ManagementFactory.getMemoryMXBean();
        threads.scheduleAtFixedRate(
                () -> heap.accumulateAndGet(memory.getHeapMemoryUsage().getUsed(), Math::max),
                0,
                10,
                TimeUnit.MILLISECONDS);
        long period = TimeUnit.SECONDS.toMicros(THREADS) / perSecond;
        long start = System.nanoTime();
        CountDownLatch allOffered = new CountDownLatch(offers);
        for (int i = 0; i < THREADS; i++) {
            threads.scheduleAtFixedRate(
                    () -> offer(endpoint, producer, allOffered), i * period / THREADS, period, TimeUnit.MICROSECONDS);
        }
        allOffered.await();
        double seconds = (System.nanoTime() - start) / 1e9;
        ended.await();
        context.stop();
        threads.shutdownNow();
        System.out.printf(
                "RESULT offered=%d seconds=%.1f acknowledged=%d unavailable=%d otherwise=%d heap=%d%n",
                offers, seconds, acknowledged.get(), unavailable.get(), otherwise.get(), heap.get());
        System.exit(0);
    }

    /** As a consumer of Camel does: it returns when the upload is in flight or refused, after maxInFlightWait at the latest. */
    private void offer(Endpoint endpoint, AsyncProducer producer, CountDownLatch allOffered) {
        int number = offered.getAndIncrement();
        if (number >= offers) {
            return;
        }
        byte[] body = new byte[size];
        Arrays.fill(body, (byte) number);
        Exchange exchange = endpoint.createExchange();
        exchange.getMessage().setBody(body);
        exchange.getMessage().setHeader(ViamDataConstants.TAGS, "offer-" + number);
        producer.process(exchange, doneSync -> ended(exchange));
        allOffered.countDown();
    }

    private void ended(Exchange exchange) {
        Throwable failure = exchange.getProperty(Exchange.EXCEPTION_CAUGHT, exchange.getException(), Throwable.class);
        if (failure == null) {
            acknowledged.incrementAndGet();
        } else if (failure instanceof ViamDataUnavailableException) {
            unavailable.incrementAndGet();
        } else {
            otherwise.incrementAndGet();
            failure.printStackTrace();
        }
        ended.countDown();
    }
}
