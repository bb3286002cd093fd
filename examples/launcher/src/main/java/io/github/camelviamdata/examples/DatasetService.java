// Copyright the camel-viamdata authors. SPDX-License-Identifier: Apache-2.0
package io.github.camelviamdata.examples;

import com.google.protobuf.ByteString;
import com.google.protobuf.Timestamp;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.github.camelviamdata.proto.data.v1.BinaryData;
import io.github.camelviamdata.proto.data.v1.BinaryDataByFilterRequest;
import io.github.camelviamdata.proto.data.v1.BinaryDataByFilterResponse;
import io.github.camelviamdata.proto.data.v1.BinaryDataByIDsRequest;
import io.github.camelviamdata.proto.data.v1.BinaryDataByIDsResponse;
import io.github.camelviamdata.proto.data.v1.BinaryMetadata;
import io.github.camelviamdata.proto.data.v1.CaptureMetadata;
import io.github.camelviamdata.proto.data.v1.DataServiceGrpc;
import io.github.camelviamdata.proto.data.v1.RemoveBinaryDataFromDatasetByIDsRequest;
import io.github.camelviamdata.proto.data.v1.RemoveBinaryDataFromDatasetByIDsResponse;
import io.github.camelviamdata.proto.rpc.v1.AuthServiceGrpc;
import io.github.camelviamdata.proto.rpc.v1.AuthenticateRequest;
import io.github.camelviamdata.proto.rpc.v1.AuthenticateResponse;
import io.grpc.Server;
import io.grpc.Status;
import io.grpc.netty.shaded.io.grpc.netty.NettyServerBuilder;
import io.grpc.stub.StreamObserver;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import java.util.stream.Stream;

/**
 * A service in the place of Viam, on loopback, with one dataset: the files of a folder. It knows the calls that a queue needs, and
 * gives the bytes of large items over HTTP. A bean of the examples.
 */
public final class DatasetService {

    private static final String PREFIX = "organization/location/";

