// Copyright the camel-viamdata authors. SPDX-License-Identifier: Apache-2.0
package io.github.camelviamdata;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import io.github.camelviamdata.server.ViamDataServerConstants;
import java.io.IOException;
import java.io.InputStream;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.stream.Stream;
import org.apache.camel.catalog.CamelCatalog;
import org.apache.camel.catalog.ConfigurationPropertiesValidationResult;
import org.apache.camel.catalog.DefaultCamelCatalog;
import org.apache.camel.catalog.EndpointValidationResult;
import org.apache.camel.tooling.model.BaseOptionModel;
import org.apache.camel.tooling.model.ComponentModel;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The components in the catalog of Camel, by which IDEs complete and check endpoint URIs and properties. */
class CatalogTest {

    private static final CamelCatalog CATALOG = new DefaultCamelCatalog();

    /** As tools do it that meet a jar: its list of components, and the description of each. */
    @BeforeAll
    static void load() throws IOException {
        Properties list = new Properties();
        try (InputStream stream = resource("META-INF/services/org/apache/camel/component.properties")) {
            list.load(stream);
        }
        for (String scheme : list.getProperty("components").split("\\s+")) {
            Properties service = new Properties();
            try (InputStream stream = resource("META-INF/services/org/apache/camel/component/" + scheme)) {
                service.load(stream);
            }
            String type = service.getProperty("class");
            String folder = type.substring(0, type.lastIndexOf('.')).replace('.', '/');
            try (InputStream stream = resource("META-INF/" + folder + "/" + scheme + ".json")) {
                CATALOG.addComponent(scheme, type, new String(stream.readAllBytes(), StandardCharsets.UTF_8));
            }
        }
    }

    private static InputStream resource(String name) {
        InputStream stream = ViamDataComponent.class.getClassLoader().getResourceAsStream(name);
        assertThat(stream).as(name).isNotNull();
        return stream;
    }

    @Test
    void knowsTheComponents() {
        assertThat(CATALOG.findComponentNames()).contains("viamdata", "viamdata-server");
        ComponentModel client = CATALOG.componentModel("viamdata");
        ComponentModel consumer = CATALOG.componentModel("viamdata-server");

        assertThat(client.isProducerOnly()).isFalse();
        assertThat(client.isConsumerOnly()).isFalse();
        assertThat(client.getSyntax()).isEqualTo("viamdata:partId");
        assertThat(consumer.isConsumerOnly()).isTrue();
        assertThat(consumer.isProducerOnly()).isFalse();
        assertThat(consumer.getSyntax()).isEqualTo("viamdata-server:host:port");
        assertThat(client.getGroupId()).isEqualTo("io.github.camel-viamdata");
        assertThat(client.getArtifactId()).isEqualTo("camel-viamdata");
    }

    @Test
    void knowsTheSecrets() {
        assertThat(secrets(CATALOG.componentModel("viamdata").getEndpointOptions()))
                .containsExactlyInAnyOrder("apiKeyId", "apiKey", "secret", "accessToken");
        assertThat(secrets(CATALOG.componentModel("viamdata").getComponentOptions()))
                .containsExactlyInAnyOrder("apiKeyId", "apiKey", "secret", "accessToken");
        assertThat(secrets(CATALOG.componentModel("viamdata-server").getEndpointOptions()))
                .containsExactly("apiKey");
    }

    private static List<String> secrets(List<? extends BaseOptionModel> options) {
        return options.stream()
                .filter(BaseOptionModel::isSecret)
                .map(BaseOptionModel::getName)
                .toList();
    }

