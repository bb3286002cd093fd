// Copyright the camel-viamdata authors. SPDX-License-Identifier: Apache-2.0
package io.github.camelviamdata;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.camelviamdata.proto.datasync.v1.DataCaptureUploadRequest;
import io.github.camelviamdata.proto.datasync.v1.DataType;
import io.github.camelviamdata.proto.datasync.v1.SensorData;
import io.github.camelviamdata.server.ViamDataServerConsumer;
import io.github.camelviamdata.service.TestCall;
import io.github.camelviamdata.service.TestService;
import io.github.camelviamdata.support.LogCollector;
import io.github.camelviamdata.support.Secret;
import io.grpc.Status;
import java.io.ByteArrayInputStream;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import org.apache.camel.Exchange;
import org.apache.camel.Route;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.main.Main;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Routes on Camel Main that use the Kamelets of the jar. */
class KameletTest {

    private static final String SINK = "kamelet:viamdata-sink?partId=part&componentType=camera&componentName=gate"
            + "&methodName=GetImages&fileExtension=.jpg";

    private final TestService service = TestService.plaintext();
    private final Main main = new Main();
    private final byte[] picture = new byte[3000];

    KameletTest() {
        new Random(4).nextBytes(picture);
    }

    @AfterEach
    void stop() throws Exception {
        main.stop();
        service.close();
    }

    private void start(String sink) throws Exception {
        main.configure().addRoutesBuilder(new RouteBuilder() {
            @Override
            public void configure() {
                from("direct:in").to(sink);
            }
        });
        main.start();
    }

    private Exchange send(Object body, Map<String, Object> headers) throws Exception {
        return main.getCamelTemplate().send("direct:in", exchange -> {
            exchange.getMessage().setBody(body);
            exchange.getMessage().getHeaders().putAll(headers);
        });
    }

    @Test
    void uploadsWithTheProperties() throws Exception {
        start(SINK + "&tags=night,gate-7&datasetIds=set&mimeType=image/jpeg&apiKeyId=id&apiKey=key&"
                + service.options());

        Exchange exchange = send(picture, Map.of());

        assertThat(exchange.getException()).isNull();
        TestCall call = service.onlyUpload();
        assertThat(call.payload()).isEqualTo(picture);
        assertThat(call.header("authorization")).isEqualTo("Bearer token-of-id");
        assertThat(call.metadata().getPartId()).isEqualTo("part");
        assertThat(call.metadata().getComponentType()).isEqualTo("camera");
        assertThat(call.metadata().getComponentName()).isEqualTo("gate");
        assertThat(call.metadata().getMethodName()).isEqualTo("GetImages");
        assertThat(call.metadata().getFileExtension()).isEqualTo(".jpg");
        assertThat(call.metadata().getTagsList()).containsExactlyInAnyOrder("night", "gate-7");
        assertThat(call.metadata().getDatasetIdsList()).containsExactly("set");
        assertThat(exchange.getMessage().getBody()).isSameAs(picture);
        assertThat(exchange.getMessage().getHeader(ViamDataConstants.FILE_ID))
                .isEqualTo(TestService.BINARY_DATA_ID + 1);
    }

    /** Camel does not tell: the page does. */
    @Test
    void aPropertyThatTheKameletDoesNotHaveHasNoEffect() throws Exception {
        start(SINK + "&tag=night&" + service.options());

        assertThat(send(picture, Map.of()).getException()).isNull();
        assertThat(service.onlyUpload().metadata().getTagsList()).isEmpty();
    }

    @Test
    void uploadsReadings() throws Exception {
        start("kamelet:viamdata-tabular-sink?partId=part&componentType=sensor&componentName=tank&methodName=Readings"
                + "&timeField=ts&wrapReadings=true&maxRequestSize=1024&tags=night&" + service.options());

        assertThat(send(
                                "[{\"ts\":1000,\"text\":\"" + "x".repeat(600) + "\"},{\"text\":\"" + "y".repeat(600)
                                        + "\"}]",
                                Map.of())
                        .getException())
                .isNull();

        assertThat(service.uploads()).hasSize(2);
        TestCall call = service.uploads().get(0);
        assertThat(call.metadata().getType()).isEqualTo(DataType.DATA_TYPE_TABULAR_SENSOR);
        assertThat(call.metadata().getTagsList()).containsExactly("night");
        SensorData reading =
                DataCaptureUploadRequest.parseFrom(call.messages().get(0)).getSensorContents(0);
        assertThat(reading.getStruct().getFieldsMap()).containsOnlyKeys("readings");
        assertThat(reading.getMetadata().getTimeRequested().getSeconds()).isEqualTo(1);
    }

