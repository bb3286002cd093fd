// Copyright the camel-viamdata authors. SPDX-License-Identifier: Apache-2.0
package io.github.camelviamdata.server;

import static io.github.camelviamdata.server.Failures.assertFails;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.google.protobuf.ByteString;
import io.github.camelviamdata.proto.datasync.v1.DataSyncServiceGrpc;
import io.github.camelviamdata.proto.datasync.v1.FileUploadRequest;
import io.github.camelviamdata.proto.datasync.v1.FileUploadResponse;
import io.grpc.Status;
import io.grpc.health.v1.HealthCheckRequest;
import io.grpc.health.v1.HealthCheckResponse;
import io.grpc.health.v1.HealthCheckResponse.ServingStatus;
import io.grpc.health.v1.HealthGrpc;
import io.grpc.stub.MetadataUtils;
import io.grpc.stub.StreamObserver;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.net.Socket;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.apache.camel.ServiceStatus;
import org.apache.camel.StreamCache;
import org.apache.camel.health.HealthCheck;
import org.apache.camel.health.HealthCheckHelper;
import org.apache.camel.health.HealthCheckRepository;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What probes, balancers, Camel's health checks and meters learn of a server with keys. They have none. */
class HealthServiceTest {

    private final TestServer server = new TestServer();
    private final MeterRegistry meters = new SimpleMeterRegistry();
    private final CountDownLatch finish = new CountDownLatch(1);
    private TestClient client;

    @BeforeEach
    void start() throws Exception {
        server.context.getRegistry().bind("metricsRegistry", meters);
        server.start(
                "viamdata-server:localhost:0?apiKey=id=key",
                route -> route.process(exchange -> {
                    if (exchange.getMessage().getBody() instanceof StreamCache) {
                        finish.await();
                    }
                }));
        client = server.client();
    }

    @AfterEach
    void stop() {
        finish.countDown();
        client.close();
        server.close();
    }

    private static HealthCheckRequest of(String service) {
        return HealthCheckRequest.newBuilder().setService(service).build();
    }

    private ServingStatus status(String service) {
        return HealthGrpc.newBlockingStub(client.channel)
                .withDeadlineAfter(20, TimeUnit.SECONDS)
                .check(of(service))
                .getStatus();
    }

    private static final class Watch implements StreamObserver<HealthCheckResponse> {

        private final List<ServingStatus> statuses = new CopyOnWriteArrayList<>();
        private final CompletableFuture<Void> end = new CompletableFuture<>();

        @Override
        public void onNext(HealthCheckResponse response) {
            statuses.add(response.getStatus());
        }

        @Override
        public void onError(Throwable failure) {
            end.completeExceptionally(failure);
        }

        @Override
        public void onCompleted() {
            end.complete(null);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"", DataSyncServiceGrpc.SERVICE_NAME})
    void servesUnlessSuspended(String service) throws Exception {
        assertThat(status(service)).isEqualTo(ServingStatus.SERVING);

        server.context.getRouteController().suspendRoute(TestServer.ROUTE);
        assertThat(status(service)).isEqualTo(ServingStatus.NOT_SERVING);

        server.context.getRouteController().resumeRoute(TestServer.ROUTE);
        assertThat(status(service)).isEqualTo(ServingStatus.SERVING);
        assertFails(Status.Code.NOT_FOUND, () -> status("another"));
    }

    @Test
    void doesNotServeWhileDrainingAndEndsWatches() throws Exception {
        Watch watch = new Watch();
        HealthGrpc.newStub(client.channel).watch(of(""), watch);
        await().untilAsserted(() -> assertThat(watch.statuses).containsExactly(ServingStatus.SERVING));
        String token = client.authenticate("id", "key");
        var upload = DataSyncServiceGrpc.newStub(client.channel)
                .withInterceptors(
                        MetadataUtils.newAttachHeadersInterceptor(TestClient.authorization("Bearer " + token)));
        TestClient.Stream<FileUploadRequest, FileUploadResponse> stream = new TestClient.Stream<>();
        upload.fileUpload(stream);
        stream.send(TestClient.fileMetadata(), TestClient.fileData(ByteString.EMPTY))
                .complete();
        await().until(() -> server.context.getInflightRepository().size() == 1);
        ViamDataServerConsumer consumer = server.consumer();
        Thread stopping = new Thread(server.context::stop);
        stopping.start();

        await().untilAsserted(() ->
                assertThat(watch.statuses).containsExactly(ServingStatus.SERVING, ServingStatus.NOT_SERVING));
        // Balancers and clients go elsewhere: there is no connection to be had.
        assertFails(Status.Code.UNAVAILABLE, () -> status(""));
        finish.countDown();

        assertThat(stream.answer.get(20, TimeUnit.SECONDS).getBinaryDataId()).isNotEmpty();
        assertFails(Status.Code.UNAVAILABLE, watch.end);
        // Not after the shutdownTimeout of 30 s.
        stopping.join(Duration.ofSeconds(20).toMillis());
        assertThat(consumer.getStatus()).isIn(ServiceStatus.Stopped, ServiceStatus.Stopping);
        assertThat(stopping.isAlive()).isFalse();
    }

