// Copyright the camel-viamdata authors. SPDX-License-Identifier: Apache-2.0
package io.github.camelviamdata.server;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.github.camelviamdata.ViamDataConstants;
import io.github.camelviamdata.ViamDataOperation;
import io.github.camelviamdata.service.RawClient;
import io.github.camelviamdata.support.Golden;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The very bytes that Viam's own clients send, as messages. */
class GoldenUploadTest {

    private static final ObjectMapper JSON = new ObjectMapper();

    @ParameterizedTest
    @MethodSource("io.github.camelviamdata.support.Golden#all")
    void arrivesWithItsHeadersAndItsBody(Golden golden) throws Exception {
        try (TestServer server = TestServer.recording("");
                RawClient client = RawClient.plaintext(server.port())) {
            byte[] answer = client.send(golden);

            assertThat(answer).isNotEmpty();
            assertThat(server.received).hasSize(1);
            Received received = server.received.get(0);
            assertThat(received.headers()).containsExactlyInAnyOrderEntriesOf(headers(golden.json()));
            assertThat(received.body()).isEqualTo(body(golden.json()));
            assertThat(received.streamed()).isEqualTo(golden.isStream());
        }
    }

    private static Map<String, Object> headers(JsonNode golden) {
        JsonNode first = golden.get("decoded").get(0);
        JsonNode metadata = first.get("metadata");
        JsonNode sensor = first.at("/sensorContents/0/metadata");
        if (metadata.has("uploadMetadata")) {
            sensor = metadata.get("sensorMetadata");
            metadata = metadata.get("uploadMetadata");
        }
        Map<String, Object> headers = new TreeMap<>();
        headers.put(ViamDataConstants.VERBATIM, true);
        headers.put(
                ViamDataConstants.OPERATION,
                switch (metadata.get("type").asText()) {
                    case "DATA_TYPE_BINARY_SENSOR" -> ViamDataOperation.binary;
                    case "DATA_TYPE_TABULAR_SENSOR" -> ViamDataOperation.tabular;
                    default -> ViamDataOperation.file;
                });
        if (headers.containsValue(ViamDataOperation.tabular)) {
            headers.put(ViamDataConstants.WRAP_READINGS, false);
        }
        text(headers, ViamDataConstants.PART_ID, metadata.path("partId"));
        text(headers, ViamDataConstants.COMPONENT_TYPE, metadata.path("componentType"));
        text(headers, ViamDataConstants.COMPONENT_NAME, metadata.path("componentName"));
        text(headers, ViamDataConstants.METHOD_NAME, metadata.path("methodName"));
        text(headers, ViamDataConstants.FILE_EXTENSION, metadata.path("fileExtension"));
        list(headers, ViamDataConstants.TAGS, metadata.path("tags"));
        list(headers, ViamDataConstants.DATASET_IDS, metadata.path("datasetIds"));
        time(headers, ViamDataConstants.TIME_REQUESTED, sensor.path("timeRequested"));
        time(headers, ViamDataConstants.TIME_RECEIVED, sensor.path("timeReceived"));
        return headers;
    }

    private static void text(Map<String, Object> headers, String header, JsonNode node) {
        if (!node.isMissingNode()) {
            headers.put(header, node.asText());
        }
    }

    private static void time(Map<String, Object> headers, String header, JsonNode node) {
        if (!node.isMissingNode()) {
            headers.put(header, Instant.parse(node.asText()));
        }
    }

    private static void list(Map<String, Object> headers, String header, JsonNode node) {
        if (!node.isMissingNode()) {
            List<String> values = new ArrayList<>();
            node.forEach(value -> values.add(value.asText()));
            headers.put(header, values);
        }
    }

    private static Object body(JsonNode golden) {
        JsonNode contents = golden.at("/decoded/0/sensorContents");
        if (contents.at("/0").has("struct")) {
            List<Object> readings = new ArrayList<>();
            contents.forEach(reading -> readings.add(
                    JSON.convertValue(reading.get("struct"), new TypeReference<Map<String, Object>>() {})));
            return readings;
        }
        StringBuilder hex = new StringBuilder();
        golden.get("decoded").findValues("hex").forEach(piece -> hex.append(piece.asText()));
        return HexFormat.of().parseHex(hex);
    }
}
