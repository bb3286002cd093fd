// Copyright the camel-viamdata authors. SPDX-License-Identifier: Apache-2.0
package io.github.camelviamdata.server;

import static io.github.camelviamdata.server.Failures.assertFails;
import static org.apache.camel.builder.Builder.constant;
import static org.apache.camel.builder.Builder.header;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.awaitility.Awaitility.await;

import com.google.protobuf.ByteString;
import com.google.protobuf.Struct;
import com.google.protobuf.Value;
import io.github.camelviamdata.ViamDataConstants;
import io.github.camelviamdata.ViamDataException;
import io.github.camelviamdata.ViamDataRejectedException;
import io.github.camelviamdata.ViamDataUnavailableException;
import io.github.camelviamdata.proto.datasync.v1.DataCaptureUploadRequest;
import io.github.camelviamdata.proto.datasync.v1.DataCaptureUploadResponse;
import io.github.camelviamdata.proto.datasync.v1.DataSyncServiceGrpc;
import io.github.camelviamdata.proto.datasync.v1.DataType;
import io.github.camelviamdata.proto.datasync.v1.SensorData;
import io.github.camelviamdata.support.Shows;
import io.grpc.Metadata;
import io.grpc.Status;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.nio.channels.UnresolvedAddressException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.apache.camel.AsyncCallback;
import org.apache.camel.CamelExchangeException;
import org.apache.camel.Exchange;
import org.apache.camel.ExchangePattern;
import org.apache.camel.FailedToCreateProducerException;
import org.apache.camel.ResolveEndpointFailedException;
import org.apache.camel.RollbackExchangeException;
import org.apache.camel.RuntimeCamelException;
import org.apache.camel.TypeConversionException;
import org.apache.camel.ValidationException;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.camel.impl.engine.PooledExchangeFactory;
import org.apache.camel.model.RouteDefinition;
import org.apache.camel.spi.ExceptionHandler;
import org.apache.camel.support.AsyncProcessorSupport;
import org.apache.camel.support.DefaultExchange;
import org.apache.camel.support.SynchronizationAdapter;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class RouteOutcomeTest {

    private static final Pattern OWN_ID = Pattern.compile("[0-9a-f-]{36}/local/[0-9a-zA-Z_-]+");

    private static DataCaptureUploadRequest reading() {
        return DataCaptureUploadRequest.newBuilder()
                .setMetadata(TestClient.pictureMetadata().setType(DataType.DATA_TYPE_TABULAR_SENSOR))
                .addSensorContents(SensorData.newBuilder()
                        .setStruct(Struct.newBuilder()
                                .putFields(
                                        "a",
                                        Value.newBuilder().setNumberValue(1).build())))
                .build();
    }

    @Test
    @SuppressWarnings("deprecation")
    void givesIdsOfItsOwn() throws Exception {
        try (TestServer server = TestServer.recording("");
                TestClient client = server.client()) {
            DataCaptureUploadResponse one = client.blocking().dataCaptureUpload(TestClient.picture());
            DataCaptureUploadResponse two = client.blocking().dataCaptureUpload(TestClient.picture());
            DataCaptureUploadResponse tabular = client.blocking().dataCaptureUpload(reading());
            var file = client.file()
                    .send(TestClient.fileMetadata(), TestClient.fileData(ByteString.EMPTY))
                    .complete()
                    .get(20, TimeUnit.SECONDS);
            var stream = client.stream()
                    .send(TestClient.streamMetadata(), TestClient.streamData(ByteString.EMPTY))
                    .complete()
                    .get(20, TimeUnit.SECONDS);

            assertThat(one.getBinaryDataId()).matches(OWN_ID).isEqualTo(one.getFileId());
            assertThat(two.getBinaryDataId()).matches(OWN_ID).isNotEqualTo(one.getBinaryDataId());
            assertThat(two.getBinaryDataId().substring(0, 36))
                    .isEqualTo(one.getBinaryDataId().substring(0, 36));
            assertThat(UUID.fromString(one.getBinaryDataId().substring(0, 36))).isNotNull();
            assertThat(tabular.getFileId()).matches(OWN_ID);
            assertThat(tabular.getBinaryDataId()).isEmpty();
            assertThat(file.getBinaryDataId()).matches(OWN_ID).isEqualTo(file.getFileId());
            assertThat(stream.getBinaryDataId()).matches(OWN_ID).isEqualTo(stream.getFileId());
        }
    }

    static Stream<Arguments> routeIds() {
        return Stream.of(
                Arguments.of("file", null, "file", "file"),
                Arguments.of(null, "binary", "binary", "binary"),
                Arguments.of("", "binary", "binary", "binary"),
                Arguments.of("file", "binary", "file", "binary"),
                Arguments.of(17, null, "17", "17"));
    }

    @ParameterizedTest
    @MethodSource("routeIds")
    @Shows({"CamelViamDataFileId", "CamelViamDataBinaryDataId"})
    void givesTheIdOfTheRoute(Object fileId, Object binaryDataId, String expectedFileId, String expectedBinaryDataId)
            throws Exception {
        try (TestServer server = TestServer.routing(route -> route.process(exchange -> {
                    exchange.getMessage().setHeader(ViamDataConstants.FILE_ID, fileId);
                    exchange.getMessage().setHeader(ViamDataConstants.BINARY_DATA_ID, binaryDataId);
                }));
                TestClient client = server.client()) {
            DataCaptureUploadResponse binary = client.blocking().dataCaptureUpload(TestClient.picture());
            DataCaptureUploadResponse tabular = client.blocking().dataCaptureUpload(reading());
            var file = client.file()
                    .send(TestClient.fileMetadata(), TestClient.fileData(ByteString.EMPTY))
                    .complete()
                    .get(20, TimeUnit.SECONDS);

            assertThat(binary.getFileId()).isEqualTo(expectedFileId);
            assertThat(binary.getBinaryDataId()).isEqualTo(expectedBinaryDataId);
            assertThat(tabular.getFileId()).isEqualTo(expectedFileId);
            assertThat(tabular.getBinaryDataId()).isEmpty();
            assertThat(file.getBinaryDataId()).isEqualTo(expectedBinaryDataId);
        }
    }

    @Test
    void answersWhenTheRouteAndItsCompletionsAreDone() throws Exception {
        CountDownLatch reached = new CountDownLatch(1);
        CountDownLatch finish = new CountDownLatch(1);
        AtomicBoolean completed = new AtomicBoolean();
        try (TestServer server = TestServer.routing(route -> route.process(exchange -> {
                    exchange.getExchangeExtension().addOnCompletion(new SynchronizationAdapter() {
                        @Override
                        public void onComplete(Exchange exchange) {
                            completed.set(true);
                        }
                    });
                    reached.countDown();
                    finish.await();
                }));
                TestClient client = server.client()) {
            var answer = DataSyncServiceGrpc.newFutureStub(client.channel).dataCaptureUpload(TestClient.picture());
            assertThat(reached.await(20, TimeUnit.SECONDS)).isTrue();
            assertThat(answer.isDone()).isFalse();
            assertThat(server.context.getInflightRepository().size()).isOne();

            finish.countDown();

            assertThat(answer.get(20, TimeUnit.SECONDS).getFileId()).isNotEmpty();
            assertThat(completed).isTrue();
            assertThat(server.context.getInflightRepository().size()).isZero();
        }
    }

    /** No thread of the server waits for a route that goes on elsewhere. */
    @Test
    void answersWhenAnAsynchronousRouteIsDone() throws Exception {
        CompletableFuture<Void> elsewhere = new CompletableFuture<>();
        AtomicInteger reached = new AtomicInteger();
        try (TestServer server = TestServer.routing(route -> route.process(new AsyncStep(reached, elsewhere)));
                TestClient client = server.client()) {
            var stub = DataSyncServiceGrpc.newFutureStub(client.channel);
            var answers = Stream.generate(() -> stub.dataCaptureUpload(TestClient.picture()))
                    .limit(20)
                    .toList();
            await().until(() -> reached.get() == 20);
            assertThat(answers).noneMatch(answer -> answer.isDone());

            elsewhere.complete(null);

            for (var answer : answers) {
                assertThat(answer.get(20, TimeUnit.SECONDS).getFileId()).isNotEmpty();
            }
        }
    }

    private static final class AsyncStep extends AsyncProcessorSupport {

        private final AtomicInteger reached;
        private final CompletableFuture<Void> elsewhere;

        AsyncStep(AtomicInteger reached, CompletableFuture<Void> elsewhere) {
            this.reached = reached;
            this.elsewhere = elsewhere;
        }

        @Override
        public boolean process(Exchange exchange, AsyncCallback callback) {
            elsewhere.thenRun(() -> callback.done(false));
            reached.incrementAndGet();
            return false;
        }
    }

    @Test
    @Shows("maxConcurrentCalls")
    void maxConcurrentCallsHoldsFurtherOnesBack() throws Exception {
        CompletableFuture<Void> elsewhere = new CompletableFuture<>();
        AtomicInteger reached = new AtomicInteger();
        try (TestServer server = new TestServer()
                        .start(
                                "viamdata-server:localhost:0?maxConcurrentCalls=2",
                                route -> route.process(new AsyncStep(reached, elsewhere)));
                TestClient client = server.client()) {
            // The client learns of the limit with the first answer of the server's transport.
            assertFails(
                    Status.Code.INVALID_ARGUMENT,
                    () -> client.blocking().dataCaptureUpload(DataCaptureUploadRequest.getDefaultInstance()));
            var stub = DataSyncServiceGrpc.newFutureStub(client.channel);
            var answers = Stream.generate(() -> stub.dataCaptureUpload(TestClient.picture()))
                    .limit(5)
                    .toList();
            await().during(200, TimeUnit.MILLISECONDS).until(() -> reached.get() == 2);

            elsewhere.complete(null);

            for (var answer : answers) {
                answer.get(20, TimeUnit.SECONDS);
            }
            assertThat(reached).hasValue(5);
        }
    }

    static Stream<Arguments> failures() {
        ViamDataException rejected = new ViamDataRejectedException(
                "No such part", null, ViamDataException.Progress.none(Status.Code.NOT_FOUND, "part"));
        ViamDataException unavailable = new ViamDataUnavailableException(
                "Try later",
                Status.INTERNAL.asRuntimeException(),
                ViamDataException.Progress.none(Status.Code.UNAVAILABLE, "part"));
        Exception unreadable =
                new TypeConversionException("secret", Integer.class, new IllegalStateException("secret"));
        String muted = "The route failed to process the upload; exchange ";
        // Camel 4.22 refuses such exceptions without an exchange.
        Exchange exchange = new DefaultExchange(new DefaultCamelContext());
        return Stream.of(
                Arguments.of(rejected, Status.Code.NOT_FOUND, "No such part"),
                Arguments.of(new RuntimeCamelException("secret", unavailable), Status.Code.UNAVAILABLE, "Try later"),
                Arguments.of(
                        new IllegalStateException(
                                "secret",
                                Status.ALREADY_EXISTS.withDescription("Twice").asException()),
                        Status.Code.ALREADY_EXISTS,
                        "Twice"),
                Arguments.of(
                        new IllegalArgumentException(
                                "secret",
                                Status.DATA_LOSS.withDescription("Gone").asRuntimeException()),
                        Status.Code.DATA_LOSS,
                        "Gone"),
                Arguments.of(Status.OK.asRuntimeException(), Status.Code.INTERNAL, muted),
                Arguments.of(new IllegalArgumentException("secret"), Status.Code.INTERNAL, muted),
                Arguments.of(new RuntimeCamelException(new UnresolvedAddressException()), Status.Code.INTERNAL, muted),
                Arguments.of(new ResolveEndpointFailedException("secret", unreadable), Status.Code.INTERNAL, muted),
                Arguments.of(
                        new FailedToCreateProducerException(
                                exchange.getContext().getEndpoint("seda:secret"), unreadable),
                        Status.Code.INTERNAL,
                        muted),
                Arguments.of(
                        new RuntimeCamelException(new ValidationException(exchange, "secret")),
                        Status.Code.INVALID_ARGUMENT,
                        muted),
                Arguments.of(unreadable, Status.Code.INVALID_ARGUMENT, muted),
                Arguments.of(new ValidationException(exchange, "secret"), Status.Code.INVALID_ARGUMENT, muted),
                Arguments.of(new RejectedExecutionException("secret"), Status.Code.UNAVAILABLE, muted),
                Arguments.of(new RollbackExchangeException("secret", exchange), Status.Code.ABORTED, muted),
                Arguments.of(new CamelExchangeException("secret", exchange), Status.Code.INTERNAL, muted),
                Arguments.of(new FileNotFoundException("/secret"), Status.Code.INTERNAL, muted),
                Arguments.of(new IllegalStateException("secret"), Status.Code.INTERNAL, muted));
    }

    @ParameterizedTest
    @MethodSource("failures")
    void failedRouteIsTheMatchingStatus(Exception failure, Status.Code code, String text) throws Exception {
        try (TestServer server = TestServer.routing(route -> route.process(exchange -> {
                    throw failure;
                }));
                TestClient client = server.client()) {
            assertFails(code, () -> client.blocking().dataCaptureUpload(TestClient.picture()))
                    .startsWith(text)
                    .doesNotContain("secret");
            assertFails(
                            code,
                            client.file()
                                    .send(TestClient.fileMetadata(), TestClient.fileData(ByteString.EMPTY))
                                    .complete())
                    .startsWith(text);
        }
    }

    @Test
    void aBodyThatCannotBeHandedOverIsLetGo() throws Exception {
        AtomicInteger discarded = new AtomicInteger();
        UploadBody body = new UploadBody() {
            @Override
            public Object handOver(Exchange exchange) throws IOException {
                throw new FileNotFoundException("/secret");
            }

            @Override
            public void discard() {
                discarded.incrementAndGet();
            }
        };
        TestClient.Stream<Object, String> client = new TestClient.Stream<>();
        try (TestServer server = TestServer.recording("")) {
            new UploadExchange<>(server.consumer(), body, (fileId, binaryDataId) -> fileId, client).run(Map.of());

            assertFails(Status.Code.INTERNAL, client.answer).doesNotContain("secret");
            assertThat(discarded).hasValue(1);
            assertThat(server.received).isEmpty();
        }
    }

    @Test
    void aRouteThatIsWronglySetUpLetsClientsKeepTheirData() throws Exception {
        for (String target : List.of(
                "viamdata:part?host=service.invalid&lazyStartProducer=true",
                "viamdata:part?host=localhost&plaintext=true&accessToken=t&maxAttempts=few",
                "seda:next?size=few")) {
            try (TestServer server = TestServer.routing(route -> route.toD(target));
                    TestClient client = server.client()) {
                assertFails(Status.Code.INTERNAL, () -> client.blocking().dataCaptureUpload(TestClient.picture()));
            }
        }
    }

    /** Camel's Throttler, with the key as the correlation. */
    @Test
    void throttledIsExhaustedAndAskedToComeBack() throws Exception {
        try (TestServer server = new TestServer()
                        .start(
                                "viamdata-server:localhost:0?apiKey=id-1=key,id-2=key",
                                route -> route.throttle(constant(2))
                                        .correlationExpression(header(ViamDataServerConstants.API_KEY_ID))
                                        .timePeriodMillis(60_000)
                                        .rejectExecution(true));
                TestClient client = server.client()) {
            for (String id : List.of("id-1", "id-2")) {
                String token = "Bearer " + client.authenticate(id, "key");
                client.blocking(token).dataCaptureUpload(TestClient.picture());
                client.blocking(token).dataCaptureUpload(TestClient.picture());

                Throwable failure =
                        catchThrowable(() -> client.blocking(token).dataCaptureUpload(TestClient.picture()));

                assertThat(Status.fromThrowable(failure).getCode()).isEqualTo(Status.Code.RESOURCE_EXHAUSTED);
                assertThat(pushBack(failure)).isEqualTo("1000");
            }
        }
    }

    private static String pushBack(Throwable failure) {
        return Status.trailersFromThrowable(failure)
                .get(Metadata.Key.of("grpc-retry-pushback-ms", Metadata.ASCII_STRING_MARSHALLER));
    }

    @Test
    void aRouteSaysHowLongToWait() throws Exception {
        Metadata trailers = new Metadata();
        trailers.put(Metadata.Key.of("grpc-retry-pushback-ms", Metadata.ASCII_STRING_MARSHALLER), "5000");
        trailers.put(Metadata.Key.of("internal", Metadata.ASCII_STRING_MARSHALLER), "secret");
        try (TestServer server = TestServer.routing(route -> route.process(exchange -> {
                    throw Status.UNAVAILABLE.asRuntimeException(trailers);
                }));
                TestClient client = server.client()) {
            Throwable failure = catchThrowable(() -> client.blocking().dataCaptureUpload(TestClient.picture()));

            assertThat(pushBack(failure)).isEqualTo("5000");
            assertThat(Status.trailersFromThrowable(failure).keys()).doesNotContain("internal");
        }
    }

    @Test
    void markedForRollbackIsAborted() throws Exception {
        for (Consumer<RouteDefinition> route :
                List.<Consumer<RouteDefinition>>of(r -> r.markRollbackOnly(), r -> r.markRollbackOnlyLast())) {
            try (TestServer server = TestServer.routing(route);
                    TestClient client = server.client()) {
                assertFails(Status.Code.ABORTED, () -> client.blocking().dataCaptureUpload(TestClient.picture()));
            }
        }
    }

    @Test
    void handledFailureIsSuccess() throws Exception {
        try (TestServer server = TestServer.routing(route -> route.onException(IllegalStateException.class)
                        .handled(true)
                        .setHeader(ViamDataConstants.FILE_ID)
                        .constant("put aside")
                        .end()
                        .process(exchange -> {
                            throw new IllegalStateException("boom");
                        }));
                TestClient client = server.client()) {
            assertThat(client.blocking().dataCaptureUpload(TestClient.picture()).getBinaryDataId())
                    .isEqualTo("put aside");
        }
    }

    @Test
    void failuresGoThroughTheExceptionHandler() throws Exception {
        List<Throwable> handled = new CopyOnWriteArrayList<>();
        try (TestServer server = new TestServer()) {
            server.context.getRegistry().bind("handler", new ExceptionHandler() {
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
                    handled.add(exception);
                }
            });
            server.start(
                    "viamdata-server:localhost:0?exceptionHandler=#handler",
                    route -> route.process(exchange -> {
                        throw new IllegalStateException("boom");
                    }));
            try (TestClient client = server.client()) {
                assertFails(Status.Code.INTERNAL, () -> client.blocking().dataCaptureUpload(TestClient.picture()));
            }
        }
        // The client does not wait for it.
        await().untilAsserted(() -> assertThat(handled).hasSize(1).first().isInstanceOf(IllegalStateException.class));
    }

    @Test
    void theRouteGetsOneWayMessagesUnlessToldOtherwise() throws Exception {
        for (ExchangePattern pattern : ExchangePattern.values()) {
            List<ExchangePattern> seen = new CopyOnWriteArrayList<>();
            try (TestServer server = new TestServer()
                            .start(
                                    "viamdata-server:localhost:0"
                                            + (pattern == ExchangePattern.InOnly ? "" : "?exchangePattern=" + pattern),
                                    route -> route.process(exchange -> seen.add(exchange.getPattern())));
                    TestClient client = server.client()) {
                client.blocking().dataCaptureUpload(TestClient.picture());
                assertThat(seen).containsExactly(pattern);
            }
        }
    }

    @Test
    void pooledExchangesAreCompletedOnceToo() throws Exception {
        AtomicInteger completions = new AtomicInteger();
        try (TestServer server = new TestServer()) {
            server.context.getCamelContextExtension().setExchangeFactory(new PooledExchangeFactory());
            server.start(
                    "viamdata-server:localhost:0",
                    route -> route.process(exchange -> {
                        server.record(exchange);
                        exchange.getExchangeExtension().addOnCompletion(new SynchronizationAdapter() {
                            @Override
                            public void onDone(Exchange exchange) {
                                completions.incrementAndGet();
                            }
                        });
                    }));
            try (TestClient client = server.client()) {
                for (int i = 1; i <= 3; i++) {
                    client.file()
                            .send(TestClient.fileMetadata(), TestClient.fileData(ByteString.copyFromUtf8("file " + i)))
                            .complete()
                            .get(20, TimeUnit.SECONDS);
                    client.blocking().dataCaptureUpload(TestClient.picture());

                    assertThat(completions).hasValue(2 * i);
                    assertThat(server.context.getInflightRepository().size()).isZero();
                }
            }
            assertThat(server.received)
                    .extracting(received -> new String(received.bytes(), StandardCharsets.UTF_8))
                    .containsExactly("file 1", "picture", "file 2", "picture", "file 3", "picture");
            assertThat(server.received.get(5).headers()).doesNotContainKey(ViamDataConstants.FILE_ID);
        }
    }

    @Test
    void tellsWhichRouteAndEndpointItCameFrom() throws Exception {
        List<String> seen = new CopyOnWriteArrayList<>();
        try (TestServer server = TestServer.routing(route -> route.process(exchange -> {
                    seen.add(exchange.getFromRouteId());
                    seen.add(exchange.getFromEndpoint().getEndpointUri());
                }));
                TestClient client = server.client()) {
            client.blocking().dataCaptureUpload(TestClient.picture());
        }
        assertThat(seen).containsExactly(TestServer.ROUTE, "viamdata-server://localhost:0");
    }
}
