// Copyright the camel-viamdata authors. SPDX-License-Identifier: Apache-2.0
package io.github.camelviamdata.server;

import com.google.protobuf.ByteString;
import io.github.camelviamdata.ViamDataOperation;
import io.github.camelviamdata.proto.datasync.v1.DataCaptureUploadMetadata;
import io.github.camelviamdata.proto.datasync.v1.DataCaptureUploadRequest;
import io.github.camelviamdata.proto.datasync.v1.DataCaptureUploadResponse;
import io.github.camelviamdata.proto.datasync.v1.DataSyncServiceGrpc;
import io.github.camelviamdata.proto.datasync.v1.DataType;
import io.github.camelviamdata.proto.datasync.v1.FileUploadRequest;
import io.github.camelviamdata.proto.datasync.v1.FileUploadResponse;
import io.github.camelviamdata.proto.datasync.v1.SensorData;
import io.github.camelviamdata.proto.datasync.v1.StreamingDataCaptureUploadRequest;
import io.github.camelviamdata.proto.datasync.v1.StreamingDataCaptureUploadResponse;
import io.github.camelviamdata.proto.datasync.v1.UploadMetadata;
import io.grpc.Status;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import java.util.List;
import java.util.Map;
import java.util.function.BiFunction;
import java.util.function.Function;

/** Receives uploads, in one message or as a stream, and rejects malformed ones without running the route. */
final class DataSyncService extends DataSyncServiceGrpc.DataSyncServiceImplBase {

    private final ViamDataServerConsumer consumer;
    private final UploadRights rights;
    private final UploadStream.Spools spools;
    private final UploadFormat format;
    private final long maxUploadSize;

    /**
     * @param format the form in which the route gets uploads, except files, which it gets as they were sent
     * @param maxUploadSize largest payload of a stream in bytes
     */
    DataSyncService(
            ViamDataServerConsumer consumer,
            UploadRights rights,
            UploadStream.Spools spools,
            UploadFormat format,
            long maxUploadSize) {
        this.consumer = consumer;
        this.rights = rights;
        this.spools = spools;
        this.format = format;
        this.maxUploadSize = maxUploadSize;
    }

    @Override
    public void dataCaptureUpload(
            DataCaptureUploadRequest request, StreamObserver<DataCaptureUploadResponse> observer) {
        ServerCallStreamObserver<DataCaptureUploadResponse> client = ignoringCancel(observer);
        try {
            if (!request.hasMetadata()) {
                throw new IllegalArgumentException("metadata is missing");
            }
            check(request.getMetadata(), DataType.DATA_TYPE_BINARY_SENSOR, DataType.DATA_TYPE_TABULAR_SENSOR);
            boolean binary = request.getMetadata().getType() == DataType.DATA_TYPE_BINARY_SENSOR;
            checkContents(request.getSensorContentsList(), binary);
            Map<String, Object> headers =
                    format.headers(binary ? ViamDataOperation.binary : ViamDataOperation.tabular, request);
            Object body = format.body(request);
            BiFunction<String, String, DataCaptureUploadResponse> response =
                    (fileId, binaryDataId) -> DataCaptureUploadResponse.newBuilder()
                            .setFileId(fileId)
                            .setBinaryDataId(binary ? binaryDataId : "")
                            .build();
            new UploadExchange<>(consumer, exchange -> body, response, client).run(headers);
        } catch (IllegalArgumentException e) {
            client.onError(
                    Status.INVALID_ARGUMENT.withDescription(e.getMessage()).asRuntimeException());
        }
    }

    /** Checks the part, for which the key must have the right to upload, and the type of data. */
    private void check(UploadMetadata metadata, DataType... types) {
        if (metadata.getPartId().isEmpty()) {
            throw new IllegalArgumentException("metadata.part_id is empty");
        } else if (!List.of(types).contains(metadata.getType())) {
            String type = metadata.getType() == DataType.UNRECOGNIZED
                    ? String.valueOf(metadata.getTypeValue())
                    : metadata.getType().name();
            throw new IllegalArgumentException("metadata.type is " + type + ", but this call is for " + List.of(types));
        }
        rights.check(metadata.getPartId());
    }

