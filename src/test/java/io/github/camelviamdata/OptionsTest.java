// Copyright the camel-viamdata authors. SPDX-License-Identifier: Apache-2.0
package io.github.camelviamdata;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.github.camelviamdata.client.ClientSettings;
import io.github.camelviamdata.client.Credential;
import io.github.camelviamdata.client.ViamDataClient;
import io.github.camelviamdata.message.ProtoValues;
import io.github.camelviamdata.proto.datasync.v1.UploadMetadata;
import io.github.camelviamdata.service.FaultyProxy;
import io.github.camelviamdata.service.TestCall;
import io.github.camelviamdata.service.TestService;
import io.github.camelviamdata.support.Shows;
import io.github.camelviamdata.support.ViamDataTestSupport;
import io.grpc.Status;
import java.io.ByteArrayInputStream;
import java.time.Duration;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.stream.LongStream;
import org.apache.camel.Exchange;
import org.apache.camel.Producer;
import org.apache.camel.builder.RouteBuilder;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What each option does. Those of security are in {@link AuthenticationTest} and {@code client.TlsTest}. */
@Timeout(60)
class OptionsTest extends ViamDataTestSupport {

    private static final byte[] BODY = {1, 2, 3};

    private ViamDataComponent component() {
        return context.getComponent("viamdata", ViamDataComponent.class);
    }

    @Test
    @Shows({
        "partId",
        "componentType",
        "componentName",
        "methodName",
        "fileExtension",
        "mimeType",
        "tags",
        "datasetIds",
        "methodParameters"
    })
    void optionsFillTheRequest() {
        upload(
                "viamdata:my-part?" + service.options()
                        + "&componentType=camera&componentName=gate&methodName=GetImages&fileExtension=jpg"
                        + "&mimeType=image/jpeg&tags=a, b,a&datasetIds=d1,d2&methodParameters.quality=80",
                BODY,
                Map.of());

        UploadMetadata metadata = service.onlyUpload().metadata();
        assertThat(metadata.getPartId()).isEqualTo("my-part");
        assertThat(metadata.getComponentType()).isEqualTo("camera");
        assertThat(metadata.getComponentName()).isEqualTo("gate");
        assertThat(metadata.getMethodName()).isEqualTo("GetImages");
        assertThat(metadata.getFileExtension()).isEqualTo(".jpg");
        assertThat(metadata.getMimeType()).isEqualTo("image/jpeg");
        assertThat(metadata.getTagsList()).containsExactly("a", "b");
        assertThat(metadata.getDatasetIdsList()).containsExactly("d1", "d2");
        assertThat(metadata.getMethodParametersMap()).hasSize(1);
        assertThat(ProtoValues.object(metadata.getMethodParametersOrThrow("quality")))
                .isEqualTo("80");
    }

    @Test
    @Shows({"partId", "configuration"})
    void theComponentGivesDefaults() {
        component().setEnvironment(name -> name.equals("VIAM_MACHINE_PART_ID") ? "environment-part" : null);
        upload("viamdata:?" + service.options() + "&" + CAMERA, BODY, Map.of());
        component().setPartId("component-part");
        ViamDataConfiguration defaults = new ViamDataConfiguration();
        defaults.setTags("from-component");
        defaults.setMethodParameters(Map.of("a", "component", "b", "component"));
        component().setConfiguration(defaults);
        upload("viamdata:?" + service.options() + "&" + CAMERA + "&methodParameters.b=endpoint", BODY, Map.of());

        UploadMetadata first = service.uploads().get(0).metadata();
        UploadMetadata second = service.uploads().get(1).metadata();
        assertThat(first.getPartId()).isEqualTo("environment-part");
        assertThat(second.getPartId()).isEqualTo("component-part");
        assertThat(second.getTagsList()).containsExactly("from-component");
        assertThat(ProtoValues.object(second.getMethodParametersOrThrow("a"))).isEqualTo("component");
        assertThat(ProtoValues.object(second.getMethodParametersOrThrow("b"))).isEqualTo("endpoint");
        assertThat(defaults.getMethodParameters()).containsEntry("b", "component");
    }

    @Test
    @Shows("partId")
    void thePartOfTheComponentsConfigurationComesBeforeTheEnvironments() {
        component().setEnvironment(name -> name.equals("VIAM_MACHINE_PART_ID") ? "environment-part" : null);
        component().getConfiguration().setPartId("configuration-part");

        upload("viamdata:?" + service.options() + "&" + CAMERA, BODY, Map.of());

        assertThat(service.onlyUpload().metadata().getPartId()).isEqualTo("configuration-part");
    }

