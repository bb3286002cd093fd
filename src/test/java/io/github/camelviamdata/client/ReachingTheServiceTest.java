// Copyright the camel-viamdata authors. SPDX-License-Identifier: Apache-2.0
package io.github.camelviamdata.client;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.github.camelviamdata.ViamDataConstants;
import io.github.camelviamdata.ViamDataDelivery;
import io.github.camelviamdata.ViamDataRejectedException;
import io.github.camelviamdata.ViamDataUnavailableException;
import io.github.camelviamdata.service.FaultyProxy;
import io.github.camelviamdata.service.RawHttp2;
import io.github.camelviamdata.service.TestService;
import io.github.camelviamdata.support.ViamDataTestSupport;
import io.grpc.Status;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.LongStream;
import org.apache.camel.Exchange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What stands between a client and the service. */
@Timeout(60)
class ReachingTheServiceTest extends ViamDataTestSupport {

    private static final byte[] BODY = {1, 2, 3};

    private static String through(int port, String... options) {
        return "viamdata:" + PART + "?host=localhost&plaintext=true&port=" + port + "&" + CAMERA + "&"
                + String.join("&", options);
    }

    /** As by a balancer whose back end is dead. */
    @Test
    void aConnectionThatNeverAnswersIsReplaced() throws Exception {
        try (FaultyProxy proxy = new FaultyProxy(service.port(), LongStream.generate(() -> Long.MAX_VALUE))) {
            proxy.fallSilent();
            String uri = through(proxy.port(), "maxAttempts=1", "requestTimeout=3000");
            assertThat(send(uri, BODY, Map.of()).getException()).isInstanceOf(ViamDataUnavailableException.class);
            proxy.answerAgain();

            upload(uri, BODY, Map.of());
        }
    }

    @Test
    void aConnectionThatNeverAnswersIsReplacedForTheNextAttempt() throws Exception {
        try (FaultyProxy proxy = new FaultyProxy(service.port(), LongStream.generate(() -> Long.MAX_VALUE))) {
            proxy.fallSilent();
            String uri = through(proxy.port(), "maxAttempts=2", "requestTimeout=3000", "retryDelay=1");
            var uploading = template.asyncSend(uri, e -> e.getMessage().setBody(BODY));
            await().until(() -> service.connections() == 0);
            await().until(() -> proxy.connections() == 1);
            proxy.answerAgain();

            Exchange exchange = uploading.get();

            assertThat(exchange.getException()).isNull();
            assertThat(exchange.getMessage().getHeader(ViamDataConstants.ATTEMPTS))
                    .isEqualTo(2);
        }
    }

    /** gRPC's own wait before it connects again has grown to seconds by then. */
    @Test
    void uploadsWithOneAttemptSucceedSoonAfterTheServiceIsBack() throws Exception {
        String uri = uri(CAMERA, "maxAttempts=1");
        int port = service.port();
        upload(uri, BODY, Map.of());
        service.close();
        long away = System.nanoTime();
        await().pollInterval(Duration.ofMillis(100))
                .until(() -> send(uri, BODY, Map.of()).isFailed() && System.nanoTime() - away > 6_000_000_000L);
        AtomicInteger failures = new AtomicInteger();

        try (TestService back = TestService.plaintext(port)) {
            await().pollInterval(Duration.ofMillis(300)).until(() -> {
                boolean failed = send(uri, BODY, Map.of()).isFailed();
                failures.addAndGet(failed ? 1 : 0);
                return !failed;
            });

            assertThat(back.uploads()).hasSize(1);
        }
        assertThat(failures).hasValueLessThanOrEqualTo(2);
    }

    /** An ingress without a back end; gRPC makes UNIMPLEMENTED of it. */
    @ParameterizedTest
    @ValueSource(strings = {"unary", "streaming"})
    void anAnswerThatIsNotOfTheServiceIsNoRefusal(String mode) throws Exception {
        try (ServerSocket listener = new ServerSocket(0, 50, InetAddress.getByName("localhost"))) {
            Thread ingress = new Thread(() -> answerNotFound(listener));
            ingress.setDaemon(true);
            ingress.start();

            ViamDataUnavailableException exception = refused(
                    ViamDataUnavailableException.class,
                    through(listener.getLocalPort(), "maxAttempts=1", "uploadMode=" + mode),
                    BODY,
                    Map.of());

            assertThat(exception).hasMessageContaining("404");
        }
    }

