// Copyright the camel-viamdata authors. SPDX-License-Identifier: Apache-2.0
package io.github.camelviamdata.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.camelviamdata.ViamDataConstants;
import io.github.camelviamdata.ViamDataException;
import io.github.camelviamdata.ViamDataRejectedException;
import io.github.camelviamdata.ViamDataUnavailableException;
import io.github.camelviamdata.service.RawHttp2;
import io.github.camelviamdata.support.LogCollector;
import io.github.camelviamdata.support.Shows;
import io.github.camelviamdata.support.ViamDataTestSupport;
import io.grpc.Metadata;
import io.grpc.Status;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.SocketTimeoutException;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.apache.camel.Exchange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a service cannot do that means ill, or whatever else answers in its place. */
@Timeout(60)
class HostileServiceTest extends ViamDataTestSupport {

    private static final byte[] BODY = {1};
    private static final byte REFUSED_STREAM = 7;

    @Test
    void aRedirectIsNotFollowed() throws Exception {
        try (ServerSocket first = new ServerSocket(0, 1, InetAddress.getByName("localhost"));
                ServerSocket second = new ServerSocket(0, 1, InetAddress.getByName("localhost"))) {
            CompletableFuture<Void> redirected = CompletableFuture.runAsync(() -> {
                try (RawHttp2 server = RawHttp2.accept(first.accept())) {
                    int stream = server.readUntil(RawHttp2.HEADERS).stream();
                    server.headers(
                            stream,
                            true,
                            ":status",
                            "307",
                            "location",
                            "http://localhost:" + second.getLocalPort() + "/");
                    server.readUntil(RawHttp2.GOAWAY);
                } catch (Exception e) {
                    throw new AssertionError(e);
                }
            });

            assertThat(send(
                                    "viamdata:part?host=localhost&plaintext=true&maxAttempts=1&accessToken=t&port="
                                            + first.getLocalPort() + "&" + CAMERA,
                                    BODY,
                                    Map.of())
                            .getException())
                    .isInstanceOf(ViamDataException.class)
                    .hasMessageContaining("307");
            second.setSoTimeout(200);
            assertThatThrownBy(second::accept).isInstanceOf(SocketTimeoutException.class);
            context.stop();
            redirected.join();
        }
    }

    /** As a service or a proxy does that has no room for another stream. gRPC makes the call again, and does not say so. */
    @Test
    @Shows("maxAttempts")
    void aStreamThatIsRefusedUnseenIsRepeatedByGrpcAndCountsAsOneAttempt() throws Exception {
        try (ServerSocket listener = new ServerSocket(0, 1, InetAddress.getByName("localhost"))) {
            CompletableFuture<Void> refusing = CompletableFuture.runAsync(() -> {
                try (RawHttp2 server = RawHttp2.accept(listener.accept())) {
                    int first = server.readUntil(RawHttp2.HEADERS).stream();
                    server.frame(RawHttp2.RST_STREAM, 0, first, new byte[] {0, 0, 0, REFUSED_STREAM});
                    int second = server.readUntil(RawHttp2.HEADERS).stream();
                    server.headers(second, false, ":status", "200", "content-type", "application/grpc")
                            .message(second, false, 0, new byte[0])
                            .headers(second, true, "grpc-status", "0")
                            .readUntil(RawHttp2.GOAWAY);
                } catch (Exception e) {
                    throw new AssertionError(e);
                }
            });

            Exchange exchange = upload(
                    "viamdata:part?host=localhost&plaintext=true&maxAttempts=1&accessToken=t&port="
                            + listener.getLocalPort() + "&" + CAMERA,
                    BODY,
                    Map.of());

            assertThat(exchange.getMessage().getHeader(ViamDataConstants.ATTEMPTS))
                    .isEqualTo(1);
            context.stop();
            refusing.join();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"unary", "streaming"})
    void anAnswerHasAnEnd(String mode) {
        service.replying(call -> List.of(new byte[5 << 20]));

        assertThat(refused(
                                ViamDataUnavailableException.class,
                                uri(CAMERA, "maxAttempts=1", "uploadMode=" + mode),
                                BODY,
                                Map.of())
                        .getStatus())
                .isEqualTo(Status.Code.RESOURCE_EXHAUSTED);
    }

    @Test
    void metadataOfAnAnswerHasAnEnd() {
        Metadata.Key<String> x = Metadata.Key.of("x", Metadata.ASCII_STRING_MARSHALLER);
        service.trailing(trailers -> trailers.put(x, "x".repeat(7_000)));
        upload(uri(CAMERA, "maxAttempts=1"), BODY, Map.of());

        service.trailing(trailers -> trailers.put(x, "x".repeat(9_000)));
        assertThat(refused(ViamDataUnavailableException.class, uri(CAMERA, "maxAttempts=1"), BODY, Map.of()))
                .hasMessageNotContaining("xxxx");
    }

    @Test
    void metadataOfAnAnswerIsNoHeader() {
        service.trailing(trailers -> {
            for (String name : List.of("CamelViamDataPartId", "CamelFileName")) {
                trailers.put(Metadata.Key.of(name, Metadata.ASCII_STRING_MARSHALLER), "evil");
            }
        });

        assertThat(upload(uri(CAMERA), BODY, Map.of()).getMessage().getHeaders())
                .doesNotContainKeys("CamelViamDataPartId", "CamelFileName");
    }

    @Test
    void whatItSaysIsOneLineOfTheLog() {
        service.answering(
                call -> Status.INVALID_ARGUMENT.withDescription("no\r\n2026-11-01 INFO forged\u2028INFO forged"));

        try (LogCollector log = new LogCollector()) {
            ViamDataRejectedException failure = refused(ViamDataRejectedException.class, uri(CAMERA), BODY, Map.of());

            assertThat(failure.getMessage()).contains("no  2026-11-01 INFO forged INFO forged");
            assertThat(LogCollector.stackTrace(failure).lines()).noneMatch(line -> line.startsWith("2026-11-01"));
            assertThat(log.linesWithoutCamelsOwn())
                    .filteredOn(line -> !line.startsWith("DEBUG io.grpc.netty"))
                    .flatExtracting(line -> line.lines().toList())
                    .noneMatch(line -> line.startsWith("2026-11-01"));
        }
    }
}
