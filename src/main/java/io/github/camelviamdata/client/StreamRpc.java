// Copyright the camel-viamdata authors. SPDX-License-Identifier: Apache-2.0
package io.github.camelviamdata.client;

import com.google.protobuf.ByteString;
import io.github.camelviamdata.client.CallOutcome.UploadIds;
import io.github.camelviamdata.message.Upload;
import io.github.camelviamdata.proto.datasync.v1.DataCaptureUploadMetadata;
import io.github.camelviamdata.proto.datasync.v1.DataSyncServiceGrpc;
import io.github.camelviamdata.proto.datasync.v1.FileData;
import io.github.camelviamdata.proto.datasync.v1.FileUploadRequest;
import io.github.camelviamdata.proto.datasync.v1.FileUploadResponse;
import io.github.camelviamdata.proto.datasync.v1.StreamingDataCaptureUploadRequest;
import io.github.camelviamdata.proto.datasync.v1.StreamingDataCaptureUploadResponse;
import io.grpc.MethodDescriptor;
import java.util.function.Function;

/**
 * A client-streaming RPC that uploads.
 *
 * @param <Q> request message
 * @param <R> response message
 * @param method the method to call
 * @param first makes the first message of an upload, its metadata
 * @param next makes a further message, of some of its bytes
 * @param ids finds the IDs in the answer
 */
record StreamRpc<Q, R>(
        MethodDescriptor<Q, R> method,
        Function<Upload, Q> first,
        Function<ByteString, Q> next,
        Function<R, UploadIds> ids) {

    @SuppressWarnings("deprecation") // A service that gives no binary data ID still gives the file ID.
    static final StreamRpc<StreamingDataCaptureUploadRequest, StreamingDataCaptureUploadResponse> BINARY =
            new StreamRpc<>(
                    DataSyncServiceGrpc.getStreamingDataCaptureUploadMethod(),
                    StreamRpc::metadata,
                    bytes -> StreamingDataCaptureUploadRequest.newBuilder()
                            .setData(bytes)
                            .build(),
                    response -> new UploadIds(response.getFileId(), response.getBinaryDataId()));

    @SuppressWarnings("deprecation") // As above.
    static final StreamRpc<FileUploadRequest, FileUploadResponse> FILE = new StreamRpc<>(
            DataSyncServiceGrpc.getFileUploadMethod(),
            upload -> FileUploadRequest.newBuilder()
                    .setMetadata(upload.metadata())
                    .build(),
            bytes -> FileUploadRequest.newBuilder()
                    .setFileContents(FileData.newBuilder().setData(bytes))
                    .build(),
            response -> new UploadIds(response.getFileId(), response.getBinaryDataId()));

    private static StreamingDataCaptureUploadRequest metadata(Upload upload) {
        DataCaptureUploadMetadata.Builder metadata =
                DataCaptureUploadMetadata.newBuilder().setUploadMetadata(upload.metadata());
        if (upload.hasSensorMetadata()) {
            metadata.setSensorMetadata(upload.sensorMetadata());
        }
        return StreamingDataCaptureUploadRequest.newBuilder()
                .setMetadata(metadata)
                .build();
    }
}
