// Copyright the camel-viamdata authors. SPDX-License-Identifier: Apache-2.0
package io.github.camelviamdata.examples;

import com.google.protobuf.ByteString;
import com.google.protobuf.Timestamp;
import io.github.camelviamdata.proto.datasync.v1.SensorMetadata;
import io.github.camelviamdata.proto.datasync.v1.UploadMetadata;
import io.github.camelviamdata.proto.rpc.v1.AuthServiceGrpc;
import io.github.camelviamdata.proto.rpc.v1.AuthenticateRequest;
import io.github.camelviamdata.proto.rpc.v1.AuthenticateResponse;
import io.github.camelviamdata.testing.service.ByteHosts;
import io.github.camelviamdata.testing.service.DataStore;
import io.github.camelviamdata.testing.service.InMemoryDataService;
import io.github.camelviamdata.testing.service.UploadedData;
import io.grpc.Server;
import io.grpc.Status;
import io.grpc.netty.shaded.io.grpc.netty.NettyServerBuilder;
import io.grpc.stub.StreamObserver;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import java.util.stream.Stream;

/**
 * A service in the place of Viam, on loopback, with one dataset: the files of a folder. It gives the bytes of large items over HTTP.
 * A bean of the examples.
 */
public final class DatasetService {

    private static final String HOST = "localhost";

    private final DataStore store = new DataStore();
    private int port;
    private String apiKeyId;
    private String apiKey;
    private String datasetId;
    private Path directory;
    private Server server;
    private ByteHosts bytes;

    public void setPort(int port) {
        this.port = port;
    }

    public int getPort() {
        return port;
    }

    public void setApiKeyId(String apiKeyId) {
        this.apiKeyId = apiKeyId;
    }

    public void setApiKey(String apiKey) {
        this.apiKey = apiKey;
    }

    public void setDatasetId(String datasetId) {
        this.datasetId = datasetId;
    }

    /** With a folder for each component. */
    public void setDirectory(String directory) {
        this.directory = Path.of(directory);
    }

    public void start() throws IOException {
        List<Path> files;
        try (Stream<Path> all = Files.walk(directory)) {
            files = all.filter(Files::isRegularFile).toList();
        }
        for (Path file : files) {
            store(file);
        }
        bytes = new ByteHosts(store.items(), HOST);
        server = NettyServerBuilder.forAddress(new InetSocketAddress(InetAddress.getLoopbackAddress(), port))
                .addService(new Authentication())
                .addService(new InMemoryDataService(store, bytes, change -> () -> {}))
                .build()
                .start();
    }

    public void stop() {
        server.shutdownNow();
        bytes.close();
    }

    /** Whether nothing is left in the dataset. */
    public boolean isEmpty() {
        return store.items().all().stream()
                .noneMatch(item -> item.getMetadata().getDatasetIdsList().contains(datasetId));
    }

    private void store(Path file) throws IOException {
        String name = file.getFileName().toString();
        String extension = name.substring(name.lastIndexOf('.'));
        Path path = directory.relativize(file);
        UploadMetadata metadata = UploadMetadata.newBuilder()
                .setPartId("part")
                .setComponentType("rdk:component:camera")
                .setComponentName(path.getName(0).toString())
                .setMethodName(extension.equals(".pcd") ? "GetPointCloud" : "GetImages")
                .setMimeType(extension.equals(".pcd") ? "pointcloud/pcd" : Files.probeContentType(file))
                .setFileName(name)
                .setFileExtension(extension)
                .addDatasetIds(datasetId)
                .build();
        Instant captured = Files.getLastModifiedTime(file).toInstant();
        Timestamp time = Timestamp.newBuilder()
                .setSeconds(captured.getEpochSecond())
                .setNanos(captured.getNano())
                .build();
        SensorMetadata times = SensorMetadata.newBuilder()
                .setTimeRequested(time)
                .setTimeReceived(time)
                .build();
        String id = UploadedData.id(UUID.nameUUIDFromBytes(path.toString().getBytes(StandardCharsets.UTF_8))
                .toString());
        byte[] content = Files.readAllBytes(file);
        store.items()
                .add(
                        UploadedData.item(id, metadata, times, content.length, ByteString.copyFrom(content)),
                        Instant.now());
    }

    private final class Authentication extends AuthServiceGrpc.AuthServiceImplBase {

        @Override
        public void authenticate(AuthenticateRequest request, StreamObserver<AuthenticateResponse> observer) {
            if (request.getEntity().equals(apiKeyId)
                    && request.getCredentials().getPayload().equals(apiKey)) {
                observer.onNext(AuthenticateResponse.newBuilder()
                        .setAccessToken(UUID.randomUUID().toString())
                        .build());
                observer.onCompleted();
            } else {
                observer.onError(Status.PERMISSION_DENIED
                        .withDescription("wrong API key")
                        .asRuntimeException());
            }
        }
    }
}
