// Copyright the camel-viamdata authors. SPDX-License-Identifier: Apache-2.0
package io.github.camelviamdata.client;

import com.google.protobuf.ByteString;
import io.github.camelviamdata.client.CallOutcome.UploadIds;
import io.github.camelviamdata.message.Upload;
import io.github.camelviamdata.proto.datasync.v1.DataCaptureUploadRequest;
import io.github.camelviamdata.proto.datasync.v1.DataCaptureUploadResponse;
import io.github.camelviamdata.proto.datasync.v1.DataSyncServiceGrpc;
import io.github.camelviamdata.proto.datasync.v1.SensorData;
import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.ClientCall;
import io.grpc.ClientStreamTracer;
import io.grpc.Metadata;
import io.grpc.Status;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;

/** Uploads binary data, or readings, in one message. */
final class UnaryCall extends ClientCall.Listener<DataCaptureUploadResponse> implements UploadCall {

    /** To begin with. The answer is small, and what follows from it happens on another thread: no need for one between. */
    static final CallOptions OPTIONS = CallOptions.DEFAULT.withExecutor(Runnable::run);

    private final long bytes;
    private final ClientCall<DataCaptureUploadRequest, DataCaptureUploadResponse> call;
    private final Consumer<CallOutcome> done;
    private final AtomicBoolean ended = new AtomicBoolean();
    private UploadIds ids;
    private volatile boolean sent;

    private UnaryCall(Channel channel, CallOptions options, long bytes, Consumer<CallOutcome> done) {
        this.bytes = bytes;
        this.done = done;
        this.call = channel.newCall(
                DataSyncServiceGrpc.getDataCaptureUploadMethod(), options.withStreamTracerFactory(new SentTracer()));
    }

    static UploadCall start(
            Channel channel,
            CallOptions options,
            Duration requestTimeout,
            Upload upload,
            ByteString bytes,
            Consumer<CallOutcome> done) {
        DataCaptureUploadRequest request = request(upload, bytes);
        long size = upload.isTabular()
                ? request.getSensorContentsList().stream()
                        .mapToLong(data -> data.getStruct().getSerializedSize())
                        .sum()
                : bytes.size();
        UnaryCall unary = new UnaryCall(
                channel, options.withDeadlineAfter(requestTimeout.toNanos(), TimeUnit.NANOSECONDS), size, done);
        unary.send(request);
        return unary;
    }

    private static DataCaptureUploadRequest request(Upload upload, ByteString bytes) {
        DataCaptureUploadRequest.Builder request =
                DataCaptureUploadRequest.newBuilder().setMetadata(upload.metadata());
        if (upload.isTabular()) {
            return request.addAllSensorContents(upload.readings()).build();
        }
        SensorData.Builder data = SensorData.newBuilder().setBinary(bytes);
        if (upload.hasSensorMetadata()) {
            data.setMetadata(upload.sensorMetadata());
        }
        return request.addSensorContents(data).build();
    }

    private void send(DataCaptureUploadRequest request) {
        call.start(this, new Metadata());
        try {
            // One more than there should be, as gRPC's stubs do, so that a service that answers twice is found out.
            call.request(2);
            call.sendMessage(request);
            call.halfClose();
        } catch (RuntimeException | Error e) {
            // Whoever called tells of it; the end of the call, which comes after that, is not told.
            boolean open = ended.compareAndSet(false, true);
            call.cancel("The request could not be sent", e);
            if (open) {
                throw e;
            }
        }
    }

    @Override
    public void cancel(String reason) {
        // gRPC reports a cancellation later, by a thread of a pool that may be gone by then.
        end(CallOutcome.ended(Status.CANCELLED.withDescription(reason), sentBytes(), sent));
        call.cancel(reason, null);
    }

    private long sentBytes() {
        return sent ? bytes : 0;
    }

    private void end(CallOutcome outcome) {
        if (ended.compareAndSet(false, true)) {
            done.accept(outcome);
        }
    }

    @Override
    public void onMessage(DataCaptureUploadResponse response) {
        if (ids != null) {
            throw Status.INTERNAL
                    .withDescription("the service answered more than once")
                    .asRuntimeException();
        }
        ids = new UploadIds(response.getFileId(), response.getBinaryDataId());
    }

    @Override
    public void onClose(Status status, Metadata trailers) {
        end(
                status.isOk()
                        ? CallOutcome.completed(ids, bytes, true)
                        : CallOutcome.failed(status.asRuntimeException(trailers), sentBytes(), sent));
    }

    /** Tells a message that left for the service from one that waited for a connection in vain. */
    private final class SentTracer extends ClientStreamTracer.Factory {

        @Override
        public ClientStreamTracer newClientStreamTracer(ClientStreamTracer.StreamInfo info, Metadata headers) {
            return new ClientStreamTracer() {
                @Override
                public void outboundMessage(int sequence) {
                    sent = true;
                }
            };
        }
    }
}
