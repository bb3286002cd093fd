// Copyright the camel-viamdata authors. SPDX-License-Identifier: Apache-2.0
package io.github.camelviamdata.server;

import static io.github.camelviamdata.server.Failures.assertFails;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import io.github.camelviamdata.proto.datasync.v1.DataCaptureUploadRequest;
import io.github.camelviamdata.proto.datasync.v1.SensorData;
import io.github.camelviamdata.support.LogCollector;
import io.github.camelviamdata.support.Shows;
import io.github.camelviamdata.support.TestTls;
import io.grpc.ServerServiceDefinition;
import io.grpc.Status;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import org.apache.camel.CamelContext;
import org.apache.camel.Consumer;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.camel.main.Main;
import org.apache.camel.util.SensitiveUtils;
import org.apache.camel.util.URISupport;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class StartTest {

    @TempDir
    static Path tls;

    private static CamelContext context;

    @TempDir
    Path directory;

    @BeforeAll
    static void startContext() {
        context = new DefaultCamelContext();
        context.getRegistry().bind("tls", TestTls.server(tls));
        context.getRegistry().bind("empty", Map.of());
        context.getRegistry().bind("number", 1);
        context.start();
    }

    @AfterAll
    static void stopContext() {
        context.stop();
    }

    /** gRPC would take the new one in place of the other, and refuse each upload. */
    @Test
    void anotherServiceDoesNotReplaceOneThatIsThere() {
        ViamDataServerEndpoint endpoint =
                context.getEndpoint("viamdata-server:localhost:0", ViamDataServerEndpoint.class);
        for (String name :
                List.of("viam.app.datasync.v1.DataSyncService", "proto.rpc.v1.AuthService", "grpc.health.v1.Health")) {
            assertThatThrownBy(() -> endpoint.addService(
                            () -> ServerServiceDefinition.builder(name).build()))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining(name);
        }
        endpoint.addService(() -> ServerServiceDefinition.builder("other").build());
        assertThatThrownBy(() -> endpoint.addService(
                        () -> ServerServiceDefinition.builder("other").build()))
                .hasMessageContaining("other already");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "0.0.0.0:0 | apiKey",
                "[::]:0 | apiKey",
                "0.0.0.0:0?plaintext=true | apiKey",
                "0.0.0.0:0?sslContextParameters=#tls | apiKey",
                "0.0.0.0:0?apiKey=id=key | sslContextParameters",
                "0.0.0.0:0?apiKey=id=key&sslContextParameters=#tls&plaintext=true | plaintext",
                "localhost:0?sslContextParameters=#tls&plaintext=true | plaintext",
                "localhost:0?apiKey= | apiKey",
                "localhost:0?apiKey=#empty | apiKey",
                "localhost:0?apiKey=secret | apiKey",
                "localhost:0?apiKey==secret | apiKey",
                "localhost:0?apiKey=secret= | apiKey",
                "localhost:0?apiKey=id=key,secret | entry 2 of the option apiKey",
                "localhost:0?apiKey=id=secret, | entry 2 of the option apiKey",
                "localhost:0?apiKey=id=secret,id=secret | entry 2 of the option apiKey",
                "localhost:0?apiKey=#number | apiKey",
                "localhost:0?tokenLifetime=999 | tokenLifetime",
                "localhost:0?maxInboundMessageSize=0 | maxInboundMessageSize",
                "localhost:0?maxUploadSize=0 | maxUploadSize",
                "localhost:0?maxConcurrentCalls=0 | maxConcurrentCalls",
                "localhost:0?shutdownTimeout=-1 | shutdownTimeout",
                "no-such-host.invalid:0?apiKey=id=key&plaintext=true | no-such-host.invalid:0: unknown host"
            })
    void refusesToStart(String uri, String text) throws Exception {
        Consumer consumer = consumer(uri);

        assertThatThrownBy(() -> consumer.start())
                .hasStackTraceContaining(text)
                .satisfies(failure -> assertThat(stackTrace(failure)).doesNotContain("secret"));
        consumer.stop();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "shutdownTimeout=soon",
                "tokenLifetime=soon",
                "maxUploadSize=much",
                "maxUploadSize=10GB",
                "maxConcurrentCalls=few",
                "maxInboundMessageSize=4294967297"
            })
    void refusesTextThatIsNoNumber(String option) {
        assertThatThrownBy(() -> consumer("localhost:0?" + option))
                .hasStackTraceContaining("The option " + option.replace("=", " is '") + "', which is ");
    }

    private static String stackTrace(Throwable failure) {
        StringWriter text = new StringWriter();
        failure.printStackTrace(new PrintWriter(text));
        return text.toString();
    }

    private static Consumer consumer(String uri) throws Exception {
        return context.getEndpoint("viamdata-server:" + uri).createConsumer(exchange -> {});
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "localhost",
                "8443",
                ":8443",
                "localhost:",
                "localhost:x",
                "localhost:-1",
                "localhost:65536",
                "::1:8443"
            })
    void refusesWhatIsNoHostAndPort(String path) {
        assertThatThrownBy(() -> consumer(path)).hasStackTraceContaining("viamdata-server:host:port");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "127.0.0.1:0",
                "//localhost:0",
                "0.0.0.0:0?apiKey=id=key&plaintext=true",
                "0.0.0.0:0?apiKey=id=key&sslContextParameters=#tls",
                "localhost:0?plaintext=true&apiKey=RAW(id=key&1)"
            })
    @Shows({"host", "plaintext"})
    void starts(String uri) throws Exception {
        ViamDataServerConsumer consumer = (ViamDataServerConsumer) consumer(uri);

        consumer.start();

        assertThat(consumer.getPort()).isPositive();
        consumer.stop();
    }

    @Test
    void listensOnIpv6() throws Exception {
        try (TestServer server = new TestServer()) {
            server.start("viamdata-server:[::1]:0", route -> route.process(server::record));

            assertThat(server.consumer().getEndpoint().getHost()).isEqualTo("::1");
            assertThat(server.consumer().getEndpoint().getServiceUrl()).isEqualTo("[::1]:0");
            assertThat(server.port()).isPositive();
        }
    }

    @Test
    @Shows("port")
    void namesTheAddressThatIsInUse() throws Exception {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"));
                TestServer server = new TestServer()) {
            String address = "127.0.0.1:" + taken.getLocalPort();

            assertThatThrownBy(() -> server.start("viamdata-server:" + address, route -> route.to("log:x")))
                    .hasStackTraceContaining("Cannot listen on " + address + ": ")
                    .hasStackTraceContaining("Address already in use");
        }
    }

    @Test
    void masksTheKeys() throws Exception {
        String uri = "viamdata-server:localhost:0?apiKey=id=secret,id2=secret2&plaintext=true";
        assertThat(URISupport.sanitizeUri(uri)).isEqualTo("viamdata-server:localhost:0?apiKey=xxxxxx&plaintext=true");
        try (TestServer server = new TestServer()) {
            server.start(uri, route -> route.to("log:x"));

            assertThat(server.consumer().getEndpoint()).asString().doesNotContain("secret");
            assertThat(server.consumer()).asString().doesNotContain("secret");
            // What Camel Main asks before it prints a property.
            assertThat(SensitiveUtils.containsSensitive("camel.component.viamdata-server.apiKey"))
                    .isTrue();
            assertThat(SensitiveUtils.containsSensitive("camel.component.viamdata-server.api-key"))
                    .isTrue();
        }
    }

    @Test
    @Shows("maxInboundMessageSize")
    void messagesAboveTheLimitAreRefused() throws Exception {
        try (TestServer server = TestServer.recording("?maxInboundMessageSize=1000");
                TestClient client = server.client()) {
            client.blocking().dataCaptureUpload(picture(900));
            assertFails(Status.Code.RESOURCE_EXHAUSTED, () -> client.blocking().dataCaptureUpload(picture(1000)));

            assertThat(server.received).hasSize(1);
        }
    }

    @Test
    void theDefaultLimitIsAbove31MiB() throws Exception {
        try (TestServer server = TestServer.recording("");
                TestClient client = server.client()) {
            client.blocking().dataCaptureUpload(picture(31 << 20));
            assertFails(Status.Code.RESOURCE_EXHAUSTED, () -> client.blocking().dataCaptureUpload(picture(32 << 20)));
        }
    }

    private static DataCaptureUploadRequest picture(int size) {
        return TestClient.picture().toBuilder()
                .setSensorContents(0, SensorData.newBuilder().setBinary(ByteString.copyFrom(new byte[size])))
                .build();
    }

    @Test
    void componentOptionsAreTheDefaultsOfEndpoints() throws Exception {
        Main main = new Main();
        main.addInitialProperty("camel.component.viamdata-server.apiKey", "id=key");
        main.addInitialProperty("camel.component.viamdata-server.plaintext", "true");
        main.addInitialProperty("camel.main.autoConfigurationLogSummary", "true");
        main.configure().addRoutesBuilder(new RouteBuilder() {
            @Override
            public void configure() {
                from("viamdata-server:0.0.0.0:0").routeId("one").to("log:x");
                from("viamdata-server:0.0.0.0:0?apiKey=id=other").routeId("two").to("log:x");
            }
        });
        main.start();
        try (TestClient one = client(main, "one");
                TestClient two = client(main, "two")) {
            assertThat(one.authenticate("id", "key")).isNotEmpty();
            assertFails(Status.Code.PERMISSION_DENIED, () -> two.authenticate("id", "key"));
            assertThat(two.authenticate("id", "other")).isNotEmpty();
        } finally {
            main.stop();
        }
    }

    @Test
    void noSecretIsLogged() throws Exception {
        Path properties = directory.resolve("application.properties");
        Files.writeString(properties, "camel.component.viamdata-server.apiKey = id=hidden-one\n");
        Main main = new Main();
        main.setPropertyPlaceholderLocations("file:" + properties);
        main.configure().addRoutesBuilder(new RouteBuilder() {
            @Override
            public void configure() {
                from("viamdata-server:localhost:0").routeId("one").to("log:x");
                from("viamdata-server:localhost:0?apiKey=id=hidden-two")
                        .routeId("two")
                        .to("log:x");
            }
        });
        String token;
        List<String> lines;
        try (LogCollector log = new LogCollector()) {
            main.start();
            try (TestClient two = client(main, "two")) {
                token = two.authenticate("id", "hidden-two");
                two.blocking("Bearer " + token).dataCaptureUpload(TestClient.picture());
            }
            main.stop();
            lines = log.linesWithoutCamelsOwn();
        }

        assertThat(lines)
                .anyMatch(line -> line.contains("camel.component.viamdata-server.apiKey = xxxxxx"))
                .anyMatch(line -> line.contains("authorization: xxxxxx"))
                .noneMatch(line -> line.contains("hidden") || line.contains(token))
                .noneMatch(line -> line.contains(HexFormat.of().formatHex("hidden".getBytes(StandardCharsets.UTF_8))));
    }

    private static TestClient client(Main main, String route) {
        ViamDataServerConsumer consumer =
                (ViamDataServerConsumer) main.getCamelContext().getRoute(route).getConsumer();
        return TestClient.plaintext(consumer.getPort());
    }
}