    private final String token = UUID.randomUUID().toString();
    // What is in the dataset, by ID.
    private final Map<String, Path> dataset = new TreeMap<>();
    private int port;
    private String apiKeyId;
    private String apiKey;
    private String datasetId;
    private Path directory;
    private Server server;
    private HttpServer bytes;

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
        try (Stream<Path> files = Files.walk(directory)) {
            files.filter(Files::isRegularFile).forEach(file -> dataset.put(id(file), file));
        }
        InetSocketAddress anyPort = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
        bytes = HttpServer.create(anyPort, 0);
        bytes.createContext("/", this::send);
        bytes.start();
        server = NettyServerBuilder.forAddress(new InetSocketAddress(InetAddress.getLoopbackAddress(), port))
                .addService(new Authentication())
                .addService(new Data())
                .build()
                .start();
    }

    public void stop() {
        server.shutdownNow();
        bytes.stop(0);
    }

    /** Whether nothing is left in the dataset. */
    public boolean isEmpty() {
        synchronized (dataset) {
            return dataset.isEmpty();
        }
    }

    private String id(Path file) {
        String path = directory.relativize(file).toString();
        return PREFIX + UUID.nameUUIDFromBytes(path.getBytes(StandardCharsets.UTF_8));
    }

    private void send(HttpExchange exchange) throws IOException {
        try (exchange) {
            Path file;
            synchronized (dataset) {
                file = dataset.get(exchange.getRequestURI().getPath().substring(1));
            }
            boolean known =
                    ("Bearer " + token).equals(exchange.getRequestHeaders().getFirst("Authorization"));
            if (!known || file == null) {
                exchange.sendResponseHeaders(known ? 404 : 401, -1);
                return;
            }
            exchange.sendResponseHeaders(200, Files.size(file));
            Files.copy(file, exchange.getResponseBody());
        }
    }

    private BinaryData data(String id, boolean includeBinary) {
        Path file = dataset.get(id);
        String name = file.getFileName().toString();
        String extension = name.substring(name.lastIndexOf('.'));
        try {
            Instant captured = Files.getLastModifiedTime(file).toInstant();
            Timestamp time = Timestamp.newBuilder()
                    .setSeconds(captured.getEpochSecond())
                    .setNanos(captured.getNano())
                    .build();
            CaptureMetadata capture = CaptureMetadata.newBuilder()
                    .setPartId("part")
                    .setComponentType("rdk:component:camera")
                    .setComponentName(directory.relativize(file).getName(0).toString())
                    .setMethodName(extension.equals(".pcd") ? "GetPointCloud" : "GetImages")
                    .setMimeType(extension.equals(".pcd") ? "pointcloud/pcd" : Files.probeContentType(file))
                    .build();
            BinaryData.Builder data = BinaryData.newBuilder()
                    .setMetadata(BinaryMetadata.newBuilder()
                            .setBinaryDataId(id)
                            .setCaptureMetadata(capture)
                            .setTimeRequested(time)
                            .setTimeReceived(time)
                            .setFileName(name)
                            .setFileExt(extension)
                            .setFileSizeBytes(Files.size(file))
                            .setUri("http://localhost:" + bytes.getAddress().getPort() + "/" + id)
                            .addDatasetIds(datasetId));
            return includeBinary
                    ? data.setBinary(ByteString.copyFrom(Files.readAllBytes(file)))
                            .build()
                    : data.build();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static <T> void answer(StreamObserver<T> observer, T answer) {
        observer.onNext(answer);
        observer.onCompleted();
    }

    private final class Authentication extends AuthServiceGrpc.AuthServiceImplBase {

        @Override
        public void authenticate(AuthenticateRequest request, StreamObserver<AuthenticateResponse> observer) {
            if (request.getEntity().equals(apiKeyId)
                    && request.getCredentials().getPayload().equals(apiKey)) {
                answer(
                        observer,
                        AuthenticateResponse.newBuilder().setAccessToken(token).build());
            } else {
                observer.onError(Status.PERMISSION_DENIED
                        .withDescription("wrong API key")
                        .asRuntimeException());
            }
        }
    }

    private final class Data extends DataServiceGrpc.DataServiceImplBase {

        @Override
        public void binaryDataByFilter(
                BinaryDataByFilterRequest request, StreamObserver<BinaryDataByFilterResponse> observer) {
            BinaryDataByFilterResponse.Builder page = BinaryDataByFilterResponse.newBuilder();
            synchronized (dataset) {
                if (request.getDataRequest().getFilter().getDatasetId().equals(datasetId)
                        && request.getDataRequest().getLast().isEmpty()) {
                    dataset.keySet().stream()
                            .map(id -> data(id, false))
                            .sorted(Comparator.comparing(item ->
                                    item.getMetadata().getTimeRequested().getSeconds()))
                            .forEach(page::addData);
                }
            }
            answer(observer, page.setLast("end").build());
        }

        @Override
        public void binaryDataByIDs(BinaryDataByIDsRequest request, StreamObserver<BinaryDataByIDsResponse> observer) {
            BinaryDataByIDsResponse.Builder found = BinaryDataByIDsResponse.newBuilder();
            synchronized (dataset) {
                request.getBinaryDataIdsList().stream()
                        .filter(dataset::containsKey)
                        .forEach(id -> found.addData(data(id, request.getIncludeBinary())));
            }
            answer(observer, found.build());
        }

        @Override
        public void removeBinaryDataFromDatasetByIDs(
                RemoveBinaryDataFromDatasetByIDsRequest request,
                StreamObserver<RemoveBinaryDataFromDatasetByIDsResponse> observer) {
            List<String> ids = request.getBinaryDataIdsList();
            synchronized (dataset) {
                dataset.keySet().removeAll(ids);
            }
            answer(observer, RemoveBinaryDataFromDatasetByIDsResponse.getDefaultInstance());
        }
    }
}
