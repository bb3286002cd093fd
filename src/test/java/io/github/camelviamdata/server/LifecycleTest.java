// Copyright the camel-viamdata authors. SPDX-License-Identifier: Apache-2.0
package io.github.camelviamdata.server;

import static io.github.camelviamdata.server.Failures.assertFails;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.awaitility.Awaitility.await;

import com.google.protobuf.ByteString;
import io.github.camelviamdata.ViamDataDelivery;
import io.github.camelviamdata.ViamDataUnavailableException;
import io.github.camelviamdata.proto.datasync.v1.DataSyncServiceGrpc;
import io.github.camelviamdata.support.Shows;
import io.grpc.Status;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.apache.camel.Exchange;
import org.apache.camel.ServiceStatus;
import org.apache.camel.impl.DefaultCamelContext;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LifecycleTest {

    @TempDir
    Path spool;

    private TestServer server;

    @BeforeEach
    void create() {
        server = new TestServer();
        server.context.getStreamCachingStrategy().setSpoolDirectory(spool.toFile());
    }

    @AfterEach
    void stop() {
        server.close();
    }

    private static int freePort() throws Exception {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    private long spooled() throws Exception {
        return Spooled.in(spool).size();
    }

    @Test
    void suspendedRouteIsUnavailableUntilItResumes() throws Exception {
        server.start("viamdata-server:localhost:0", route -> route.process(server::record));
        try (TestClient client = server.client()) {
            var early = client.file().send(TestClient.fileMetadata(), TestClient.fileData(ByteString.EMPTY));
            await().until(() -> spooled() == 1);
            int port = server.port();

            server.context.getRouteController().suspendRoute(TestServer.ROUTE);
            assertFails(Status.Code.UNAVAILABLE, () -> client.blocking().dataCaptureUpload(TestClient.picture()))
                    .contains("suspended");
            assertFails(Status.Code.UNAVAILABLE, client.file().answer);
            assertFails(Status.Code.UNAVAILABLE, () -> client.authenticate("id", "key"));
            assertThat(server.received).isEmpty();
            // What was in flight goes on.
            early.complete().get(20, TimeUnit.SECONDS);

            server.context.getRouteController().resumeRoute(TestServer.ROUTE);
            client.blocking().dataCaptureUpload(TestClient.picture());
            assertThat(server.received).hasSize(2);
            assertThat(server.port()).isEqualTo(port);
        }
    }

    @Test
    void whatASuspendedRouteTurnsAwayWasRefused() throws Exception {
        server.start("viamdata-server:localhost:0", route -> route.process(server::record));
        try (DefaultCamelContext client = new DefaultCamelContext()) {
            client.start();
            String uri =
                    "viamdata:part?operation=file&plaintext=true&host=localhost&apiKeyId=id&apiKey=key&maxAttempts=1&port="
                            + server.port();
            Exchange stored = client.createProducerTemplate()
                    .send(uri, exchange -> exchange.getMessage().setBody("stored"));
            server.context.getRouteController().suspendRoute(TestServer.ROUTE);

            Exchange refused = client.createProducerTemplate()
                    .send(uri, exchange -> exchange.getMessage().setBody("refused"));

            assertThat(stored.getException()).isNull();
            assertThat(refused.getException())
                    .isInstanceOfSatisfying(
                            ViamDataUnavailableException.class,
                            failure -> assertThat(failure.getDelivery()).isEqualTo(ViamDataDelivery.refused));
        }
    }

    @Test
    void routeRestartsOnTheSamePort() throws Exception {
        server.start("viamdata-server:localhost:" + freePort(), route -> route.process(server::record));
        int port = server.port();
        try (TestClient client = server.client()) {
            for (int i = 1; i <= 3; i++) {
                client.blocking().withWaitForReady().dataCaptureUpload(TestClient.picture());
                assertThat(server.received).hasSize(i);

                server.context.getRouteController().stopRoute(TestServer.ROUTE);
                assertThat(server.port()).isEqualTo(-1);
                assertFails(Status.Code.UNAVAILABLE, () -> client.blocking().dataCaptureUpload(TestClient.picture()));

                server.context.getRouteController().startRoute(TestServer.ROUTE);
                assertThat(server.port()).isEqualTo(port);
            }
        }
    }

    @Test
    void contextRestarts() throws Exception {
        server.start("viamdata-server:localhost:" + freePort(), route -> route.process(server::record));
        for (int i = 1; i <= 2; i++) {
            try (TestClient client = server.client()) {
                client.blocking().dataCaptureUpload(TestClient.picture());
                assertThat(server.received).hasSize(i);
            }
            server.context.stop();
            server.context.start();
        }
    }

    @Test
    void contextSuspendsAndResumes() throws Exception {
        server.start("viamdata-server:localhost:0", route -> route.process(server::record));
        try (TestClient client = server.client()) {
            server.context.suspend();
            assertFails(Status.Code.UNAVAILABLE, () -> client.blocking().dataCaptureUpload(TestClient.picture()));

            server.context.resume();
            client.blocking().dataCaptureUpload(TestClient.picture());
        }
    }

    @Test
    void startedLaterStartsThen() throws Exception {
        server.start(
                "viamdata-server:localhost:0", route -> route.autoStartup(false).process(server::record));
        assertThat(server.port()).isEqualTo(-1);

        server.context.getRouteController().startRoute(TestServer.ROUTE);

        try (TestClient client = server.client()) {
            client.blocking().dataCaptureUpload(TestClient.picture());
        }
    }

    @Test
    void stopWaitsForStreamsInProgress() throws Exception {
        server.start("viamdata-server:localhost:0", route -> route.process(server::record));
        try (TestClient client = server.client()) {
            var stream = client.file().send(TestClient.fileMetadata(), TestClient.fileData(ByteString.EMPTY));
            await().until(() -> spooled() == 1);
            ViamDataServerConsumer consumer = server.consumer();
            Thread stopping = stopping();
            await().until(() -> consumer.getStatus() == ServiceStatus.Stopping);

            stream.send(TestClient.fileData(ByteString.copyFromUtf8("all of it")))
                    .complete()
                    .get(20, TimeUnit.SECONDS);

            stopping.join(20_000);
            assertThat(stopping.isAlive()).isFalse();
            assertThat(server.received).hasSize(1);
            assertThat(server.received.get(0).bytes()).asString().isEqualTo("all of it");
            assertThat(spooled()).isZero();
        }
    }

    @Test
    @Shows("shutdownTimeout")
    void stopCancelsStreamsAfterTheTimeout() throws Exception {
        server.start("viamdata-server:localhost:0?shutdownTimeout=100", route -> route.process(server::record));
        try (TestClient client = server.client()) {
            var stream = client.file().send(TestClient.fileMetadata(), TestClient.fileData(ByteString.EMPTY));
            await().until(() -> spooled() == 1);

            server.context.getRouteController().stopRoute(TestServer.ROUTE);

            // How gRPC tells of a server that cannot wait any longer.
            assertFails(Status.Code.CANCELLED, stream.answer);
            assertThat(spooled()).isZero();
            assertThat(server.received).isEmpty();
        }
    }

    @Test
    void stopWaitsForRoutesInProgress() throws Exception {
        CountDownLatch reached = new CountDownLatch(1);
        CountDownLatch finish = new CountDownLatch(1);
        server.start(
                "viamdata-server:localhost:0",
                route -> route.process(exchange -> {
                    reached.countDown();
                    finish.await();
                }));
        try (TestClient client = server.client()) {
            var answer = DataSyncServiceGrpc.newFutureStub(client.channel).dataCaptureUpload(TestClient.picture());
            reached.await();
            ViamDataServerConsumer consumer = server.consumer();
            Thread stopping = stopping();
            await().until(consumer::isSuspended);
            assertFails(Status.Code.UNAVAILABLE, () -> client.blocking().dataCaptureUpload(TestClient.picture()));

            finish.countDown();

            assertThat(answer.get(20, TimeUnit.SECONDS).getFileId()).isNotEmpty();
            stopping.join(20_000);
            assertThat(consumer.getStatus()).isEqualTo(ServiceStatus.Stopped);
        }
    }

    private Thread stopping() {
        Thread stopping = new Thread(() -> {
            try {
                server.context.getRouteController().stopRoute(TestServer.ROUTE);
            } catch (Exception e) {
                throw new IllegalStateException(e);
            }
        });
        stopping.start();
        return stopping;
    }

    @Test
    void forcedShutdownLeavesNothing() throws Exception {
        server.context.getShutdownStrategy().setTimeout(1);
        CountDownLatch reached = new CountDownLatch(1);
        server.start(
                "viamdata-server:localhost:0?shutdownTimeout=100",
                route -> route.process(exchange -> {
                    reached.countDown();
                    new CountDownLatch(1).await();
                }));
        try (TestClient client = server.client()) {
            var stream = client.file().send(TestClient.fileMetadata(), TestClient.fileData(ByteString.EMPTY));
            stream.complete();
            reached.await();

            server.context.stop();

            // Cancelled by gRPC, or failed by the interruption of the route, whichever comes first: both can be tried
            // again.
            Throwable failure = catchThrowable(() -> stream.answer.get(20, TimeUnit.SECONDS));
            assertThat(Status.fromThrowable(failure).getCode()).isIn(Status.Code.CANCELLED, Status.Code.UNAVAILABLE);
            await().until(() -> spooled() == 0);
        }
    }

    @Test
    void stopLeavesNoThread() throws Exception {
        server.start("viamdata-server:localhost:0", route -> route.process(server::record));
        try (TestClient client = server.client()) {
            client.blocking().dataCaptureUpload(TestClient.picture());
        }
        assertThat(threads()).isPositive();

        server.context.stop();

        await().until(() -> threads() == 0);
    }

    private long threads() {
        return Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> thread.getName().contains("(" + server.context.getName() + ")")
                        && thread.getName().contains("ViamDataServer"))
                .count();
    }
}
