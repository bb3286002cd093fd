// Copyright the camel-viamdata authors. SPDX-License-Identifier: Apache-2.0
package io.github.camelviamdata.testing;

import io.github.camelviamdata.ViamDataAnnotations;
import io.github.camelviamdata.ViamDataConstants;
import io.github.camelviamdata.message.FieldHeaders;
import io.github.camelviamdata.proto.data.v1.Annotations;
import io.github.camelviamdata.proto.data.v1.BinaryData;
import io.github.camelviamdata.proto.data.v1.BinaryMetadata;
import io.github.camelviamdata.proto.data.v1.CaptureMetadata;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;

/**
 * A picture, a file or another item as it is stored at one moment, with what was changed since it was uploaded.
 *
 * @param id the binary data ID, such as {@code organization/location/1b2c}
 * @param headers what is said of it, by the names in {@link ViamDataConstants} that an upload reads; unmodifiable. The value of
 *     {@link ViamDataConstants#ANNOTATIONS} is a {@link ViamDataAnnotations}
 * @param bytes a copy of what is stored
 */
public record StoredItem(String id, Map<String, Object> headers, byte[] bytes) {

    static StoredItem of(BinaryData data) {
        BinaryMetadata metadata = data.getMetadata();
        CaptureMetadata capture = metadata.getCaptureMetadata();
        FieldHeaders headers = new FieldHeaders();
        headers.addText(ViamDataConstants.PART_ID, capture.getPartId());
        headers.addText(ViamDataConstants.COMPONENT_TYPE, capture.getComponentType());
        headers.addText(ViamDataConstants.COMPONENT_NAME, capture.getComponentName());
        headers.addText(ViamDataConstants.METHOD_NAME, capture.getMethodName());
        headers.addText(ViamDataConstants.FILE_NAME, metadata.getFileName());
        headers.addText(ViamDataConstants.FILE_EXTENSION, metadata.getFileExt());
        headers.addText(ViamDataConstants.MIME_TYPE, capture.getMimeType());
        headers.addList(ViamDataConstants.TAGS, capture.getTagsList());
        headers.addList(ViamDataConstants.DATASET_IDS, metadata.getDatasetIdsList());
        headers.addMethodParameters(capture.getMethodParametersMap());
        headers.addTime(ViamDataConstants.TIME_REQUESTED, "time_requested", true, metadata.getTimeRequested());
        headers.addTime(ViamDataConstants.TIME_RECEIVED, "time_received", true, metadata.getTimeReceived());
        if (metadata.hasAnnotations()) {
            headers.add(ViamDataConstants.ANNOTATIONS, annotations(metadata.getAnnotations()));
        }
        return new StoredItem(
                metadata.getBinaryDataId(),
                Collections.unmodifiableMap(headers.map()),
                data.getBinary().toByteArray());
    }

    private static ViamDataAnnotations annotations(Annotations annotations) {
        return new ViamDataAnnotations(
                annotations.getBboxesList().stream()
                        .map(box -> new ViamDataAnnotations.BoundingBox(
                                box.getLabel(),
                                box.hasConfidence() ? box.getConfidence() : null,
                                box.getXMinNormalized(),
                                box.getYMinNormalized(),
                                box.getXMaxNormalized(),
                                box.getYMaxNormalized()))
                        .toList(),
                annotations.getClassificationsList().stream()
                        .map(label -> new ViamDataAnnotations.Classification(
                                label.getLabel(), label.hasConfidence() ? label.getConfidence() : null))
                        .toList());
    }

    /** Whether the bytes are equal too. */
    @Override
    public boolean equals(Object other) {
        return other instanceof StoredItem item
                && id.equals(item.id)
                && headers.equals(item.headers)
                && Arrays.equals(bytes, item.bytes);
    }

    @Override
    public int hashCode() {
        return id.hashCode();
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

    /** MIME type, such as {@code image/jpeg}; null without one. */
    public String mimeType() {
        return header(ViamDataConstants.MIME_TYPE, String.class);
    }

    /** The time of capture, by which lists are sorted. */
    public Instant timeRequested() {
        return header(ViamDataConstants.TIME_REQUESTED, Instant.class);
    }

    /** The tags, in their order; empty without any. */
    public List<String> tags() {
        return list(ViamDataConstants.TAGS);
    }

    /** IDs of the datasets that it is in, in their order; empty without any. */
    public List<String> datasetIds() {
        return list(ViamDataConstants.DATASET_IDS);
    }

    /** What is to be seen in the picture; empty if nothing is said of that. */
    public ViamDataAnnotations annotations() {
        ViamDataAnnotations annotations = header(ViamDataConstants.ANNOTATIONS, ViamDataAnnotations.class);
        return annotations == null ? new ViamDataAnnotations(null, null) : annotations;
    }

    /** The bytes as UTF-8 text. */
    public String text() {
        return new String(bytes, StandardCharsets.UTF_8);
    }

    @SuppressWarnings("unchecked")
    private List<String> list(String name) {
        List<String> texts = header(name, List.class);
        return texts == null ? List.of() : texts;
    }

    private <T> T header(String name, Class<T> type) {
        return type.cast(headers.get(name));
    }
}
