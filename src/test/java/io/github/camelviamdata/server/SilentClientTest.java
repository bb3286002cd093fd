// Copyright the camel-viamdata authors. SPDX-License-Identifier: Apache-2.0
package io.github.camelviamdata.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.google.protobuf.ByteString;
import io.github.camelviamdata.service.FaultyProxy;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A client that lost its power closes no connection. The server notices, here after seconds, in real life after minutes. */
@Timeout(120)
class SilentClientTest {

    private static final UploadServer.Liveness SHORT =
            new UploadServer.Liveness(Duration.ofSeconds(1), Duration.ofSeconds(1), Duration.ofSeconds(5));

    @TempDir
    Path spool;

    private final ExecutorService executor = Executors.newCachedThreadPool();

    /** What the client is doing when it falls silent. */
    enum Moment {
        WITHIN_STREAMS {
            @Override
            void reach(TestClient client) {
                for (int i = 0; i < 3; i++) {
                    client.file().send(TestClient.fileMetadata(), TestClient.fileData(ByteString.copyFromUtf8("x")));
                }
            }
        },
        AFTER_AN_UPLOAD {
            @Override
            void reach(TestClient client) {
                client.blocking().dataCaptureUpload(TestClient.picture());
            }
        };

        abstract void reach(TestClient client);
    }

    @ParameterizedTest
    @EnumSource(Moment.class)
    @Execution(ExecutionMode.CONCURRENT)
    void leavesNothing(Moment moment) throws Exception {
        try (TestServer route = new TestServer()) {
            route.context.getStreamCachingStrategy().setSpoolDirectory(spool.toFile());
            route.start("viamdata-server:localhost:0", steps -> steps.process(route::record));
            UploadServer server = new UploadServer(route.consumer(), executor, SHORT);
            server.start();
            try (FaultyProxy network = new FaultyProxy(server.getPort(), LongStream.of(Long.MAX_VALUE));
                    TestClient client = TestClient.plaintext(network.port())) {
                moment.reach(client);
                int streams = moment == Moment.WITHIN_STREAMS ? 3 : 0;
                await().untilAsserted(() -> assertThat(Spooled.in(spool)).hasSize(streams));
                assertThat(network.connections()).isOne();

                network.fallSilent();

                await().atMost(Duration.ofSeconds(60)).untilAsserted(() -> {
                    assertThat(Spooled.in(spool)).isEmpty();
                    assertThat(server.statistics().inFlight()).isZero();
                    // Else it would be open for as long as TCP tries.
                    assertThat(network.connections()).as("open connections").isZero();
                    assertThat(server.statistics().connections()).isZero();
                });
            } finally {
                server.stop();
                executor.shutdownNow();
            }
        }
    }
}