    private static void answerNotFound(ServerSocket listener) {
        try (RawHttp2 server = RawHttp2.accept(listener.accept())) {
            server.acknowledgeSettings();
            int stream = server.readUntil(RawHttp2.HEADERS).stream();
            server.headers(stream, true, ":status", "404", "content-type", "text/plain");
            server.readUntil(RawHttp2.GOAWAY);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void anAnswerOfTheServiceThatItKnowsNoSuchCallIsARefusal() {
        service.answering(call -> Status.UNIMPLEMENTED);

        ViamDataRejectedException exception =
                refused(ViamDataRejectedException.class, uri(CAMERA, "maxAttempts=3"), BODY, Map.of());

        assertThat(exception.getDelivery()).isEqualTo(ViamDataDelivery.refused);
        assertThat(service.uploads()).hasSize(1);
    }

    /** The name is one that nobody resolves: only the proxy is asked for it. */
    @Test
    void aProxyThatRefusesIsNamed() throws Exception {
        try (ServerSocket proxy = new ServerSocket(0, 50, InetAddress.getByName("127.0.0.1"))) {
            CompletableFuture<String> asked = CompletableFuture.supplyAsync(() -> {
                try (Socket socket = proxy.accept()) {
                    String first = new BufferedReader(new InputStreamReader(socket.getInputStream())).readLine();
                    socket.getOutputStream().write("HTTP/1.1 403 Forbidden\r\n\r\n".getBytes(US_ASCII));
                    return first;
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            });
            Exchange exchange = throughProxy(
                    proxy,
                    () -> send(
                            "viamdata:" + PART + "?host=viam.invalid&accessToken=t&maxAttempts=1&" + CAMERA,
                            BODY,
                            Map.of()));

            assertThat(asked.get(30, TimeUnit.SECONDS)).isEqualTo("CONNECT viam.invalid:443 HTTP/1.1");
            assertThat(exchange.getException())
                    .isInstanceOf(ViamDataUnavailableException.class)
                    .hasMessageContaining("Check the proxy")
                    .hasMessageContaining("https.proxyHost");
        }
    }

    private static <T> T throughProxy(ServerSocket proxy, Supplier<T> work) {
        Map<String, String> set = Map.of(
                "https.proxyHost", "127.0.0.1",
                "https.proxyPort", String.valueOf(proxy.getLocalPort()),
                "http.nonProxyHosts", "");
        Map<String, Optional<String>> before = set.keySet().stream()
                .collect(Collectors.toMap(name -> name, name -> Optional.ofNullable(System.getProperty(name))));
        set.forEach(System::setProperty);
        try {
            return work.get();
        } finally {
            before.forEach((name, value) ->
                    value.ifPresentOrElse(old -> System.setProperty(name, old), () -> System.clearProperty(name)));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"localhost", "127.0.0.1"})
    void plaintextToThisMachineUsesNoProxy(String host) throws Exception {
        AtomicInteger seen = new AtomicInteger();
        try (ServerSocket proxy = new ServerSocket(0, 50, InetAddress.getByName("127.0.0.1"))) {
            Thread accepting = new Thread(() -> {
                try {
                    while (true) {
                        proxy.accept().close();
                        seen.incrementAndGet();
                    }
                } catch (IOException e) {
                    return;
                }
            });
            accepting.setDaemon(true);
            accepting.start();
            Exchange exchange = throughProxy(
                    proxy,
                    () -> send(
                            "viamdata:" + PART + "?host=" + host + "&plaintext=true&maxAttempts=1&port="
                                    + service.port() + "&" + CAMERA + "&apiKeyId=id&apiKey=key",
                            BODY,
                            Map.of()));

            assertThat(seen).hasValue(0);
            assertThat(exchange.getException()).isNull();
        }
    }
}
