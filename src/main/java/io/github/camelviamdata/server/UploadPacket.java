// Copyright the camel-viamdata authors. SPDX-License-Identifier: Apache-2.0
package io.github.camelviamdata.server;

import com.google.protobuf.ByteString;
import io.github.camelviamdata.ViamDataOperation;
import io.github.camelviamdata.proto.datasync.v1.DataCaptureUploadMetadata;
import io.github.camelviamdata.proto.datasync.v1.DataCaptureUploadRequest;
import io.github.camelviamdata.proto.datasync.v1.DataType;
import io.github.camelviamdata.proto.datasync.v1.FileUploadRequest;
import io.github.camelviamdata.proto.datasync.v1.SensorData;
import io.github.camelviamdata.proto.datasync.v1.StreamingDataCaptureUploadRequest;
import java.util.Map;

/**
 * One message of a stream: either the metadata or a piece of the payload.
 *
 * @param headers the metadata as message headers, or null
 * @param head the beginning of the capture file to write, empty without one
 * @param data the bytes, or null
 */
record UploadPacket(Map<String, Object> headers, ByteString head, ByteString data) {

    private static UploadPacket of(Map<String, Object> headers) {
        return new UploadPacket(headers, ByteString.EMPTY, null);
    }

    private static UploadPacket of(ByteString data) {
        return new UploadPacket(null, ByteString.EMPTY, data);
    }

    /**
     * @throws IllegalArgumentException if the metadata does not describe binary data; the message names the field
     * @throws io.grpc.StatusRuntimeException if the key of the call may not upload for the part
     */
    static UploadPacket of(StreamingDataCaptureUploadRequest request, boolean captureFiles, UploadRights rights) {
        return switch (request.getUploadPacketCase()) {
            case METADATA -> {
                DataCaptureUploadMetadata metadata = request.getMetadata();
                if (!metadata.hasUploadMetadata()) {
                    throw new IllegalArgumentException("metadata.upload_metadata is missing");
                }
                UploadChecks.type(metadata.getUploadMetadata(), DataType.DATA_TYPE_BINARY_SENSOR);
                rights.check(metadata.getUploadMetadata().getPartId());
                DataCaptureUploadRequest unary = DataCaptureUploadRequest.newBuilder()
                        .setMetadata(metadata.getUploadMetadata())
                        .addSensorContents(SensorData.newBuilder().setMetadata(metadata.getSensorMetadata()))
                        .build();
                yield captureFiles
                        ? new UploadPacket(
                                UploadHeaders.capture(unary),
                                CaptureFormat.head(metadata.getUploadMetadata(), metadata.getSensorMetadata()),
                                null)
                        : of(UploadHeaders.of(ViamDataOperation.binary, unary));
            }
            case DATA -> of(request.getData());
            case UPLOADPACKET_NOT_SET -> throw new IllegalArgumentException("upload_packet is empty");
        };
    }

    /**
     * @throws IllegalArgumentException if the metadata does not describe a file; the message names the field
     * @throws io.grpc.StatusRuntimeException if the key of the call may not upload for the part
     */
    static UploadPacket of(FileUploadRequest request, UploadRights rights) {
        return switch (request.getUploadPacketCase()) {
            case METADATA -> {
                UploadChecks.type(request.getMetadata(), DataType.DATA_TYPE_FILE);
                rights.check(request.getMetadata().getPartId());
                yield of(UploadHeaders.of(
                        ViamDataOperation.file,
                        DataCaptureUploadRequest.newBuilder()
                                .setMetadata(request.getMetadata())
                                .build()));
            }
            case FILE_CONTENTS -> of(request.getFileContents().getData());
            case UPLOADPACKET_NOT_SET -> throw new IllegalArgumentException("upload_packet is empty");
        };
    }
}
