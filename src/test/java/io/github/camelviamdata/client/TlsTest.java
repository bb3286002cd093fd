// Copyright the camel-viamdata authors. SPDX-License-Identifier: Apache-2.0
package io.github.camelviamdata.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.github.camelviamdata.ViamDataAuthenticationException;
import io.github.camelviamdata.ViamDataComponent;
import io.github.camelviamdata.ViamDataConfiguration;
import io.github.camelviamdata.ViamDataConstants;
import io.github.camelviamdata.ViamDataOperation;
import io.github.camelviamdata.ViamDataUnavailableException;
import io.github.camelviamdata.server.ViamDataServerConstants;
import io.github.camelviamdata.service.TestCall;
import io.github.camelviamdata.service.TestService;
import io.github.camelviamdata.support.Shows;
import io.github.camelviamdata.support.TestTls;
import io.github.camelviamdata.transport.Http2Tls;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Collectors;
import org.apache.camel.Exchange;
import org.apache.camel.RoutesBuilder;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.component.mock.MockEndpoint;
import org.apache.camel.support.PropertyBindingSupport;
import org.apache.camel.support.jsse.KeyStoreParameters;
import org.apache.camel.support.jsse.SSLContextParameters;
import org.apache.camel.test.junit5.CamelTestSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Uploads over TLS. */
class TlsTest extends CamelTestSupport {

    private static final String PART = "INSERT-YOUR-PART-ID";
    private static final String KEYS = "my-id=my-key";

    @TempDir
    static Path directory;

    @Override
    protected RoutesBuilder createRouteBuilder() {
        return new RouteBuilder() {
            @Override
            public void configure() {
                getContext().getRegistry().bind("server", TestTls.server(directory));
                getContext().getRegistry().bind("strict", TestTls.serverRequiringClientCertificate(directory));
                getContext().getRegistry().bind("trust", TestTls.client(directory));
                getContext().getRegistry().bind("identity", TestTls.clientWithCertificate(directory));
                from("viamdata-server:localhost:0?sslContextParameters=#server&apiKey=" + KEYS)
                        .routeId("service")
                        .to("mock:received");
                from("viamdata-server:0.0.0.0:0?sslContextParameters=#server&apiKey=" + KEYS)
                        .routeId("any")
                        .to("mock:received");
                from("viamdata-server:localhost:0?sslContextParameters=#strict&apiKey=" + KEYS)
                        .routeId("strict")
                        .to("mock:received");
            }
        };
    }

    private String uri(String route, String options) {
        int port = ((io.github.camelviamdata.server.ViamDataServerConsumer)
                        context.getRoute(route).getConsumer())
                .getPort();
        return "viamdata:" + PART + "?host=localhost&port=" + port
                + "&apiKeyId=my-id&apiKey=my-key&maxAttempts=1&componentType=camera&componentName=my_camera"
                + "&methodName=GetImages&fileExtension=.jpg&" + options;
    }

    private Exchange send(String uri) {
        return template.send(uri, exchange -> exchange.getMessage().setBody("x"));
    }

    /** The example in Viam's documentation of BinaryDataCaptureUpload, end to end. */
    @Test
    @Shows("sslContextParameters")
    void theExampleOfTheDocumentationArrives() throws Exception {
        MockEndpoint received = getMockEndpoint("mock:received");
        received.expectedMessageCount(1);

        Exchange sent = template.send(uri("service", "sslContextParameters=#trust&tags=tag_1,tag_2"), exchange -> {
            exchange.getMessage().setBody("Encoded image bytes".getBytes(StandardCharsets.UTF_8));
            exchange.getMessage().setHeader(ViamDataConstants.TIME_REQUESTED, "2023-06-05T11:00:00Z");
            exchange.getMessage().setHeader(ViamDataConstants.TIME_RECEIVED, "2023-06-05T11:00:03Z");
        });

        received.assertIsSatisfied();
        Exchange arrived = received.getExchanges().get(0);
        assertThat(arrived.getMessage().getBody()).isEqualTo("Encoded image bytes".getBytes(StandardCharsets.UTF_8));
        assertThat(arrived.getMessage().getHeaders())
                .hasSize(11)
                .containsEntry(ViamDataServerConstants.API_KEY_ID, "my-id")
                .containsEntry(ViamDataConstants.VERBATIM, true)
                .containsAllEntriesOf(Map.of(
                        ViamDataConstants.OPERATION,
                        ViamDataOperation.binary,
                        ViamDataConstants.PART_ID,
                        PART,
                        ViamDataConstants.COMPONENT_TYPE,
                        "camera",
                        ViamDataConstants.COMPONENT_NAME,
                        "my_camera",
                        ViamDataConstants.METHOD_NAME,
                        "GetImages",
                        ViamDataConstants.TAGS,
                        List.of("tag_1", "tag_2"),
                        ViamDataConstants.TIME_REQUESTED,
                        Instant.parse("2023-06-05T11:00:00Z"),
                        ViamDataConstants.TIME_RECEIVED,
                        Instant.parse("2023-06-05T11:00:03Z"),
                        ViamDataConstants.FILE_EXTENSION,
                        ".jpg"));
        assertThat(sent.getException()).isNull();
        assertThat(sent.getMessage().getHeader(ViamDataConstants.FILE_ID, String.class))
                .matches("[0-9a-f-]{36}/[^/]+/[^/]+");
    }