    @Test
    void knowsTheHeaders() throws Exception {
        Map<String, Class<?>> headersClasses =
                Map.of("viamdata", ViamDataConstants.class, "viamdata-server", ViamDataServerConstants.class);
        for (String scheme : headersClasses.keySet()) {
            Class<?> constants = headersClasses.get(scheme);
            for (ComponentModel.EndpointHeaderModel header :
                    CATALOG.componentModel(scheme).getEndpointHeaders()) {
                assertThat(header.getName()).matches("CamelViamData.+|CamelFileName");
                assertThat(header.getDescription()).isNotBlank();
                String[] constant = header.getConstantName().split("#");
                assertThat(constant[0]).isEqualTo(constants.getName());
                assertThat(constants.getField(constant[1]).get(null)).isEqualTo(header.getName());
            }
        }
        assertThat(CATALOG.componentModel("viamdata").getEndpointHeaders())
                .extracting(BaseOptionModel::getName)
                .contains("CamelViamDataPartId", "CamelViamDataFileId");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "viamdata:part",
                "viamdata:part?componentType=camera&componentName=gate&methodName=GetImages&fileExtension=.jpg&tags=a,b",
                "viamdata:{{viam.partId}}?apiKeyId={{id}}&apiKey=RAW({{key}})",
                "viamdata:part?operation=capture&uploadMode=streaming&requestTimeout=30s&maxAttempts=1",
                "viamdata:part?methodParameters.quality=80&methodParameters.name=left",
                "viamdata:part?sslContextParameters=#tls&synchronous=true&lazyStartProducer=true"
            })
    void acceptsWhatUploads(String uri) {
        EndpointValidationResult result = CATALOG.validateEndpointProperties(uri, false, false, true);

        assertThat(result.isSuccess()).as(result.summaryErrorMessage(true)).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "viamdata-server:localhost:8443",
                "viamdata-server:0.0.0.0:8443?apiKey=#keys",
                "viamdata-server:0.0.0.0:8443?apiKey=RAW({{keys}})&sslContextParameters=#tls&tokenLifetime=1h",
                "viamdata-server:{{host}}:{{port}}?captureFiles=true&maxUploadSize=1000000&maxConcurrentCalls=8",
                "viamdata-server:localhost:0?bridgeErrorHandler=true",
                "viamdata:part?tagMatch=untagged&onDone=addTags&doneTags=seen&delay=10s&greedy=true",
                "viamdata:part?datasetId=d&onDone=removeFromDataset&download=stream&bridgeErrorHandler=true"
            })
    void acceptsWhatReceives(String uri) {
        EndpointValidationResult result = CATALOG.validateEndpointProperties(uri, false, true, false);

        assertThat(result.isSuccess()).as(result.summaryErrorMessage(true)).isTrue();
    }

    static Stream<Arguments> wrong() {
        return Stream.of(
                arguments("viamdata:part?componetType=camera", "Unknown option"),
                arguments("viamdata:part?operation=video", "Invalid enum value"),
                arguments("viamdata:part?uploadMode=fast", "Invalid enum value"),
                arguments("viamdata:part?port=https", "Invalid integer value"),
                arguments("viamdata:part?maxAttempts=many", "Invalid integer value"),
                arguments("viamdata:part?plaintext=yes", "Invalid boolean value"),
                arguments("viamdata:part?requestTimeout=soon", "{requestTimeout=soon}"),
                arguments("viamdata:part?onDone=forget", "Invalid enum value"),
                arguments("viamdata:part?sslContextParameters=tls", "Invalid reference value"),
                arguments("viamdata-server:localhost", "Missing required option"),
                arguments("viamdata-server:localhost:port", "Invalid integer value"),
                arguments("viamdata-server:localhost:0?maxUploadSize=10GB", "Invalid"),
                arguments("viamdata-server:localhost:0?componentType=camera", "Unknown option"),
                arguments("viamdata-server:localhost:0?lazyStartProducer=true", "Unknown option"),
                arguments("viamdata-server:localhost:0?captureFiles=maybe", "Invalid boolean value"));
    }

    @ParameterizedTest
    @MethodSource("wrong")
    void saysWhatIsWrong(String uri, String text) {
        EndpointValidationResult result = CATALOG.validateEndpointProperties(uri);

        assertThat(result.isSuccess()).isFalse();
        // Of durations, the summary says nothing.
        assertThat(result.summaryErrorMessage(true) + result.getInvalidDuration())
                .contains(text);
    }

    @Test
    void tellsTheEndsApart() {
        assertThat(CATALOG.validateEndpointProperties("viamdata:part?lazyStartProducer=true", false, true, false)
                        .getNotConsumerOnly())
                .containsExactly("lazyStartProducer");
        assertThat(CATALOG.validateEndpointProperties(
                                "viamdata-server:localhost:0?bridgeErrorHandler=true", false, false, true)
                        .getNotProducerOnly())
                .containsExactly("bridgeErrorHandler");
    }

    static Stream<Arguments> uris() {
        return Stream.of(
                arguments(
                        "viamdata",
                        "viamdata:part?apiKey=RAW({{key}})&methodParameters.quality=80&operation=file&tags=a,b",
                        Map.of(
                                "partId", "part",
                                "apiKey", "RAW({{key}})",
                                "methodParameters.quality", "80",
                                "operation", "file",
                                "tags", "a,b")),
                arguments(
                        "viamdata-server",
                        "viamdata-server:0.0.0.0:8443?apiKey=RAW({{keys}})&captureFiles=true",
                        Map.of("host", "0.0.0.0", "port", "8443", "apiKey", "RAW({{keys}})", "captureFiles", "true")));
    }

    @ParameterizedTest
    @MethodSource("uris")
    void takesUrisApartAndPutsThemTogether(String scheme, String uri, Map<String, String> properties)
            throws URISyntaxException {
        assertThat(CATALOG.endpointComponentName(uri)).isEqualTo(scheme);
        assertThat(CATALOG.endpointProperties(uri)).containsExactlyInAnyOrderEntriesOf(properties);
        assertThat(CATALOG.asEndpointUri(scheme, properties, false)).isEqualTo(uri);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "camel.component.viamdata.api-key=k",
                "camel.component.viamdata.apiKeyId={{env:VIAM_API_KEY_ID}}",
                "camel.component.viamdata.max-in-flight=16",
                "camel.component.viamdata.operation=file",
                "camel.component.viamdata.request-timeout=10s",
                "camel.component.viamdata-server.api-key=#keys",
                "camel.component.viamdata-server.plaintext=true"
            })
    void acceptsProperties(String line) {
        ConfigurationPropertiesValidationResult result = CATALOG.validateConfigurationProperty(line);

        assertThat(result.isAccepted()).isTrue();
        assertThat(result.isSuccess()).as(result.summaryErrorMessage(true)).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "camel.component.viamdata.apiKy=k",
                "camel.component.viamdata.max-in-flight=many",
                "camel.component.viamdata.operation=video",
                "camel.component.viamdata.plaintext=maybe",
                "camel.component.viamdata.request-timeout=soon",
                "camel.component.viamdata-server.port=8443"
            })
    void refusesProperties(String line) {
        ConfigurationPropertiesValidationResult result = CATALOG.validateConfigurationProperty(line);

        assertThat(result.isAccepted()).isTrue();
        assertThat(result.isSuccess()).isFalse();
    }
}
