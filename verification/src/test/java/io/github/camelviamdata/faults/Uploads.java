// Copyright the camel-viamdata authors. SPDX-License-Identifier: Apache-2.0
package io.github.camelviamdata.faults;

import io.github.camelviamdata.ViamDataConstants;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.camel.CamelContext;
import org.apache.camel.Exchange;
import org.apache.camel.ProducerTemplate;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.camel.support.SynchronizationAdapter;
import org.awaitility.Awaitility;

/** A route that uploads what it is offered, and what became of each upload. */
final class Uploads implements AutoCloseable {

    private static final String QUEUE = "seda:uploads?size=64&concurrentConsumers=8";

    private final CamelContext context = new DefaultCamelContext();
    private final ProducerTemplate template;
    private final String uri;
    private final Set<String> acknowledged = ConcurrentHashMap.newKeySet();
    private final Map<String, Exception> failed = new ConcurrentHashMap<>();
    private final AtomicInteger offered = new AtomicInteger();
    private final AtomicInteger ended = new AtomicInteger();

    Uploads(int port, String options) throws Exception {
        uri = "viamdata:part?host=localhost&plaintext=true&port=" + port
                + "&componentType=camera&componentName=gate&methodName=GetImages&fileExtension=.jpg"
                + (options.isEmpty() ? "" : "&" + options);
        context.addRoutes(new RouteBuilder() {
            @Override
            public void configure() {
                // Told in the table, by the thousands; not in the log.
                onException(Throwable.class).handled(true).logExhausted(false);
                from(QUEUE)
                        .process(exchange -> exchange.getExchangeExtension().addOnCompletion(new Ending()))
                        .to(uri);
            }
        });
        context.start();
        template = context.createProducerTemplate();
    }

    CamelContext context() {
        return context;
    }

    String uri() {
        return uri;
    }

    /** Waits while the queue is full. */
    void offer(String id, Object body) {
        offered.incrementAndGet();
        template.sendBodyAndHeader(QUEUE + "&blockWhenFull=true&offerTimeout=300000", body, ViamDataConstants.TAGS, id);
    }

    void await(Duration limit) {
        Awaitility.await()
                .atMost(limit)
                .pollInterval(Duration.ofMillis(20))
                .until(() -> acknowledged.size() + failed.size() >= offered.get());
    }

    int offered() {
        return offered.get();
    }

    /** How many exchanges have come to their end, however often each did. */
    int ended() {
        return ended.get();
    }

    /** IDs of the uploads whose exchange had no error and the header that tells the service's answer. */
    Set<String> acknowledged() {
        return acknowledged;
    }

    Map<String, Exception> failed() {
        return failed;
    }

    @Override
    public void close() {
        context.stop();
    }

    private final class Ending extends SynchronizationAdapter {

        @Override
        public void onComplete(Exchange exchange) {
            ended.incrementAndGet();
            Exception error = exchange.getProperty(Exchange.EXCEPTION_CAUGHT, Exception.class);
            if (error != null) {
                failed.put(id(exchange), error);
            } else if (exchange.getMessage().getHeader(ViamDataConstants.FILE_ID) != null) {
                acknowledged.add(id(exchange));
            } else {
                failed.put(id(exchange), new IllegalStateException("no error, and no ID either"));
            }
        }

        @Override
        public void onFailure(Exchange exchange) {
            ended.incrementAndGet();
            failed.put(id(exchange), exchange.getException());
        }

        private static String id(Exchange exchange) {
            return exchange.getMessage().getHeader(ViamDataConstants.TAGS, String.class);
        }
    }
}
