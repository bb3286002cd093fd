// Copyright the camel-viamdata authors. SPDX-License-Identifier: Apache-2.0
package io.github.camelviamdata.service;

import com.google.protobuf.MessageLite;
import io.github.camelviamdata.proto.data.v1.DataServiceGrpc;
import io.github.camelviamdata.proto.datasync.v1.DataCaptureUploadResponse;
import io.github.camelviamdata.proto.datasync.v1.FileUploadResponse;
import io.github.camelviamdata.proto.datasync.v1.StreamingDataCaptureUploadResponse;
import io.github.camelviamdata.proto.rpc.v1.AuthenticateRequest;
import io.github.camelviamdata.proto.rpc.v1.AuthenticateResponse;
import io.grpc.Attributes;
import io.grpc.Grpc;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.MethodDescriptor.MethodType;
import io.grpc.Server;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerServiceDefinition;
import io.grpc.ServerTransportFilter;
import io.grpc.Status;
import io.grpc.netty.shaded.io.grpc.netty.NettyServerBuilder;
import io.grpc.netty.shaded.io.netty.handler.ssl.SslContext;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Collections;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Predicate;

/**
 * A stand-in for Viam's service: real gRPC over HTTP/2, on a free port of the loopback address. It keeps every call byte
 * for byte, and answers as it is told to.
 */
public final class TestService implements AutoCloseable {

    /** What the service answers uploads with. */
    public static final String BINARY_DATA_ID = "0f0e0d0c-0b0a-0908-0706-050403020100/location/";

    private final Server server;
    private final List<TestCall> calls = new CopyOnWriteArrayList<>();
    private final AtomicInteger connections = new AtomicInteger();
    private final AtomicInteger ids = new AtomicInteger();
    private volatile Function<TestCall, Status> answer = call -> Status.OK;
    private volatile Function<TestCall, MessageLite> query = call -> null;
    private volatile Function<TestCall, Iterator<? extends MessageLite>> rows = call -> Collections.emptyIterator();
    private volatile Function<TestCall, Status> queryAnswer = call -> Status.OK;
    private volatile Consumer<Metadata> trailing = trailers -> {};
    private volatile Predicate<TestCall> reading = call -> true;
    private volatile Function<TestCall, Status> interrupting = call -> null;
    private volatile Function<TestCall, List<byte[]>> replying = call -> null;
    private volatile Function<AuthenticateRequest, String> token = request -> "token-of-" + request.getEntity();
    private volatile Function<AuthenticateRequest, Status> refusal =
            request -> Status.PERMISSION_DENIED.withDescription("invalid credentials");