    /** Checks that there is one payload, or one reading or more. */
    private static void checkContents(List<SensorData> contents, boolean binary) {
        if (contents.isEmpty()) {
            throw new IllegalArgumentException("sensor_contents is empty");
        }
        for (int i = 0; i < contents.size(); i++) {
            SensorData data = contents.get(i);
            if (binary ? !data.hasBinary() : !data.hasStruct()) {
                String found = data.hasBinary() ? "binary" : data.hasStruct() ? "struct" : "nothing";
                throw new IllegalArgumentException("sensor_contents[" + i + "] holds " + found
                        + ", but metadata.type asks for " + (binary ? "binary" : "struct"));
            }
        }
        if (binary && contents.size() > 1) {
            throw new IllegalArgumentException(
                    "sensor_contents holds " + contents.size() + " payloads: upload each in a call of its own");
        }
    }

    @Override
    public StreamObserver<StreamingDataCaptureUploadRequest> streamingDataCaptureUpload(
            StreamObserver<StreamingDataCaptureUploadResponse> observer) {
        return stream(observer, this::packet, DataSyncService::streamed);
    }

    private UploadStream.Packet packet(StreamingDataCaptureUploadRequest request) {
        return switch (request.getUploadPacketCase()) {
            case METADATA -> {
                DataCaptureUploadMetadata metadata = request.getMetadata();
                if (!metadata.hasUploadMetadata()) {
                    throw new IllegalArgumentException("metadata.upload_metadata is missing");
                }
                check(metadata.getUploadMetadata(), DataType.DATA_TYPE_BINARY_SENSOR);
                DataCaptureUploadRequest unary = DataCaptureUploadRequest.newBuilder()
                        .setMetadata(metadata.getUploadMetadata())
                        .addSensorContents(SensorData.newBuilder().setMetadata(metadata.getSensorMetadata()))
                        .build();
                yield new UploadStream.Packet(
                        format.headers(ViamDataOperation.binary, unary), format.head(unary), null);
            }
            case DATA -> new UploadStream.Packet(null, null, request.getData());
            case UPLOADPACKET_NOT_SET -> throw new IllegalArgumentException("upload_packet is empty");
        };
    }

    @SuppressWarnings("deprecation") // Clients of earlier versions read the file ID.
    private static StreamingDataCaptureUploadResponse streamed(String fileId, String binaryDataId) {
        return StreamingDataCaptureUploadResponse.newBuilder()
                .setFileId(fileId)
                .setBinaryDataId(binaryDataId)
                .build();
    }

    @Override
    public StreamObserver<FileUploadRequest> fileUpload(StreamObserver<FileUploadResponse> observer) {
        return stream(observer, this::packet, DataSyncService::stored);
    }

    private UploadStream.Packet packet(FileUploadRequest request) {
        return switch (request.getUploadPacketCase()) {
            case METADATA -> {
                check(request.getMetadata(), DataType.DATA_TYPE_FILE);
                DataCaptureUploadRequest unary = DataCaptureUploadRequest.newBuilder()
                        .setMetadata(request.getMetadata())
                        .build();
                yield new UploadStream.Packet(UploadHeaders.of(ViamDataOperation.file, unary), ByteString.EMPTY, null);
            }
            case FILE_CONTENTS ->
                new UploadStream.Packet(null, null, request.getFileContents().getData());
            case UPLOADPACKET_NOT_SET -> throw new IllegalArgumentException("upload_packet is empty");
        };
    }

    @SuppressWarnings("deprecation") // Clients of earlier versions read the file ID.
    private static FileUploadResponse stored(String fileId, String binaryDataId) {
        return FileUploadResponse.newBuilder()
                .setFileId(fileId)
                .setBinaryDataId(binaryDataId)
                .build();
    }

    private <Q, R> StreamObserver<Q> stream(
            StreamObserver<R> observer,
            Function<Q, UploadStream.Packet> reader,
            BiFunction<String, String, R> response) {
        ServerCallStreamObserver<R> client = ignoringCancel(observer);
        return new UploadStream<>(
                client,
                spools,
                reader,
                (headers, body) -> new UploadExchange<>(consumer, body, response, client).run(headers),
                maxUploadSize);
    }

    /** Sets a cancel handler, with which the observer ignores answers after the client has cancelled; else it would throw. */
    private static <R> ServerCallStreamObserver<R> ignoringCancel(StreamObserver<R> observer) {
        ServerCallStreamObserver<R> client = (ServerCallStreamObserver<R>) observer;
        client.setOnCancelHandler(() -> {});
        return client;
    }
}
