// Copyright the camel-viamdata authors. SPDX-License-Identifier: Apache-2.0
package io.github.camelviamdata.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.github.camelviamdata.ViamDataConstants;
import io.github.camelviamdata.server.ViamDataServerConsumer;
import java.io.ByteArrayInputStream;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.apache.camel.Exchange;
import org.apache.camel.Message;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.test.junit5.CamelTestSupport;
import org.junit.jupiter.api.Test;

/** Many routes upload at once over shared connections, and nothing is mixed up. */
class ConcurrencyTest extends CamelTestSupport {

    private static final int ROUTES = 16;
    private static final int UPLOADS_PER_ROUTE = 125;
    private static final int LARGEST = 200_000;
    private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");

    /** The ID that the server gave, by the digest of the body it gave it to. */
    private final Map<String, String> given = new ConcurrentHashMap<>();

    /** The ID that came back, by the digest of the body it came back to. */
    private final Map<String, String> returned = new ConcurrentHashMap<>();

    private final Map<String, Throwable> failures = new ConcurrentHashMap<>();
    private final AtomicInteger streamed = new AtomicInteger();

    @Test
    void everyUploadKeepsItsOwnHeadersAndGetsItsOwnId() throws Exception {
        context.addRoutes(new RouteBuilder() {
            @Override
            public void configure() {
                from("viamdata-server:localhost:0").routeId("server").process(ConcurrencyTest.this::receive);
            }
        });
        int port = ((ViamDataServerConsumer) context.getRoute("server").getConsumer()).getPort();
        context.addRoutes(new RouteBuilder() {
            @Override
            public void configure() {
                onException(Throwable.class).process(this::failed);
                for (int i = 0; i < ROUTES; i++) {
                    from(queue(i))
                            .to("viamdata:part-" + i + "?host=localhost&plaintext=true&port=" + port
                                    + "&componentType=camera&methodName=GetImages&fileExtension=.jpg"
                                    + "&streamingThreshold=100000&connections=2&maxInFlight=16&tags=route-" + i)
                            .process(ConcurrencyTest.this::uploaded);
                }
            }

            private void failed(Exchange exchange) {
                failures.put(
                        exchange.getExchangeId(), exchange.getProperty(Exchange.EXCEPTION_CAUGHT, Throwable.class));
            }
        });

        ExecutorService senders = Executors.newFixedThreadPool(ROUTES);
        try {
            List<Future<?>> sent = IntStream.range(0, ROUTES)
                    .<Future<?>>mapToObj(route -> senders.submit(() -> send(route)))
                    .toList();
            for (Future<?> future : sent) {
                future.get();
            }
        } finally {
            senders.shutdown();
        }

        int uploads = ROUTES * UPLOADS_PER_ROUTE;
        await().atMost(Duration.ofSeconds(60))
                .untilAsserted(
                        () -> assertThat(returned.size() + failures.size()).isEqualTo(uploads));
        assertThat(failures).isEmpty();
        assertThat(given).hasSize(uploads);
        assertThat(returned).isEqualTo(given);
        assertThat(streamed.get()).isBetween(uploads / 4, 3 * uploads / 4);
    }

    private static String queue(int route) {
        return "seda:in" + route + "?size=20&blockWhenFull=true&pollTimeout=50";
    }

    private void send(int route) {
        Random random = new Random(route);
        for (int i = 0; i < UPLOADS_PER_ROUTE; i++) {
            byte[] bytes = new byte[1 + random.nextInt(LARGEST)];
            random.nextBytes(bytes);
            String digest = digest(bytes);
            Map<String, Object> headers = new HashMap<>();
            headers.put("digest", digest);
            headers.put(ViamDataConstants.COMPONENT_NAME, "camera of " + digest);
            headers.put(ViamDataConstants.TAGS, List.of(digest, "size-" + bytes.length));
            headers.put(ViamDataConstants.TIME_REQUESTED, START.plusSeconds(bytes.length));
            Object body = switch (i % 3) {
                case 0 -> bytes;
                case 1 -> ByteBuffer.wrap(bytes);
                default -> new ByteArrayInputStream(bytes);
            };
            template.sendBodyAndHeaders(queue(route), body, headers);
        }
    }

    /** At the server: everything has to belong to the body, whose digest nobody but the body knows. */
    private void receive(Exchange exchange) throws Exception {
        Message message = exchange.getMessage();
        if (!(message.getBody() instanceof byte[])) {
            streamed.incrementAndGet();
        }
        byte[] bytes = message.getBody(byte[].class);
        String digest = digest(bytes);
        String partId = message.getHeader(ViamDataConstants.PART_ID, String.class);
        assertThat(message.getHeader(ViamDataConstants.COMPONENT_NAME)).isEqualTo("camera of " + digest);
        assertThat(message.getHeader(ViamDataConstants.TAGS))
                .isEqualTo(List.of(partId.replace("part", "route"), digest, "size-" + bytes.length));
        assertThat(message.getHeader(ViamDataConstants.TIME_REQUESTED)).isEqualTo(START.plusSeconds(bytes.length));
        String id = exchange.getExchangeId();
        message.setHeader(ViamDataConstants.FILE_ID, id);
        assertThat(given.put(digest, id)).as("earlier upload of the same body").isNull();
    }

    /** Back in the route that uploaded. */
    private void uploaded(Exchange exchange) {
        Message message = exchange.getMessage();
        returned.put(
                message.getHeader("digest", String.class), message.getHeader(ViamDataConstants.FILE_ID, String.class));
    }

    private static String digest(byte[] bytes) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError(e);
        }
    }
}
