// Copyright the camel-viamdata authors. SPDX-License-Identifier: Apache-2.0
package io.github.camelviamdata.testing.service;

import com.google.protobuf.Any;
import com.google.protobuf.ByteString;
import com.google.protobuf.Struct;
import com.google.protobuf.Timestamp;
import io.github.camelviamdata.message.ProtoValues;
import io.github.camelviamdata.proto.data.v1.BinaryData;
import io.github.camelviamdata.proto.data.v1.BinaryMetadata;
import io.github.camelviamdata.proto.data.v1.CaptureMetadata;
import io.github.camelviamdata.proto.data.v1.ExportTabularDataResponse;
import io.github.camelviamdata.proto.datasync.v1.SensorData;
import io.github.camelviamdata.proto.datasync.v1.SensorMetadata;
import io.github.camelviamdata.proto.datasync.v1.UploadMetadata;
import java.net.URLConnection;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;

/** What the service says of data that was uploaded. All of it comes from one machine; its IDs and names are fixed texts. */
public final class UploadedData {

    private static final String ORGANIZATION = "organization";
    private static final String LOCATION = "location";
    private static final String MACHINE_ID = "machine";
    private static final String MACHINE_NAME = "the machine";
    private static final String PART_NAME = "the part";

    private UploadedData() {}

    /** An ID in the form of Viam's, by its last part. */
    public static String id(String opaque) {
        return ORGANIZATION + "/" + LOCATION + "/" + opaque;
    }

    /**
     * An item. Its time of capture is the one that was sent, else the present.
     *
     * @param sensor with times and annotations; empty for a file
     * @param size in bytes, which may be more than {@code bytes} has
     */
    public static BinaryData item(
            String id, UploadMetadata upload, SensorMetadata sensor, long size, ByteString bytes) {
        Timestamp now = ProtoValues.timestamp(Instant.now());
        BinaryMetadata.Builder metadata = BinaryMetadata.newBuilder()
                .setBinaryDataId(id)
                .setCaptureMetadata(capture(upload))
                .setTimeRequested(sensor.hasTimeRequested() ? sensor.getTimeRequested() : now)
                .setTimeReceived(sensor.hasTimeReceived() ? sensor.getTimeReceived() : now)
                .setFileName(upload.getFileName())
                .setFileExt(upload.getFileExtension())
                .setFileSizeBytes(size)
                .addAllDatasetIds(upload.getDatasetIdsList());
        if (sensor.hasAnnotations()) {
            metadata.setAnnotations(sensor.getAnnotations());
        }
        return BinaryData.newBuilder().setMetadata(metadata).setBinary(bytes).build();
    }

    private static CaptureMetadata capture(UploadMetadata upload) {
        return CaptureMetadata.newBuilder()
                .setOrganizationId(ORGANIZATION)
                .setLocationId(LOCATION)
                .setRobotId(MACHINE_ID)
                .setRobotName(MACHINE_NAME)
                .setPartName(PART_NAME)
                .setPartId(upload.getPartId())
                .setComponentType(upload.getComponentType())
                .setComponentName(upload.getComponentName())
                .setMethodName(upload.getMethodName())
                .putAllMethodParameters(upload.getMethodParametersMap())
                .addAllTags(upload.getTagsList())
                .setMimeType(mimeType(upload))
                .build();
    }

    /** Viam derives a type that was not sent from the extension. */
    private static String mimeType(UploadMetadata upload) {
        String derived = upload.getMimeType().isEmpty()
                ? URLConnection.getFileNameMap().getContentTypeFor(upload.getFileExtension())
                : upload.getMimeType();
        return derived == null ? "" : derived;
    }

    /** A reading. Its time of capture is the one that was sent, else the present. */
    public static ExportTabularDataResponse reading(UploadMetadata upload, SensorData sensor) {
        ExportTabularDataResponse.Builder reading = ExportTabularDataResponse.newBuilder()
                .setOrganizationId(ORGANIZATION)
                .setLocationId(LOCATION)
                .setRobotId(MACHINE_ID)
                .setRobotName(MACHINE_NAME)
                .setPartName(PART_NAME)
                .setPartId(upload.getPartId())
                .setResourceName(upload.getComponentName())
                .setResourceSubtype(upload.getComponentType())
                .setMethodName(upload.getMethodName())
                .addAllTags(upload.getTagsList())
                .setTimeCaptured(
                        sensor.getMetadata().hasTimeRequested()
                                ? sensor.getMetadata().getTimeRequested()
                                : ProtoValues.timestamp(Instant.now()))
                .setPayload(sensor.getStruct());
        if (upload.getMethodParametersCount() > 0) {
            reading.setMethodParameters(struct(upload.getMethodParametersMap()));
        }
        return reading.build();
    }

    /** A parameter that is no JSON value has no place in a reading. */
    private static Struct struct(Map<String, Any> parameters) {
        Map<String, Object> values = new LinkedHashMap<>();
        parameters.forEach((name, any) -> values.put(name, ProtoValues.object(any)));
        values.values().removeIf(Any.class::isInstance);
        return ProtoValues.struct("method_parameters", values);
    }
}