    @Test
    @Shows("operation")
    void filesAreUploadedAsFiles() {
        upload(uri("operation=file", "chunkSize=1024"), new byte[3000], Map.of());

        TestCall call = service.onlyUpload();
        assertThat(call.method()).isEqualTo("FileUpload");
        assertThat(call.messages()).hasSize(4);
        assertThat(call.payload()).isEqualTo(new byte[3000]);
    }

    @Test
    @Shows({"host", "port"})
    void hostAndPortNameTheService() {
        String options = CAMERA + "&plaintext=true&maxAttempts=1&port=" + service.port();
        upload("viamdata:p?host=127.0.0.1&" + options, BODY, Map.of());
        refused(ViamDataUnavailableException.class, "viamdata:p?host=127.0.0.2&" + options, BODY, Map.of());
        try (TestService other = TestService.plaintext()) {
            upload("viamdata:p?host=127.0.0.1&" + CAMERA + "&plaintext=true&port=" + other.port(), BODY, Map.of());
            assertThat(other.uploads()).hasSize(1);
        }
        assertThat(service.uploads()).hasSize(1);
        assertThat(new ViamDataConfiguration().getHost()).isEqualTo("app.viam.com");
        assertThat(new ViamDataConfiguration().getPort()).isEqualTo(443);
    }

    @ParameterizedTest
    @CsvSource({
        "auto,      10, 10, DataCaptureUpload",
        "auto,      10, 11, StreamingDataCaptureUpload",
        "auto,       0,  1, StreamingDataCaptureUpload",
        "unary,     10, 11, DataCaptureUpload",
        "streaming, 10,  1, StreamingDataCaptureUpload"
    })
    @Shows({"uploadMode", "streamingThreshold"})
    void theModeAndTheThresholdChooseTheCall(String mode, int threshold, int size, String method) {
        String uri = uri(CAMERA, "uploadMode=" + mode, "streamingThreshold=" + threshold);
        upload(uri, new byte[size], Map.of());
        upload(uri, new ByteArrayInputStream(new byte[size]), Map.of());

        assertThat(service.uploads()).extracting(TestCall::method).containsExactly(method, method);
        assertThat(service.uploads())
                .allSatisfy(call -> assertThat(call.payload()).hasSize(size));
    }

    @Test
    @Shows("chunkSize")
    void streamsAreCutIntoChunks() {
        upload(uri(CAMERA, "uploadMode=streaming", "chunkSize=1024"), new byte[2049], Map.of());
        upload(
                uri(CAMERA, "uploadMode=streaming", "chunkSize=1024"),
                new ByteArrayInputStream(new byte[2049]),
                Map.of());

        assertThat(service.uploads())
                .allSatisfy(call -> assertThat(call.messages()).hasSize(1 + 3));
    }

    @Test
    @Shows("requestTimeout")
    void anAnswerIsWaitedForOnlySoLong() {
        // Not the time that it takes to connect.
        upload(uri(CAMERA), BODY, Map.of());
        service.calls().clear();
        service.answering(call -> null);

        for (String mode : new String[] {"unary", "streaming"}) {
            ViamDataUnavailableException exception = refused(
                    ViamDataUnavailableException.class,
                    uri(CAMERA, "uploadMode=" + mode, "requestTimeout=200", "maxAttempts=1"),
                    BODY,
                    Map.of());

            assertThat(exception).hasMessageContaining("requestTimeout");
            assertThat(exception.getStatus()).isEqualTo(Status.Code.DEADLINE_EXCEEDED);
            assertThat(exception.getDelivery()).isEqualTo(ViamDataDelivery.unknown);
        }
        await().untilAsserted(() -> assertThat(service.uploads()).allMatch(TestCall::isCancelled));
    }

    @Test
    @Shows("idleTimeout")
    void aStreamThatStandsStillIsCancelled() {
        service.reading(call -> call.messages().size() < 2);

        ViamDataUnavailableException exception = refused(
                ViamDataUnavailableException.class,
                uri(CAMERA, "idleTimeout=300", "maxAttempts=1"),
                new byte[8_000_000],
                Map.of());

        assertThat(exception).hasMessageContaining("idleTimeout");
        assertThat(exception.getDelivery()).isEqualTo(ViamDataDelivery.notSent);
        assertThat(exception.getBytesSent()).isBetween(1L, 7_999_999L);
        await().until(() -> service.onlyUpload().isCancelled());
    }

