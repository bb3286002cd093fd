// Copyright the camel-viamdata authors. SPDX-License-Identifier: Apache-2.0
package io.github.camelviamdata.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.camelviamdata.ViamDataUploadMode;
import io.github.camelviamdata.service.FileHost;
import io.github.camelviamdata.service.FileHost.Answer;
import io.github.camelviamdata.support.TestTls;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.apache.camel.impl.DefaultCamelContext;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Where the access token goes when bytes are fetched from a service with TLS. */
class DownloadTlsTest {

    private static final byte[] BYTES = "bytes".getBytes(StandardCharsets.UTF_8);

    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor();
    private final UploadSettings how = new UploadSettings(
            ViamDataUploadMode.auto,
            1000,
            1000,
            Duration.ofSeconds(30),
            Duration.ofSeconds(30),
            1,
            Duration.ofMillis(1),
            Duration.ofMillis(1),
            Duration.ZERO);

    private FileHost secure;
    private FileHost open;
    private ViamDataClient client;

    @BeforeEach
    void start(@TempDir Path directory) throws Exception {
        try (DefaultCamelContext context = new DefaultCamelContext()) {
            secure = FileHost.tls(TestTls.server(directory).createSSLContext(context));
            open = FileHost.start().answering(request -> Answer.bytes(BYTES));
            secure.answering(request -> Answer.bytes(BYTES));
            client = new ViamDataClient(
                    new ClientSettings(
                            "localhost",
                            443,
                            false,
                            null,
                            new Credential.AccessToken("the-token"),
                            1,
                            1,
                            Duration.ofMinutes(1),
                            Duration.ofMinutes(1),
                            Duration.ZERO),
                    TestTls.client(directory).createSSLContext(context),
                    threads,
                    timer);
        }
    }

    @AfterEach
    void stop() {
        client.close();
        secure.close();
        open.close();
        threads.shutdownNow();
        timer.shutdownNow();
    }

    private byte[] download(String uri) throws Exception {
        return client.download(uri, (InputStream bytes, long length) -> bytes.readAllBytes(), how)
                .toCompletableFuture()
                .get(1, TimeUnit.MINUTES);
    }

    @Test
    void theHostOfTheServiceGetsTheToken() throws Exception {
        assertThat(download("https://localhost:" + secure.port() + "/data")).isEqualTo(BYTES);

        assertThat(secure.requests().get(0).header("Authorization")).isEqualTo("Bearer the-token");
    }

    @Test
    void anotherHostDoesNot() throws Exception {
        assertThat(download("https://127.0.0.1:" + secure.port() + "/data")).isEqualTo(BYTES);

        assertThat(secure.requests().get(0).header("Authorization")).isNull();
    }

    @Test
    void aNameOfTheServiceBeforeAnotherHostIsNoHost() throws Exception {
        download("https://localhost@127.0.0.1:" + secure.port() + "/data");

        assertThat(secure.requests().get(0).header("Authorization")).isNull();
    }

    @Test
    void nothingIsAskedWithoutTls() {
        assertThatThrownBy(() -> download("http://localhost:" + open.port() + "/data"))
                .hasMessageContaining("no place with TLS");

        assertThat(open.requests()).isEmpty();
    }

    @Test
    void aRedirectToAPlaceWithoutTlsIsNotFollowed() {
        secure.answering(request -> Answer.redirect("http://localhost:" + open.port() + "/data?signature=secret"));

        assertThatThrownBy(() -> download("https://localhost:" + secure.port() + "/data"))
                .hasMessageContaining("redirects to a place without TLS")
                .hasMessageNotContaining("secret");

        assertThat(open.requests()).isEmpty();
    }

    @Test
    void whatIsNoUriIsNotShown() {
        assertThatThrownBy(() -> download("https://local host/?signature=secret"))
                .hasMessageContaining("no place with TLS")
                .hasMessageNotContaining("secret");
    }
}