    @Test
    void headersOfTheMessageCountAsWithTheComponent() throws Exception {
        start(SINK + "&tags=night&" + service.options());

        Exchange exchange = send(
                picture,
                Map.of(
                        ViamDataConstants.PART_ID, "other-part",
                        ViamDataConstants.COMPONENT_NAME, "yard",
                        ViamDataConstants.TAGS, List.of("rain"),
                        ViamDataConstants.TIME_REQUESTED, "2026-11-01T12:00:00Z"));

        assertThat(exchange.getException()).isNull();
        TestCall call = service.onlyUpload();
        assertThat(call.metadata().getPartId()).isEqualTo("other-part");
        assertThat(call.metadata().getComponentName()).isEqualTo("yard");
        assertThat(call.metadata().getTagsList()).containsExactlyInAnyOrder("night", "rain");
        assertThat(call.sensorMetadata().getTimeRequested().getSeconds())
                .isEqualTo(Instant.parse("2026-11-01T12:00:00Z").getEpochSecond());
    }

    @Test
    void settingsOfTheComponentCountWhereThePropertyIsMissing() throws Exception {
        main.addInitialProperty("camel.component.viamdata.host", "localhost");
        main.addInitialProperty("camel.component.viamdata.port", String.valueOf(service.port()));
        main.addInitialProperty("camel.component.viamdata.plaintext", "true");
        main.addInitialProperty("camel.component.viamdata.upload-mode", "streaming");
        main.addInitialProperty("camel.component.viamdata.api-key-id", "id-of-the-component");
        main.addInitialProperty("camel.component.viamdata.api-key", "key-of-the-component");
        start(SINK + "&requestTimeout=7s");

        assertThat(send(picture, Map.of()).getException()).isNull();

        TestCall call = service.onlyUpload();
        assertThat(call.method()).isEqualTo("StreamingDataCaptureUpload");
        assertThat(call.header("authorization")).isEqualTo("Bearer token-of-id-of-the-component");
        assertThat(call.payload()).isEqualTo(picture);
        assertThat(options().getRequestTimeout()).isEqualTo(7_000);
        assertThat(options().getIdleTimeout()).isEqualTo(60_000);
    }

    @Test
    void hasDefaultsOfItsOwnLikeEveryKamelet() throws Exception {
        main.addInitialProperty("camel.kamelet.viamdata-sink.componentType", "camera");
        main.addInitialProperty("camel.kamelet.viamdata-sink.methodName", "GetImages");
        main.addInitialProperty("camel.kamelet.viamdata-sink.gate.componentName", "gate");
        main.addInitialProperty("camel.kamelet.viamdata-sink.gate.partId", "part");
        start("kamelet:viamdata-sink/gate?fileExtension=.jpg&" + service.options());

        assertThat(send(picture, Map.of()).getException()).isNull();

        assertThat(service.onlyUpload().metadata().getPartId()).isEqualTo("part");
        assertThat(service.onlyUpload().metadata().getComponentName()).isEqualTo("gate");
    }

    @Test
    void detectsTypesAndUploadsFilesWhereAsked() throws Exception {
        start("kamelet:viamdata-sink?partId=part&operation=file&correctMimeType=true&detectMimeType=true&"
                + service.options());

        assertThat(send(new byte[] {(byte) 0xff, (byte) 0xd8, (byte) 0xff, (byte) 0xe0, 0, 16}, Map.of())
                        .getException())
                .isNull();

        assertThat(service.onlyUpload().method()).isEqualTo("FileUpload");
        assertThat(service.onlyUpload().metadata().getMimeType()).isEqualTo("image/jpeg");
        assertThat(options().isDetectMimeType()).isTrue();
        assertThat(options().isCorrectMimeType()).isTrue();
    }

    /** Each property reaches the option of its name. */
    @Test
    void handsEveryPropertyOn() throws Exception {
        start(SINK + "&allowEmptyPayload=true&uploadMode=unary&streamingThreshold=1001&chunkSize=1025&requestTimeout=1s"
                + "&idleTimeout=2s&maxAttempts=3&retryDelay=4ms&maxRetryDelay=5s&maxInFlight=6&maxInFlightWait=7s"
                + "&connections=8&keepAliveTime=19s&keepAliveTimeout=10s&shutdownTimeout=11s&" + service.options());

        ViamDataConfiguration options = options();
        assertThat(options.isAllowEmptyPayload()).isTrue();
        assertThat(options.getUploadMode()).isEqualTo(ViamDataUploadMode.unary);
        assertThat(options.getStreamingThreshold()).isEqualTo(1001);
        assertThat(options.getChunkSize()).isEqualTo(1025);
        assertThat(options.getRequestTimeout()).isEqualTo(1_000);
        assertThat(options.getIdleTimeout()).isEqualTo(2_000);
        assertThat(options.getMaxAttempts()).isEqualTo(3);
        assertThat(options.getRetryDelay()).isEqualTo(4);
        assertThat(options.getMaxRetryDelay()).isEqualTo(5_000);
        assertThat(options.getMaxInFlight()).isEqualTo(6);
        assertThat(options.getMaxInFlightWait()).isEqualTo(7_000);
        assertThat(options.getConnections()).isEqualTo(8);
        assertThat(options.getKeepAliveTime()).isEqualTo(19_000);
        assertThat(options.getKeepAliveTimeout()).isEqualTo(10_000);
        assertThat(options.getShutdownTimeout()).isEqualTo(11_000);
    }