    @Test
    @Shows({"maxAttempts", "retryDelay", "maxRetryDelay"})
    void attemptsAndTheirDelaysAreLimited() {
        service.answering(call -> Status.UNAVAILABLE);

        ViamDataUnavailableException exception = refused(
                ViamDataUnavailableException.class,
                uri(CAMERA, "maxAttempts=3", "retryDelay=1", "maxRetryDelay=2"),
                BODY,
                Map.of());
        assertThat(exception.getAttempts()).isEqualTo(3);
        assertThat(service.uploads()).hasSize(3);

        CompletableFuture<Exchange> slow = template.asyncSend(
                uri(CAMERA, "retryDelay=3600000", "maxRetryDelay=3600000", "shutdownTimeout=0"),
                exchange -> exchange.getMessage().setBody(BODY));
        await().until(() -> service.uploads().size() == 4);
        await().during(Duration.ofMillis(300)).until(() -> service.uploads().size() == 4 && !slow.isDone());
    }

    @Test
    @Shows({"maxInFlight", "maxInFlightWait"})
    void aFullHouseHoldsTheCaller() throws Exception {
        service.answering(call -> null);
        String uri = uri(
                CAMERA,
                "maxInFlight=2",
                "maxInFlightWait=300",
                "shutdownTimeout=0",
                "requestTimeout=2000",
                "maxAttempts=1");
        CompletableFuture<Exchange> first =
                template.asyncSend(uri, exchange -> exchange.getMessage().setBody(BODY));
        CompletableFuture<Exchange> second =
                template.asyncSend(uri, exchange -> exchange.getMessage().setBody(BODY));
        await().until(() -> service.uploads().size() == 2);

        long start = System.nanoTime();
        ViamDataUnavailableException exception = refused(ViamDataUnavailableException.class, uri, BODY, Map.of());

        assertThat(Duration.ofNanos(System.nanoTime() - start)).isGreaterThanOrEqualTo(Duration.ofMillis(300));
        assertThat(exception).hasMessageContaining("maxInFlight").hasMessageContaining("2 uploads");
        assertThat(exception.getAttempts()).isZero();
        assertThat(exception.getDelivery()).isEqualTo(ViamDataDelivery.notSent);
        assertThat(service.uploads()).hasSize(2);
        // Their permits come back, however they end.
        first.get(10, TimeUnit.SECONDS);
        second.get(10, TimeUnit.SECONDS);
        service.answering(call -> Status.OK);
        upload(uri, BODY, Map.of());
    }

    @Test
    void anInterruptEndsTheWaitForAPermit() throws Exception {
        service.answering(call -> null);
        String uri = uri(CAMERA, "maxInFlight=1", "shutdownTimeout=0", "maxAttempts=1");
        CompletableFuture<Exchange> first =
                template.asyncSend(uri, exchange -> exchange.getMessage().setBody(BODY));
        await().until(() -> service.uploads().size() == 1);

        Thread.currentThread().interrupt();
        ViamDataUnavailableException exception = refused(ViamDataUnavailableException.class, uri, BODY, Map.of());

        assertThat(Thread.interrupted()).isTrue();
        assertThat(exception).hasMessageContaining("was not begun: the thread was interrupted");
        assertThat(exception.getDelivery()).isEqualTo(ViamDataDelivery.notSent);
        assertThat(service.uploads()).hasSize(1);
        context.stop();
        assertThat(first.get(10, TimeUnit.SECONDS).getException()).isNotNull();
    }

    @Test
    @Shows({"keepAliveTime", "keepAliveTimeout"})
    void aSilentConnectionIsGivenUp() throws Exception {
        try (FaultyProxy proxy = new FaultyProxy(service.port(), LongStream.of(Long.MAX_VALUE))) {
            String uri = "viamdata:p?host=localhost&plaintext=true&port=" + proxy.port() + "&" + CAMERA
                    + "&keepAliveTime=10000&keepAliveTimeout=500&maxAttempts=1&requestTimeout=55000";
            upload(uri, BODY, Map.of());
            proxy.fallSilent();

            ViamDataUnavailableException exception = refused(ViamDataUnavailableException.class, uri, BODY, Map.of());

            assertThat(exception).hasMessageContaining("Keepalive failed");
        }
    }

    @Test
    @Shows("connections")
    void connectionsAreUsedInTurn() {
        for (int i = 0; i < 6; i++) {
            upload(uri(CAMERA, "connections=3"), BODY, Map.of());
        }

        assertThat(service.uploads().stream().map(TestCall::connection)).hasSize(6);
        Set<String> connections = new HashSet<>();
        service.uploads().forEach(call -> connections.add(call.connection()));
        assertThat(connections).hasSize(3);
    }

