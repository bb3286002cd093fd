// Copyright the camel-viamdata authors. SPDX-License-Identifier: Apache-2.0
package io.github.camelviamdata.springboot;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.github.camelviamdata.ViamDataComponent;
import io.github.camelviamdata.ViamDataConfiguration;
import io.github.camelviamdata.ViamDataUploadMode;
import io.github.camelviamdata.server.ViamDataServerComponent;
import io.github.camelviamdata.service.TestCall;
import io.github.camelviamdata.service.TestService;
import java.util.HashMap;
import java.util.Map;
import org.apache.camel.CamelContext;
import org.apache.camel.support.jsse.SSLContextParameters;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.context.annotation.AnnotationConfigApplicationContext;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.env.MapPropertySource;
import org.springframework.core.env.StandardEnvironment;
import org.springframework.core.env.SystemEnvironmentPropertySource;

/** The properties of a Spring Boot application. All that it needs is found by the name in META-INF/spring. */
class ViamDataAutoConfigurationTest {

    @Configuration(proxyBeanMethods = false)
    @EnableAutoConfiguration
    static class Application {}

    private final AnnotationConfigApplicationContext spring = new AnnotationConfigApplicationContext();
    private final Map<String, Object> properties = new HashMap<>();

    @AfterEach
    void close() {
        spring.close();
    }

    private CamelContext start() {
        spring.getEnvironment().getPropertySources().addLast(new MapPropertySource("application", properties));
        spring.register(Application.class);
        spring.refresh();
        return spring.getBean(CamelContext.class);
    }

