// Copyright the camel-viamdata authors. SPDX-License-Identifier: Apache-2.0
package io.github.camelviamdata.server;

import com.google.protobuf.ByteString;
import io.github.camelviamdata.proto.datasync.v1.DataCaptureUploadMetadata;
import io.github.camelviamdata.proto.datasync.v1.DataCaptureUploadRequest;
import io.github.camelviamdata.proto.datasync.v1.DataSyncServiceGrpc;
import io.github.camelviamdata.proto.datasync.v1.DataType;
import io.github.camelviamdata.proto.datasync.v1.FileData;
import io.github.camelviamdata.proto.datasync.v1.FileUploadRequest;
import io.github.camelviamdata.proto.datasync.v1.FileUploadResponse;
import io.github.camelviamdata.proto.datasync.v1.SensorData;
import io.github.camelviamdata.proto.datasync.v1.StreamingDataCaptureUploadRequest;
import io.github.camelviamdata.proto.datasync.v1.StreamingDataCaptureUploadResponse;
import io.github.camelviamdata.proto.datasync.v1.UploadMetadata;
import io.github.camelviamdata.proto.rpc.v1.AuthServiceGrpc;
import io.github.camelviamdata.proto.rpc.v1.AuthenticateRequest;
import io.github.camelviamdata.proto.rpc.v1.Credentials;
import io.github.camelviamdata.transport.Http2Tls;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;
import io.grpc.stub.ClientCallStreamObserver;
import io.grpc.stub.ClientResponseObserver;
import io.grpc.stub.MetadataUtils;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.apache.camel.CamelContext;
import org.apache.camel.support.jsse.SSLContextParameters;

/** A real gRPC client of a server on this machine. */
final class TestClient implements AutoCloseable {

    final ManagedChannel channel;

    private TestClient(ManagedChannel channel) {
        this.channel = channel;
    }

    static TestClient plaintext(int port) {
        return new TestClient(
                NettyChannelBuilder.forAddress("localhost", port).usePlaintext().build());
    }

    static TestClient tls(int port, SSLContextParameters tls, CamelContext context) throws Exception {
        return new TestClient(NettyChannelBuilder.forAddress("localhost", port)
                .sslContext(Http2Tls.forClient(tls.createSSLContext(context)))
                .build());
    }

    DataSyncServiceGrpc.DataSyncServiceBlockingStub blocking() {
        return DataSyncServiceGrpc.newBlockingStub(channel).withDeadlineAfter(20, TimeUnit.SECONDS);
    }

    DataSyncServiceGrpc.DataSyncServiceBlockingStub blocking(String authorization) {
        return blocking().withInterceptors(MetadataUtils.newAttachHeadersInterceptor(authorization(authorization)));
    }

    AuthServiceGrpc.AuthServiceBlockingStub auth() {
        return AuthServiceGrpc.newBlockingStub(channel).withDeadlineAfter(20, TimeUnit.SECONDS);
    }

    static Metadata authorization(String value) {
        Metadata metadata = new Metadata();
        metadata.put(Metadata.Key.of("authorization", Metadata.ASCII_STRING_MARSHALLER), value);
        return metadata;
    }

    /** An access token for an API key. */
    String authenticate(String id, String key) {
        return auth().authenticate(credentials("api-key", id, key)).getAccessToken();
    }

    static AuthenticateRequest credentials(String type, String id, String payload) {
        return AuthenticateRequest.newBuilder()
                .setEntity(id)
                .setCredentials(Credentials.newBuilder().setType(type).setPayload(payload))
                .build();
    }

    /** A well-formed upload of a small picture. */
    static DataCaptureUploadRequest picture() {
        return DataCaptureUploadRequest.newBuilder()
                .setMetadata(pictureMetadata())
                .addSensorContents(SensorData.newBuilder().setBinary(ByteString.copyFromUtf8("picture")))
                .build();
    }

    static UploadMetadata.Builder pictureMetadata() {
        return UploadMetadata.newBuilder()
                .setPartId("part")
                .setComponentType("camera")
                .setComponentName("gate")
                .setMethodName("GetImages")
                .setType(DataType.DATA_TYPE_BINARY_SENSOR)
                .setFileExtension(".jpg");
    }

    static StreamingDataCaptureUploadRequest streamMetadata() {
        return StreamingDataCaptureUploadRequest.newBuilder()
                .setMetadata(DataCaptureUploadMetadata.newBuilder().setUploadMetadata(pictureMetadata()))
                .build();
    }

    static StreamingDataCaptureUploadRequest streamData(ByteString data) {
        return StreamingDataCaptureUploadRequest.newBuilder().setData(data).build();
    }

    static FileUploadRequest fileMetadata() {
        return FileUploadRequest.newBuilder()
                .setMetadata(UploadMetadata.newBuilder().setPartId("part").setType(DataType.DATA_TYPE_FILE))
                .build();
    }

    static FileUploadRequest fileData(ByteString data) {
        return FileUploadRequest.newBuilder()
                .setFileContents(FileData.newBuilder().setData(data))
                .build();
    }

    /** A file upload in flight. */
    Stream<FileUploadRequest, FileUploadResponse> file() {
        Stream<FileUploadRequest, FileUploadResponse> stream = new Stream<>();
        DataSyncServiceGrpc.newStub(channel).fileUpload(stream);
        return stream;
    }

    /** A binary upload in flight. */
    Stream<StreamingDataCaptureUploadRequest, StreamingDataCaptureUploadResponse> stream() {
        Stream<StreamingDataCaptureUploadRequest, StreamingDataCaptureUploadResponse> stream = new Stream<>();
        DataSyncServiceGrpc.newStub(channel).streamingDataCaptureUpload(stream);
        return stream;
    }

    @Override
    public void close() {
        channel.shutdownNow();
    }

    /** The requests of a stream, and its answer. */
    static final class Stream<Q, R> implements ClientResponseObserver<Q, R> {

        final CompletableFuture<R> answer = new CompletableFuture<>();
        ClientCallStreamObserver<Q> requests;

        @Override
        public void beforeStart(ClientCallStreamObserver<Q> requests) {
            this.requests = requests;
        }

        @SafeVarargs
        final Stream<Q, R> send(Q... messages) {
            for (Q message : messages) {
                requests.onNext(message);
            }
            return this;
        }

        CompletableFuture<R> complete() {
            requests.onCompleted();
            return answer;
        }

        void cancel() {
            requests.cancel("test", null);
        }

        @Override
        public void onNext(R value) {
            answer.complete(value);
        }

        @Override
        public void onError(Throwable failure) {
            answer.completeExceptionally(failure);
        }

        @Override
        public void onCompleted() {}
    }
}