    @Test
    void aWrongKeyIsRefused() {
        assertThat(send(uri("service", "sslContextParameters=#trust").replace("my-key", "other-key"))
                        .getException())
                .isInstanceOf(ViamDataAuthenticationException.class)
                .hasMessageContaining("Authenticate ended in PERMISSION_DENIED");
    }

    @Test
    @Shows("useGlobalSslContextParameters")
    void theContextGivesTlsSettings() {
        context.setSSLContextParameters(context.getRegistry().lookupByNameAndType("trust", SSLContextParameters.class));
        assertThat(send(uri("service", "tags=own-trust")).getException())
                .isInstanceOf(ViamDataUnavailableException.class);

        context.getComponent("viamdata", ViamDataComponent.class).setUseGlobalSslContextParameters(true);
        assertThat(send(uri("service", "tags=global-trust")).getException()).isNull();
    }

    @Test
    void theJavaRuntimesTrustIsTheDefault() {
        assertThat(send(uri("service", "tags=a")).getException())
                .isInstanceOf(ViamDataUnavailableException.class)
                .hasMessageContaining("unable to find valid certification path");
    }

    @Test
    void theHostNameIsVerified() {
        // The server listens there too, on Linux, but its certificate is for localhost and 127.0.0.1.
        assertThat(send(uri("service", "sslContextParameters=#trust").replace("host=localhost", "host=127.0.0.1"))
                        .getException())
                .isNull();
        assertThat(send(uri("any", "sslContextParameters=#trust").replace("host=localhost", "host=127.0.0.2"))
                        .getException())
                .isInstanceOf(ViamDataUnavailableException.class)
                .hasMessageContaining("No subject alternative names matching IP address 127.0.0.2");
    }

    @Test
    void theHostNameIsVerifiedWithoutOptions() {
        assertThat(sendTrusted(uri("service", "tags=a")).getException()).isNull();
        assertThat(sendTrusted(uri("any", "tags=a").replace("host=localhost", "host=127.0.0.2"))
                        .getException())
                .isInstanceOf(ViamDataUnavailableException.class)
                .hasMessageContaining("No subject alternative names matching IP address 127.0.0.2");
    }

    /** All switches are turned round at once, those of the component and those of the endpoint. */
    @Test
    void noSwitchTurnsVerificationOff() throws Exception {
        JsonNode catalog;
        try (InputStream json = getClass().getResourceAsStream("/META-INF/io/github/camelviamdata/viamdata.json")) {
            catalog = new ObjectMapper().readTree(json);
        }
        Map<String, Object> component = turnedRound(catalog.get("componentProperties"));
        Map<String, Object> endpoint = turnedRound(catalog.get("properties"));
        assertThat(component).containsEntry("useGlobalSslContextParameters", true);
        assertThat(endpoint).containsEntry("lazyStartProducer", true);
        PropertyBindingSupport.bindProperties(context, context.getComponent("viamdata"), component);
        String options = endpoint.entrySet().stream().map(Object::toString).collect(Collectors.joining("&"));

        assertThat(send(uri("service", options)).getException())
                .hasMessageContaining("unable to find valid certification path");
        assertThat(sendTrusted(uri("any", options).replace("host=localhost", "host=127.0.0.2"))
                        .getException())
                .hasMessageContaining("No subject alternative names matching IP address 127.0.0.2");
    }

    private static Map<String, Object> turnedRound(JsonNode options) {
        Map<String, Object> turnedRound = new TreeMap<>();
        options.fields().forEachRemaining(option -> {
            if (option.getValue().get("type").asText().equals("boolean")
                    && !option.getKey().equals("plaintext")) {
                turnedRound.put(
                        option.getKey(), !option.getValue().get("defaultValue").asBoolean());
            }
        });
        return turnedRound;
    }

    /** With a Java runtime that trusts the server. */
    private Exchange sendTrusted(String uri) {
        KeyStoreParameters trust = TestTls.client(directory).getTrustManagers().getKeyStore();
        System.setProperty("javax.net.ssl.trustStore", trust.getResource().substring("file:".length()));
        System.setProperty("javax.net.ssl.trustStorePassword", trust.getPassword());
        try {
            return send(uri);
        } finally {
            System.clearProperty("javax.net.ssl.trustStore");
            System.clearProperty("javax.net.ssl.trustStorePassword");
        }
    }

