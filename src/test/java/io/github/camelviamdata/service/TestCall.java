// Copyright the camel-viamdata authors. SPDX-License-Identifier: Apache-2.0
package io.github.camelviamdata.service;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import io.github.camelviamdata.proto.datasync.v1.DataCaptureUploadRequest;
import io.github.camelviamdata.proto.datasync.v1.FileUploadRequest;
import io.github.camelviamdata.proto.datasync.v1.SensorMetadata;
import io.github.camelviamdata.proto.datasync.v1.StreamingDataCaptureUploadRequest;
import io.github.camelviamdata.proto.datasync.v1.UploadMetadata;
import io.grpc.Metadata;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** A call as {@link TestService} saw it: its headers, its messages byte for byte, and how the client ended it. */
public final class TestCall {

    private final String method;
    private final Metadata headers;
    private final String connection;
    private final List<byte[]> messages = new CopyOnWriteArrayList<>();
    private volatile boolean halfClosed;
    private volatile boolean cancelled;

    TestCall(String method, Metadata headers, String connection) {
        this.method = method;
        this.headers = headers;
        this.connection = connection;
    }

    void add(byte[] message) {
        messages.add(message);
    }

    void halfClose() {
        halfClosed = true;
    }

    void cancel() {
        cancelled = true;
    }

    /** Name of the RPC, such as {@code DataCaptureUpload}. */
    public String method() {
        return method;
    }

    /** Tells connections apart. */
    public String connection() {
        return connection;
    }

    public String header(String name) {
        return headers.get(Metadata.Key.of(name, Metadata.ASCII_STRING_MARSHALLER));
    }

    public List<byte[]> messages() {
        return messages;
    }

    public boolean isHalfClosed() {
        return halfClosed;
    }

    public boolean isCancelled() {
        return cancelled;
    }

    public UploadMetadata metadata() {
        try {
            return switch (method) {
                case "DataCaptureUpload" ->
                    DataCaptureUploadRequest.parseFrom(messages.get(0)).getMetadata();
                case "StreamingDataCaptureUpload" ->
                    StreamingDataCaptureUploadRequest.parseFrom(messages.get(0))
                            .getMetadata()
                            .getUploadMetadata();
                default -> FileUploadRequest.parseFrom(messages.get(0)).getMetadata();
            };
        } catch (InvalidProtocolBufferException e) {
            throw new AssertionError(e);
        }
    }

    public SensorMetadata sensorMetadata() {
        try {
            return method.equals("DataCaptureUpload")
                    ? DataCaptureUploadRequest.parseFrom(messages.get(0))
                            .getSensorContents(0)
                            .getMetadata()
                    : StreamingDataCaptureUploadRequest.parseFrom(messages.get(0))
                            .getMetadata()
                            .getSensorMetadata();
        } catch (InvalidProtocolBufferException e) {
            throw new AssertionError(e);
        }
    }

    /** The payload, put together again. */
    public byte[] payload() {
        try {
            if (method.equals("DataCaptureUpload")) {
                return DataCaptureUploadRequest.parseFrom(messages.get(0))
                        .getSensorContents(0)
                        .getBinary()
                        .toByteArray();
            }
            ByteString payload = ByteString.EMPTY;
            for (byte[] message : messages.subList(1, messages.size())) {
                payload = payload.concat(
                        method.equals("FileUpload")
                                ? FileUploadRequest.parseFrom(message)
                                        .getFileContents()
                                        .getData()
                                : StreamingDataCaptureUploadRequest.parseFrom(message)
                                        .getData());
            }
            return payload.toByteArray();
        } catch (InvalidProtocolBufferException e) {
            throw new AssertionError(e);
        }
    }
}
