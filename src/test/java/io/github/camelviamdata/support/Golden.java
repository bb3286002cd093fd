// Copyright the camel-viamdata authors. SPDX-License-Identifier: Apache-2.0
package io.github.camelviamdata.support;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.github.camelviamdata.ViamDataConstants;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** A request that was recorded from one of Viam's own clients, and the inputs it was made from. */
public record Golden(String name, JsonNode json, byte[] bytes) {

    public static Golden load(String name) {
        try (InputStream json = Golden.class.getResourceAsStream("/golden/" + name + ".json");
                InputStream bytes = Golden.class.getResourceAsStream("/golden/" + name + ".bin")) {
            return new Golden(name, new ObjectMapper().readTree(json), bytes.readAllBytes());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** All uploads that were recorded. */
    public static Stream<Golden> all() {
        return recorded().filter(golden -> golden.json().has("inputs"));
    }

    /** All requests of the data service that were recorded. */
    public static Stream<Golden> reads() {
        return recorded().filter(golden -> !golden.json().has("inputs"));
    }

    private static Stream<Golden> recorded() {
        return Stream.of(new File("src/test/resources/golden").list())
                .filter(file -> file.endsWith(".json"))
                .sorted()
                .map(file -> load(file.replace(".json", "")));
    }

    /** Those of one payload in one message. */
    public static Stream<Golden> unaryBinary() {
        return all().filter(golden -> !golden.isStream() && !golden.isTabular());
    }

    public static Stream<Golden> streams() {
        return all().filter(Golden::isStream);
    }

    /** Full name of the RPC, without a leading slash. */
    public String method() {
        return json.get("method").asText().substring(1);
    }

    public String rpc() {
        return method().substring(method().indexOf('/') + 1);
    }

    public boolean isStream() {
        return !rpc().equals("DataCaptureUpload");
    }

    public boolean isTabular() {
        return json.get("inputs").has("readings");
    }

    /** The messages of the request: one for a unary call, else the parts of the stream without their prefixes. */
    public List<byte[]> messages() {
        if (!isStream()) {
            return List.of(bytes);
        }
        List<byte[]> messages = new ArrayList<>();
        ByteBuffer rest = ByteBuffer.wrap(bytes);
        while (rest.hasRemaining()) {
            if (rest.get() != 0) {
                throw new AssertionError(name + " holds a compressed message");
            }
            byte[] message = new byte[rest.getInt()];
            rest.get(message);
            messages.add(message);
        }
        return messages;
    }

    /** The inputs, as the headers that the producer reads. */
    public Map<String, Object> headers() {
        Map<String, Object> headers = new HashMap<>();
        text(headers, "partId", ViamDataConstants.PART_ID);
        text(headers, "componentType", ViamDataConstants.COMPONENT_TYPE);
        text(headers, "componentName", ViamDataConstants.COMPONENT_NAME);
        text(headers, "methodName", ViamDataConstants.METHOD_NAME);
        text(headers, "fileExtension", ViamDataConstants.FILE_EXTENSION);
        text(headers, "timeRequested", ViamDataConstants.TIME_REQUESTED);
        text(headers, "timeReceived", ViamDataConstants.TIME_RECEIVED);
        list(headers, "tags", ViamDataConstants.TAGS);
        list(headers, "datasetIds", ViamDataConstants.DATASET_IDS);
        if (rpc().equals("FileUpload")) {
            headers.put(ViamDataConstants.OPERATION, "file");
        } else if (isTabular()) {
            headers.put(ViamDataConstants.OPERATION, "tabular");
        }
        return headers;
    }

    public byte[] payload() {
        JsonNode inputs = json.get("inputs");
        return inputs.has("payloadHex")
                ? HexFormat.of().parseHex(inputs.get("payloadHex").asText())
                : inputs.get("payloadText").asText().getBytes(StandardCharsets.UTF_8);
    }

    public List<Map<String, Object>> readings() {
        return new ObjectMapper().convertValue(json.get("inputs").get("readings"), new TypeReference<>() {});
    }

    private void text(Map<String, Object> headers, String input, String header) {
        JsonNode node = json.get("inputs").get(input);
        if (node != null) {
            headers.put(header, node.asText());
        }
    }

    private void list(Map<String, Object> headers, String input, String header) {
        JsonNode node = json.get("inputs").get(input);
        if (node != null) {
            List<String> values = new ArrayList<>();
            node.forEach(value -> values.add(value.asText()));
            headers.put(header, values);
        }
    }

    @Override
    public String toString() {
        return name;
    }
}
