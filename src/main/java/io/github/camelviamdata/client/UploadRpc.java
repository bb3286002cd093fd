// Copyright the camel-viamdata authors. SPDX-License-Identifier: Apache-2.0
package io.github.camelviamdata.client;

import com.google.protobuf.ByteString;
import com.google.protobuf.MessageLite;
import io.github.camelviamdata.client.CallOutcome.UploadIds;
import io.github.camelviamdata.proto.datasync.v1.DataCaptureUploadMetadata;
import io.github.camelviamdata.proto.datasync.v1.DataCaptureUploadRequest;
import io.github.camelviamdata.proto.datasync.v1.DataCaptureUploadResponse;
import io.github.camelviamdata.proto.datasync.v1.DataSyncServiceGrpc;
import io.github.camelviamdata.proto.datasync.v1.FileData;
import io.github.camelviamdata.proto.datasync.v1.FileUploadRequest;
import io.github.camelviamdata.proto.datasync.v1.FileUploadResponse;
import io.github.camelviamdata.proto.datasync.v1.SensorData;
import io.github.camelviamdata.proto.datasync.v1.StreamingDataCaptureUploadRequest;
import io.github.camelviamdata.proto.datasync.v1.StreamingDataCaptureUploadResponse;
import io.github.camelviamdata.upload.Upload;
import io.grpc.MethodDescriptor;
import java.util.function.BiFunction;
import java.util.function.Function;

/**
 * An RPC that uploads.
 *
 * @param <Q> request message
 * @param <R> response message
 * @param method the method to call
 * @param first makes the first message: all of a unary upload, or the metadata of a stream
 * @param next makes a further message of a stream, of some of its bytes; null for a unary upload
 * @param ids finds the IDs in the answer
 */
record UploadRpc<Q, R>(
        MethodDescriptor<Q, R> method,
        BiFunction<Upload, ByteString, Q> first,
        Function<ByteString, Q> next,
        Function<R, UploadIds> ids) {

    static final UploadRpc<DataCaptureUploadRequest, DataCaptureUploadResponse> UNARY = new UploadRpc<>(
            // gRPC calls onReady after a message only for streaming methods. On the wire both types are the same.
            method(DataSyncServiceGrpc.getDataCaptureUploadMethod())
                    .setType(MethodDescriptor.MethodType.CLIENT_STREAMING)
                    .build(),
            Upload::request,
            null,
            response -> new UploadIds(response.getFileId(), response.getBinaryDataId()));

    @SuppressWarnings("deprecation") // Services without binary data IDs still send the file ID.
    static final UploadRpc<StreamingDataCaptureUploadRequest, StreamingDataCaptureUploadResponse> BINARY =
            new UploadRpc<>(
                    method(DataSyncServiceGrpc.getStreamingDataCaptureUploadMethod())
                            .build(),
                    (upload, none) -> metadata(upload),
                    bytes -> StreamingDataCaptureUploadRequest.newBuilder()
                            .setData(bytes)
                            .build(),
                    response -> new UploadIds(response.getFileId(), response.getBinaryDataId()));

    @SuppressWarnings("deprecation") // As above.
    static final UploadRpc<FileUploadRequest, FileUploadResponse> FILE = new UploadRpc<>(
            method(DataSyncServiceGrpc.getFileUploadMethod()).build(),
            (upload, none) -> FileUploadRequest.newBuilder()
                    .setMetadata(upload.metadata())
                    .build(),
            bytes -> FileUploadRequest.newBuilder()
                    .setFileContents(FileData.newBuilder().setData(bytes))
                    .build(),
            response -> new UploadIds(response.getFileId(), response.getBinaryDataId()));

    private static <Q extends MessageLite, R> MethodDescriptor.Builder<Q, R> method(MethodDescriptor<Q, R> method) {
        return method.toBuilder(new RequestMarshaller<>(method.getRequestMarshaller()), method.getResponseMarshaller());
    }

    boolean isUnary() {
        return next == null;
    }

    private static StreamingDataCaptureUploadRequest metadata(Upload upload) {
        DataCaptureUploadMetadata.Builder metadata =
                DataCaptureUploadMetadata.newBuilder().setUploadMetadata(upload.metadata());
        SensorData data = upload.contents().get(0);
        if (data.hasMetadata()) {
            metadata.setSensorMetadata(data.getMetadata());
        }
        return StreamingDataCaptureUploadRequest.newBuilder()
                .setMetadata(metadata)
                .build();
    }
}
