// Copyright the camel-viamdata authors. SPDX-License-Identifier: Apache-2.0
package io.github.camelviamdata.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import com.google.protobuf.Any;
import com.google.rpc.RetryInfo;
import io.github.camelviamdata.ViamDataAuthenticationException;
import io.github.camelviamdata.ViamDataConstants;
import io.github.camelviamdata.ViamDataDelivery;
import io.github.camelviamdata.ViamDataException;
import io.github.camelviamdata.ViamDataRejectedException;
import io.github.camelviamdata.ViamDataUnavailableException;
import io.github.camelviamdata.service.TestCall;
import io.github.camelviamdata.support.CaptureFile;
import io.github.camelviamdata.support.ViamDataTestSupport;
import io.grpc.Metadata;
import io.grpc.Status;
import io.grpc.protobuf.ProtoUtils;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.StringReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.apache.camel.Exchange;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.component.file.GenericFile;
import org.apache.camel.component.mock.MockEndpoint;
import org.apache.camel.converter.stream.FileInputStreamCache;
import org.apache.camel.converter.stream.InputStreamCache;
import org.apache.camel.converter.stream.ReaderCache;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Which failures are tried again, and when. */
@Timeout(60)
class RetryTest extends ViamDataTestSupport {

    private static final byte[] BODY = {7, 8};

    @TempDir
    private Path directory;

    private void failFirst(int count, Status status) {
        AtomicInteger left = new AtomicInteger(count);
        service.answering(call -> left.getAndDecrement() > 0 ? status : Status.OK);
    }

    @ParameterizedTest
    @EnumSource(
            value = Status.Code.class,
            names = {
                "UNAVAILABLE",
                "INTERNAL",
                "UNKNOWN",
                "CANCELLED",
                "ABORTED",
                "DATA_LOSS",
                "DEADLINE_EXCEEDED",
                "RESOURCE_EXHAUSTED"
            })
    void failuresThatCanPassAreTriedAgainWithTheSameBytes(Status.Code code) {
        for (String mode : new String[] {"unary", "streaming"}) {
            failFirst(2, Status.fromCode(code));
            Exchange exchange = upload(uri(CAMERA, "uploadMode=" + mode, "retryDelay=1"), BODY, Map.of());
            assertThat(exchange.getMessage().getHeader(ViamDataConstants.ATTEMPTS))
                    .isEqualTo(3);
        }

        assertThat(service.uploads())
                .hasSize(6)
                .allSatisfy(call -> assertThat(call.payload()).isEqualTo(BODY));
    }

    @Test
    void aBodyThatCanBeReadOnceIsStreamedOnce() {
        failFirst(1, Status.UNAVAILABLE);

        ViamDataUnavailableException exception = refused(
                ViamDataUnavailableException.class,
                uri(CAMERA, "uploadMode=streaming", "retryDelay=1"),
                stream(BODY),
                Map.of());

        assertThat(exception).hasMessageContaining("stream caching");
        assertThat(exception.getAttempts()).isEqualTo(1);
        assertThat(service.uploads()).hasSize(1);
    }

    @Test
    void aBodyThatCanBeReadOnceIsTriedAgainWhereItFitsIntoOneMessage() {
        failFirst(1, Status.UNAVAILABLE);

        upload(uri(CAMERA, "retryDelay=1"), stream(BODY), Map.of());

        assertThat(service.uploads())
                .hasSize(2)
                .allSatisfy(call -> assertThat(call.payload()).isEqualTo(BODY));
    }

    static Stream<Arguments> bodiesThatCanBeReadOnce() {
        String json = "[{\"level\": 1}, {\"level\": 2}]";
        String tabular = "operation=tabular&componentType=sensor&componentName=tank&methodName=Readings";
        GenericFile<Object> remote = new GenericFile<>();
        remote.setFile("on a server");
        remote.setBody(stream(BODY));
        Iterator<Map<String, Integer>> rows = List.of(Map.of("level", 1)).iterator();
        return Stream.of(
                arguments(CAMERA + "&uploadMode=streaming", stream(BODY)),
                arguments(CAMERA + "&uploadMode=streaming", stream(new byte[2_000_000])),
                arguments(CAMERA, stream(BODY)),
                arguments(CAMERA + "&allowEmptyPayload=true", stream(BODY)),
                arguments(CAMERA, new StringReader("body")),
                arguments(CAMERA, remote),
                arguments("operation=file", stream(BODY)),
                arguments("operation=capture", stream(CaptureFile.ofReadings(1).bytes())),
                arguments(tabular, stream(json.getBytes(StandardCharsets.UTF_8))),
                arguments(tabular, new StringReader(json)),
                arguments(tabular, (Iterable<Map<String, Integer>>) () -> rows));
    }

    private static InputStream stream(byte[] bytes) {
        return new ByteArrayInputStream(bytes);
    }

