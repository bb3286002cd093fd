// Copyright the camel-viamdata authors. SPDX-License-Identifier: Apache-2.0
package io.github.camelviamdata.message;

import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Struct;
import com.google.protobuf.Value;
import io.github.camelviamdata.ViamDataConstants;
import io.github.camelviamdata.proto.datasync.v1.DataCaptureUploadRequest;
import io.github.camelviamdata.proto.datasync.v1.SensorData;
import io.github.camelviamdata.proto.datasync.v1.SensorMetadata;
import io.github.camelviamdata.proto.datasync.v1.UploadMetadata;

/**
 * The fields that a relay sends on in one header, as the bytes of a request, because they have no header of their own: unknown
 * fields, of a later version of Viam's interface; the superseded field for the type of a payload; and fields of readings whose
 * value has no kind, for which there is no Java object.
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
     * @param received the upload in the form of the unary call
     */
    public static byte[] header(DataCaptureUploadRequest received) {
        DataCaptureUploadRequest request = only(received);
        boolean none = request.getUnknownFields().asMap().isEmpty()
                && request.getMetadata().equals(UploadMetadata.getDefaultInstance())
                && request.getSensorContentsList().stream().allMatch(SensorData.getDefaultInstance()::equals);
        return none ? null : request.toByteArray();
    }

    /**
     * The fields in the header of a message.
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
     * Adds the fields of the request and of each reading or the one payload. Its metadata has them already.
     *
     * @throws IllegalArgumentException if the header holds fields for another number of readings
     */
    DataCaptureUploadRequest addTo(DataCaptureUploadRequest upload) {
        if (this == NONE) {
            return upload;
        }
        int count = request.getSensorContentsCount();
        if (count != 0 && count != upload.getSensorContentsCount()) {
            throw new IllegalArgumentException(ViamDataConstants.OTHER_FIELDS + " holds fields of " + count
                    + " readings, but there are " + upload.getSensorContentsCount() + ": remove it");
        }
        DataCaptureUploadRequest others = only(request);
        DataCaptureUploadRequest.Builder sum = upload.toBuilder().mergeUnknownFields(others.getUnknownFields());
        for (int i = 0; i < count; i++) {
            sum.getSensorContentsBuilder(i).mergeFrom(others.getSensorContents(i));
        }
        return sum.build();
    }

    /** A copy without the fields that have headers: the headers may have been changed. */
    private static DataCaptureUploadRequest only(DataCaptureUploadRequest request) {
        DataCaptureUploadRequest.Builder only = DataCaptureUploadRequest.newBuilder()
                .setMetadata(only(request.getMetadata()))
                .setUnknownFields(request.getUnknownFields());
        request.getSensorContentsList().forEach(data -> only.addSensorContents(only(data)));
        return only.build();
    }

    private static UploadMetadata only(UploadMetadata metadata) {
        return UploadMetadata.newBuilder()
                .setUnknownFields(metadata.getUnknownFields())
                .build();
    }

    private static SensorData only(SensorData data) {
        SensorData.Builder only = SensorData.newBuilder().setUnknownFields(data.getUnknownFields());
        SensorMetadata metadata = only(data.getMetadata());
        if (!metadata.equals(SensorMetadata.getDefaultInstance())) {
            only.setMetadata(metadata);
        }
        Struct struct = only(data.getStruct());
        if (struct.getFieldsCount() > 0) {
            only.setStruct(struct);
        }
        return only.build();
    }

    private static Struct only(Struct reading) {
        Struct.Builder only = Struct.newBuilder();
        reading.getFieldsMap().forEach((name, value) -> {
            if (hasNoKind(value)) {
                only.putFields(name, value);
            }
        });
        return only.build();
    }

    private static boolean hasNoKind(Value value) {
        return switch (value.getKindCase()) {
            case KIND_NOT_SET -> true;
            case STRUCT_VALUE ->
                value.getStructValue().getFieldsMap().values().stream().anyMatch(OtherFields::hasNoKind);
            case LIST_VALUE -> value.getListValue().getValuesList().stream().anyMatch(OtherFields::hasNoKind);
            default -> false;
        };
    }

    @SuppressWarnings("deprecation") // Clients of earlier versions send it.
    private static SensorMetadata only(SensorMetadata sensor) {
        return SensorMetadata.newBuilder()
                .setMimeTypeValue(sensor.getMimeTypeValue())
                .setUnknownFields(sensor.getUnknownFields())
                .build();
    }
}
