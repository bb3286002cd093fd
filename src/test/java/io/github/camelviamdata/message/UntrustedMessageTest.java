// Copyright the camel-viamdata authors. SPDX-License-Identifier: Apache-2.0
package io.github.camelviamdata.message;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.net.httpserver.HttpServer;
import io.github.camelviamdata.ViamDataConstants;
import io.github.camelviamdata.ViamDataRejectedException;
import io.github.camelviamdata.service.TestCall;
import io.github.camelviamdata.support.ViamDataTestSupport;
import io.grpc.Status;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import java.util.stream.Stream;
import org.apache.camel.CamelContext;
import org.apache.camel.Exchange;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.component.kafka.KafkaEndpoint;
import org.apache.camel.spi.HeaderFilterStrategy;
import org.apache.camel.spi.HeaderFilterStrategyAware;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What a message can do whose sender means ill: its headers, and its body. */
class UntrustedMessageTest extends ViamDataTestSupport {

    private static final byte[] BODY = {1};

    private static JsonNode catalog() throws Exception {
        try (InputStream json =
                UntrustedMessageTest.class.getResourceAsStream("/META-INF/io/github/camelviamdata/viamdata.json")) {
            return new ObjectMapper().readTree(json);
        }
    }

    static List<String> headers() throws Exception {
        List<String> names = new ArrayList<>();
        catalog().get("headers").fieldNames().forEachRemaining(names::add);
        return names;
    }

    /** Each option as a header: those that are headers too are overridden, and nothing else. */
    @Test
    void noHeaderChangesWhereToOrAsWhomAnUploadGoes() throws Exception {
        List<String> known = headers();
        Map<String, Object> headers = new HashMap<>();
        catalog().get("properties").fieldNames().forEachRemaining(option -> {
            String name = "CamelViamData" + Character.toUpperCase(option.charAt(0)) + option.substring(1);
            if (!known.contains(name)) {
                headers.put(name, "evil.example.org");
                headers.put(option, "evil.example.org");
            }
        });
        assertThat(headers)
                .containsKeys(
                        "CamelViamDataHost",
                        "CamelViamDataPort",
                        "CamelViamDataPlaintext",
                        "CamelViamDataApiKey",
                        "CamelViamDataApiKeyId",
                        "CamelViamDataSecret",
                        "CamelViamDataAccessToken",
                        "CamelViamDataSslContextParameters",
                        "CamelViamDataClient");
        headers.put(ViamDataConstants.PART_ID, "other?host=evil.example.org&apiKey=evil");

        upload(uri(CAMERA, "apiKeyId=my-id&apiKey=my-key"), BODY, headers);

        TestCall call = service.onlyUpload();
        assertThat(call.header("authorization")).isEqualTo("Bearer token-of-my-id");
        assertThat(call.metadata().getPartId()).isEqualTo("other?host=evil.example.org&apiKey=evil");
        assertThat(call.metadata().getComponentName()).isEqualTo("my_camera");
    }

    @Test
    void aHeaderChangesWhoOwnsTheDataAndHowItIsCalled() {
        upload(
                uri(CAMERA, "tags=mine"),
                BODY,
                Map.of(
                        ViamDataConstants.PART_ID, "other",
                        ViamDataConstants.COMPONENT_NAME, "door",
                        ViamDataConstants.TAGS, "theirs",
                        ViamDataConstants.DATASET_IDS, "set"));

        assertThat(service.onlyUpload().metadata().getPartId()).isEqualTo("other");
        assertThat(service.onlyUpload().metadata().getComponentName()).isEqualTo("door");
        assertThat(service.onlyUpload().metadata().getTagsList()).containsExactly("mine", "theirs");
        assertThat(service.onlyUpload().metadata().getDatasetIdsList()).containsExactly("set");
    }

