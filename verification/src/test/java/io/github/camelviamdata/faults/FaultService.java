// Copyright the camel-viamdata authors. SPDX-License-Identifier: Apache-2.0
package io.github.camelviamdata.faults;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import io.github.camelviamdata.proto.data.v1.BinaryDataByFilterRequest;
import io.github.camelviamdata.proto.datasync.v1.DataCaptureUploadRequest;
import io.github.camelviamdata.proto.datasync.v1.DataCaptureUploadResponse;
import io.github.camelviamdata.proto.datasync.v1.FileUploadRequest;
import io.github.camelviamdata.proto.datasync.v1.SensorData;
import io.github.camelviamdata.proto.datasync.v1.SensorMetadata;
import io.github.camelviamdata.proto.datasync.v1.StreamingDataCaptureUploadRequest;
import io.github.camelviamdata.proto.datasync.v1.UploadMetadata;
import io.github.camelviamdata.proto.rpc.v1.AuthenticateResponse;
import io.github.camelviamdata.service.Bytes;
import io.grpc.Attributes;
import io.grpc.Context;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor.MethodType;
import io.grpc.Server;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerServiceDefinition;
import io.grpc.ServerStreamTracer;
import io.grpc.ServerTransportFilter;
import io.grpc.Status;
import io.grpc.netty.shaded.io.grpc.netty.NettyServerBuilder;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.logging.Level;
import java.util.logging.Logger;

/**
 * A stand-in for Viam's service that fails as a {@link Script} says, on real HTTP/2. It keeps digests of what it stores,
 * in a {@link Ledger}, by the one tag that every upload has to carry or by its content.
 */
final class FaultService implements AutoCloseable {

    private static final String DATA_SYNC = "viam.app.datasync.v1.DataSyncService/";
    private static final Metadata.Key<String> AUTHORIZATION =
            Metadata.Key.of("authorization", Metadata.ASCII_STRING_MARSHALLER);
    private static final Context.Key<AtomicLong> WIRE_BYTES = Context.key("wire-bytes");

    /** They say a line for every stream that is reset. Held here, because a log manager may forget loggers nobody holds. */
    private static final List<Logger> QUIET = List.of(
            Logger.getLogger("io.grpc.internal.ServerCallImpl"),
            Logger.getLogger("io.grpc.netty.shaded.io.grpc.netty.NettyServerHandler"));

    static {
        QUIET.forEach(logger -> logger.setLevel(Level.SEVERE));
    }

    private final Script script;
    private final Ledger ledger;
    private final Server server;
    private final ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor();

    FaultService(Script script, Ledger ledger) {
        this(script, ledger, 0);
    }

