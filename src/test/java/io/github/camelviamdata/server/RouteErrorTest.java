// Copyright the camel-viamdata authors. SPDX-License-Identifier: Apache-2.0
package io.github.camelviamdata.server;

import static io.github.camelviamdata.server.Failures.assertFails;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.google.protobuf.ByteString;
import io.github.camelviamdata.proto.datasync.v1.FileUploadRequest;
import io.github.camelviamdata.proto.datasync.v1.UploadMetadata;
import io.grpc.Status;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.apache.camel.Exchange;
import org.apache.camel.Expression;
import org.apache.camel.builder.NoErrorHandlerBuilder;
import org.apache.camel.impl.engine.PooledExchangeFactory;
import org.apache.camel.model.RouteDefinition;
import org.apache.camel.spi.ExceptionHandler;
import org.apache.camel.support.ExpressionAdapter;
import org.apache.camel.support.SynchronizationAdapter;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What Camel does not catch: Errors of a route, and whatever foreign code throws around it. */
class RouteErrorTest {

    @TempDir
    Path spool;

    private final TestServer server = new TestServer();

    @BeforeEach
    void spoolHere() {
        server.context.getStreamCachingStrategy().setSpoolDirectory(spool.toFile());
        server.context.getShutdownStrategy().setTimeout(20);
    }

    @AfterEach
    void stop() {
        server.close();
    }

    private static Expression failing(Error error) {
        return new ExpressionAdapter() {
            @Override
            public Object evaluate(Exchange exchange) {
                throw error;
            }
        };
    }

    static Stream<Arguments> routes() {
        Expression memory = failing(new OutOfMemoryError("of the test"));
        Expression stack = failing(new StackOverflowError());
        return Stream.<Consumer<RouteDefinition>>of(
                        route -> route.setBody(memory),
                        route -> route.setHeader("x", stack),
                        route -> route.filter(exchange -> {
                                    throw new OutOfMemoryError("of the test");
                                })
                                .to("direct:inner")
                                .end(),
                        route -> route.to("direct:inner"),
                        route -> route.to("direct:inner").setBody(memory),
                        route -> route.split(memory).to("direct:inner").end(),
                        route -> route.process(exchange -> {
                            throw new NoClassDefFoundError("of the test");
                        }),
                        // One that backtracks by recursion, on a name of a client.
                        route -> route.filter()
                                .simple("${header.CamelViamDataFileName} regex '(a|b)*'")
                                .to("direct:inner")
                                .end())
                .map(Arguments::of);
    }

    @ParameterizedTest
    @MethodSource("routes")
    void anErrorEndsTheUploadAndLeavesNothing(Consumer<RouteDefinition> route) throws Exception {
        server.add("direct:inner", inner -> inner.setBody(failing(new OutOfMemoryError("of the test"))), "inner");
        server.start("viamdata-server:localhost:0", route);
        try (TestClient client = server.client()) {
            for (int i = 0; i < 3; i++) {
                assertFails(Status.Code.INTERNAL, upload(client).answer).contains("exchange");
            }
            awaitNothingLeft();
        }
        stopsAtOnce();
    }

    private static TestClient.Stream<?, ?> upload(TestClient client) {
        var stream = client.file()
                .send(
                        FileUploadRequest.newBuilder()
                                .setMetadata(UploadMetadata.newBuilder()
                                        .setPartId("part")
                                        .setType(TestClient.fileMetadata()
                                                .getMetadata()
                                                .getType())
                                        .setFileName("ab".repeat(20_000) + "c"))
                                .build(),
                        TestClient.fileData(ByteString.copyFrom(new byte[100_000])));
        stream.complete();
        return stream;
    }

    private void awaitNothingLeft() {
        await().untilAsserted(() -> {
            assertThat(files()).isZero();
            assertThat(server.context.getInflightRepository().size()).isZero();
            assertThat(server.context.getInflightRepository().size(TestServer.ROUTE))
                    .isZero();
            assertThat(server.context.getInflightRepository().size("inner")).isZero();
        });
    }

    private long files() throws IOException {
        return Spooled.in(spool).size();
    }

    /** A stop waits for exchanges in flight, until its timeout. */
    private void stopsAtOnce() {
        long begin = System.nanoTime();
        server.context.stop();
        assertThat(Duration.ofNanos(System.nanoTime() - begin)).isLessThan(Duration.ofSeconds(15));
    }

    @Test
    void anErrorLeavesPooledExchangesUsable() throws Exception {
        server.context.getCamelContextExtension().setExchangeFactory(new PooledExchangeFactory());
        server.start(
                "viamdata-server:localhost:0",
                route -> route.choice()
                        .when(exchange -> exchange.getMessage().getBody(byte[].class).length > 10)
                        .setBody(failing(new OutOfMemoryError("of the test")))
                        .otherwise()
                        .process(server::record));
        try (TestClient client = server.client()) {
            for (int i = 1; i <= 3; i++) {
                assertFails(Status.Code.INTERNAL, upload(client).answer);
                client.blocking().dataCaptureUpload(TestClient.picture());
                assertThat(server.received).hasSize(i);
            }
            awaitNothingLeft();
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void anExceptionHandlerThatThrowsKeepsNoAnswerBack(boolean error) throws Exception {
        server.context.getRegistry().bind("handler", new ThrowingHandler(error));
        server.start(
                "viamdata-server:localhost:0?exceptionHandler=#handler",
                route -> route.process(exchange -> {
                    throw new IllegalStateException("boom");
                }));
        try (TestClient client = server.client()) {
            assertFails(Status.Code.INTERNAL, upload(client).answer);
            awaitNothingLeft();
        }
    }

    private record ThrowingHandler(boolean error) implements ExceptionHandler {

        @Override
        public void handleException(Throwable exception) {
            handleException(null, exception);
        }

        @Override
        public void handleException(String message, Throwable exception) {
            handleException(message, null, exception);
        }

        @Override
        public void handleException(String message, Exchange exchange, Throwable exception) {
            if (error) {
                throw new OutOfMemoryError("of the test");
            }
            throw new IllegalArgumentException("of the test");
        }
    }

    @Test
    void aCompletionThatThrowsKeepsNoAnswerBack() throws Exception {
        server.start(
                "viamdata-server:localhost:0",
                route -> route.process(
                        exchange -> exchange.getExchangeExtension().addOnCompletion(new SynchronizationAdapter() {
                            @Override
                            public void onDone(Exchange done) {
                                throw new StackOverflowError();
                            }
                        })));
        try (TestClient client = server.client()) {
            upload(client).answer.get(20, TimeUnit.SECONDS);
            awaitNothingLeft();
        }
    }

    @Test
    void anExceptionThatCannotBeReadKeepsNoAnswerBack() throws Exception {
        server.start(
                "viamdata-server:localhost:0",
                route -> route.errorHandler(new NoErrorHandlerBuilder()).process(exchange -> {
                    throw new Unreadable();
                }));
        try (TestClient client = server.client()) {
            assertFails(Status.Code.INTERNAL, upload(client).answer);
            awaitNothingLeft();
        }
    }

    private static final class Unreadable extends RuntimeException {

        private static final long serialVersionUID = 1;

        @Override
        public String getMessage() {
            throw new StackOverflowError();
        }

        @Override
        public synchronized Throwable getCause() {
            throw new StackOverflowError();
        }
    }
}