    /** The header names of the catalog, in any case, are all that this leaves out. */
    @Test
    void removeHeadersTakesThemAllAway() throws Exception {
        context.addRoutes(new RouteBuilder() {
            @Override
            public void configure() {
                from("direct:stripped")
                        .removeHeaders("CamelViamData*")
                        .to(uri(CAMERA))
                        .to("mock:end");
            }
        });
        Map<String, Object> headers = new HashMap<>();
        for (String name : headers()) {
            headers.put(name.replace("CamelViamData", "cAMELvIAMdATA"), "evil");
        }

        upload("direct:stripped", BODY, headers);

        assertThat(service.onlyUpload().messages().get(0))
                .asString(StandardCharsets.ISO_8859_1)
                .contains(PART)
                .doesNotContain("evil");
    }

    static Stream<Function<CamelContext, HeaderFilterStrategy>> sources() {
        return Stream.of(
                context -> context.getEndpoint("kafka:frames", KafkaEndpoint.class)
                        .getConfiguration()
                        .getHeaderFilterStrategy(),
                context -> ((HeaderFilterStrategyAware) context.getEndpoint("platform-http:/frames"))
                        .getHeaderFilterStrategy());
    }

    /** Those of Camel's components for Kafka and HTTP servers. */
    @ParameterizedTest
    @MethodSource("sources")
    void sourcesDropHeadersOfThatName(Function<CamelContext, HeaderFilterStrategy> source) throws Exception {
        HeaderFilterStrategy strategy = source.apply(context);
        for (String name : headers()) {
            for (String spelt : List.of(name, name.toLowerCase(), name.toUpperCase(), name.replace("Camel", "cAmEl"))) {
                assertThat(strategy.applyFilterToExternalHeaders(spelt, "evil", null))
                        .as(spelt)
                        .isTrue();
            }
        }
        assertThat(strategy.applyFilterToExternalHeaders("camera", "gate", null))
                .isFalse();
    }

    static Stream<String> results() {
        return Stream.of(
                ViamDataConstants.FILE_ID,
                ViamDataConstants.FILE_IDS,
                ViamDataConstants.BINARY_DATA_ID,
                ViamDataConstants.UPLOADED_BYTES,
                ViamDataConstants.ATTEMPTS,
                ViamDataConstants.DELIVERY,
                ViamDataConstants.CAPTURE_COUNT,
                ViamDataConstants.CAPTURE_LEFT,
                ViamDataConstants.CAPTURE_DAMAGE);
    }

    @ParameterizedTest
    @MethodSource("results")
    void resultsAreNoInput(String header) {
        Exchange forged = upload(uri(CAMERA), BODY, Map.of(header, "evil"));
        upload(uri(CAMERA), BODY, Map.of());

        assertThat(forged.getMessage().getHeaders().values()).doesNotContain("evil");
        assertThat(service.uploads().get(0).messages().get(0))
                .isEqualTo(service.uploads().get(1).messages().get(0));
    }

    @ParameterizedTest
    @ValueSource(strings = {"${sys.user.home}", "RAW(secret)", "#bean:x", "#{1+1}"})
    void noTextIsEvaluated(String text) {
        context.getPropertiesComponent().addInitialProperty("secret", "evil");
        List<String> texts = List.of(
                ViamDataConstants.PART_ID,
                ViamDataConstants.COMPONENT_TYPE,
                ViamDataConstants.COMPONENT_NAME,
                ViamDataConstants.METHOD_NAME,
                ViamDataConstants.FILE_NAME,
                ViamDataConstants.TAGS,
                ViamDataConstants.DATASET_IDS);
        Map<String, Object> headers = new HashMap<>();
        texts.forEach(name -> headers.put(name, text));

        upload(uri(CAMERA), text, headers);

        var metadata = service.onlyUpload().metadata();
        assertThat(List.of(
                        metadata.getPartId(),
                        metadata.getComponentType(),
                        metadata.getComponentName(),
                        metadata.getMethodName(),
                        metadata.getFileName(),
                        metadata.getTags(0),
                        metadata.getDatasetIds(0)))
                .containsOnly(text);
        assertThat(service.onlyUpload().payload())
                .asString(StandardCharsets.UTF_8)
                .isEqualTo(text);
    }

