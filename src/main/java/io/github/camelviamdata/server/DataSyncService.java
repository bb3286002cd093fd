// Copyright the camel-viamdata authors. SPDX-License-Identifier: Apache-2.0
package io.github.camelviamdata.server;

import io.github.camelviamdata.ViamDataOperation;
import io.github.camelviamdata.message.ProtoValues;
import io.github.camelviamdata.proto.datasync.v1.DataCaptureUploadRequest;
import io.github.camelviamdata.proto.datasync.v1.DataCaptureUploadResponse;
import io.github.camelviamdata.proto.datasync.v1.DataSyncServiceGrpc;
import io.github.camelviamdata.proto.datasync.v1.DataType;
import io.github.camelviamdata.proto.datasync.v1.FileUploadRequest;
import io.github.camelviamdata.proto.datasync.v1.FileUploadResponse;
import io.github.camelviamdata.proto.datasync.v1.SensorData;
import io.github.camelviamdata.proto.datasync.v1.StreamingDataCaptureUploadRequest;
import io.github.camelviamdata.proto.datasync.v1.StreamingDataCaptureUploadResponse;
import io.grpc.Status;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import java.util.List;
import java.util.Map;
import java.util.function.BiFunction;

/** Receives uploads, in one message or as a stream, and refuses malformed ones before they reach the route. */
final class DataSyncService extends DataSyncServiceGrpc.DataSyncServiceImplBase {

    private final UploadRoute route;
    private final UploadRights rights;
    private final UploadStream.Spools spools;
    private final boolean captureFiles;
    private final long maxUploadSize;

    /**
     * @param maxUploadSize largest payload of a stream in bytes
     */
    DataSyncService(
            UploadRoute route,
            UploadRights rights,
            UploadStream.Spools spools,
            boolean captureFiles,
            long maxUploadSize) {
        this.route = route;
        this.rights = rights;
        this.spools = spools;
        this.captureFiles = captureFiles;
        this.maxUploadSize = maxUploadSize;
    }

    @Override
    public void dataCaptureUpload(
            DataCaptureUploadRequest request, StreamObserver<DataCaptureUploadResponse> observer) {
        ServerCallStreamObserver<DataCaptureUploadResponse> client = answerable(observer);
        try {
            if (!request.hasMetadata()) {
                throw new IllegalArgumentException("metadata is missing");
            }
            DataType type = UploadChecks.type(
                    request.getMetadata(), DataType.DATA_TYPE_BINARY_SENSOR, DataType.DATA_TYPE_TABULAR_SENSOR);
            rights.check(request.getMetadata().getPartId());
            if (type == DataType.DATA_TYPE_BINARY_SENSOR) {
                binary(request, client);
            } else {
                tabular(request, client);
            }
        } catch (IllegalArgumentException e) {
            client.onError(
                    Status.INVALID_ARGUMENT.withDescription(e.getMessage()).asRuntimeException());
        }
    }

    private void binary(DataCaptureUploadRequest request, StreamObserver<DataCaptureUploadResponse> client) {
        UploadChecks.sensorContents(request.getSensorContentsList(), SensorData.DataCase.BINARY);
        if (request.getSensorContentsCount() > 1) {
            throw new IllegalArgumentException("sensor_contents holds " + request.getSensorContentsCount()
                    + " payloads: upload each in a call of its own");
        }
        byte[] body = captureFiles
                ? CaptureFormat.of(request)
                : request.getSensorContents(0).getBinary().toByteArray();
        route.process(headers(ViamDataOperation.binary, request), exchange -> body, response(true), client);
    }

    private void tabular(DataCaptureUploadRequest request, StreamObserver<DataCaptureUploadResponse> client) {
        UploadChecks.sensorContents(request.getSensorContentsList(), SensorData.DataCase.STRUCT);
        Object body = captureFiles ? CaptureFormat.of(request) : readings(request);
        route.process(headers(ViamDataOperation.tabular, request), exchange -> body, response(false), client);
    }

    private static List<Map<String, Object>> readings(DataCaptureUploadRequest request) {
        return request.getSensorContentsList().stream()
                .map(reading -> ProtoValues.map(reading.getStruct()))
                .toList();
    }

    private Map<String, Object> headers(ViamDataOperation operation, DataCaptureUploadRequest request) {
        return captureFiles ? UploadHeaders.capture(request) : UploadHeaders.of(operation, request);
    }

    private static BiFunction<String, String, DataCaptureUploadResponse> response(boolean binary) {
        return (fileId, binaryDataId) -> DataCaptureUploadResponse.newBuilder()
                .setFileId(fileId)
                .setBinaryDataId(binary ? binaryDataId : "")
                .build();
    }

    @Override
    public StreamObserver<StreamingDataCaptureUploadRequest> streamingDataCaptureUpload(
            StreamObserver<StreamingDataCaptureUploadResponse> observer) {
        return UploadStream.start(
                answerable(observer),
                spools,
                request -> UploadPacket.of(request, captureFiles, rights),
                (upload, body, client) -> route.process(upload, body, DataSyncService::streamed, client),
                maxUploadSize);
    }

    @SuppressWarnings("deprecation") // The file ID is what clients of earlier versions read.
    private static StreamingDataCaptureUploadResponse streamed(String fileId, String binaryDataId) {
        return StreamingDataCaptureUploadResponse.newBuilder()
                .setFileId(fileId)
                .setBinaryDataId(binaryDataId)
                .build();
    }

    @Override
    public StreamObserver<FileUploadRequest> fileUpload(StreamObserver<FileUploadResponse> observer) {
        return UploadStream.start(
                answerable(observer),
                spools,
                request -> UploadPacket.of(request, rights),
                (upload, body, client) -> route.process(upload, body, DataSyncService::stored, client),
                maxUploadSize);
    }

    @SuppressWarnings("deprecation") // The file ID is what clients of earlier versions read.
    private static FileUploadResponse stored(String fileId, String binaryDataId) {
        return FileUploadResponse.newBuilder()
                .setFileId(fileId)
                .setBinaryDataId(binaryDataId)
                .build();
    }

    /** An observer that ignores answers to a client that has gone, instead of failing the route's last step. */
    private static <R> ServerCallStreamObserver<R> answerable(StreamObserver<R> observer) {
        ServerCallStreamObserver<R> client = (ServerCallStreamObserver<R>) observer;
        client.setOnCancelHandler(() -> {});
        return client;
    }
}
