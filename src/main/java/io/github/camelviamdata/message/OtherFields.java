// Copyright the camel-viamdata authors. SPDX-License-Identifier: Apache-2.0
package io.github.camelviamdata.message;

import com.google.protobuf.InvalidProtocolBufferException;
import io.github.camelviamdata.ViamDataConstants;
import io.github.camelviamdata.proto.datasync.v1.DataCaptureUploadRequest;
import io.github.camelviamdata.proto.datasync.v1.SensorData;
import io.github.camelviamdata.proto.datasync.v1.SensorMetadata;
import io.github.camelviamdata.proto.datasync.v1.UploadMetadata;
import java.util.List;

/**
 * What a relay passes on without a header for each field: fields that a later version of Viam's interface has and this one
 * does not know, and the type of a payload in its superseded form. A header holds them as the bytes of a request.
 */
public final class OtherFields {

    private static final OtherFields NONE = new OtherFields(DataCaptureUploadRequest.getDefaultInstance());

    private final DataCaptureUploadRequest request;

    private OtherFields(DataCaptureUploadRequest request) {
        this.request = request;
    }

    /**
     * The value of the header for an upload, or null if it has no such fields.
     *
     * @param sensors metadata of each reading or of the one payload, in their order; empty for a file
     */
    public static byte[] header(UploadMetadata metadata, List<SensorMetadata> sensors) {
        UploadMetadata other = only(metadata);
        List<SensorMetadata> others = sensors.stream().map(OtherFields::only).toList();
        if (other.equals(UploadMetadata.getDefaultInstance())
                && others.stream().allMatch(SensorMetadata.getDefaultInstance()::equals)) {
            return null;
        }
        DataCaptureUploadRequest.Builder request =
                DataCaptureUploadRequest.newBuilder().setMetadata(other);
        others.forEach(
                sensor -> request.addSensorContents(SensorData.newBuilder().setMetadata(sensor)));
        return request.build().toByteArray();
    }

    /**
     * Those that the header of a message holds.
     *
     * @throws IllegalArgumentException if it holds something else; the message names the header
     */
    static OtherFields of(HeaderValues headers) {
        Object value = headers.object(ViamDataConstants.OTHER_FIELDS);
        if (value == null || !headers.isVerbatim()) {
            return NONE;
        }
        try {
            if (value instanceof byte[] bytes) {
                return new OtherFields(DataCaptureUploadRequest.parseFrom(bytes));
            }
        } catch (InvalidProtocolBufferException e) {
            throw new IllegalArgumentException(refusal(), e);
        }
        throw new IllegalArgumentException(refusal());
    }

    private static String refusal() {
        return ViamDataConstants.OTHER_FIELDS + " does not hold what viamdata-server sets: remove it";
    }

    UploadMetadata addTo(UploadMetadata metadata) {
        return metadata.toBuilder().mergeFrom(only(request.getMetadata())).build();
    }

    /**
     * Adds those of one reading, or of the one payload.
     *
     * @param count how many there are
     * @throws IllegalArgumentException if the header holds fields for another number of them
     */
    SensorMetadata addTo(SensorMetadata sensor, int index, int count) {
        if (request.getSensorContentsCount() == 0) {
            return sensor;
        } else if (request.getSensorContentsCount() != count) {
            throw new IllegalArgumentException(ViamDataConstants.OTHER_FIELDS + " holds fields of "
                    + request.getSensorContentsCount() + " readings, but there are " + count + ": remove it");
        }
        return sensor.toBuilder()
                .mergeFrom(only(request.getSensorContents(index).getMetadata()))
                .build();
    }

    /** Without the fields that have headers: those count. */
    private static UploadMetadata only(UploadMetadata metadata) {
        return UploadMetadata.newBuilder()
                .setUnknownFields(metadata.getUnknownFields())
                .build();
    }

    @SuppressWarnings("deprecation") // What clients of earlier versions send.
    private static SensorMetadata only(SensorMetadata sensor) {
        return SensorMetadata.newBuilder()
                .setMimeTypeValue(sensor.getMimeTypeValue())
                .setUnknownFields(sensor.getUnknownFields())
                .build();
    }
}
