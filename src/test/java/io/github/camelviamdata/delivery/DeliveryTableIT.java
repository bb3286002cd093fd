// Copyright the camel-viamdata authors. SPDX-License-Identifier: Apache-2.0
package io.github.camelviamdata.delivery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.github.camelviamdata.ViamDataConstants;
import io.github.camelviamdata.ViamDataDelivery;
import io.github.camelviamdata.ViamDataException;
import io.github.camelviamdata.delivery.DeliveryTable.Arrived;
import io.github.camelviamdata.delivery.DeliveryTable.Mode;
import io.github.camelviamdata.delivery.DeliveryTable.Row;
import io.github.camelviamdata.service.TestCall;
import io.github.camelviamdata.service.TestService;
import java.io.IOException;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.camel.AsyncProducer;
import org.apache.camel.Endpoint;
import org.apache.camel.Exchange;
import org.apache.camel.impl.DefaultCamelContext;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Makes each line of the table happen, and compares what a route is told with what the service has. */
@Timeout(60)
class DeliveryTableIT {

    /** What an attempt before the one in the table came to. */
    enum Before {
        NOTHING(1),
        /** While gRPC waits before it connects again, further attempts come to the same. */
        NEVER_CONNECTED(6),
        ANSWER_LOST(2);

        private static final int UNTIL_CONNECTED = 60;

        private final int attempts;

        Before(int attempts) {
            this.attempts = attempts;
        }

        /** What is stored in the end takes as many as it needs: a busy machine takes seconds to connect. */
        int attempts(Row row) {
            return this == NEVER_CONNECTED && row.delivery() == ViamDataDelivery.stored ? UNTIL_CONNECTED : attempts;
        }
    }

    static Stream<Arguments> cases() throws IOException {
        Set<String> seen = new HashSet<>();
        return DeliveryTable.rows().stream().flatMap(row -> {
            // One code, and one way to send, of each failure.
            boolean first = seen.add(row.failure());
            return Stream.of(Before.values())
                    .filter(before -> before == Before.NOTHING
                            || first && Failures.of(row).follows(before))
                    .map(before -> Arguments.of(row, before));
        });
    }

    @Test
    void theTableHasEachWayOfFailing() throws IOException {
        assertThat(DeliveryTable.rows().stream().map(Row::failure).collect(Collectors.toSet()))
                .containsExactlyInAnyOrderElementsOf(Failures.names());
    }

    @ParameterizedTest(name = "{0}, before: {1}")
    @MethodSource("cases")
    @Execution(ExecutionMode.CONCURRENT)
    void theRouteIsToldWhereTheDataIs(Row row, Before before) throws Exception {
        Failure failure = Failures.of(row);
        try (TestService service = TestService.plaintext();
                Opened front = new Opened(failure, before, service);
                DefaultCamelContext camel = new DefaultCamelContext()) {
            Failure.Stage stage = new Failure.Stage(row, front.front, service, camel);
            prepare(failure, stage, before);
            camel.start();

            check(row, failure, before, service, upload(failure, stage, before));
        }
    }

    /** A front with the peers of a case. The last one serves all connections that are left. */
    private static final class Opened implements AutoCloseable {

        private final List<Front.Peer> peers = new CopyOnWriteArrayList<>();
        private final Front front = new Front(peers);

        Opened(Failure failure, Before before, TestService service) throws IOException {
            if (before == Before.NEVER_CONNECTED) {
                peers.add(Front::reset);
            } else if (before == Before.ANSWER_LOST) {
                peers.add(front.to(service.port()));
            }
            peers.add(failure.peer != null ? failure.peer : front.to(service.port()));
        }

        @Override
        public void close() throws IOException {
            front.close();
        }
    }

    private static void prepare(Failure failure, Failure.Stage stage, Before before) throws Exception {
        TestService service = stage.service();
        Predicate<TestCall> isFirst =
                call -> before == Before.ANSWER_LOST && service.uploads().indexOf(call) == 0;
        failure.service.accept(service);
        service.answering(call -> {
            if (isFirst.test(call)) {
                stage.front().cut();
                return null;
            }
            return failure.answer.apply(stage, call);
        });
        if (failure.interrupting != null) {
            service.interrupting(call -> isFirst.test(call) ? null : failure.interrupting.apply(stage));
        }
        service.reading(call -> !failure.stopsReading || isFirst.test(call));
        failure.first.on(stage);
    }

    private static Exchange upload(Failure failure, Failure.Stage stage, Before before) throws Exception {
        Endpoint endpoint = stage.camel()
                .getEndpoint("viamdata:part?host=127.0.0.1&plaintext=true&shutdownTimeout=0&retryDelay=100&port="
                        + stage.front().port()
                        + "&componentType=camera&componentName=gate&methodName=GetImages&fileExtension=.jpg"
                        + (stage.row().mode() == Mode.unary
                                ? "&uploadMode=unary"
                                : "&uploadMode=streaming&chunkSize=1024")
                        + (failure.options.contains("maxAttempts")
                                ? ""
                                : "&maxAttempts=" + before.attempts(stage.row()))
                        + failure.options);
        Exchange exchange = endpoint.createExchange();
        exchange.getMessage().setBody(failure.body.get());
        exchange.getMessage().setHeaders(new HashMap<>(failure.headers));
        AsyncProducer producer = endpoint.createAsyncProducer();
        producer.start();
        CompletableFuture<Exchange> ended = new CompletableFuture<>();
        // A body that stalls must not hold the test.
        CompletableFuture.runAsync(() -> producer.process(exchange, doneSync -> ended.complete(exchange)));
        if (failure.act != null) {
            await().until(() -> failure.arrived(stage.service()) == failure.actsAfter);
            failure.act.on(stage);
        }
        return ended.get(30, TimeUnit.SECONDS);
    }

    private static void check(Row row, Failure failure, Before before, TestService service, Exchange exchange) {
        boolean lost = before == Before.ANSWER_LOST;
        ViamDataDelivery delivery =
                lost && row.delivery() != ViamDataDelivery.stored ? ViamDataDelivery.unknown : row.delivery();
        Exception exception = exchange.getException();
        assertThat(exchange.getMessage().getHeader(ViamDataConstants.DELIVERY))
                .as("%s", exception)
                .isEqualTo(delivery);
        if (row.exception().isEmpty()) {
            assertThat(exception).isNull();
        } else {
            assertThat(exception).isInstanceOf(ViamDataException.class).hasMessageContaining(row.text());
            assertThat(exception.getClass().getSimpleName()).isEqualTo(row.exception());
            assertThat(((ViamDataException) exception).getDelivery()).isEqualTo(delivery);
            assertThat(exception.getMessage().contains("nothing is stored"))
                    .as("%s", exception)
                    .isEqualTo(delivery == ViamDataDelivery.notSent
                            && exception.getMessage().contains("is stored"));
            if (before != Before.NOTHING) {
                assertThat(exception).hasMessageMatching(".* failed after \\d attempts: .*");
            }
        }
        Arrived arrived = lost ? Arrived.all : row.arrived();
        await().untilAsserted(() -> assertThat(failure.arrived(service)).isEqualTo(arrived));
        Object sent = exchange.getMessage().getBody();
        assertThat(service.uploads().stream().filter(TestCall::isHalfClosed))
                .allSatisfy(call ->
                        assertThat(call.payload()).isEqualTo(sent instanceof byte[] bytes ? bytes : Failure.SMALL));
    }
}
