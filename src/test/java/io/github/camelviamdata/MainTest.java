// Copyright the camel-viamdata authors. SPDX-License-Identifier: Apache-2.0
package io.github.camelviamdata;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.github.camelviamdata.server.ViamDataServerComponent;
import io.github.camelviamdata.server.ViamDataServerConsumer;
import io.github.camelviamdata.service.TestCall;
import io.github.camelviamdata.service.TestService;
import io.github.camelviamdata.support.ChildJvm;
import io.github.camelviamdata.support.UploadOnce;
import io.grpc.Status;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import org.apache.camel.CamelContext;
import org.apache.camel.Exchange;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.main.Main;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Camel Main: options from properties and from the environment. */
class MainTest {

    private static final String CAMERA =
            "componentType=camera&componentName=gate&methodName=GetImages&fileExtension=.jpg";

    private final TestService service = TestService.plaintext();
    private final Main main = new Main();

    @AfterEach
    void stop() throws Exception {
        main.stop();
        service.close();
    }

    private void property(String name, Object value) {
        main.addInitialProperty(name, value.toString());
    }

    /** An upload to the service, with what the tests have in common. */
    private void connect() {
        property("camel.component.viamdata.host", "localhost");
        property("camel.component.viamdata.port", service.port());
        property("camel.component.viamdata.plaintext", "true");
    }