    @Test
    void endpointsWithEqualSettingsShareAConnection() {
        upload(uri(CAMERA), BODY, Map.of());
        upload(uri(CAMERA, "tags=other", "requestTimeout=5000"), BODY, Map.of());
        upload(uri(CAMERA, "maxInFlight=3"), BODY, Map.of());

        assertThat(service.uploads().get(1).connection())
                .isEqualTo(service.uploads().get(0).connection());
        assertThat(service.uploads().get(2).connection())
                .isNotEqualTo(service.uploads().get(0).connection());
    }

    @ParameterizedTest
    @CsvSource({"0, true", "20000, false"})
    @Shows("shutdownTimeout")
    void stoppingWaitsForUploadsOnlySoLong(int timeout, boolean cancelled) throws Exception {
        service.answering(call -> {
            await().until(() -> !component().isStarted());
            return Status.OK;
        });
        CompletableFuture<Exchange> upload = template.asyncSend(
                uri(CAMERA, "shutdownTimeout=" + timeout),
                exchange -> exchange.getMessage().setBody(BODY));
        await().until(() -> service.uploads().size() == 1);

        component().stop();

        Exception exception = upload.get(20, TimeUnit.SECONDS).getException();
        if (cancelled) {
            assertThat(exception)
                    .isInstanceOf(ViamDataUnavailableException.class)
                    .hasMessageContaining("closed");
        } else {
            assertThat(exception).isNull();
        }
    }

    private String threadAfterUpload(String options) throws Exception {
        CompletableFuture<String> thread = new CompletableFuture<>();
        context.addRoutes(new RouteBuilder() {
            @Override
            public void configure() {
                from("direct:thread")
                        .to(uri(CAMERA, options))
                        .process(exchange ->
                                thread.complete(Thread.currentThread().getName()));
            }
        });
        template.sendBody("direct:thread", BODY);
        return thread.get(10, TimeUnit.SECONDS);
    }

    @Test
    void theRouteGoesOnInAnotherThread() throws Exception {
        assertThat(threadAfterUpload("")).contains("ViamDataWorker");
    }

    @Test
    @Shows("synchronous")
    void theRouteGoesOnInTheCallingThread() throws Exception {
        assertThat(threadAfterUpload("synchronous=true"))
                .isEqualTo(Thread.currentThread().getName());
    }

    @Test
    @Shows("workerPool")
    void theRouteGoesOnInTheUsersThreads() throws Exception {
        ExecutorService mine = Executors.newSingleThreadExecutor(task -> new Thread(task, "mine"));
        component().setWorkerPool(mine);

        assertThat(threadAfterUpload("")).isEqualTo("mine");

        context.stop();
        assertThat(mine.isShutdown()).isFalse();
        mine.shutdown();
    }

    @Test
    @Shows("client")
    void theUsersClientIsUsedAndLeftOpen() throws Exception {
        ExecutorService threads = Executors.newCachedThreadPool();
        ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor();
        ClientSettings settings = new ClientSettings(
                "localhost",
                service.port(),
                true,
                null,
                new Credential.AccessToken("mine"),
                1,
                1,
                Duration.ofSeconds(20),
                Duration.ofSeconds(10),
                Duration.ofSeconds(1));
        try (ViamDataClient client = new ViamDataClient(settings, null, threads, timer)) {
            context.getRegistry().bind("mine", client);
            String uri = "viamdata:p?host=nowhere.invalid&client=#mine&" + CAMERA;
            upload(uri, BODY, Map.of());
            component().stop();
            // Its worker threads are gone, but the exchange ends all the same.
            upload(uri, BODY, Map.of());

            component().start();
            Producer producer = context.getEndpoint(uri + "&tags=a").createProducer();
            producer.start();
            assertThat(component().clients()).containsExactly(client);
            producer.stop();
            await().until(() -> client.getInFlight() == 0);
            component().sharedClients().closeIdle();
            component().sharedClients().closeIdle();
            assertThat(component().clients()).isEmpty();
            upload(uri, BODY, Map.of());

            client.close();
            assertThat(refused(ViamDataUnavailableException.class, uri, BODY, Map.of()))
                    .hasMessageContaining("was not begun: the client is closed");
        } finally {
            threads.shutdown();
            timer.shutdown();
        }

        assertThat(service.uploads())
                .extracting(call -> call.header("authorization"))
                .containsExactly("Bearer mine", "Bearer mine", "Bearer mine");
    }
}