    @Test
    void camelsHealthCheckKnowsIt() throws Exception {
        HealthCheckHelper.getHealthCheckRepository(server.context, "consumers", HealthCheckRepository.class)
                .setEnabled(true);
        assertThat(check().getState()).isEqualTo(HealthCheck.State.UP);
        assertThat(check().getDetails())
                .containsEntry("address", "localhost:0")
                .containsEntry("refused.keys", 0L)
                .containsKeys("connections", "in.flight", "spooled.bytes");

        HealthCheck own = server.consumer().getHealthCheck();
        server.context.getRouteController().suspendRoute(TestServer.ROUTE);
        assertThat(own.call(Map.of()).getState()).isEqualTo(HealthCheck.State.DOWN);
        assertThat(own.call(Map.of()).getMessage().orElse("")).contains("suspended");
        own.setEnabled(false);
        assertThat(own.call(Map.of()).getState()).isEqualTo(HealthCheck.State.UNKNOWN);
    }

    private HealthCheck.Result check() {
        return HealthCheckHelper.invokeReadiness(server.context, "full").stream()
                .filter(result -> result.getCheck().getId().equals("consumer:" + TestServer.ROUTE))
                .findFirst()
                .orElseThrow();
    }

    private double calls(String method, Status.Code status) {
        return meters.get("viamdata.server.calls")
                .tags("method", method, "status", status.name(), "server", "localhost:0")
                .functionCounter()
                .count();
    }

    private double gauge(String name) {
        return meters.get(name).gauge().value();
    }

    @Test
    void metersCountFromTheStartToTheStop() throws Exception {
        assertThat(calls("DataCaptureUpload", Status.Code.OK)).isZero();
        client.blocking("Bearer " + client.authenticate("id", "key")).dataCaptureUpload(TestClient.picture());
        assertFails(Status.Code.PERMISSION_DENIED, () -> client.authenticate("id", "wrong"));
        assertFails(Status.Code.UNAUTHENTICATED, () -> client.blocking().dataCaptureUpload(TestClient.picture()));

        await().untilAsserted(() -> {
            assertThat(calls("Authenticate", Status.Code.OK)).isEqualTo(1);
            assertThat(calls("Authenticate", Status.Code.PERMISSION_DENIED)).isEqualTo(1);
            assertThat(calls("DataCaptureUpload", Status.Code.OK)).isEqualTo(1);
            assertThat(calls("DataCaptureUpload", Status.Code.UNAUTHENTICATED)).isEqualTo(1);
            assertThat(gauge("viamdata.server.in.flight")).isZero();
        });
        assertThat(meters.get("viamdata.server.refused.keys").functionCounter().count())
                .isEqualTo(1);
        assertThat(meters.get("viamdata.server.received.bytes")
                        .functionCounter()
                        .count())
                .isGreaterThanOrEqualTo(TestClient.picture().getSerializedSize());
        assertThat(gauge("viamdata.server.connections")).isEqualTo(1);
        assertThat(gauge("viamdata.server.spooled")).isZero();
        assertThat(meters.find("viamdata.server.calls").functionCounters())
                .allSatisfy(meter -> assertThat(meter.getId().getTags())
                        .noneMatch(tag -> tag.getValue().matches("id|key|part")));

        client.close();
        await().untilAsserted(
                        () -> assertThat(gauge("viamdata.server.connections")).isZero());
        server.context.stop();
        assertThat(meters.getMeters())
                .noneMatch(meter -> meter.getId().getName().startsWith("viamdata.server"));
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void aRegistryThatThrowsErrorsKeepsNoServerFromItsWork(boolean atTheStop) throws Exception {
        MeterRegistry broken = new SimpleMeterRegistry() {
            @Override
            public Meter remove(Meter.Id id) {
                throw new Error("no way to remove a meter");
            }
        };
        if (!atTheStop) {
            broken.config().onMeterAdded(meter -> {
                throw new Error("no more meters");
            });
        }
        try (TestServer other = new TestServer()) {
            other.context.getRegistry().bind("metricsRegistry", broken);
            other.start("viamdata-server:localhost:0", route -> route.process(other::record));
            try (TestClient uploader = other.client()) {
                uploader.blocking().dataCaptureUpload(TestClient.picture());
            }
            assertThat(other.received).hasSize(1);

            int port = other.port();
            other.context.getRouteController().stopRoute(TestServer.ROUTE);

            assertThat(other.context.getRouteController().getRouteStatus(TestServer.ROUTE))
                    .isEqualTo(ServiceStatus.Stopped);
            assertThatThrownBy(() -> new Socket("localhost", port)).isInstanceOf(IOException.class);
        }
    }
}
