// Copyright the camel-viamdata authors. SPDX-License-Identifier: Apache-2.0
package io.github.camelviamdata.server;

import static io.github.camelviamdata.server.Failures.assertFails;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.camelviamdata.support.Shows;
import io.github.camelviamdata.support.TestTls;
import io.grpc.Status;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.SSLSocketFactory;
import org.apache.camel.support.jsse.SSLContextParameters;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TlsTest {

    private static final int ALERT = 21;
    private static final int HANDSHAKE = 22;

    @TempDir
    Path directory;

    @TempDir
    Path elsewhere;

    private TestServer server(SSLContextParameters tls) throws Exception {
        TestServer server = new TestServer();
        server.context.getRegistry().bind("tls", tls);
        return server.start(
                "viamdata-server:localhost:0?sslContextParameters=#tls", route -> route.process(server::record));
    }

    private static TestClient client(TestServer server, SSLContextParameters tls) throws Exception {
        return TestClient.tls(server.port(), tls, server.context);
    }

    @Test
    @Shows("sslContextParameters")
    void takesTheKeyOfTheParameters() throws Exception {
        try (TestServer server = server(TestTls.server(directory));
                TestClient trusting = client(server, TestTls.client(directory));
                TestClient distrusting = client(server, TestTls.client(elsewhere));
                TestClient plaintext = server.client()) {
            trusting.blocking().dataCaptureUpload(TestClient.picture());

            assertFails(Status.Code.UNAVAILABLE, () -> distrusting.blocking().dataCaptureUpload(TestClient.picture()));
            assertFails(Status.Code.UNAVAILABLE, () -> plaintext.blocking().dataCaptureUpload(TestClient.picture()));
            assertThat(server.received).hasSize(1);
        }
    }

    @Test
    void requiresTheCertificateOfTheClient() throws Exception {
        try (TestServer server = server(TestTls.serverRequiringClientCertificate(directory));
                TestClient known = client(server, TestTls.clientWithCertificate(directory));
                TestClient anonymous = client(server, TestTls.client(directory))) {
            known.blocking().dataCaptureUpload(TestClient.picture());

            assertFails(Status.Code.UNAVAILABLE, () -> anonymous.blocking().dataCaptureUpload(TestClient.picture()));
            assertThat(server.received).hasSize(1);
        }
    }

    @Test
    @Shows("useGlobalSslContextParameters")
    void mayTakeTheGlobalParameters() throws Exception {
        try (TestServer server = new TestServer()) {
            server.context.setSSLContextParameters(TestTls.server(directory));
            server.context
                    .getComponent("viamdata-server", ViamDataServerComponent.class)
                    .setUseGlobalSslContextParameters(true);
            server.start("viamdata-server:localhost:0", route -> route.process(server::record));
            try (TestClient client = client(server, TestTls.client(directory))) {
                client.blocking().dataCaptureUpload(TestClient.picture());
            }
        }
    }

    @Test
    void componentParametersAreTheDefault() throws Exception {
        try (TestServer server = new TestServer()) {
            server.context
                    .getComponent("viamdata-server", ViamDataServerComponent.class)
                    .setSslContextParameters(TestTls.server(directory));
            server.start("viamdata-server:localhost:0", route -> route.process(server::record));
            try (TestClient client = client(server, TestTls.client(directory))) {
                client.blocking().dataCaptureUpload(TestClient.picture());
            }
        }
    }

    @ParameterizedTest
    @CsvSource({
        "true,  false, sslContextParameters=#tls,                  tls",
        "true,  false, plaintext=false,                            none",
        "true,  true,  plaintext=false,                            tls",
        "true,  true,  plaintext=true,                             plaintext",
        "true,  true,  tokenLifetime=1h,                           refused",
        "false, true,  tokenLifetime=1h,                           tls",
        "false, true,  plaintext=false,                            tls",
        "false, true,  plaintext=true,                             plaintext",
        "false, true,  sslContextParameters=#tls&plaintext=true,   refused",
        "true,  false, sslContextParameters=#tls&plaintext=true,   refused"
    })
    void anEndpointReplacesWhatTheComponentSaysOfTls(boolean plaintext, boolean tls, String options, String expected)
            throws Exception {
        try (TestServer server = new TestServer()) {
            server.context.getRegistry().bind("tls", new SSLContextParameters());
            server.context.setSSLContextParameters(new SSLContextParameters());
            ViamDataServerComponent component =
                    server.context.getComponent("viamdata-server", ViamDataServerComponent.class);
            component.setPlaintext(plaintext);
            component.setUseGlobalSslContextParameters(tls);

            ViamDataServerEndpoint endpoint =
                    server.context.getEndpoint("viamdata-server:localhost:0?" + options, ViamDataServerEndpoint.class);

            assertThat(expected)
                    .isEqualTo(
                            endpoint.getSslContextParameters() == null
                                    ? endpoint.isPlaintext() ? "plaintext" : "none"
                                    : endpoint.isPlaintext() ? "refused" : "tls");
            if (expected.equals("refused")) {
                assertThatThrownBy(() -> ServerRules.check(endpoint)).hasMessageContaining("contradicts");
            } else {
                ServerRules.check(endpoint);
            }
        }
    }

    @Test
    void speaks12And13AndNothingOlder() throws Exception {
        try (TestServer server = server(TestTls.server(directory))) {
            List<Integer> answers = new ArrayList<>();
            for (int version = 1; version <= 3; version++) {
                try (Socket socket = new Socket("localhost", server.port())) {
                    socket.getOutputStream().write(hello(version));
                    answers.add(socket.getInputStream().read());
                }
            }

            assertThat(answers).containsExactly(ALERT, ALERT, HANDSHAKE);
            SSLSocketFactory sockets =
                    TestTls.client(directory).createSSLContext(server.context).getSocketFactory();
            for (String version : List.of("TLSv1.2", "TLSv1.3")) {
                try (SSLSocket socket = (SSLSocket) sockets.createSocket("localhost", server.port())) {
                    socket.setEnabledProtocols(new String[] {version});
                    socket.startHandshake();

                    assertThat(socket.getSession().getProtocol()).isEqualTo(version);
                }
            }
        }
    }

    /** The first message of a client: RFC 5246, section 7.4.1.2. */
    private static byte[] hello(int version) {
        ByteBuffer hello = ByteBuffer.allocate(200);
        hello.put(new byte[] {22, 3, 1, 0, 0, 1, 0, 0, 0, 3, (byte) version}).put(new byte[32]);
        // No session; ECDHE with RSA and ECDSA, each with AES-128 in CBC and in GCM; no compression.
        byte c0 = (byte) 0xc0;
        byte[] suites = {0, 8, c0, 0x13, c0, 0x09, c0, 0x2f, c0, 0x2b};
        hello.put((byte) 0).put(suites).put(new byte[] {1, 0});
        int extensions = hello.position();
        hello.putShort((short) 0);
        // Groups: secp256r1. Signatures: RSA and ECDSA with SHA-256.
        hello.put(new byte[] {0, 10, 0, 4, 0, 2, 0, 23}).put(new byte[] {0, 13, 0, 8, 0, 6, 4, 1, 4, 3, 8, 4});
        int end = hello.position();
        hello.putShort(extensions, (short) (end - extensions - 2));
        hello.putShort(3, (short) (end - 5)).putShort(7, (short) (end - 9));
        return Arrays.copyOf(hello.array(), end);
    }
}
