// Copyright the camel-viamdata authors. SPDX-License-Identifier: Apache-2.0
package io.github.camelviamdata.upload;

import com.google.protobuf.ByteString;
import io.github.camelviamdata.ViamDataOperation;
import io.github.camelviamdata.proto.datasync.v1.DataCaptureUploadRequest;
import io.github.camelviamdata.proto.datasync.v1.DataType;
import io.github.camelviamdata.proto.datasync.v1.SensorData;
import io.github.camelviamdata.proto.datasync.v1.SensorMetadata;
import io.github.camelviamdata.proto.datasync.v1.UploadMetadata;
import java.util.List;

/**
 * One upload: its request and its payload.
 *
 * @param request all of it in the form of the unary call: the readings of a sensor, or one payload without its bytes
 * @param payload the bytes; empty where there are readings
 */
public record Upload(DataCaptureUploadRequest request, Payload payload) {

    /** The upload of a payload. */
    public static Upload of(UploadMetadata metadata, SensorMetadata sensorMetadata, Payload payload) {
        SensorData.Builder data = SensorData.newBuilder();
        // Without times and annotations, no sensor metadata is sent at all.
        if (!sensorMetadata.equals(SensorMetadata.getDefaultInstance())) {
            data.setMetadata(sensorMetadata);
        }
        return new Upload(
                DataCaptureUploadRequest.newBuilder()
                        .setMetadata(metadata)
                        .addSensorContents(data)
                        .build(),
                payload);
    }

    /** A copy of this upload with an additional tag. */
    public Upload tagged(String tag) {
        UploadMetadata tagged = metadata().toBuilder().addTags(tag).build();
        return new Upload(request.toBuilder().setMetadata(tagged).build(), payload);
    }

    /**
     * The message of the unary call.
     *
     * @param bytes the payload; unused where there are readings
     */
    public DataCaptureUploadRequest request(ByteString bytes) {
        if (isTabular()) {
            return request;
        }
        DataCaptureUploadRequest.Builder whole = request.toBuilder();
        whole.getSensorContentsBuilder(0).setBinary(bytes);
        return whole.build();
    }

    /** The part that owns the data, and the component that captured it. */
    public UploadMetadata metadata() {
        return request.getMetadata();
    }

    /** The readings, or the one payload without its bytes. */
    public List<SensorData> contents() {
        return request.getSensorContentsList();
    }

    /** The kind of upload. */
    public ViamDataOperation operation() {
        if (isTabular()) {
            return ViamDataOperation.tabular;
        }
        return isFile() ? ViamDataOperation.file : ViamDataOperation.binary;
    }

    /** Whether this is an arbitrary file, rather than the data of a component. */
    public boolean isFile() {
        return metadata().getType() == DataType.DATA_TYPE_FILE;
    }

    /** Whether these are readings, rather than bytes. */
    public boolean isTabular() {
        return metadata().getType() == DataType.DATA_TYPE_TABULAR_SENSOR;
    }
}
