// Copyright the camel-viamdata authors. SPDX-License-Identifier: Apache-2.0
package io.github.camelviamdata.server;

import io.github.camelviamdata.ViamDataConstants;
import io.github.camelviamdata.ViamDataOperation;
import io.github.camelviamdata.message.OtherFields;
import io.github.camelviamdata.message.ProtoValues;
import io.github.camelviamdata.proto.datasync.v1.DataCaptureUploadRequest;
import io.github.camelviamdata.proto.datasync.v1.SensorData;
import io.github.camelviamdata.proto.datasync.v1.SensorMetadata;
import io.github.camelviamdata.proto.datasync.v1.UploadMetadata;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.function.Predicate;

/**
 * The metadata of a request as the message headers that {@code viamdata} reads, so that a relay sends on the identical request.
 * A field that is absent on the wire makes no header.
 */
final class UploadHeaders {

    private final Map<String, Object> headers = new LinkedHashMap<>();

    private UploadHeaders() {}

    /**
     * @param request the upload as a request of the unary call, whichever call it came by
     * @throws IllegalArgumentException if a time is invalid, which could never be sent on; the text names the field
     */
    static Map<String, Object> of(ViamDataOperation operation, DataCaptureUploadRequest request) {
        UploadHeaders headers = new UploadHeaders();
        headers.headers.put(ViamDataConstants.OPERATION, operation);
        headers.headers.put(ViamDataConstants.VERBATIM, true);
        if (operation == ViamDataOperation.tabular) {
            headers.headers.put(ViamDataConstants.WRAP_READINGS, false);
        }
        String keyId = AuthInterceptor.KEY_ID.get();
        if (keyId != null) {
            headers.headers.put(ViamDataServerConstants.API_KEY_ID, keyId);
        }
        headers.add(request.getMetadata());
        headers.add(request.getSensorContentsList().stream()
                .map(SensorData::getMetadata)
                .toList());
        byte[] others = OtherFields.header(request);
        if (others != null) {
            headers.headers.put(ViamDataConstants.OTHER_FIELDS, others);
        }
        return headers.headers;
    }

    private void add(UploadMetadata metadata) {
        text(ViamDataConstants.PART_ID, metadata.getPartId());
        text(ViamDataConstants.COMPONENT_TYPE, metadata.getComponentType());
        text(ViamDataConstants.COMPONENT_NAME, metadata.getComponentName());
        text(ViamDataConstants.METHOD_NAME, metadata.getMethodName());
        text(ViamDataConstants.FILE_NAME, metadata.getFileName());
        text(ViamDataConstants.FILE_EXTENSION, metadata.getFileExtension());
        text(ViamDataConstants.MIME_TYPE, metadata.getMimeType());
        list(ViamDataConstants.TAGS, metadata.getTagsList());
        list(ViamDataConstants.DATASET_IDS, metadata.getDatasetIdsList());
        if (metadata.getMethodParametersCount() > 0) {
            Map<String, Object> parameters = new LinkedHashMap<>();
            metadata.getMethodParametersMap().forEach((name, any) -> parameters.put(name, ProtoValues.object(any)));
            headers.put(ViamDataConstants.METHOD_PARAMETERS, parameters);
        }
        if (metadata.hasFileCreateTime()) {
            headers.put(
                    ViamDataConstants.FILE_CREATE_TIME,
                    ProtoValues.instant("file_create_time", metadata.getFileCreateTime()));
        }
        if (metadata.hasFileModifyTime()) {
            headers.put(
                    ViamDataConstants.FILE_MODIFY_TIME,
                    ProtoValues.instant("file_modify_time", metadata.getFileModifyTime()));
        }
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
            headers.put(header, values);
        } else if (!distinct.isEmpty() && distinct.get(0) != null) {
            headers.put(header, distinct.get(0));
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
