// Copyright the camel-viamdata authors. SPDX-License-Identifier: Apache-2.0
package io.github.camelviamdata.testing;

import io.github.camelviamdata.ViamDataConstants;
import io.github.camelviamdata.ViamDataOperation;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.camel.Exchange;
import org.apache.camel.StreamCache;

/**
 * An upload as {@code viamdata-server} gives it to its route.
 *
 * @param headers the headers that {@code viamdata-server} sets, by the names in {@link ViamDataConstants}
 * @param body {@code byte[]} of binary data and of a file; of readings a list of maps
 */
public record ReceivedUpload(Map<String, Object> headers, Object body) {

    static ReceivedUpload of(Exchange exchange) {
        Object body = exchange.getMessage().getBody();
        if (body instanceof StreamCache) {
            // Its file is deleted when the exchange is done.
            body = exchange.getMessage().getBody(byte[].class);
        }
        return new ReceivedUpload(
                Collections.unmodifiableMap(
                        new LinkedHashMap<>(exchange.getMessage().getHeaders())),
                body);
    }

    /** What was uploaded: binary data, readings, or a file. */
    public ViamDataOperation operation() {
        return header(ViamDataConstants.OPERATION, ViamDataOperation.class);
    }

    /** ID of the machine part. */
    public String partId() {
        return header(ViamDataConstants.PART_ID, String.class);
    }

    /** Name of the component; null without one. */
    public String componentName() {
        return header(ViamDataConstants.COMPONENT_NAME, String.class);
    }

    /** Name of the file; null without one. */
    public String fileName() {
        return header(ViamDataConstants.FILE_NAME, String.class);
    }

    /** The tags, in their order; empty without any. */
    @SuppressWarnings("unchecked")
    public List<String> tags() {
        List<String> tags = header(ViamDataConstants.TAGS, List.class);
        return tags == null ? List.of() : tags;
    }

    /**
     * The bytes of binary data or of a file. The array is not copied.
     *
     * @throws IllegalStateException if this upload is of readings
     */
    public byte[] bytes() {
        if (body instanceof byte[] bytes) {
            return bytes;
        }
        throw new IllegalStateException("The upload is of readings: call readings()");
    }

    /**
     * The bytes as UTF-8 text.
     *
     * @throws IllegalStateException if this upload is of readings
     */
    public String text() {
        return new String(bytes(), StandardCharsets.UTF_8);
    }

    /**
     * The readings, in their order.
     *
     * @throws IllegalStateException if this upload is of bytes
     */
    @SuppressWarnings("unchecked")
    public List<Map<String, Object>> readings() {
        if (body instanceof List<?> readings) {
            return (List<Map<String, Object>>) readings;
        }
        throw new IllegalStateException("The upload is of bytes: call bytes()");
    }

    private <T> T header(String name, Class<T> type) {
        return type.cast(headers.get(name));
    }
}
