// Copyright the camel-viamdata authors. SPDX-License-Identifier: Apache-2.0
package io.github.camelviamdata.examples;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.github.camelviamdata.ViamDataConstants;
import io.github.camelviamdata.ViamDataOperation;
import io.github.camelviamdata.proto.data.v1.Annotations;
import io.github.camelviamdata.proto.data.v1.Classification;
import io.github.camelviamdata.server.Received;
import io.github.camelviamdata.service.FileTree;
import io.grpc.Status;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.camel.Exchange;
import org.junit.jupiter.api.Test;

/** The route of {@code examples/relay}, between a client and a second {@code viamdata-server}. */
class RelayExampleIT extends ExampleTestSupport {

    @Test
    void theRelayPassesOnAndKeepsACopy() throws Exception {
        Example relay = start("relay", Map.of("viam.part-id", "part-of-the-relay"), "relay");
        Map<String, Sent> sent = new TreeMap<>();
        String uri = client(relay);
        try (var template = relay.main().getCamelContext().createProducerTemplate()) {
            List<java.util.concurrent.Future<Exchange>> uploads = new ArrayList<>();
            for (int i = 0; i < MESSAGES; i++) {
                String name = "camera-" + i % 7;
                byte[] body = picture(i);
                Map<String, Object> ours = Map.of(
                        ViamDataConstants.COMPONENT_NAME,
                        name,
                        ViamDataConstants.FILE_NAME,
                        "picture-" + i + ".jpg",
                        ViamDataConstants.TAGS,
                        List.of("t" + i % 3));
                Map<String, Object> headers = headers(name, "GetImages", ".jpg");
                headers.putAll(ours);
                sent.put(key(body), new Sent(body, headers));
                uploads.add(template.asyncSend(uri, exchange -> {
                    exchange.getMessage().setBody(body);
                    exchange.getMessage().setHeaders(new HashMap<>(ours));
                }));
            }
            for (var upload : uploads) {
                assertThat(upload.get().getException()).isNull();
                assertThat(upload.get().getMessage().getHeader(ViamDataConstants.FILE_ID, String.class))
                        .startsWith(ID);
            }
        }
        arrive(sent);
        assertThat(viam.received).hasSize(MESSAGES);

        Map<String, Path> archive = FileTree.files(Path.of(relay.property("archive")));
        assertThat(archive).hasSize(2 * MESSAGES);
        for (Path file : archive.values()) {
            if (file.toString().endsWith(".jpg")) {
                Sent one = sent.get(key(Files.readAllBytes(file)));
                JsonNode json = json(file.resolveSibling(
                        "metadata-" + file.getFileName().toString().replace(".jpg", ".json")));
                for (String header : List.of(
                        ViamDataConstants.PART_ID, ViamDataConstants.FILE_NAME, ViamDataConstants.COMPONENT_NAME)) {
                    assertThat(json.path(header).asText())
                            .isEqualTo(one.headers().get(header));
                }
                assertThat(json.path("CamelViamDataFileId").asText()).startsWith(ID);
            }
        }
    }

    @Test
    void theRelayKeepsACopyOfAllKinds() throws Exception {
        Example relay = start("relay", Map.of(), "relay");
        Map<String, Object> annotated = Map.of(
                ViamDataConstants.ANNOTATIONS,
                Annotations.newBuilder()
                        .addClassifications(Classification.newBuilder().setLabel("lorry"))
                        .build(),
                ViamDataConstants.METHOD_PARAMETERS,
                Map.of("quality", 80));
        try (var template = relay.main().getCamelContext().createProducerTemplate()) {
            template.sendBodyAndHeaders(
                    client(relay) + "&componentName=gate&uploadMode=streaming", "picture", annotated);
            template.sendBody(client(relay) + "&componentName=gate&operation=file", "file");
            template.sendBody(
                    client(relay) + "&componentName=tank&operation=tabular",
                    List.of(Map.of("readings", Map.of("level", 0.7))));
        }

        assertThat(viam.received)
                .extracting(upload -> upload.headers().get(ViamDataConstants.OPERATION))
                .containsExactly(ViamDataOperation.binary, ViamDataOperation.file, ViamDataOperation.tabular);
        assertThat(viam.received).extracting(Received::streamed).containsExactly(false, true, false);
        Map<String, Path> archive = FileTree.files(Path.of(relay.property("archive")));
        List<String> contents = new ArrayList<>();
        for (Path file : archive.values()) {
            contents.add(Files.readString(file).replaceAll("\\s+", ""));
        }
        assertThat(contents)
                .hasSize(6)
                .contains("picture", "file", "[{\"readings\":{\"level\":0.7}}]")
                .anySatisfy(json -> assertThat(json).contains("lorry", "\"quality\":80"));
    }

    @Test
    void aCopyIsNeverOverwrittenByItsMetadata() throws Exception {
        Example relay = start("relay", Map.of(), "relay");
        Map<String, String> extensions = Map.of(".json", "one", "/../x.json", "two", ".readings.json", "three");
        try (var template = relay.main().getCamelContext().createProducerTemplate()) {
            for (Map.Entry<String, String> extension : extensions.entrySet()) {
                template.sendBodyAndHeaders(
                        client(relay) + "&componentName=gate",
                        extension.getValue(),
                        Map.of(ViamDataConstants.FILE_EXTENSION, extension.getKey(), ViamDataConstants.VERBATIM, true));
            }
            template.sendBodyAndHeaders(
                    "viamdata:" + PART + "?" + client(relay).replaceAll(".*?[?]|&?fileExtension=[^&]*", ""),
                    "four",
                    Map.of(ViamDataConstants.VERBATIM, true));
        }

        List<String> contents = new ArrayList<>();
        for (Path file : FileTree.files(Path.of(relay.property("archive"))).values()) {
            contents.add(Files.readString(file));
        }
        assertThat(contents).hasSize(8).contains("one", "two", "three", "four");
    }

    @Test
    void theRelaysClientIsToldWhatBecameOfItsUpload() throws Exception {
        answer = upload -> {
            if (component(upload).equals("bad")) {
                throw Status.FAILED_PRECONDITION.asRuntimeException();
            }
        };
        Path archive = Files.createFile(directory.resolve("in-the-way"));
        Example relay = start("relay", Map.of("archive", archive.toString()), "relay");
        try (var template = relay.main().getCamelContext().createProducerTemplate()) {
            Exchange refused = template.send(
                    client(relay) + "&componentName=bad",
                    exchange -> exchange.getMessage().setBody("body"));
            assertThat(refused.getException()).hasMessageContaining("FAILED_PRECONDITION");

            // A copy that cannot be written is no reason to say that Viam has not got it.
            Exchange stored = template.send(
                    client(relay) + "&componentName=good",
                    exchange -> exchange.getMessage().setBody("body"));
            assertThat(stored.getException()).isNull();
            assertThat(stored.getMessage().getHeader(ViamDataConstants.FILE_ID, String.class))
                    .startsWith(ID);
        }
        assertThat(viam.received).hasSize(2);
    }

    private static String client(Example relay) {
        return "viamdata:" + PART + "?componentType=camera&methodName=GetImages&fileExtension=.jpg&host=localhost&port="
                + relay.property("relay.port") + "&plaintext=true&apiKeyId=" + relay.property("relay.api-key-id")
                + "&apiKey=" + relay.property("relay.api-key");
    }

    private static JsonNode json(Path file) throws IOException {
        return new ObjectMapper().readTree(Files.readString(file));
    }
}
