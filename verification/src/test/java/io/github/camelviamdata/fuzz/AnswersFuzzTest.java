// Copyright the camel-viamdata authors. SPDX-License-Identifier: Apache-2.0
package io.github.camelviamdata.fuzz;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.InvalidProtocolBufferException;
import io.github.camelviamdata.ViamDataConstants;
import io.github.camelviamdata.ViamDataDelivery;
import io.github.camelviamdata.ViamDataException;
import io.github.camelviamdata.ViamDataUnavailableException;
import io.github.camelviamdata.proto.datasync.v1.DataCaptureUploadResponse;
import io.github.camelviamdata.service.TestCall;
import io.github.camelviamdata.service.TestService;
import io.grpc.Metadata;
import io.grpc.Status;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.lifecycle.AfterContainer;
import net.jqwik.api.lifecycle.BeforeContainer;
import org.apache.camel.Exchange;

/** Whatever the service answers, each upload ends, once, and tells no secret. */
class AnswersFuzzTest {

    private static TestService service;
    private static Fuzz fuzz;

    @BeforeContainer
    static void open() {
        service = TestService.plaintext();
        fuzz = new Fuzz();
    }

    @AfterContainer
    static void close() {
        fuzz.close();
        service.close();
    }

    @Provide
    Arbitrary<String> description() {
        return Arbitraries.oneOf(
                Values.text().filter(text -> text.length() < 1000),
                Arbitraries.of(Fuzz.API_KEY, "Bearer token-of-id", "x".repeat(5000), "a\r\nb\u0000c"));
    }

    @Provide
    Arbitrary<String> pushback() {
        return Arbitraries.oneOf(
                        Arbitraries.of("", "-1", "garbage", "9223372036854775807", "99999999999999999999", "0", "1e3"),
                        Arbitraries.longs().map(String::valueOf))
                .injectNull(0.5);
    }

    @Provide
    Arbitrary<byte[]> details() {
        Arbitrary<byte[]> retryInfos = Combinators.combine(
                        Arbitraries.longs(),
                        Arbitraries.integers(),
                        Arbitraries.integers().between(0, 17))
                .as((seconds, nanos, code) -> com.google.rpc.Status.newBuilder()
                        .setCode(code)
                        .addDetails(com.google.protobuf.Any.pack(com.google.rpc.RetryInfo.newBuilder()
                                .setRetryDelay(com.google.protobuf.Duration.newBuilder()
                                        .setSeconds(seconds)
                                        .setNanos(nanos))
                                .build()))
                        .build()
                        .toByteArray());
        return Arbitraries.oneOf(
                        retryInfos, Arbitraries.bytes().array(byte[].class).ofMaxSize(30))
                .injectNull(0.3);
    }

    @Property(seed = Fuzz.SEED)
    void anyStatusEndsTheUpload(
            @ForAll Status.Code code,
            @ForAll("description") String description,
            @ForAll("pushback") String pushback,
            @ForAll("details") byte[] details,
            @ForAll Form form)
            throws Exception {
        service.calls().clear();
        service.answering(call -> code.toStatus().withDescription(description)).trailing(trailers -> {
            if (pushback != null) {
                trailers.put(Metadata.Key.of("grpc-retry-pushback-ms", Metadata.ASCII_STRING_MARSHALLER), pushback);
            }
            if (details != null) {
                trailers.put(Metadata.Key.of("grpc-status-details-bin", Metadata.BINARY_BYTE_MARSHALLER), details);
            }
        });

        Exchange exchange = send(form);

        if (code == Status.Code.OK) {
            assertThat(exchange.getException()).isNull();
        } else {
            assertThat(Fuzz.failure(exchange, "token-of-id").getStatus()).isEqualTo(code);
            assertThat(service.uploads()).hasSizeBetween(1, 2);
        }
    }

    @Provide
    Arbitrary<String> token() {
        Arbitrary<String> numbers = Arbitraries.oneOf(
                Arbitraries.longs().map(String::valueOf),
                Arbitraries.of(
                        "1e300",
                        "-1",
                        "1.5",
                        "\"7\"",
                        "null",
                        "{}",
                        "[[1]]",
                        "9223372036854775808",
                        "NaN",
                        "1e999999999",
                        "9".repeat(400)));
        Arbitrary<String> claims = Arbitraries.oneOf(
                Combinators.combine(numbers, numbers).as((exp, iat) -> "{\"exp\":" + exp + ",\"iat\":" + iat + "}"),
                numbers.map(exp -> "{\"exp\":" + exp + "}"),
                Values.text().filter(text -> text.length() < 1000),
                Arbitraries.of("[".repeat(5000), "{\"a\":".repeat(1000)));
        return Arbitraries.oneOf(
                claims.map(text -> "header-."
                        + Base64.getUrlEncoder().withoutPadding().encodeToString(text.getBytes(StandardCharsets.UTF_8))
                        + ".signature"),
                Arbitraries.strings().ascii().ofMaxLength(30).map(text -> "token-" + text),
                Arbitraries.of("..", "a.b.c", "", "a.=.c", "a.b.c.d", "t\u00e9st", "line\nbreak"));
    }

    @Property(seed = Fuzz.SEED)
    void anyTokenServesOrFails(@ForAll("token") String token) throws Exception {
        service.calls().clear();
        // Until it is asked for, the client goes on with the token of the try before.
        service.trailing(trailers -> {})
                .giving(request -> token)
                .answering(call -> service.uploads().size() == 1
                        ? Status.UNAUTHENTICATED.withDescription("not " + call.header("authorization"))
                        : Status.OK);
        try {
            Exchange exchange = send(Form.UNARY);
            if (exchange.getException() != null) {
                Fuzz.failure(exchange, token.length() < 8 ? Fuzz.API_KEY : token);
            } else {
                assertThat(service.uploads()).hasSize(2);
                assertThat(service.uploads().get(1).header("authorization")).isEqualTo("Bearer " + token);
            }
        } finally {
            service.giving(request -> "token-of-id");
        }
    }

