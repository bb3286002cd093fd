// Copyright the camel-viamdata authors. SPDX-License-Identifier: Apache-2.0
package io.github.camelviamdata.server;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.github.camelviamdata.ViamDataConstants;
import io.github.camelviamdata.ViamDataOperation;
import io.grpc.CallOptions;
import io.grpc.MethodDescriptor;
import io.grpc.MethodDescriptor.MethodType;
import io.grpc.stub.ClientCalls;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The very bytes that Viam's own clients send, as messages. */
class GoldenUploadTest {

    private static final ObjectMapper JSON = new ObjectMapper();

    @ParameterizedTest
    @ValueSource(
            strings = {
                "binary-docs-example",
                "binary-empty-payload",
                "binary-ext-without-dot",
                "binary-no-tags",
                "binary-unicode",
                "file-bare",
                "streaming-docs-example",
                "tabular-one"
            })
    void arrivesWithItsHeadersAndItsBody(String name) throws Exception {
        JsonNode golden = JSON.readTree(resource(name + ".json"));
        try (TestServer server = TestServer.recording("");
                TestClient client = server.client()) {
            byte[] answer = send(client, golden.get("method").asText(), resource(name + ".bin"));

            assertThat(answer).isNotEmpty();
            assertThat(server.received).hasSize(1);
            Received received = server.received.get(0);
            assertThat(received.headers()).containsExactlyInAnyOrderEntriesOf(headers(golden));
            assertThat(received.body()).isEqualTo(body(golden));
            assertThat(received.streamed())
                    .isEqualTo(isStream(golden.get("method").asText()));
        }
    }

    private static boolean isStream(String method) {
        return !method.endsWith("/DataCaptureUpload");
    }

    private static byte[] send(TestClient client, String method, byte[] bytes) throws Exception {
        MethodDescriptor<byte[], byte[]> descriptor = MethodDescriptor.newBuilder(new Bytes(), new Bytes())
                .setFullMethodName(method.substring(1))
                .setType(isStream(method) ? MethodType.CLIENT_STREAMING : MethodType.UNARY)
                .build();
        var call = client.channel.newCall(descriptor, CallOptions.DEFAULT.withDeadlineAfter(20, TimeUnit.SECONDS));
        if (!isStream(method)) {
            return ClientCalls.futureUnaryCall(call, bytes).get();
        }
        TestClient.Stream<byte[], byte[]> stream = new TestClient.Stream<>();
        ClientCalls.asyncClientStreamingCall(call, stream);
        ByteBuffer messages = ByteBuffer.wrap(bytes);
        while (messages.hasRemaining()) {
            assertThat(messages.get()).isZero();
            byte[] message = new byte[messages.getInt()];
            messages.get(message);
            stream.send(message);
        }
        return stream.complete().get();
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
        headers.put(
                ViamDataConstants.OPERATION,
                switch (metadata.get("type").asText()) {
                    case "DATA_TYPE_BINARY_SENSOR" -> ViamDataOperation.binary;
                    case "DATA_TYPE_TABULAR_SENSOR" -> ViamDataOperation.tabular;
                    default -> ViamDataOperation.file;
                });
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

    private static byte[] resource(String name) throws IOException {
        try (InputStream in = GoldenUploadTest.class.getResourceAsStream("/golden/" + name)) {
            return in.readAllBytes();
        }
    }

    /** Bytes as they are. */
    private static final class Bytes implements MethodDescriptor.Marshaller<byte[]> {

        @Override
        public InputStream stream(byte[] value) {
            return new ByteArrayInputStream(value);
        }

        @Override
        public byte[] parse(InputStream stream) {
            try {
                return stream.readAllBytes();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }
}
