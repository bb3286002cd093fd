// Copyright the camel-viamdata authors. SPDX-License-Identifier: Apache-2.0
package io.github.camelviamdata.server;

import io.github.camelviamdata.ViamDataConstants;
import io.github.camelviamdata.ViamDataOperation;
import io.github.camelviamdata.message.FieldHeaders;
import io.github.camelviamdata.message.OtherFields;
import io.github.camelviamdata.message.ProtoValues;
import io.github.camelviamdata.proto.datasync.v1.DataCaptureUploadRequest;
import io.github.camelviamdata.proto.datasync.v1.SensorData;
import io.github.camelviamdata.proto.datasync.v1.SensorMetadata;
import io.github.camelviamdata.proto.datasync.v1.UploadMetadata;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.function.Predicate;

/**
 * The metadata of a request as the message headers that {@code viamdata} reads, so that a relay sends on the identical request.
 * A field that is absent on the wire makes no header.
 */
final class UploadHeaders {

    private final FieldHeaders headers = new FieldHeaders();

    private UploadHeaders() {}

    /**
     * @param request the upload as a request of the unary call, whichever call it came by
     * @throws IllegalArgumentException if a time is invalid, which could never be sent on; the text names the field
     */
    static Map<String, Object> of(ViamDataOperation operation, DataCaptureUploadRequest request) {
        UploadHeaders headers = new UploadHeaders();
        headers.headers.add(ViamDataConstants.OPERATION, operation);
        headers.headers.add(ViamDataConstants.VERBATIM, true);
        if (operation == ViamDataOperation.tabular) {
            headers.headers.add(ViamDataConstants.WRAP_READINGS, false);
        }
        String keyId = AuthInterceptor.KEY_ID.get();
        if (keyId != null) {
            headers.headers.add(ViamDataServerConstants.API_KEY_ID, keyId);
        }
        headers.add(request.getMetadata());
        headers.add(request.getSensorContentsList().stream()
                .map(SensorData::getMetadata)
                .toList());
        byte[] others = OtherFields.header(request);
        if (others != null) {
            headers.headers.add(ViamDataConstants.OTHER_FIELDS, others);
        }
        return headers.headers.map();
    }

    private void add(UploadMetadata metadata) {
        headers.addText(ViamDataConstants.PART_ID, metadata.getPartId());
        headers.addText(ViamDataConstants.COMPONENT_TYPE, metadata.getComponentType());
        headers.addText(ViamDataConstants.COMPONENT_NAME, metadata.getComponentName());
        headers.addText(ViamDataConstants.METHOD_NAME, metadata.getMethodName());
        headers.addText(ViamDataConstants.FILE_NAME, metadata.getFileName());
        headers.addText(ViamDataConstants.FILE_EXTENSION, metadata.getFileExtension());
        headers.addText(ViamDataConstants.MIME_TYPE, metadata.getMimeType());
        headers.addList(ViamDataConstants.TAGS, metadata.getTagsList());
        headers.addList(ViamDataConstants.DATASET_IDS, metadata.getDatasetIdsList());
        headers.addMethodParameters(metadata.getMethodParametersMap());
        headers.addTime(
                ViamDataConstants.FILE_CREATE_TIME,
                "file_create_time",
                metadata.hasFileCreateTime(),
                metadata.getFileCreateTime());
        headers.addTime(
                ViamDataConstants.FILE_MODIFY_TIME,
                "file_modify_time",
                metadata.hasFileModifyTime(),
                metadata.getFileModifyTime());
    }

    private void add(List<SensorMetadata> sensors) {
        each(
                ViamDataConstants.TIME_REQUESTED,
                sensors,
                SensorMetadata::hasTimeRequested,
                sensor -> ProtoValues.instant("time_requested", sensor.getTimeRequested()));
        each(
                ViamDataConstants.TIME_RECEIVED,
                sensors,
                SensorMetadata::hasTimeReceived,
                sensor -> ProtoValues.instant("time_received", sensor.getTimeReceived()));
        each(ViamDataConstants.ANNOTATIONS, sensors, SensorMetadata::hasAnnotations, SensorMetadata::getAnnotations);
    }

    /** Sets one value if it is the same for all readings, else a list with that of each, null for none. */
    private void each(
            String header,
            List<SensorMetadata> sensors,
            Predicate<SensorMetadata> present,
            Function<SensorMetadata, Object> value) {
        List<Object> values = new ArrayList<>(sensors.size());
        sensors.forEach(sensor -> values.add(present.test(sensor) ? value.apply(sensor) : null));
        List<Object> distinct = values.stream().distinct().limit(2).toList();
        if (distinct.size() == 2) {
            headers.add(header, values);
        } else if (!distinct.isEmpty() && distinct.get(0) != null) {
            headers.add(header, distinct.get(0));
        }
    }
}