    @ParameterizedTest
    @CsvSource({"apiKey, 'apiKeyId=key-id&'", "secret, ''", "accessToken, ''"})
    void aSecretArrivesWholeAndIsNotPrinted(String property, String others) throws Exception {
        Secret secret = Secret.random("kamelet-");
        service.giving(
                request -> secret.text().equals(request.getCredentials().getPayload()) ? "token-of-the-secret" : null);
        main.addInitialProperty("the.secret", secret.text());

        try (LogCollector log = new LogCollector()) {
            start(SINK + "&" + others + property + "={{the.secret}}&" + service.options());
            Exchange stored = send(picture, Map.of());
            service.answering(call -> Status.UNAUTHENTICATED);
            Exchange refused = send(picture, Map.of());
            main.stop();

            assertThat(stored.getException()).isNull();
            assertThat(service.uploads().get(0).header("authorization"))
                    .isEqualTo("Bearer " + (property.equals("accessToken") ? secret.text() : "token-of-the-secret"));
            Secret.assertNone(List.of(secret), "The failure", LogCollector.stackTrace(refused.getException()));
            for (String line : log.lines()) {
                if (!line.matches("(?s)(DEBUG|TRACE) org\\.apache\\.camel\\..*")) {
                    Secret.assertNone(List.of(secret), "A log line", line);
                }
            }
        }
    }

    @Test
    void theServerDeliversMessagesAndItsRouteAnswers() throws Exception {
        BlockingQueue<Exchange> received = new LinkedBlockingQueue<>();
        main.configure().addRoutesBuilder(new RouteBuilder() {
            @Override
            public void configure() {
                from("kamelet:viamdata-server-source?host=localhost&port=0&apiKey=id=key&maxConcurrentCalls=3")
                        .process(exchange -> {
                            received.add(exchange.copy());
                            if ("rejected".equals(exchange.getMessage().getHeader(ViamDataConstants.COMPONENT_NAME))) {
                                throw new IllegalStateException("no room for it");
                            }
                            exchange.getMessage().setHeader(ViamDataConstants.FILE_ID, "id-of-the-route");
                        });
                from("direct:in")
                        .toD(
                                SINK
                                        + "&maxAttempts=1&host=localhost&plaintext=true&apiKeyId=id&apiKey=key&port=${header.port}");
            }
        });
        main.start();
        int port = main.getCamelContext().getRoutes().stream()
                .map(Route::getConsumer)
                .filter(ViamDataServerConsumer.class::isInstance)
                .mapToInt(consumer -> ((ViamDataServerConsumer) consumer).getPort())
                .findFirst()
                .orElseThrow();

        Exchange stored =
                send(new ByteArrayInputStream(picture), Map.of("port", port, ViamDataConstants.TAGS, "night"));

        assertThat(stored.getException()).isNull();
        assertThat(stored.getMessage().getHeader(ViamDataConstants.FILE_ID)).isEqualTo("id-of-the-route");
        Exchange message = received.remove();
        assertThat(message.getMessage().getBody(byte[].class)).isEqualTo(picture);
        assertThat(message.getMessage().getHeaders())
                .containsEntry(ViamDataConstants.PART_ID, "part")
                .containsEntry(ViamDataConstants.COMPONENT_TYPE, "camera")
                .containsEntry(ViamDataConstants.COMPONENT_NAME, "gate")
                .containsEntry(ViamDataConstants.METHOD_NAME, "GetImages")
                .containsEntry(ViamDataConstants.FILE_EXTENSION, ".jpg")
                .containsEntry(ViamDataConstants.TAGS, List.of("night"));

        Exchange refused = send(picture, Map.of("port", port, ViamDataConstants.COMPONENT_NAME, "rejected"));
        assertThat(refused.getException()).isInstanceOf(ViamDataException.class);
    }

    private ViamDataConfiguration options() {
        return main.getCamelContext().getEndpoints().stream()
                .filter(ViamDataEndpoint.class::isInstance)
                .map(endpoint -> ((ViamDataEndpoint) endpoint).getConfiguration())
                .findFirst()
                .orElseThrow();
    }
}