    private Exchange send(String uri) throws Exception {
        return main.getCamelTemplate()
                .send(uri, exchange -> exchange.getMessage().setBody("picture"));
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void bindsTheOptionsOfTheComponentAndUploads(boolean dashes) throws Exception {
        connect();
        property("camel.component.viamdata." + (dashes ? "part-id" : "partId"), "part-of-properties");
        property("camel.component.viamdata." + (dashes ? "api-key-id" : "apiKeyId"), "key-id");
        property("camel.component.viamdata." + (dashes ? "api-key" : "apiKey"), "key");
        property("camel.component.viamdata." + (dashes ? "component-type" : "componentType"), "camera");
        property("camel.component.viamdata." + (dashes ? "component-name" : "componentName"), "gate");
        property("camel.component.viamdata." + (dashes ? "method-name" : "methodName"), "GetImages");
        property("camel.component.viamdata." + (dashes ? "file-extension" : "fileExtension"), ".jpg");
        property("camel.component.viamdata." + (dashes ? "request-timeout" : "requestTimeout"), "31s");
        property("camel.component.viamdata." + (dashes ? "retry-delay" : "retryDelay"), "300ms");
        property("camel.component.viamdata." + (dashes ? "max-retry-delay" : "maxRetryDelay"), "1m30s");
        property("camel.component.viamdata." + (dashes ? "idle-timeout" : "idleTimeout"), "45000");
        property("camel.component.viamdata." + (dashes ? "upload-mode" : "uploadMode"), "streaming");
        property("camel.component.viamdata." + (dashes ? "max-attempts" : "maxAttempts"), "7");
        property("camel.component.viamdata.tags", "night,gate-7");
        main.start();

        Exchange exchange = send("viamdata:?retryDelay=250ms");

        assertThat(exchange.getException()).isNull();
        TestCall call = service.onlyUpload();
        assertThat(call.method()).isEqualTo("StreamingDataCaptureUpload");
        assertThat(call.header("authorization")).isEqualTo("Bearer token-of-key-id");
        assertThat(call.metadata().getPartId()).isEqualTo("part-of-properties");
        assertThat(call.metadata().getComponentName()).isEqualTo("gate");
        assertThat(call.metadata().getTagsList()).containsExactly("night", "gate-7");
        ViamDataConfiguration options = main.getCamelContext()
                .getComponent("viamdata", ViamDataComponent.class)
                .getConfiguration();
        assertThat(options.getRequestTimeout()).isEqualTo(31_000);
        assertThat(options.getRetryDelay()).isEqualTo(300);
        assertThat(options.getMaxRetryDelay()).isEqualTo(90_000);
        assertThat(options.getIdleTimeout()).isEqualTo(45_000);
        assertThat(options.getMaxAttempts()).isEqualTo(7);
        ViamDataEndpoint endpoint =
                main.getCamelContext().getEndpoint("viamdata:?retryDelay=250ms", ViamDataEndpoint.class);
        assertThat(endpoint.getConfiguration().getRetryDelay()).isEqualTo(250);
        assertThat(endpoint.getConfiguration().getRequestTimeout()).isEqualTo(31_000);
    }

    @ParameterizedTest
    @ValueSource(strings = {"viamdata.apiKee", "viamdata.requestTimeout.seconds", "viamdata-server.apiKeys"})
    void refusesAnUnknownOption(String option) {
        property("camel.component." + option, "value");

        Throwable failure = catchThrowable(this::startWithBothComponents);

        assertThat(failure).hasStackTraceContaining(option.substring(option.lastIndexOf('.') + 1));
        assertThat(main.getCamelContext() == null || !main.getCamelContext().isStarted())
                .isTrue();
    }

    @ParameterizedTest
    @CsvSource({
        "request-timeout,     requestTimeout,     soon",
        "maxInFlightWait,     maxInFlightWait,    soon",
        "port,                port,               high",
        "streaming-threshold, streamingThreshold, never",
        "max-attempts,        maxAttempts,        4294967297",
        "upload-mode,         uploadMode,         both",
        "plaintext,           plaintext,          perhaps"
    })
    void refusesAValueThatDoesNotFit(String property, String option, String value) {
        property("camel.component.viamdata." + property, value);

        assertThat(catchThrowable(this::startWithBothComponents))
                .hasStackTraceContaining(option)
                .hasStackTraceContaining(value);
    }

    private void startWithBothComponents() throws Exception {
        main.configure().addRoutesBuilder(new RouteBuilder() {
            @Override
            public void configure() {
                from("viamdata-server:localhost:0").to("viamdata:part");
            }
        });
        main.start();
    }

    @Test
    void sendsTheWrongKeyToNoAvail() throws Exception {
        connect();
        property("camel.component.viamdata.api-key-id", "key-id");
        property("camel.component.viamdata.api-key", "wrong");
        property("camel.component.viamdata.max-attempts", "1");
        service.giving(request -> null);
        main.start();

        Exchange exchange = send("viamdata:part?" + CAMERA);

        assertThat(exchange.getException())
                .isInstanceOf(ViamDataAuthenticationException.class)
                .hasMessageContaining("invalid credentials")
                .hasMessageContaining("Check the API key");
        assertThat(service.uploads()).isEmpty();
    }

    @Test
    void bindsTheOptionsOfTheServer() throws Exception {
        List<String> parts = new CopyOnWriteArrayList<>();
        property("camel.component.viamdata-server.api-key", "server-id=server-key");
        property("camel.component.viamdata-server.plaintext", "true");
        property("camel.component.viamdata.host", "localhost");
        property("camel.component.viamdata.plaintext", "true");
        property("camel.component.viamdata.api-key-id", "server-id");
        property("camel.component.viamdata.api-key", "server-key");
        main.configure().addRoutesBuilder(new RouteBuilder() {
            @Override
            public void configure() {
                from("viamdata-server:0.0.0.0:0?maxConcurrentCalls=3")
                        .routeId("server")
                        .process(exchange ->
                                parts.add(exchange.getMessage().getHeader(ViamDataConstants.PART_ID, String.class)));
            }
        });
        main.start();
        CamelContext context = main.getCamelContext();
        int port = ((ViamDataServerConsumer) context.getRoute("server").getConsumer()).getPort();

        Exchange accepted = send("viamdata:one?port=" + port + "&" + CAMERA);
        Exchange refused = send("viamdata:two?apiKey=other&maxAttempts=1&port=" + port + "&" + CAMERA);

        assertThat(accepted.getException()).isNull();
        assertThat(refused.getException())
                .isInstanceOfSatisfying(
                        ViamDataAuthenticationException.class,
                        e -> assertThat(e.getStatus()).isEqualTo(Status.Code.UNAUTHENTICATED))
                .hasMessageContaining("API key ID and API key do not belong together");
        assertThat(parts).containsExactly("one");
        assertThat(context.getComponent("viamdata-server", ViamDataServerComponent.class)
                        .isPlaintext())
                .isTrue();
    }

    @Test
    void takesCredentialsAndPartFromTheEnvironment() throws Exception {
        Map<String, String> requests = new ConcurrentHashMap<>();
        service.giving(request -> {
            requests.put(request.getEntity(), request.getCredentials().getPayload());
            return "token-of-the-environment";
        });

        ChildJvm.Result result = uploadOnce(Map.of(
                "VIAM_API_KEY_ID", "id-of-the-environment",
                "VIAM_API_KEY", "key-of-the-environment",
                "VIAM_MACHINE_PART_ID", "part-of-the-environment"));

        assertThat(result.exitCode()).as(result.output()).isZero();
        assertThat(result.output()).contains("stored as " + TestService.BINARY_DATA_ID + 1);
        assertThat(result.output()).doesNotContain("key-of-the-environment");
        assertThat(requests).isEqualTo(Map.of("id-of-the-environment", "key-of-the-environment"));
        TestCall call = service.onlyUpload();
        assertThat(call.header("authorization")).isEqualTo("Bearer token-of-the-environment");
        assertThat(call.metadata().getPartId()).isEqualTo("part-of-the-environment");
        assertThat(call.payload()).isEqualTo("picture".getBytes());
    }

    @Test
    void namesThePartThatTheEnvironmentLacks() throws Exception {
        ChildJvm.Result result = uploadOnce(Map.of("VIAM_API_KEY_ID", "id", "VIAM_API_KEY", "key"));

        assertThat(result.exitCode()).isNotZero();
        assertThat(result.output()).contains("Missing: partId");
        assertThat(service.calls()).isEmpty();
    }

    private ChildJvm.Result uploadOnce(Map<String, String> environment) throws IOException, InterruptedException {
        return new ChildJvm(ChildJvm.ownClassPath())
                .environment(environment)
                .run(60, UploadOnce.class.getName(), "viamdata:?" + service.options() + "&" + CAMERA);
    }
}