    @Test
    void aClientCertificateIsShown() {
        assertThat(send(uri("strict", "sslContextParameters=#trust")).getException())
                .isInstanceOf(ViamDataUnavailableException.class);
        assertThat(send(uri("strict", "sslContextParameters=#identity")).getException())
                .isNull();
    }

    @Test
    @Shows("plaintext")
    void plaintextAndTlsDoNotUnderstandEachOther() throws Exception {
        try (TestService plaintext = TestService.plaintext()) {
            String options = "&apiKeyId=i&apiKey=k&componentType=c&componentName=n&methodName=m&fileExtension=x"
                    + "&maxAttempts=1&host=localhost&port=" + plaintext.port();
            assertThat(send("viamdata:p?plaintext=true" + options).getException())
                    .isNull();
            assertThat(send("viamdata:p?plaintext=false" + options).getException())
                    .isInstanceOf(ViamDataUnavailableException.class);
        }
    }

    @Test
    void anEndpointReplacesWhatTheComponentSaysOfTls() throws Exception {
        ViamDataConfiguration defaults =
                context.getComponent("viamdata", ViamDataComponent.class).getConfiguration();
        defaults.setPlaintext(true);
        assertThat(send(uri("service", "tags=a")).getException()).isInstanceOf(ViamDataUnavailableException.class);
        assertThat(send(uri("service", "sslContextParameters=#trust")).getException())
                .isNull();

        defaults.setSslContextParameters(
                context.getRegistry().lookupByNameAndType("trust", SSLContextParameters.class));
        assertThat(send(uri("service", "plaintext=false")).getException()).isNull();
        try (TestService plaintext = TestService.plaintext()) {
            defaults.setPlaintext(false);
            assertThat(send(uri("service", "tags=b")).getException()).isNull();
            assertThat(send("viamdata:p?operation=file&" + plaintext.options()).getException())
                    .isNull();
        }
    }

    @Test
    void aBrokenKeyStoreIsNamedAtStart() {
        SSLContextParameters broken = TestTls.client(directory);
        broken.getTrustManagers().getKeyStore().setPassword("wrong");
        context.getRegistry().bind("broken", broken);

        assertThat(org.assertj.core.api.Assertions.catchThrowable(
                        () -> send(uri("service", "sslContextParameters=#broken"))))
                .hasStackTraceContaining("Cannot set up TLS from sslContextParameters");
    }

    @Test
    void largePayloadsStreamOverTls() throws Exception {
        try (TestService tls =
                TestService.tls(Http2Tls.forServer(TestTls.server(directory).createSSLContext(context)))) {
            byte[] bytes = new byte[20_000_000];
            new java.util.Random(1).nextBytes(bytes);
            Exchange exchange = template.send(
                    "viamdata:p?host=localhost&sslContextParameters=#trust&apiKeyId=i&apiKey=k&operation=file&port="
                            + tls.port(),
                    message -> message.getMessage().setBody(bytes));

            assertThat(exchange.getException()).isNull();
            TestCall call = tls.onlyUpload();
            assertThat(call.payload()).isEqualTo(bytes);
            await().until(call::isHalfClosed);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "&sslContextParameters=#trust"})
    void noVersionBefore12IsOffered(String options) throws Exception {
        try (ServerSocket peer = new ServerSocket(0, 1, InetAddress.getByName("localhost"))) {
            CompletableFuture<byte[]> hello = CompletableFuture.supplyAsync(() -> {
                try (Socket socket = peer.accept()) {
                    DataInputStream in = new DataInputStream(socket.getInputStream());
                    in.skipNBytes(3);
                    return in.readNBytes(in.readUnsignedShort());
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            });
            send("viamdata:p?host=localhost&accessToken=t&maxAttempts=1&operation=file&port=" + peer.getLocalPort()
                    + options);

            assertThat(versions(hello.join())).containsExactlyInAnyOrder(0x0303, 0x0304);
        }
    }

    /** The versions of TLS in the first message of a client: RFC 8446, sections 4.1.2 and 4.2.1. */
    private static List<Integer> versions(byte[] message) {
        ByteBuffer hello = ByteBuffer.wrap(message).position(4);
        List<Integer> versions = new ArrayList<>(List.of(hello.getShort() & 0xffff));
        hello.position(hello.position() + 32);
        hello.position(hello.get() + hello.position());
        hello.position(hello.getShort() + hello.position());
        hello.position(hello.get() + hello.position());
        hello.getShort();
        while (hello.hasRemaining()) {
            int type = hello.getShort();
            ByteBuffer extension = hello.slice(hello.position() + 2, hello.getShort() & 0xffff);
            hello.position(hello.position() + extension.capacity());
            if (type == 43) {
                versions.clear();
                extension.get();
                while (extension.hasRemaining()) {
                    versions.add(extension.getShort() & 0xffff);
                }
                // BoringSSL adds one that does not exist (RFC 8701).
                versions.removeIf(version -> (version & 0x0f0f) == 0x0a0a);
            }
        }
        return versions;
    }
}