    private ViamDataConfiguration options() {
        return spring.getBean(CamelContext.class)
                .getComponent("viamdata", ViamDataComponent.class)
                .getConfiguration();
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void bindsTheOptionsOfTheComponentAndUploads(boolean dashes) throws Exception {
        try (TestService service = TestService.plaintext()) {
            properties.put("service.port", service.port());
            properties.put("key", "a#key");
            properties.put("camel.component.viamdata.host", "localhost");
            properties.put("camel.component.viamdata.port", "${service.port}");
            properties.put("camel.component.viamdata.plaintext", "true");
            properties.put("camel.component.viamdata." + (dashes ? "part-id" : "partId"), "part-of-properties");
            properties.put("camel.component.viamdata." + (dashes ? "api-key-id" : "apiKeyId"), "key-id");
            properties.put("camel.component.viamdata." + (dashes ? "api-key" : "apiKey"), "{{key}}");
            properties.put("camel.component.viamdata." + (dashes ? "component-type" : "componentType"), "camera");
            properties.put("camel.component.viamdata." + (dashes ? "component-name" : "componentName"), "gate");
            properties.put("camel.component.viamdata." + (dashes ? "method-name" : "methodName"), "GetImages");
            properties.put("camel.component.viamdata." + (dashes ? "file-extension" : "fileExtension"), ".jpg");
            properties.put("camel.component.viamdata." + (dashes ? "request-timeout" : "requestTimeout"), "1m31s");
            properties.put("camel.component.viamdata." + (dashes ? "upload-mode" : "uploadMode"), "streaming");
            properties.put(
                    "camel.component.viamdata." + (dashes ? "method-parameters" : "methodParameters") + "[jpegQuality]",
                    "80");
            CamelContext context = start();

            context.createProducerTemplate().sendBody("viamdata:?tags=night", "picture");

            TestCall call = service.onlyUpload();
            assertThat(call.method()).isEqualTo("StreamingDataCaptureUpload");
            assertThat(call.header("authorization")).isEqualTo("Bearer token-of-key-id");
            assertThat(call.metadata().getPartId()).isEqualTo("part-of-properties");
            assertThat(call.metadata().getComponentName()).isEqualTo("gate");
            assertThat(call.metadata().getMethodParametersMap()).containsOnlyKeys("jpegQuality");
            assertThat(call.payload()).asString().isEqualTo("picture");
            assertThat(options().getRequestTimeout()).isEqualTo(91_000);
            assertThat(options().getUploadMode()).isEqualTo(ViamDataUploadMode.streaming);
            assertThat(options().getApiKey()).isEqualTo("a#key");
        }
    }

    @Test
    void bindsTheOptionsOfTheServer() {
        properties.put("camel.component.viamdata-server.api-key", "id=key");
        properties.put("camel.component.viamdata-server.plaintext", "true");

        ViamDataServerComponent server = start().getComponent("viamdata-server", ViamDataServerComponent.class);

        assertThat(server.getApiKey()).isEqualTo("id=key");
        assertThat(server.isPlaintext()).isTrue();
        assertThat(options().isPlaintext()).isFalse();
    }

    @Test
    void findsBeans() {
        SSLContextParameters tls = new SSLContextParameters();
        spring.registerBean("tls", SSLContextParameters.class, () -> tls);
        properties.put("camel.component.viamdata.ssl-context-parameters", "#tls");
        properties.put("camel.component.viamdata-server.ssl-context-parameters", "#bean:tls");
        start();

        assertThat(options().getSslContextParameters()).isSameAs(tls);
        assertThat(spring.getBean(CamelContext.class)
                        .getComponent("viamdata-server", ViamDataServerComponent.class)
                        .getSslContextParameters())
                .isSameAs(tls);
    }

    @Test
    void namesABeanThatIsMissing() {
        properties.put("camel.component.viamdata.ssl-context-parameters", "#tls");

        assertThat(catchThrowable(this::start)).hasStackTraceContaining("tls");
    }

    /** As Spring writes them, and as Camel Main does. They win over files. */
    @ParameterizedTest
    @ValueSource(strings = {"CAMEL_COMPONENT_VIAMDATA_APIKEYID", "CAMEL_COMPONENT_VIAMDATA_API_KEY_ID"})
    void readsTheEnvironment(String variable) {
        spring.getEnvironment()
                .getPropertySources()
                .addFirst(new SystemEnvironmentPropertySource(
                        "test-" + StandardEnvironment.SYSTEM_ENVIRONMENT_PROPERTY_SOURCE_NAME,
                        Map.of(variable, "of-the-environment")));
        properties.put("camel.component.viamdata.api-key-id", "of-a-file");
        start();

        assertThat(options().getApiKeyId()).isEqualTo("of-the-environment");
    }

    /** No route needs them here: an application that uploads with toD must not find out with its first message. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "viamdata.api-kee",
                "viamdata.requestTimeout.seconds",
                "viamdata.tags.0",
                "viamdata-server.apiKeys",
                "viamdata-server.max-concurrent-calls"
            })
    void doesNotStartWithAnUnknownOption(String option) {
        properties.put("camel.component." + option, "secret");

        assertThat(catchThrowable(this::start))
                .hasStackTraceContaining("Unknown options: camel.component." + option)
                .satisfies(failure -> assertThat(failure).rootCause().hasMessageNotContaining("secret"));
    }

    @ParameterizedTest
    @CsvSource({"request-timeout, soon", "port, https", "upload-mode, quick", "plaintext, maybe"})
    void doesNotStartWithAValueThatDoesNotFit(String option, String value) {
        properties.put("camel.component.viamdata." + option, value);

        assertThat(catchThrowable(this::start)).hasStackTraceContaining(value);
    }

    @Test
    void leavesComponentsOfOtherNamesAlone() {
        spring.registerBean("second", ViamDataComponent.class, ViamDataComponent::new);
        properties.put("camel.component.viamdata.api-key-id", "first");
        CamelContext context = start();

        assertThat(options().getApiKeyId()).isEqualTo("first");
        assertThat(context.getComponent("second", ViamDataComponent.class)
                        .getConfiguration()
                        .getApiKeyId())
                .isNull();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "camel.component.enabled",
                "camel.component.viamdata.enabled",
                "camel.component.customizer.enabled",
                "camel.component.viamdata.customizer.enabled"
            })
    void canBeTurnedOff(String property) {
        properties.put(property, "false");
        properties.put("camel.component.viamdata.api-key-id", "key-id");
        start();

        assertThat(options().getApiKeyId()).isNull();
    }

    @Test
    void acceptsThatItIsTurnedOn() {
        properties.put("camel.component.viamdata.enabled", "true");
        properties.put("camel.component.viamdata.customizer.enabled", "true");
        properties.put("camel.component.viamdata.api-key-id", "key-id");
        start();

        assertThat(options().getApiKeyId()).isEqualTo("key-id");
    }

    @Test
    void makesNoComponentThatNobodyAskedFor() {
        assertThat(start().getComponentNames()).doesNotContain("viamdata", "viamdata-server");
    }
}