    /**
     * @param port one that a service has just left, or 0 for any
     */
    FaultService(Script script, Ledger ledger, int port) {
        this.script = script;
        this.ledger = ledger;
        NettyServerBuilder builder = NettyServerBuilder.forAddress(
                        new InetSocketAddress(InetAddress.getLoopbackAddress(), port))
                .permitKeepAliveTime(5, TimeUnit.SECONDS)
                .addStreamTracerFactory(new WireTracer())
                .addTransportFilter(new ConnectionCounter())
                .addService(ServerServiceDefinition.builder("viam.app.datasync.v1.DataSyncService")
                        .addMethod(Bytes.method(DATA_SYNC + "DataCaptureUpload", MethodType.UNARY), upload(Rpc.UNARY))
                        .addMethod(
                                Bytes.method(DATA_SYNC + "StreamingDataCaptureUpload", MethodType.CLIENT_STREAMING),
                                upload(Rpc.STREAM))
                        .addMethod(
                                Bytes.method(DATA_SYNC + "FileUpload", MethodType.CLIENT_STREAMING), upload(Rpc.FILE))
                        .build())
                .addService(ServerServiceDefinition.builder("viam.app.data.v1.DataService")
                        .addMethod(
                                Bytes.method("viam.app.data.v1.DataService/BinaryDataByFilter", MethodType.UNARY),
                                (call, headers) -> new Query(call))
                        .build())
                .addService(ServerServiceDefinition.builder("proto.rpc.v1.AuthService")
                        .addMethod(
                                Bytes.method("proto.rpc.v1.AuthService/Authenticate", MethodType.UNARY),
                                (call, headers) -> new Authentication(call))
                        .build());
        script.settings.accept(builder);
        try {
            server = builder.build().start();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    int port() {
        return server.getPort();
    }

    /** Ends at once, and every call and connection with it. */
    @Override
    public void close() {
        timer.shutdownNow();
        server.shutdownNow();
        try {
            if (!server.awaitTermination(10, TimeUnit.SECONDS)) {
                throw new IllegalStateException("The service did not end");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private String token() {
        return "token-" + ledger.copies() / script.uploadsPerToken;
    }

    private ServerCallHandler<byte[], byte[]> upload(Rpc rpc) {
        return (call, headers) -> {
            int number = ledger.nextCall();
            Status status = script.status.apply(number);
            if (script.uploadsPerToken != Integer.MAX_VALUE
                    && !("Bearer " + token()).equals(headers.get(AUTHORIZATION))) {
                ledger.fault();
                call.close(Status.UNAUTHENTICATED.withDescription("the token is not valid"), new Metadata());
                return new ServerCall.Listener<>() {};
            } else if (status != null && number % 2 == 0) {
                ledger.fault();
                call.close(status, new Metadata());
                return new ServerCall.Listener<>() {};
            }
            Upload upload = new Upload(call, number, rpc, status, WIRE_BYTES.get());
            upload.read();
            return upload;
        };
    }

    private static void answer(ServerCall<byte[], byte[]> call, byte[] message) {
        call.sendHeaders(new Metadata());
        call.sendMessage(message);
        call.close(Status.OK, new Metadata());
    }

    private final class Authentication extends ServerCall.Listener<byte[]> {

        private final ServerCall<byte[], byte[]> call;

        Authentication(ServerCall<byte[], byte[]> call) {
            this.call = call;
            call.request(1);
        }

        @Override
        public void onHalfClose() {
            answer(
                    call,
                    AuthenticateResponse.newBuilder()
                            .setAccessToken(token())
                            .build()
                            .toByteArray());
        }
    }

    private final class Query extends ServerCall.Listener<byte[]> {

        private final ServerCall<byte[], byte[]> call;

        Query(ServerCall<byte[], byte[]> call) {
            this.call = call;
            call.request(1);
        }

        @Override
        public void onMessage(byte[] message) {
            ledger.queried();
            try {
                answer(
                        call,
                        script.listing
                                .list(BinaryDataByFilterRequest.parseFrom(message))
                                .toByteArray());
            } catch (InvalidProtocolBufferException e) {
                throw new IllegalStateException(e);
            }
        }
    }

    private enum Rpc {
        UNARY,
        STREAM,
        FILE
    }

    private final class Upload extends ServerCall.Listener<byte[]> {

        private final ServerCall<byte[], byte[]> call;
        private final int number;
        private final Rpc rpc;
        private final Status status;
        private final AtomicLong wireBytes;
        private final MessageDigest digest = Bodies.sha256();
        private final long resetAfter;
        private final List<String> readings = new ArrayList<>();
        private UploadMetadata metadata;
        private SensorMetadata sensorMetadata = SensorMetadata.getDefaultInstance();
        private String id;
        private long length;
        private final AtomicBoolean ended = new AtomicBoolean();
        private boolean stored;

        Upload(ServerCall<byte[], byte[]> call, int number, Rpc rpc, Status status, AtomicLong wireBytes) {
            this.call = call;
            this.number = number;
            this.rpc = rpc;
            this.status = status;
            this.wireBytes = wireBytes;
            this.resetAfter = script.resetAfter.applyAsLong(number);
        }

        void read() {
            after(script.readDelay.applyAsLong(number), () -> call.request(1));
        }

        @Override
        public void onMessage(byte[] message) {
            if (ended.get()) {
                return;
            }
            try {
                take(message);
            } catch (InvalidProtocolBufferException e) {
                throw new UncheckedIOException(e);
            }
            if (length >= resetAfter || rpc == Rpc.UNARY && resetAfter != Script.NEVER) {
                ledger.fault();
                reset();
            } else if (rpc != Rpc.UNARY) {
                read();
            }
        }

        private void take(byte[] message) throws InvalidProtocolBufferException {
            switch (rpc) {
                case UNARY -> {
                    DataCaptureUploadRequest request = DataCaptureUploadRequest.parseFrom(message);
                    begin(request.getMetadata());
                    for (SensorData data : request.getSensorContentsList()) {
                        sensorMetadata = data.getMetadata();
                        take(data.hasStruct() ? data.getStruct().toByteString() : data.getBinary());
                        if (data.hasStruct()) {
                            readings.add(data.getStruct().getFieldsOrThrow("id").getStringValue());
                        }
                    }
                }
                case STREAM -> {
                    StreamingDataCaptureUploadRequest request = StreamingDataCaptureUploadRequest.parseFrom(message);
                    if (request.hasMetadata()) {
                        begin(request.getMetadata().getUploadMetadata());
                        sensorMetadata = request.getMetadata().getSensorMetadata();
                    } else {
                        take(request.getData());
                    }
                }
                case FILE -> {
                    FileUploadRequest request = FileUploadRequest.parseFrom(message);
                    if (request.hasMetadata()) {
                        begin(request.getMetadata());
                    } else {
                        take(request.getFileContents().getData());
                    }
                }
            }
        }

        private void begin(UploadMetadata metadata) {
            this.metadata = metadata;
            if (!script.byContent) {
                id = metadata.getTags(0);
                ledger.begun(id);
            }
        }

        private void take(ByteString bytes) {
            length += bytes.size();
            bytes.asReadOnlyByteBufferList().forEach(digest::update);
        }

        @Override
        public void onHalfClose() {
            if (ended.get()) {
                return;
            } else if (status != null) {
                ended.set(true);
                ledger.fault();
                call.close(status, new Metadata());
                return;
            }
            stored = true;
            readings.forEach(ledger::reading);
            byte[] content = digest.digest();
            ledger.stored(script.byContent ? HexFormat.of().formatHex(content) : id, content, wireBytes.get());
            if (script.listing != null) {
                script.listing.add(id(), metadata, sensorMetadata, length);
            }
            if (script.losesAnswer.test(number)) {
                ledger.fault();
                ledger.answerLost();
                reset();
            } else {
                after(script.answerDelay.applyAsLong(number), this::answer);
            }
        }

        /** The client gave up, or its connection is lost. */
        @Override
        public void onCancel() {
            if (ended.compareAndSet(false, true) && stored) {
                ledger.answerLost();
            }
        }

        private void answer() {
            if (ended.compareAndSet(false, true)) {
                FaultService.answer(
                        call,
                        // The answers of all of them have their IDs in the same fields.
                        DataCaptureUploadResponse.newBuilder()
                                .setBinaryDataId(id())
                                .build()
                                .toByteArray());
            }
        }

        private String id() {
            return "organization/location/" + number;
        }

        /** A {@code RST_STREAM} with no trailers: what gRPC does to a handler that ends a call without an answer. */
        private void reset() {
            ended.set(true);
            call.close(Status.OK, new Metadata());
        }
    }

    private void after(long millis, Runnable action) {
        if (millis == 0) {
            action.run();
        } else {
            ledger.fault();
            timer.schedule(action, millis, TimeUnit.MILLISECONDS);
        }
    }

    private final class ConnectionCounter extends ServerTransportFilter {

        @Override
        public Attributes transportReady(Attributes attributes) {
            ledger.connected();
            return attributes;
        }
    }

    /** Counts what comes in, messages that never become complete included. */
    private final class WireTracer extends ServerStreamTracer.Factory {

        @Override
        public ServerStreamTracer newServerStreamTracer(String method, Metadata headers) {
            AtomicLong bytes = new AtomicLong();
            return new ServerStreamTracer() {
                @Override
                public Context filterContext(Context context) {
                    return context.withValue(WIRE_BYTES, bytes);
                }

                @Override
                public void inboundWireSize(long size) {
                    bytes.addAndGet(size);
                    ledger.received(size);
                }
            };
        }
    }
}