    @ParameterizedTest
    @MethodSource("bodiesThatCanBeReadOnce")
    void aBodyThatCanBeReadOnceIsNotRedelivered(String options, Object body) throws Exception {
        redelivering(options, "maxAttempts=1", "chunkSize=1024");
        AtomicBoolean failed = new AtomicBoolean();
        service.answering(call -> failed.getAndSet(true) ? Status.OK : Status.UNAVAILABLE)
                .interrupting(
                        call -> call.messages().size() == 4 && !failed.getAndSet(true) ? Status.UNAVAILABLE : null);

        Exchange exchange =
                template.send("direct:redelivering", e -> e.getMessage().setBody(body));

        assertThat(exchange.getException())
                .isInstanceOf(ViamDataRejectedException.class)
                .hasMessageContaining("The body can be read only once, and has been read by an earlier step");
        assertThat(service.uploads()).hasSize(1);
        assertThat(exchange.getAllProperties().toString()).doesNotContain("Spent");
    }

    /** That there is something in it has been found by reading its first byte. */
    @Test
    void aBodyThatCanBeReadOnceIsNotRedeliveredEvenIfNoCallWasMade() throws Exception {
        redelivering(CAMERA, "apiKeyId=my-id&apiKey=my-key", "maxAttempts=1");
        AtomicBoolean refused = new AtomicBoolean();
        service.giving(request -> refused.getAndSet(true) ? "token" : null).refusing(request -> Status.UNAVAILABLE);

        Exchange exchange =
                template.send("direct:redelivering", e -> e.getMessage().setBody(stream(BODY)));

        assertThat(exchange.getException())
                .isInstanceOf(ViamDataRejectedException.class)
                .hasMessageContaining("has been read by an earlier step");
        assertThat(service.uploads()).isEmpty();
    }

    /** Bodies of these bytes, by what they are. */
    private Object bodyThatCanBeReadAgain(String kind, byte[] bytes) throws IOException {
        Path file = Files.write(directory.resolve("body"), bytes);
        return switch (kind) {
            case "array" -> bytes;
            case "file" -> file.toFile();
            case "path" -> file;
            case "cache in memory" -> new InputStreamCache(bytes);
            case "cache in a file" -> new FileInputStreamCache(file.toFile());
            case "cache of text" -> new ReaderCache(new String(bytes, StandardCharsets.US_ASCII));
            default -> throw new IllegalArgumentException(kind);
        };
    }

    @ParameterizedTest
    @ValueSource(strings = {"array", "file", "path", "cache in memory", "cache in a file", "cache of text"})
    void aBodyThatCanBeReadAgainIsSentWholeAfterAPartOfIt(String kind) throws IOException {
        byte[] bytes = new byte[3_000_000];
        for (int i = 0; i < bytes.length; i++) {
            bytes[i] = (byte) ('a' + i % 23);
        }
        AtomicBoolean failed = new AtomicBoolean();
        service.interrupting(
                call -> call.messages().size() == 4 && !failed.getAndSet(true) ? Status.UNAVAILABLE : null);

        Exchange exchange =
                upload(uri(CAMERA, "chunkSize=1024", "retryDelay=1"), bodyThatCanBeReadAgain(kind, bytes), Map.of());

        assertThat(service.uploads()).hasSize(2);
        assertThat(service.uploads().get(1).payload()).isEqualTo(bytes);
        assertThat(exchange.getMessage().getHeader(ViamDataConstants.ATTEMPTS)).isEqualTo(2);
        assertThat(exchange.getMessage().getBody(byte[].class))
                .as("the body for the next step")
                .isEqualTo(bytes);
    }

    @Test
    void aBodyThatCanBeReadAgainIsRedelivered() throws Exception {
        redelivering("operation=tabular&componentType=sensor&componentName=tank&methodName=Readings", "maxAttempts=1");
        failFirst(1, Status.UNAVAILABLE);
        Iterable<Map<String, Integer>> rows = () -> List.of(Map.of("level", 1)).iterator();

        Exchange exchange =
                template.send("direct:redelivering", e -> e.getMessage().setBody(rows));

        assertThat(exchange.getException()).isNull();
        assertThat(service.uploads()).hasSize(2);
    }

    private void redelivering(String... options) throws Exception {
        context.addRoutes(new RouteBuilder() {
            @Override
            public void configure() {
                errorHandler(defaultErrorHandler().maximumRedeliveries(3).redeliveryDelay(1));
                from("direct:redelivering").noStreamCaching().to(uri(options));
            }
        });
    }

    @Test
    void aBodyThatCanBeReadOnceIsUploadedByOneStepOfARoute() throws Exception {
        context.addRoutes(new RouteBuilder() {
            @Override
            public void configure() {
                from("direct:steps")
                        .noStreamCaching()
                        .to(uri(CAMERA))
                        .setProperty("first", body())
                        .process(e -> e.getMessage().setBody(stream(BODY)))
                        .to(uri(CAMERA))
                        .setBody(exchangeProperty("first"))
                        // To a copy of the exchange.
                        .multicast()
                        .to(uri(CAMERA, "allowEmptyPayload=true"));
            }
        });

        Exchange exchange = template.send("direct:steps", e -> e.getMessage().setBody(stream(BODY)));

        assertThat(exchange.getException())
                .isInstanceOf(ViamDataRejectedException.class)
                .hasMessageContaining("has been read by an earlier step");
        assertThat(service.uploads())
                .hasSize(2)
                .allSatisfy(call -> assertThat(call.payload()).isEqualTo(BODY));
    }

