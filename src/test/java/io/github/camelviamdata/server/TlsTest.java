// Copyright the camel-viamdata authors. SPDX-License-Identifier: Apache-2.0
package io.github.camelviamdata.server;

import static io.github.camelviamdata.server.Failures.assertFails;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.camelviamdata.Shows;
import io.github.camelviamdata.TestTls;
import io.grpc.Status;
import java.nio.file.Path;
import org.apache.camel.support.jsse.SSLContextParameters;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TlsTest {

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
}
