// Copyright the camel-viamdata authors. SPDX-License-Identifier: Apache-2.0
package io.github.camelviamdata.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.github.camelviamdata.ViamDataAuthenticationException;
import io.github.camelviamdata.ViamDataDelivery;
import io.github.camelviamdata.ViamDataException;
import io.github.camelviamdata.ViamDataOperation;
import io.github.camelviamdata.ViamDataRejectedException;
import io.grpc.Status;
import java.io.IOException;
import java.io.OutputStream;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.apache.camel.Exchange;
import org.apache.camel.ProducerTemplate;
import org.apache.camel.impl.DefaultCamelContext;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

@Timeout(60)
class ViamDataServerExtensionTest {

    private static final String CAMERA =
            "&componentType=camera&componentName=gate&methodName=GetImages&fileExtension=.jpg";

    @RegisterExtension
    static final ViamDataServerExtension viam = new ViamDataServerExtension();

    private static int port;

    private final DefaultCamelContext context = new DefaultCamelContext();
    private final ProducerTemplate template = context.createProducerTemplate();

    @BeforeEach
    void startContext() {
        context.start();
    }

    @AfterEach
    void stopContext() {
        context.stop();
    }

    private Exchange send(String options, Object body) {
        return template.send(
                "viamdata:part?" + viam.options() + CAMERA + options,
                exchange -> exchange.getMessage().setBody(body));
    }

    @Test
    void keepsWhatItReceived() {
        send("&tags=a,b", "picture");
        send("&operation=tabular&wrapReadings=false", List.of(Map.of("level", 0.5)));
        send("&operation=file&uploadMode=streaming", "file");

        assertThat(viam.received())
                .extracting(ReceivedUpload::operation)
                .containsExactly(ViamDataOperation.binary, ViamDataOperation.tabular, ViamDataOperation.file);
        ReceivedUpload picture = viam.received().get(0);
        assertThat(picture.text()).isEqualTo("picture");
        assertThat(picture.partId()).isEqualTo("part");
        assertThat(picture.componentName()).isEqualTo("gate");
        assertThat(picture.fileName()).isNull();
        assertThat(picture.tags()).containsExactly("a", "b");
        assertThatThrownBy(picture::readings).isInstanceOf(IllegalStateException.class);
        ReceivedUpload readings = viam.received().get(1);
        assertThat(readings.readings()).containsExactly(Map.of("level", 0.5));
        assertThat(readings.tags()).isEmpty();
        assertThatThrownBy(readings::bytes).isInstanceOf(IllegalStateException.class);
        assertThat(viam.received().get(2).text()).isEqualTo("file");
    }

    @Test
    void acceptsItsOwnKeyOnly() {
        Exchange exchange = template.send(
                "viamdata:part?" + viam.options().replace(viam.apiKey(), "another") + CAMERA,
                sent -> sent.getMessage().setBody("picture"));

        assertThat(exchange.getException()).isInstanceOf(ViamDataAuthenticationException.class);
        assertThat(viam.received()).isEmpty();
    }

    @Test
    void failsAsManyUploadsAsItIsToldTo() {
        viam.failNext(Status.Code.UNAVAILABLE);
        viam.failNext(Status.Code.INVALID_ARGUMENT);

        Exchange repeated = send("&retryDelay=1", "repeated");
        Exchange stored = send("", "stored");

        assertThat(repeated.getException())
                .isInstanceOfSatisfying(
                        ViamDataRejectedException.class,
                        failure -> assertThat(failure.getStatus()).isEqualTo(Status.Code.INVALID_ARGUMENT));
        assertThat(stored.getException()).isNull();
        assertThat(viam.received()).extracting(ReceivedUpload::text).containsExactly("stored");
        assertThatThrownBy(() -> viam.failNext(Status.Code.OK)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void anUploadWhoseAnswerIsLostIsKept() {
        viam.loseAnswer();

        Exchange unknown = send("&maxAttempts=1", "first");
        Exchange stored = send("", "second");

        assertThat(unknown.getException())
                .isInstanceOfSatisfying(
                        ViamDataException.class,
                        failure -> assertThat(failure.getDelivery()).isEqualTo(ViamDataDelivery.unknown));
        assertThat(stored.getException()).isNull();
        assertThat(viam.received()).extracting(ReceivedUpload::text).containsExactly("first", "second");
    }

    @Test
    void holdsAnswersUntilTheyAreReleased() {
        viam.hold();
        CompletableFuture<Exchange> held = CompletableFuture.supplyAsync(() -> send("", "held"));

        await().atMost(Duration.ofSeconds(30)).until(() -> viam.received().size() == 1);
        assertThat(held).isNotDone();
        viam.release();
        assertThat(held.join().getException()).isNull();
    }

    @Test
    void aTestStartsWithNothingOfTheOnesBefore() {
        assertThat(viam.received()).isEmpty();
        viam.failNext(Status.Code.UNAVAILABLE);
        viam.hold();
        send("&maxAttempts=1&requestTimeout=100", "lost");

        viam.reset();

        send("&maxAttempts=1", "stored");
        assertThat(viam.received()).extracting(ReceivedUpload::text).containsExactly("stored");
    }

    @Nested
    class OneServer {

        @Test
        void servesNestedClassesToo() {
            port = port == 0 ? viam.port() : port;
            assertThat(send("", "nested").getException()).isNull();
        }
    }

    @Nested
    class AnotherOne {

        @Test
        void stillHasItsPort() {
            port = port == 0 ? viam.port() : port;
            assertThat(viam.port()).isEqualTo(port);
        }
    }

    @Nested
    class InAnInstanceField {

        // To the server of the test before. Its port may have gone to another process.
        private static Socket earlier;

        @RegisterExtension
        final ViamDataServerExtension own = new ViamDataServerExtension();

        // Asked for before the extension has had its turn, as the options of a route under test are.
        private final int port = own.port();

        @AfterAll
        static void closeConnection() throws IOException {
            earlier.close();
        }

        @Test
        void aServerServesOneTest() throws IOException {
            another();
        }

        @Test
        void theNextTestHasAnother() throws IOException {
            another();
        }

        private void another() throws IOException {
            assertThat(own.port()).isEqualTo(port);
            if (earlier != null) {
                assertThat(isEnded(earlier)).isTrue();
                earlier.close();
            }
            earlier = new Socket(own.host(), port);
        }

        private static boolean isEnded(Socket socket) throws IOException {
            socket.setSoTimeout(20_000);
            try {
                socket.getInputStream().transferTo(OutputStream.nullOutputStream());
                return true;
            } catch (SocketTimeoutException e) {
                return false;
            } catch (SocketException e) {
                // It was reset.
                return true;
            }
        }
    }
}
