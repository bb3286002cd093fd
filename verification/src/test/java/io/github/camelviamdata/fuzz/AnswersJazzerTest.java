// Copyright the camel-viamdata authors. SPDX-License-Identifier: Apache-2.0
package io.github.camelviamdata.fuzz;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.DictionaryEntries;
import com.code_intelligence.jazzer.junit.FuzzTest;
import io.github.camelviamdata.service.TestService;
import io.grpc.Metadata;
import io.grpc.Status;
import java.util.List;
import java.util.Map;
import org.apache.camel.Exchange;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;

/** Whatever the service answers, in status, trailers, messages and tokens, an upload ends, once, and tells no secret. */
class AnswersJazzerTest {

    private static final String TOKEN_END = "tokenThatNobodyMaySee";

    private static TestService service;
    private static Fuzz fuzz;

    @BeforeAll
    static void open() {
        service = TestService.plaintext();
        fuzz = new Fuzz();
    }

    @AfterAll
    static void close() {
        fuzz.close();
        service.close();
    }

    @FuzzTest
    @DictionaryEntries({
        "status: 14",
        "status: 16",
        "status: 8",
        "pushback: 1",
        "description: " + Fuzz.API_KEY,
        "description: Bearer token",
        "stream: yes",
        "early: yes",
        "twice: yes",
        "token: "
    })
    void anyAnswerEndsTheUpload(byte[] input) throws Exception {
        FuzzInput answer = FuzzInput.of(input);
        service.calls().clear();
        Status status = status(answer);
        String token = printable(answer.value("token")) + TOKEN_END;
        service.giving(request -> token)
                // Else the client would go on with the token of the try before.
                .answering(call ->
                        answer.value("token") != null && service.uploads().size() == 1
                                ? Status.UNAUTHENTICATED.withDescription(call.header("authorization"))
                                : status)
                .interrupting(
                        call -> answer.value("early") != null && call.messages().size() == 2 ? status : null)
                .replying(call -> call.method().equals("Authenticate") || answer.body().length == 0
                        ? null
                        : answer.value("twice") != null
                                ? List.of(answer.body(), answer.body())
                                : List.of(answer.body()))
                .trailing(trailers -> trail(trailers, answer));

        Exchange exchange = fuzz.send(
                "viamdata:" + Fuzz.PART + "?" + service.options() + "&" + Fuzz.CAMERA + "&" + Fuzz.CREDENTIAL
                        + "&maxAttempts=2&retryDelay=1&maxRetryDelay=2&requestTimeout=5000&idleTimeout=5000&uploadMode="
                        + (answer.value("stream") != null ? "streaming" : "unary"),
                new byte[100_000],
                Map.of());

        if (exchange.getException() != null) {
            Fuzz.failure(exchange, token);
        } else {
            assertThat(status.isOk()).isTrue();
        }
        // Two attempts, and one more for a token that was not accepted; none without a token that can be sent.
        assertThat(service.uploads()).hasSizeBetween(exchange.getException() == null ? 1 : 0, 3);
    }

    private static Status status(FuzzInput answer) {
        String code = answer.value("status");
        Status status =
                code != null && code.matches("[0-9]{1,2}") ? Status.fromCodeValue(Integer.parseInt(code)) : Status.OK;
        return status.withDescription(answer.value("description"));
    }

    private static void trail(Metadata trailers, FuzzInput answer) {
        if (answer.value("pushback") != null) {
            trailers.put(
                    Metadata.Key.of("grpc-retry-pushback-ms", Metadata.ASCII_STRING_MARSHALLER),
                    printable(answer.value("pushback")));
        }
        if (answer.body().length > 0) {
            trailers.put(Metadata.Key.of("grpc-status-details-bin", Metadata.BINARY_BYTE_MARSHALLER), answer.body());
        }
    }

    /** What gRPC itself takes for the value of a header. */
    private static String printable(String text) {
        return text == null ? "" : text.replaceAll("[^ -~]", "");
    }
}
