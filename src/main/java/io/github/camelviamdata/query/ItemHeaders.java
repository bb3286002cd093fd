// Copyright the camel-viamdata authors. SPDX-License-Identifier: Apache-2.0
package io.github.camelviamdata.query;

import io.github.camelviamdata.ViamDataConstants;
import io.github.camelviamdata.ViamDataOperation;
import io.github.camelviamdata.message.FieldHeaders;
import io.github.camelviamdata.proto.data.v1.BinaryMetadata;
import io.github.camelviamdata.proto.data.v1.CaptureMetadata;
import java.util.Map;
import java.util.regex.Pattern;
import org.apache.camel.Exchange;

/** What the service says of an item as message headers: those that an upload reads, so that a route copies, and those of a result. */
final class ItemHeaders {

    private static final Pattern NOT_FOR_NAMES = Pattern.compile("[^\\p{Alnum}._-]");
    private static final Pattern LEADING_PERIODS = Pattern.compile("^\\.+");

    private final FieldHeaders headers = new FieldHeaders();

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
        return headers.headers.map();
    }

    private void addUpload(BinaryMetadata metadata, String leaving, boolean ofPart) {
        CaptureMetadata capture = metadata.getCaptureMetadata();
        boolean captured = !capture.getComponentName().isEmpty()
                || !capture.getMethodName().isEmpty();
        headers.add(ViamDataConstants.OPERATION, captured ? ViamDataOperation.binary : ViamDataOperation.file);
        headers.add(ViamDataConstants.VERBATIM, true);
        if (!ofPart) {
            headers.addText(ViamDataConstants.PART_ID, capture.getPartId());
        }
        headers.addText(ViamDataConstants.COMPONENT_TYPE, capture.getComponentType());
        headers.addText(ViamDataConstants.COMPONENT_NAME, capture.getComponentName());
        headers.addText(ViamDataConstants.METHOD_NAME, capture.getMethodName());
        headers.addText(ViamDataConstants.FILE_NAME, metadata.getFileName());
        headers.addText(ViamDataConstants.FILE_EXTENSION, metadata.getFileExt());
        headers.addText(ViamDataConstants.MIME_TYPE, capture.getMimeType());
        headers.addList(ViamDataConstants.TAGS, capture.getTagsList());
        headers.addList(
                ViamDataConstants.DATASET_IDS,
                metadata.getDatasetIdsList().stream()
                        .filter(dataset -> !dataset.equals(leaving))
                        .toList());
        headers.addMethodParameters(capture.getMethodParametersMap());
        headers.addTime(
                ViamDataConstants.TIME_REQUESTED,
                "time_requested",
                metadata.hasTimeRequested(),
                metadata.getTimeRequested());
        headers.addTime(
                ViamDataConstants.TIME_RECEIVED,
                "time_received",
                metadata.hasTimeReceived(),
                metadata.getTimeReceived());
        if (metadata.hasAnnotations()) {
            headers.add(ViamDataConstants.ANNOTATIONS, metadata.getAnnotations());
        }
    }

    private void addOrigin(BinaryMetadata metadata) {
        CaptureMetadata capture = metadata.getCaptureMetadata();
        headers.addText(ViamDataConstants.BINARY_DATA_ID, metadata.getBinaryDataId());
        headers.add(ViamDataConstants.FILE_SIZE, metadata.getFileSizeBytes());
        headers.addText(ViamDataConstants.SOURCE_PART_ID, capture.getPartId());
        headers.addText(ViamDataConstants.PART_NAME, capture.getPartName());
        headers.addText(ViamDataConstants.MACHINE_ID, capture.getRobotId());
        headers.addText(ViamDataConstants.MACHINE_NAME, capture.getRobotName());
        headers.addText(ViamDataConstants.LOCATION_ID, capture.getLocationId());
        headers.addText(ViamDataConstants.ORGANIZATION_ID, capture.getOrganizationId());
    }

    /** A name that no other item has, and that leads out of no folder. */
    private void addFile(BinaryMetadata metadata) {
        String id = metadata.getBinaryDataId();
        String name = NOT_FOR_NAMES
                .matcher(id.substring(id.lastIndexOf('/') + 1) + metadata.getFileExt())
                .replaceAll("_");
        headers.add(
                ViamDataConstants.CAMEL_FILE_NAME, LEADING_PERIODS.matcher(name).replaceFirst("_"));
        headers.addText(Exchange.CONTENT_TYPE, metadata.getCaptureMetadata().getMimeType());
    }
}
