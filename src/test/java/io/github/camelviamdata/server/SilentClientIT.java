// Copyright the camel-viamdata authors. SPDX-License-Identifier: Apache-2.0
package io.github.camelviamdata.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.google.protobuf.ByteString;
import io.github.camelviamdata.service.FaultyProxy;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A client that lost its power closes no connection. Takes a minute and a half, as the server does to notice:
 * {@code mvn -B verify -Pheavy}.
 */
@Tag("heavy")
class SilentClientIT {

    @TempDir
    Path spool;

    private List<Path> spooled() throws IOException {
        return Spooled.in(spool);
    }

    @Test
    void leavesNothing() throws Exception {
        try (TestServer server = new TestServer()) {
            server.context.getStreamCachingStrategy().setSpoolDirectory(spool.toFile());
            server.start("viamdata-server:localhost:0", route -> route.process(server::record));
            try (FaultyProxy network = new FaultyProxy(server.port(), LongStream.of(Long.MAX_VALUE));
                    TestClient client = TestClient.plaintext(network.port())) {
                client.file().send(TestClient.fileMetadata(), TestClient.fileData(ByteString.copyFromUtf8("x")));
                await().untilAsserted(() -> assertThat(spooled()).hasSize(1));

                network.fallSilent();

                await().atMost(Duration.ofSeconds(100))
                        .untilAsserted(() -> assertThat(spooled()).isEmpty());
                assertThat(server.received).isEmpty();
                // Nor a connection, which would be open for as long as TCP tries.
                await().atMost(Duration.ofSeconds(40))
                        .untilAsserted(
                                () -> assertThat(server.consumer().statistics().connections())
                                        .isZero());
            }
        }
    }
}
