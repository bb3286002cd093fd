// Copyright the camel-viamdata authors. SPDX-License-Identifier: Apache-2.0
package io.github.camelviamdata.query;

import io.github.camelviamdata.ViamDataConstants;
import io.github.camelviamdata.ViamDataOperation;
import io.github.camelviamdata.message.ProtoValues;
import io.github.camelviamdata.proto.data.v1.BinaryMetadata;
import io.github.camelviamdata.proto.data.v1.CaptureMetadata;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.camel.Exchange;

/** What the service says of an item as message headers: those that an upload reads, so that a route copies, and those of a result. */
final class ItemHeaders {

    private final Map<String, Object> headers = new LinkedHashMap<>();

    private ItemHeaders() {}

    /**
     * @param leaving the dataset that the item leaves once its exchange is done, which a copy must not get into; or null
     * @param ofPart whether the endpoint names the part, so that an upload goes to the part that its own endpoint names
     * @throws IllegalArgumentException if a time does not exist; the message names it
     */
    static Map<String, Object> of(Item item, String leaving, boolean ofPart) {
        ItemHeaders headers = new ItemHeaders();
        headers.addUpload(item.metadata(), leaving, ofPart);
        headers.addOrigin(item.metadata());
        headers.addFile(item.metadata());
        return headers.headers;
    }

    private void addUpload(BinaryMetadata metadata, String leaving, boolean ofPart) {
        CaptureMetadata capture = metadata.getCaptureMetadata();
        boolean captured = !capture.getComponentName().isEmpty()
                || !capture.getMethodName().isEmpty();
        headers.put(ViamDataConstants.OPERATION, captured ? ViamDataOperation.binary : ViamDataOperation.file);
        headers.put(ViamDataConstants.VERBATIM, true);
        if (!ofPart) {
            text(ViamDataConstants.PART_ID, capture.getPartId());
        }
        text(ViamDataConstants.COMPONENT_TYPE, capture.getComponentType());
        text(ViamDataConstants.COMPONENT_NAME, capture.getComponentName());
        text(ViamDataConstants.METHOD_NAME, capture.getMethodName());
        text(ViamDataConstants.FILE_NAME, metadata.getFileName());
        text(ViamDataConstants.FILE_EXTENSION, metadata.getFileExt());
        text(ViamDataConstants.MIME_TYPE, capture.getMimeType());
        list(ViamDataConstants.TAGS, capture.getTagsList());
        list(
                ViamDataConstants.DATASET_IDS,
                metadata.getDatasetIdsList().stream()
                        .filter(dataset -> !dataset.equals(leaving))
                        .toList());
        if (capture.getMethodParametersCount() > 0) {
            Map<String, Object> parameters = new LinkedHashMap<>();
            capture.getMethodParametersMap().forEach((name, any) -> parameters.put(name, ProtoValues.object(any)));
            headers.put(ViamDataConstants.METHOD_PARAMETERS, parameters);
        }
        if (metadata.hasTimeRequested()) {
            headers.put(
                    ViamDataConstants.TIME_REQUESTED,
                    ProtoValues.instant("time_requested", metadata.getTimeRequested()));
        }
        if (metadata.hasTimeReceived()) {
            headers.put(
                    ViamDataConstants.TIME_RECEIVED, ProtoValues.instant("time_received", metadata.getTimeReceived()));
        }
        if (metadata.hasAnnotations()) {
            headers.put(ViamDataConstants.ANNOTATIONS, metadata.getAnnotations());
        }
    }

    private void addOrigin(BinaryMetadata metadata) {
        CaptureMetadata capture = metadata.getCaptureMetadata();
        text(ViamDataConstants.BINARY_DATA_ID, metadata.getBinaryDataId());
        headers.put(ViamDataConstants.FILE_SIZE, metadata.getFileSizeBytes());
        text(ViamDataConstants.SOURCE_PART_ID, capture.getPartId());
        text(ViamDataConstants.PART_NAME, capture.getPartName());
        text(ViamDataConstants.MACHINE_ID, capture.getRobotId());
        text(ViamDataConstants.MACHINE_NAME, capture.getRobotName());
        text(ViamDataConstants.LOCATION_ID, capture.getLocationId());
        text(ViamDataConstants.ORGANIZATION_ID, capture.getOrganizationId());
    }

    /** A name that no other item has, and that leads out of no folder. */
    private void addFile(BinaryMetadata metadata) {
        String id = metadata.getBinaryDataId();
        String name = (id.substring(id.lastIndexOf('/') + 1) + metadata.getFileExt())
                .replaceAll("[^\\p{Alnum}._-]", "_")
                .replaceFirst("^\\.+", "_");
        headers.put(ViamDataConstants.CAMEL_FILE_NAME, name);
        if (!metadata.getCaptureMetadata().getMimeType().isEmpty()) {
            headers.put(Exchange.CONTENT_TYPE, metadata.getCaptureMetadata().getMimeType());
        }
    }

    private void text(String header, String value) {
        if (!value.isEmpty()) {
            headers.put(header, value);
        }
    }

    private void list(String header, List<String> values) {
        if (!values.isEmpty()) {
            headers.put(header, List.copyOf(values));
        }
    }
}
