// Copyright the camel-viamdata authors. SPDX-License-Identifier: Apache-2.0
package io.github.camelviamdata.faults;

import io.github.camelviamdata.ViamDataConstants;
import io.github.camelviamdata.ViamDataOperation;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/** What clients of a gateway upload, each kind as a component of its own, whose name is that of the kind. */
enum OfflineUpload {
    UNARY(ViamDataOperation.binary, "&uploadMode=unary"),
    STREAM(ViamDataOperation.binary, "&uploadMode=streaming"),
    READINGS(ViamDataOperation.tabular, ""),
    FILE(ViamDataOperation.file, ""),
    SDK_BINARY(ViamDataOperation.binary, null),
    SDK_READINGS(ViamDataOperation.tabular, null),
    SDK_FILE(ViamDataOperation.file, null);

    static final String PART = "part-of-the-client";

    static final Set<OfflineUpload> OF_VIAMDATA = EnumSet.range(UNARY, FILE);

    /** As {@code deliver.mjs} sends them. */
    static final Set<OfflineUpload> OF_SDK = EnumSet.range(SDK_BINARY, SDK_FILE);

    private final ViamDataOperation operation;
    private final String options;

    OfflineUpload(ViamDataOperation operation, String options) {
        this.operation = operation;
        this.options = options;
    }

    String options() {
        return options;
    }

    /** Some are large enough for a file of their own in the outbox. */
    Object body(int number) {
        if (operation == ViamDataOperation.tabular) {
            return List.of(Map.of("number", (double) number), Map.of("nested", List.of("x", true)));
        }
        byte[] text = (name() + " " + number + " ").getBytes(StandardCharsets.UTF_8);
        byte[] body = new byte[number % 5 == 0 ? 100_000 : 2_000];
        for (int i = 0; i < body.length; i++) {
            body[i] = text[i % text.length];
        }
        return body;
    }

    /** What is sent is what has to arrive. */
    Map<String, Object> headers(int number) {
        Map<String, Object> headers = new TreeMap<>();
        headers.put(ViamDataConstants.VERBATIM, true);
        headers.put(ViamDataConstants.OPERATION, operation);
        headers.put(ViamDataConstants.PART_ID, PART);
        headers.put(ViamDataConstants.COMPONENT_TYPE, "rdk:component:camera");
        headers.put(ViamDataConstants.COMPONENT_NAME, name());
        headers.put(ViamDataConstants.METHOD_NAME, "GetImages");
        headers.put(ViamDataConstants.TAGS, List.of("b", "a", "b"));
        if (operation == ViamDataOperation.tabular) {
            headers.put(ViamDataConstants.WRAP_READINGS, false);
        }
        if (operation != ViamDataOperation.file) {
            headers.put(ViamDataConstants.TIME_REQUESTED, Instant.ofEpochSecond(number));
            headers.put(ViamDataConstants.TIME_RECEIVED, Instant.ofEpochSecond(number, 2_000_000));
        }
        if (OF_SDK.contains(this)) {
            addOfSdk(headers, number);
        } else {
            addOfViamdata(headers, number);
        }
        return headers;
    }

    /** All that the SDK has a parameter for. */
    private void addOfSdk(Map<String, Object> headers, int number) {
        if (operation != ViamDataOperation.tabular) {
            headers.put(ViamDataConstants.DATASET_IDS, List.of("set"));
            headers.put(ViamDataConstants.FILE_EXTENSION, ".jpg");
        }
        if (operation == ViamDataOperation.file) {
            headers.put(ViamDataConstants.FILE_NAME, "../" + number + ".jpg");
        }
    }

    /** What the SDK has no parameter for, too, and what nobody would send. */
    private void addOfViamdata(Map<String, Object> headers, int number) {
        headers.put(ViamDataConstants.DATASET_IDS, List.of("set"));
        headers.put(ViamDataConstants.METHOD_PARAMETERS, Map.of("number", (double) number));
        if (operation != ViamDataOperation.tabular) {
            headers.put(ViamDataConstants.FILE_NAME, "../" + number + ".jpg");
            headers.put(ViamDataConstants.MIME_TYPE, "no type");
        }
        if (operation == ViamDataOperation.file) {
            headers.put(ViamDataConstants.FILE_CREATE_TIME, Instant.ofEpochSecond(number, 1));
            headers.put(ViamDataConstants.FILE_MODIFY_TIME, Instant.ofEpochSecond(number, 2));
        }
    }

    /** Which one it is, as its headers say. */
    static int number(Map<String, Object> headers) {
        Instant time = (Instant) headers.get(ViamDataConstants.TIME_REQUESTED);
        return time != null
                ? (int) time.getEpochSecond()
                : Integer.parseInt(
                        headers.get(ViamDataConstants.FILE_NAME).toString().replaceAll("\\D", ""));
    }
}