    private TestService(SslContext tls, int port) {
        NettyServerBuilder builder = NettyServerBuilder.forAddress(
                        new InetSocketAddress(InetAddress.getLoopbackAddress(), port))
                .addTransportFilter(new ConnectionCounter())
                .maxInboundMessageSize(80 * 1024 * 1024)
                // Fixed. gRPC's own grows with what it is sent, so that nobody knows how much is on the way unread.
                .flowControlWindow(1024 * 1024)
                .permitKeepAliveTime(5, TimeUnit.SECONDS)
                .addService(ServerServiceDefinition.builder("viam.app.datasync.v1.DataSyncService")
                        .addMethod(
                                Bytes.method(
                                        "viam.app.datasync.v1.DataSyncService/DataCaptureUpload", MethodType.UNARY),
                                handler(this::captureUploaded))
                        .addMethod(
                                Bytes.method(
                                        "viam.app.datasync.v1.DataSyncService/StreamingDataCaptureUpload",
                                        MethodType.CLIENT_STREAMING),
                                handler(this::streamUploaded))
                        .addMethod(
                                Bytes.method(
                                        "viam.app.datasync.v1.DataSyncService/FileUpload", MethodType.CLIENT_STREAMING),
                                handler(this::fileUploaded))
                        .build())
                .addService(dataService())
                .addService(ServerServiceDefinition.builder("proto.rpc.v1.AuthService")
                        .addMethod(
                                Bytes.method("proto.rpc.v1.AuthService/Authenticate", MethodType.UNARY),
                                handler(this::authenticated))
                        .build());
        if (tls != null) {
            builder.sslContext(tls);
        }
        try {
            server = builder.build().start();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private ServerServiceDefinition dataService() {
        ServerServiceDefinition.Builder data = ServerServiceDefinition.builder("viam.app.data.v1.DataService");
        for (MethodDescriptor<?, ?> method :
                DataServiceGrpc.getServiceDescriptor().getMethods()) {
            if (method.getType() == MethodType.UNARY) {
                data.addMethod(
                        Bytes.method(method.getFullMethodName(), MethodType.UNARY), handler(call -> query.apply(call)));
            } else {
                data.addMethod(
                        Bytes.method(method.getFullMethodName(), MethodType.SERVER_STREAMING),
                        new StreamedRows(calls, call -> rows.apply(call), call -> queryAnswer.apply(call)));
            }
        }
        return data.build();
    }

    public static TestService plaintext() {
        return new TestService(null, 0);
    }

    /** On a port that a service has just left. */
    public static TestService plaintext(int port) {
        return new TestService(null, port);
    }

    public static TestService tls(SslContext tls) {
        return new TestService(tls, 0);
    }

    public int port() {
        return server.getPort();
    }

    /** Host, port and the lack of TLS, as options of an endpoint. */
    public String options() {
        return "host=localhost&plaintext=true&port=" + port();
    }

    /**
     * How to answer uploads, once the client has sent all: by a status, or, for null, not at all. An answer that throws
     * ends the call as gRPC ends it then, with {@code UNKNOWN}.
     */
    public TestService answering(Function<TestCall, Status> answer) {
        this.answer = answer;
        return this;
    }

    /** What to answer calls of the data service with, where their status is OK. */
    public TestService querying(Function<TestCall, MessageLite> query) {
        this.query = query;
        return this;
    }

    /** What to answer calls of the data service with that have a stream of answers, before their status. */
    public TestService streaming(Function<TestCall, Iterator<? extends MessageLite>> rows) {
        this.rows = rows;
        return this;
    }

    /** The status of calls of the data service. */
    public TestService answeringQueries(Function<TestCall, Status> answer) {
        this.queryAnswer = answer;
        return this;
    }

    /** Whether to take another message of a stream after those that a call has had so far. */
    public TestService reading(Predicate<TestCall> reading) {
        this.reading = reading;
        return this;
    }

    /** How to answer an upload before the client has sent all, after each of its messages; null to hear it out. */
    public TestService interrupting(Function<TestCall, Status> interrupting) {
        this.interrupting = interrupting;
        return this;
    }

    /**
     * What to send before a status of OK, byte for byte, in place of the one message that belongs there; null for that.
     * Of requests for tokens too.
     */
    public TestService replying(Function<TestCall, List<byte[]>> replying) {
        this.replying = replying;
        return this;
    }

    /** What to send after the status. */
    public TestService trailing(Consumer<Metadata> trailing) {
        this.trailing = trailing;
        return this;
    }

    /** Which token to give for credentials; null for a refusal. */
    public TestService giving(Function<AuthenticateRequest, String> token) {
        this.token = token;
        return this;
    }

    /** How to refuse credentials that no token is given for. */
    public TestService refusing(Function<AuthenticateRequest, Status> refusal) {
        this.refusal = refusal;
        return this;
    }

    public List<TestCall> calls() {
        return calls;
    }

    /** The calls that upload. */
    public List<TestCall> uploads() {
        return calls.stream().filter(call -> call.method().endsWith("Upload")).toList();
    }

    /** The calls of the data service. */
    public List<TestCall> queries() {
        return calls.stream()
                .filter(call ->
                        !call.method().endsWith("Upload") && !call.method().equals("Authenticate"))
                .toList();
    }

    public List<TestCall> authentications() {
        return calls.stream()
                .filter(call -> call.method().equals("Authenticate"))
                .toList();
    }

    /** Number of connections that clients hold open. */
    public int connections() {
        return connections.get();
    }

    public TestCall onlyUpload() {
        List<TestCall> uploads = uploads();
        if (uploads.size() != 1) {
            throw new AssertionError("One upload was expected, there were " + uploads.size());
        }
        return uploads.get(0);
    }

    @Override
    public void close() {
        server.shutdownNow();
        try {
            server.awaitTermination(5, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private MessageLite captureUploaded(TestCall call) {
        int id = ids.incrementAndGet();
        return DataCaptureUploadResponse.newBuilder()
                .setFileId("file-" + id)
                .setBinaryDataId(BINARY_DATA_ID + id)
                .build();
    }

    private MessageLite streamUploaded(TestCall call) {
        return StreamingDataCaptureUploadResponse.newBuilder()
                .setBinaryDataId(BINARY_DATA_ID + ids.incrementAndGet())
                .build();
    }

    private MessageLite fileUploaded(TestCall call) {
        return FileUploadResponse.newBuilder()
                .setBinaryDataId(BINARY_DATA_ID + ids.incrementAndGet())
                .build();
    }

    private MessageLite authenticated(TestCall call) {
        String text = token.apply(request(call));
        return text == null
                ? null
                : AuthenticateResponse.newBuilder().setAccessToken(text).build();
    }

    private static AuthenticateRequest request(TestCall call) {
        try {
            return AuthenticateRequest.parseFrom(call.messages().get(0));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private ServerCallHandler<byte[], byte[]> handler(Function<TestCall, MessageLite> response) {
        return (serverCall, headers) -> {
            String name = serverCall.getMethodDescriptor().getBareMethodName();
            TestCall call = new TestCall(
                    name,
                    headers,
                    serverCall
                            .getAttributes()
                            .get(Grpc.TRANSPORT_ATTR_REMOTE_ADDR)
                            .toString());
            calls.add(call);
            serverCall.request(1);
            return new ServerCall.Listener<>() {
                @Override
                public void onMessage(byte[] message) {
                    call.add(message);
                    Status early = name.endsWith("Upload") ? interrupting.apply(call) : null;
                    if (early != null) {
                        respond(serverCall, call, early, response);
                    } else if (reading.test(call)) {
                        serverCall.request(1);
                    }
                }

                @Override
                public void onCancel() {
                    call.cancel();
                }

                @Override
                public void onHalfClose() {
                    call.halfClose();
                    respond(serverCall, call, status(call), response);
                }
            };
        };
    }

    private Status status(TestCall call) {
        if (call.method().endsWith("Upload")) {
            return answer.apply(call);
        }
        return call.method().equals("Authenticate") ? Status.OK : queryAnswer.apply(call);
    }

    private void respond(
            ServerCall<byte[], byte[]> serverCall,
            TestCall call,
            Status status,
            Function<TestCall, MessageLite> response) {
        if (status == null) {
            return;
        }
        List<byte[]> messages = status.isOk() ? replying.apply(call) : List.of();
        if (messages == null) {
            MessageLite message = response.apply(call);
            messages = message == null ? null : List.of(message.toByteArray());
        }
        if (messages != null && !messages.isEmpty()) {
            serverCall.sendHeaders(new Metadata());
            messages.forEach(serverCall::sendMessage);
        }
        Metadata trailers = new Metadata();
        trailing.accept(trailers);
        serverCall.close(messages == null ? refusal.apply(request(call)) : status, trailers);
    }

    private final class ConnectionCounter extends ServerTransportFilter {

        @Override
        public Attributes transportReady(Attributes attributes) {
            connections.incrementAndGet();
            return attributes;
        }

        @Override
        public void transportTerminated(Attributes attributes) {
            connections.decrementAndGet();
        }
    }
}