    @Test
    void anAnswerThatIsMissingOnceMakesTheOutcomeUnknown() {
        service.answering(call -> {
            if (service.uploads().size() == 1) {
                return Status.UNAVAILABLE.withDescription("stored, but you will never know");
            }
            return Status.INVALID_ARGUMENT;
        });

        ViamDataRejectedException exception =
                refused(ViamDataRejectedException.class, uri(CAMERA, "retryDelay=1"), BODY, Map.of());

        assertThat(exception.getAttempts()).isEqualTo(2);
        assertThat(exception.getDelivery()).isEqualTo(ViamDataDelivery.unknown);
    }

    /** The route of the README that tells duplicates from losses. */
    @Test
    void aRouteDecidesByTheDelivery() throws Exception {
        context.addRoutes(new RouteBuilder() {
            @Override
            public void configure() {
                onException(ViamDataException.class)
                        .onWhen(header(ViamDataConstants.DELIVERY).isEqualTo("unknown"))
                        .handled(true)
                        .to("mock:look-before-you-send-again");
                onException(ViamDataException.class).handled(true).to("mock:send-again");
                from("direct:decide").to(uri(CAMERA, "maxAttempts=1"));
            }
        });
        MockEndpoint look = getMockEndpoint("mock:look-before-you-send-again");
        MockEndpoint again = getMockEndpoint("mock:send-again");

        service.answering(call -> Status.UNAVAILABLE);
        look.expectedMessageCount(1);
        again.expectedMessageCount(0);
        template.sendBody("direct:decide", BODY);
        MockEndpoint.assertIsSatisfied(context);

        MockEndpoint.resetMocks(context);
        look.expectedMessageCount(0);
        again.expectedMessageCount(1);
        template.sendBody("direct:decide", "");
        MockEndpoint.assertIsSatisfied(context);
    }

    private static void pushbackMillis(Metadata trailers, String value) {
        trailers.put(Metadata.Key.of("grpc-retry-pushback-ms", Metadata.ASCII_STRING_MARSHALLER), value);
    }

    private static void retryInfo(Metadata trailers, Duration delay) {
        RetryInfo info = RetryInfo.newBuilder()
                .setRetryDelay(com.google.protobuf.Duration.newBuilder()
                        .setSeconds(delay.getSeconds())
                        .setNanos(delay.getNano()))
                .build();
        trailers.put(
                Metadata.Key.of(
                        "grpc-status-details-bin",
                        ProtoUtils.metadataMarshaller(com.google.rpc.Status.getDefaultInstance())),
                com.google.rpc.Status.newBuilder()
                        .setCode(Status.Code.UNAVAILABLE.value())
                        .addDetails(Any.pack(info))
                        .build());
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void theServiceIsLeftAloneForAsLongAsItAsks(boolean trailer) {
        Consumer<Metadata> pushBack = trailer
                ? trailers -> pushbackMillis(trailers, "700")
                : trailers -> retryInfo(trailers, Duration.ofMillis(700));
        List<Long> answered = new CopyOnWriteArrayList<>();
        service.trailing(pushBack.andThen(trailers -> answered.add(System.nanoTime())));
        failFirst(1, Status.UNAVAILABLE);

        upload(uri(CAMERA, "retryDelay=1"), BODY, Map.of());

        assertThat(answered).hasSize(2);
        assertThat(Duration.ofNanos(answered.get(1) - answered.get(0))).isGreaterThanOrEqualTo(Duration.ofMillis(700));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ':',
            value = {
                "-1: asks for no further attempt",
                "soon: asks for no further attempt",
                "9000: 9000 ms, which is longer"
            })
    void noAttemptIsMadeAgainstTheServicesWish(String millis, String text) {
        service.trailing(trailers -> pushbackMillis(trailers, millis));
        failFirst(1, Status.UNAVAILABLE);

        assertThat(refused(
                        ViamDataUnavailableException.class,
                        uri(CAMERA, "retryDelay=1", "maxRetryDelay=8000"),
                        BODY,
                        Map.of()))
                .hasMessageContaining(text);
        assertThat(service.uploads()).extracting(TestCall::method).hasSize(1);
    }

    /** It would not be made again anyway: what the service asks of the next attempt is no reason to tell. */
    @ParameterizedTest
    @ValueSource(strings = {"-1", "9000000"})
    void aRefusalForGoodSaysNothingOfPauses(String millis) {
        service.trailing(trailers -> pushbackMillis(trailers, millis));
        service.answering(call -> Status.PERMISSION_DENIED);

        assertThat(refused(ViamDataAuthenticationException.class, uri(CAMERA), BODY, Map.of()))
                .hasMessageNotContaining("maxRetryDelay")
                .hasMessageNotContaining("further attempt");
        assertThat(service.uploads()).hasSize(1);
    }
}
