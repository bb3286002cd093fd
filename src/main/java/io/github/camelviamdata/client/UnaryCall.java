// Copyright the camel-viamdata authors. SPDX-License-Identifier: Apache-2.0
package io.github.camelviamdata.client;

import io.github.camelviamdata.client.CallOutcome.UploadIds;
import io.github.camelviamdata.message.BytesPayload;
import io.github.camelviamdata.message.Payload;
import io.github.camelviamdata.message.Upload;
import io.github.camelviamdata.proto.datasync.v1.DataCaptureUploadRequest;
import io.github.camelviamdata.proto.datasync.v1.DataCaptureUploadResponse;
import io.github.camelviamdata.proto.datasync.v1.DataSyncServiceGrpc;
import io.github.camelviamdata.proto.datasync.v1.SensorData;
import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.MethodDescriptor;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/** Uploads bytes in memory, or readings, in one message. gRPC's deadline bounds it. */
final class UnaryCall extends CallListener<DataCaptureUploadRequest, DataCaptureUploadResponse> implements UploadCall {

    private static final CompletableFuture<Void> RELEASED = CompletableFuture.completedFuture(null);
    // Of a unary call gRPC never says when the request has left. On the wire both are the same.
    private static final MethodDescriptor<DataCaptureUploadRequest, DataCaptureUploadResponse> METHOD =
            DataSyncServiceGrpc.getDataCaptureUploadMethod().toBuilder()
                    .setType(MethodDescriptor.MethodType.CLIENT_STREAMING)
                    .build();
    // There is room for more only when nothing is queued.
    private static final int NOTHING_QUEUED = 1;

    private final Upload upload;
    private final Payload payload;
    private volatile boolean left;

    /**
     * A call whose payload is known.
     *
     * @param payload bytes in memory; unused for readings
     */
    UnaryCall(Channel channel, CallOptions options, Duration requestTimeout, Upload upload, Payload payload) {
        this(channel, options, requestTimeout, upload, payload, new CompletableFuture<>());
    }

    UnaryCall(
            Channel channel,
            CallOptions options,
            Duration requestTimeout,
            Upload upload,
            Payload payload,
            CompletableFuture<CallOutcome> outcome) {
        super(
                channel,
                METHOD,
                options.withOnReadyThreshold(NOTHING_QUEUED)
                        .withDeadlineAfter(requestTimeout.toNanos(), TimeUnit.NANOSECONDS),
                response -> new UploadIds(response.getFileId(), response.getBinaryDataId()),
                outcome);
        this.upload = upload;
        this.payload = payload;
    }

    void send() {
        try {
            start();
            call.sendMessage(request());
            call.halfClose();
        } catch (Throwable e) {
            outcome.complete(CallOutcome.broken(e, bytesSent(), isSentAll()));
            call.cancel("The request could not be sent", e);
        }
    }

    private DataCaptureUploadRequest request() {
        DataCaptureUploadRequest.Builder request =
                DataCaptureUploadRequest.newBuilder().setMetadata(upload.metadata());
        if (upload.isTabular()) {
            return request.addAllSensorContents(upload.readings()).build();
        }
        SensorData.Builder data = SensorData.newBuilder().setBinary(((BytesPayload) payload).bytes());
        if (upload.hasSensorMetadata()) {
            data.setMetadata(upload.sensorMetadata());
        }
        return request.addSensorContents(data).build();
    }

    /** Nothing is queued any more; at first, because nothing was yet. */
    @Override
    public void onReady() {
        if (tracer.isSent()) {
            left = true;
        }
    }

    @Override
    boolean isSentAll() {
        return left;
    }

    @Override
    boolean isAnswerable() {
        return true;
    }

    @Override
    long bytesSent() {
        if (!tracer.isSent()) {
            return 0;
        }
        return upload.isTabular()
                ? upload.readings().stream()
                        .mapToLong(data -> data.getStruct().getSerializedSize())
                        .sum()
                : payload.length();
    }

    @Override
    public CompletableFuture<CallOutcome> outcome() {
        return outcome;
    }

    @Override
    public CompletableFuture<Void> released() {
        return RELEASED;
    }

    @Override
    public void abandonBody() {
        // There is nothing to read.
    }

    @Override
    public Payload payload() {
        return payload;
    }
}