    /** Nothing resolves it: a name that looks like one is refused, and a file name is sent as it is. */
    @ParameterizedTest
    @ValueSource(strings = {"{{secret}}", "RAW({{secret}})", "{{env:PATH}}"})
    void noPlaceholderIsResolved(String text) {
        context.getPropertiesComponent().addInitialProperty("secret", "evil");

        for (String header : List.of(ViamDataConstants.PART_ID, ViamDataConstants.COMPONENT_NAME)) {
            assertThat(refused(ViamDataRejectedException.class, uri(CAMERA), BODY, Map.of(header, text)))
                    .hasMessageContaining(header + " contains a placeholder")
                    .hasMessageNotContaining("evil");
        }
        upload(uri(CAMERA), text, Map.of(ViamDataConstants.FILE_NAME, text));
        assertThat(service.onlyUpload().metadata().getFileName()).isEqualTo(text);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                ViamDataConstants.PART_ID,
                ViamDataConstants.OPERATION,
                ViamDataConstants.TIME_REQUESTED,
                ViamDataConstants.MIME_TYPE,
                ViamDataConstants.FILE_EXTENSION,
                ViamDataConstants.WRAP_READINGS
            })
    void aFailureIsOneLineWhateverAHeaderHolds(String header) {
        service.answering(call -> Status.INVALID_ARGUMENT);

        ViamDataRejectedException failure = refused(
                ViamDataRejectedException.class,
                uri(CAMERA, "operation=tabular"),
                "{\"a\":1}",
                Map.of(header, "evil\r\n2026-11-01 INFO forged"));

        // A part ID with a line break is refused without being shown.
        assertThat(failure.getMessage())
                .contains(header.equals(ViamDataConstants.PART_ID) ? header : "2026-11-01 INFO forged")
                .hasLineCount(1);
    }

    @ParameterizedTest
    @ValueSource(strings = {"binary", "file", "tabular", "capture"})
    void textIsNeverTheNameOfAFile(String operation, @TempDir Path directory) throws Exception {
        Path file = Files.writeString(directory.resolve("secret.json"), "{\"a\":\"content\"}");
        for (Object body : List.of(
                file.toString(), file.toUri().toString(), file.toString().getBytes(StandardCharsets.UTF_8))) {
            send(uri(CAMERA, "operation=" + operation), body, Map.of("CamelFilePath", file.toString()));
        }

        assertThat(service.uploads())
                .hasSize(operation.equals("binary") || operation.equals("file") ? 3 : 0)
                .allSatisfy(call -> assertThat(call.payload())
                        .asString(StandardCharsets.UTF_8)
                        .contains(file.toString())
                        .doesNotContain("content"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"binary", "file", "tabular", "capture"})
    void textIsNeverTakenForAUrl(String operation) throws Exception {
        HttpServer web = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        AtomicInteger asked = new AtomicInteger();
        web.createContext("/", request -> {
            asked.incrementAndGet();
            request.sendResponseHeaders(204, -1);
            request.close();
        });
        web.start();
        try {
            String url = "http://localhost:" + web.getAddress().getPort() + "/secret.json";
            for (Object body : List.of(url, url.getBytes(StandardCharsets.UTF_8))) {
                send(uri(CAMERA, "operation=" + operation), body, Map.of("CamelFilePath", url));
            }

            assertThat(asked).hasValue(0);
            assertThat(service.uploads())
                    .hasSize(operation.equals("binary") || operation.equals("file") ? 2 : 0)
                    .allSatisfy(call -> assertThat(call.payload()).asString().isEqualTo(url));
        } finally {
            web.stop(0);
        }
    }

    @Test
    void nestedJsonIsRefusedBeforeTheStackEnds() {
        for (String open : List.of("[", "{\"a\":")) {
            assertThat(refused(
                            ViamDataRejectedException.class,
                            uri(CAMERA, "operation=tabular"),
                            open.repeat(1_000_000),
                            Map.of()))
                    .hasMessageContaining("nested more than");
            for (String header : List.of(ViamDataConstants.METHOD_PARAMETERS, ViamDataConstants.ANNOTATIONS)) {
                refused(
                        ViamDataRejectedException.class,
                        uri(CAMERA),
                        BODY,
                        Map.of(header, "{\"a\":" + open.repeat(100_000)));
            }
        }
        assertThat(service.uploads()).isEmpty();
    }
}