    @Provide
    Arbitrary<List<byte[]>> messages() {
        Arbitrary<byte[]> answers = Combinators.combine(Values.text(), Values.text())
                .as((file, binary) -> DataCaptureUploadResponse.newBuilder()
                        .setFileId(file)
                        .setBinaryDataId(binary)
                        .build()
                        .toByteArray())
                .filter(answer -> answer.length < 100_000);
        Arbitrary<byte[]> garbage = Arbitraries.bytes().array(byte[].class).ofMaxSize(40);
        return Arbitraries.oneOf(answers, garbage).list().ofMaxSize(2);
    }

    @Property(seed = Fuzz.SEED)
    void anyBytesForAnAnswerEndTheUpload(@ForAll("messages") List<byte[]> messages, @ForAll Form form)
            throws Exception {
        service.calls().clear();
        service.trailing(trailers -> {})
                .answering(call -> Status.OK)
                .replying(call -> isUpload(call) ? messages : null);
        try {
            Exchange exchange = send(form);

            // As everybody who knows the message would read it.
            Optional<DataCaptureUploadResponse> answer =
                    messages.size() == 1 ? parsed(messages.get(0)) : Optional.empty();
            if (answer.isPresent()) {
                assertThat(exchange.getException()).isNull();
                String id = answer.get().getBinaryDataId().isEmpty()
                        ? answer.get().getFileId()
                        : answer.get().getBinaryDataId();
                assertThat(exchange.getMessage().getHeader(ViamDataConstants.FILE_ID))
                        .isEqualTo(id.isEmpty() ? null : id);
                assertThat(service.uploads()).hasSize(1);
            } else {
                ViamDataException failure = Fuzz.failure(exchange);
                assertThat(failure.getStatus()).isIn(Status.Code.INTERNAL, Status.Code.CANCELLED);
                // The service said OK, but nobody can tell what it did.
                assertThat(failure.getDelivery()).isEqualTo(ViamDataDelivery.unknown);
                assertThat(service.uploads()).hasSize(2);
            }
        } finally {
            service.replying(call -> null);
        }
    }

    @Property(seed = Fuzz.SEED)
    void anyBytesForATokenServeOrFail(@ForAll("messages") List<byte[]> messages) throws Exception {
        service.calls().clear();
        // Until it is asked for, the client goes on with the token of the try before.
        service.trailing(trailers -> {})
                .replying(call -> isUpload(call) ? null : messages)
                .answering(call -> service.authentications().isEmpty() ? Status.UNAUTHENTICATED : Status.OK);
        try {
            Exchange exchange = send(Form.UNARY);

            assertThat(service.authentications()).isNotEmpty();
            if (exchange.getException() != null) {
                assertThat(Fuzz.failure(exchange)).isInstanceOf(ViamDataUnavailableException.class);
            } else {
                assertThat(messages).hasSize(1);
            }
        } finally {
            service.replying(call -> null);
        }
    }

    private static boolean isUpload(TestCall call) {
        return !call.method().equals("Authenticate");
    }

    private static Optional<DataCaptureUploadResponse> parsed(byte[] message) {
        try {
            return Optional.of(DataCaptureUploadResponse.parseFrom(message));
        } catch (InvalidProtocolBufferException e) {
            return Optional.empty();
        }
    }

    @Property(seed = Fuzz.SEED)
    void anyAnswerBeforeTheEndOfAStreamEndsTheUpload(
            @ForAll Status.Code code,
            @ForAll("description") String description,
            @ForAll @IntRange(min = 1, max = 4) int messages,
            @ForAll boolean file)
            throws Exception {
        service.calls().clear();
        service.trailing(trailers -> {})
                .reading(call -> call.messages().size() < messages)
                .interrupting(call ->
                        call.messages().size() == messages ? code.toStatus().withDescription(description) : null);
        try {
            // More than the service and the connection take in before the service reads it.
            Exchange exchange = send(file ? Form.FILE : Form.STREAMING, new byte[2_000_000]);

            ViamDataException failure = Fuzz.failure(exchange, "token-of-id");
            assertThat(failure.getStatus()).isEqualTo(code == Status.Code.OK ? Status.Code.INTERNAL : code);
            assertThat(failure.getDelivery()).isNotIn(ViamDataDelivery.stored, ViamDataDelivery.unknown);
            assertThat(failure.getBytesSent()).isLessThan(2_000_000);
            assertThat(service.uploads()).hasSizeBetween(1, 2).noneMatch(TestCall::isHalfClosed);
        } finally {
            service.reading(call -> true).interrupting(call -> null);
        }
    }

    enum Form {
        UNARY("uploadMode=unary"),
        STREAMING("uploadMode=streaming"),
        FILE("operation=file");

        private final String option;

        Form(String option) {
            this.option = option;
        }
    }

    private static Exchange send(Form form) throws Exception {
        return send(form, new byte[3000]);
    }

    private static Exchange send(Form form, byte[] body) throws Exception {
        return fuzz.send(
                "viamdata:" + Fuzz.PART + "?" + service.options() + "&" + Fuzz.CAMERA + "&" + Fuzz.CREDENTIAL
                        + "&maxAttempts=2&retryDelay=1&maxRetryDelay=2&requestTimeout=5000&idleTimeout=5000&"
                        + form.option,
                body,
                Map.of());
    }
}
