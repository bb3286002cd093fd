// Copyright the camel-viamdata authors. SPDX-License-Identifier: Apache-2.0
package io.github.camelviamdata.message;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.camelviamdata.ViamDataDelivery;
import io.github.camelviamdata.ViamDataException;
import io.github.camelviamdata.ViamDataRejectedException;
import io.github.camelviamdata.service.TestCall;
import io.github.camelviamdata.support.ViamDataTestSupport;
import io.grpc.Status;
import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.apache.camel.Exchange;
import org.apache.camel.builder.ExpressionBuilder;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.model.RouteDefinition;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Streams that can be read once, in routes without stream caching, where a step copies the exchange: each upload is whole,
 * or is refused because an earlier step has read the body. It is never a part, and never called empty.
 */
@Timeout(60)
class StreamsWithoutCachingTest extends ViamDataTestSupport {

    private static final String REFUSAL = "has been read by an earlier step";

    private final List<Exception> failures = new CopyOnWriteArrayList<>();
    private final AtomicInteger begun = new AtomicInteger();

    /** How a route comes to upload one body several times, each with what it takes to get there. */
    enum Route {
        MULTICAST {
            @Override
            void add(RouteDefinition route, String first, String second) {
                route.multicast().to(first, second).end();
            }
        },
        MULTICAST_PARALLEL {
            @Override
            void add(RouteDefinition route, String first, String second) {
                route.multicast().parallelProcessing().to(first, second).end();
            }
        },
        RECIPIENT_LIST {
            @Override
            void add(RouteDefinition route, String first, String second) {
                route.recipientList(ExpressionBuilder.constantExpression(List.of(first, second)));
            }
        },
        ENRICH {
            @Override
            void add(RouteDefinition route, String first, String second) {
                route.enrich(first, (old, answer) -> old).to(second);
            }
        },
        WIRE_TAP {
            @Override
            void add(RouteDefinition route, String first, String second) {
                route.wireTap(first).end().to(second);
            }
        },
        FAILOVER {
            @Override
            void add(RouteDefinition route, String first, String second) {
                route.loadBalance().failover().to(first, second).end();
            }

            @Override
            boolean isFirstFailing() {
                return true;
            }
        },
        SPLITTER {
            @Override
            void add(RouteDefinition route, String first, String second) {
                // The same body twice.
                route.split()
                        .exchange(e -> Collections.nCopies(2, e.getMessage().getBody()))
                        .to(first)
                        .end();
            }
        },
        SPLITTER_PARALLEL {
            @Override
            void add(RouteDefinition route, String first, String second) {
                route.split()
                        .exchange(e -> Collections.nCopies(2, e.getMessage().getBody()))
                        .parallelProcessing()
                        .to(first)
                        .end();
            }
        },
        LOOP {
            @Override
            void add(RouteDefinition route, String first, String second) {
                route.loop(2).to(first).end();
            }
        },
        LOOP_COPY {
            @Override
            void add(RouteDefinition route, String first, String second) {
                route.loop(2).copy().to(first).end();
            }
        },
        DO_TRY {
            @Override
            void add(RouteDefinition route, String first, String second) {
                route.doTry().to(first).doCatch(Exception.class).to(second).end();
            }

            @Override
            boolean isFirstFailing() {
                return true;
            }
        },
        THREADS {
            @Override
            void add(RouteDefinition route, String first, String second) {
                route.multicast().to(first).end().threads(2).to(second);
            }
        };

        abstract void add(RouteDefinition route, String first, String second);

        boolean isFirstFailing() {
            return false;
        }
    }

    /** One that fits into a message, one that becomes a stream, and one whose rest is less than gRPC queues. */
    static Stream<Arguments> routesAndSizes() {
        return Arrays.stream(Route.values())
                .flatMap(route -> Stream.of(1, 50_000, 3_000_000).map(size -> Arguments.of(route, size)));
    }

    @ParameterizedTest
    @MethodSource("routesAndSizes")
    void areUploadedWholeOrRefused(Route route, int size) throws Exception {
        byte[] bytes = new byte[size];
        new Random(size).nextBytes(bytes);
        failTheFirst(route);
        add(route, CAMERA + "&streamingThreshold=10000&chunkSize=4096&maxAttempts=1");

        sendAndWait(new ByteArrayInputStream(bytes));

        theServiceHasOnly(route, bytes);
        theOtherIsRefused(route);
    }

    @ParameterizedTest
    @EnumSource
    void tellReadingsOnceOrAreRefused(Route route) throws Exception {
        String json = "[{\"level\": 1}, {\"level\": 2}]";
        failTheFirst(route);
        add(route, "operation=tabular&componentType=sensor&componentName=tank&methodName=Readings&maxAttempts=1");

        sendAndWait(new ByteArrayInputStream(json.getBytes(StandardCharsets.UTF_8)));

        assertThat(service.uploads()).hasSize(1);
        theOtherIsRefused(route);
    }

    /** The service loses what it has got, or refuses it in the middle, so that a rest is left. */
    private void failTheFirst(Route route) {
        if (route.isFirstFailing()) {
            service.answering(call -> service.uploads().size() == 1 ? Status.UNAVAILABLE : Status.OK)
                    .interrupting(call ->
                            service.uploads().size() == 1 && call.messages().size() == 5 ? Status.UNAVAILABLE : null);
        }
    }

    private void add(Route route, String options) throws Exception {
        context.addRoutes(new RouteBuilder() {
            @Override
            public void configure() {
                errorHandler(noErrorHandler());
                for (String name : List.of("first", "second")) {
                    from("direct:" + name)
                            .noStreamCaching()
                            .process(e -> begun.incrementAndGet())
                            .doTry()
                            .to(uri(options, "tags=" + name))
                            .doCatch(Exception.class)
                            .process(StreamsWithoutCachingTest.this::keepAndFail);
                }
                route.add(from("direct:in").noStreamCaching(), "direct:first", "direct:second");
            }
        });
    }

    private void keepAndFail(Exchange exchange) throws Exception {
        Exception failure = exchange.getProperty(Exchange.EXCEPTION_CAUGHT, Exception.class);
        failures.add(failure);
        throw failure;
    }

    private void sendAndWait(InputStream body) throws Exception {
        template.asyncSend("direct:in", e -> e.getMessage().setBody(body)).get(30, TimeUnit.SECONDS);
        // Of a tap, nobody waits for the end.
        Awaitility.await().until(() -> context.getInflightRepository().size() == 0 && begun.get() > 1);
    }

    private void theServiceHasOnly(Route route, byte[] bytes) {
        List<TestCall> whole =
                service.uploads().stream().filter(TestCall::isHalfClosed).toList();
        assertThat(whole).allSatisfy(call -> assertThat(call.payload()).isEqualTo(bytes));
        assertThat(whole).hasSizeLessThanOrEqualTo(1);
        if (!route.isFirstFailing()) {
            assertThat(whole).hasSize(1);
        }
    }

    private void theOtherIsRefused(Route route) {
        assertThat(failures).describedAs("failures of the copies").isNotEmpty();
        assertThat(failures).noneMatch(e -> e.getMessage().contains("empty"));
        assertThat(failures)
                .filteredOn(ViamDataRejectedException.class::isInstance)
                .describedAs("refusals in " + route)
                .hasSize(1)
                .allSatisfy(e -> {
                    assertThat(e).hasMessageContaining(REFUSAL);
                    assertThat(((ViamDataException) e).getDelivery()).isEqualTo(ViamDataDelivery.notSent);
                });
    }
}
