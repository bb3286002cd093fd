// Copyright the camel-viamdata authors. SPDX-License-Identifier: Apache-2.0
package io.github.camelviamdata.query;

import com.google.protobuf.Timestamp;
import io.github.camelviamdata.ViamDataConstants;
import io.github.camelviamdata.proto.datasync.v1.SensorMetadata;
import io.github.camelviamdata.proto.datasync.v1.UploadMetadata;
import io.github.camelviamdata.service.FileHost;
import io.github.camelviamdata.service.StoredData;
import io.github.camelviamdata.support.ViamDataTestSupport;
import io.grpc.Status;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Stream;
import org.apache.camel.Exchange;
import org.apache.camel.Processor;
import org.apache.camel.builder.RouteBuilder;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

/** Reads from a service that stores data. Large items lie on a host of files that redirects to another one. */
abstract class ReadTestSupport extends ViamDataTestSupport {

    static final String DATASET = "dataset_1";
    static final int LARGE = 1_500_000;

    final StoredData stored = new StoredData();
    final FileHost own = FileHost.start();
    final FileHost other = FileHost.start();
    final List<Received> received = new CopyOnWriteArrayList<>();

    /** A message that a route has got. */
    record Received(String id, Object body, Map<String, Object> headers) {

        byte[] bytes() {
            return (byte[]) body;
        }
    }

    @BeforeEach
    void serve() {
        Awaitility.setDefaultTimeout(Duration.ofMinutes(1));
        // The name of the service's host, and another one.
        stored.locatedAt(id -> "http://localhost:" + own.port() + "/data/" + id);
        own.answering(request -> FileHost.Answer.redirect(
                "http://127.0.0.1:" + other.port() + request.path() + "?signature=secret-of-url"));
        other.answering(request -> FileHost.Answer.bytes(stored.bytes(id(request))));
        stored.serve(service, call -> Status.OK);
    }

    @AfterEach
    void closeHosts() {
        Awaitility.reset();
        own.close();
        other.close();
    }

    static String id(FileHost.Request request) {
        return request.path().replaceFirst("^/data/", "").replaceFirst("\\?.*$", "");
    }

    /** Stores items in the dataset, captured a second after each other. */
    void store(int first, int count, int size) {
        for (int i = first; i < first + count; i++) {
            stored.add(itemId(i), upload(i).addDatasetIds(DATASET).build(), sensor(i), payload(i, size));
        }
    }

    static String itemId(int number) {
        return "organization/location/item-" + number;
    }

    static UploadMetadata.Builder upload(int number) {
        return UploadMetadata.newBuilder()
                .setPartId(PART)
                .setComponentType("rdk:component:camera")
                .setComponentName("gate")
                .setMethodName("GetImages")
                .setFileName("picture-" + number + ".jpg")
                .setFileExtension(".jpg")
                .setMimeType("image/jpeg");
    }

    static SensorMetadata sensor(int number) {
        Timestamp time = Timestamp.newBuilder()
                .setSeconds(1_772_344_800L + number)
                .setNanos(250_000_000)
                .build();
        return SensorMetadata.newBuilder()
                .setTimeRequested(time)
                .setTimeReceived(time.toBuilder().setNanos(500_000_000))
                .build();
    }

    static byte[] payload(int number, int size) {
        byte[] bytes = new byte[size];
        java.util.Arrays.fill(bytes, (byte) number);
        return bytes;
    }

    /** The URI of a consumer that polls at once and often, unless the options say otherwise. */
    String from(String... options) {
        Map<String, String> all = new LinkedHashMap<>();
        Stream.concat(
                        Stream.of(service.options() + "&apiKeyId=id-of-key&apiKey=secret-key&initialDelay=0&delay=50"
                                + "&retryDelay=1&maxRetryDelay=5"),
                        Stream.of(options))
                .flatMap(some -> Stream.of(some.split("&")))
                .forEach(option -> all.put(option.replaceFirst("=.*", ""), option));
        return "viamdata:?" + String.join("&", all.values());
    }

    /** The URI of a consumer of the dataset as a queue. */
    String queue(String... options) {
        return from(Stream.concat(Stream.of("datasetId=" + DATASET, "onDone=removeFromDataset"), Stream.of(options))
                .toArray(String[]::new));
    }

    /** Starts a route whose messages are kept with all of their bytes, and then processed. */
    void route(String uri, Processor... then) throws Exception {
        context.addRoutes(new RouteBuilder() {
            @Override
            public void configure() {
                from(uri).routeId("reader").process(exchange -> {
                    for (Processor processor : then) {
                        processor.process(exchange);
                    }
                    received.add(received(exchange));
                });
            }
        });
    }

    static Received received(Exchange exchange) {
        return new Received(
                exchange.getMessage().getHeader(ViamDataConstants.BINARY_DATA_ID, String.class),
                exchange.getMessage().getBody() == null
                        ? null
                        : exchange.getMessage().getBody(byte[].class),
                Map.copyOf(exchange.getMessage().getHeaders()));
    }

    List<String> receivedIds() {
        return received.stream().map(Received::id).toList();
    }

    /** Items that were asked for with their bytes. */
    long downloads() {
        return service.calls().stream()
                .filter(call -> call.method().equals("BinaryDataByIDs"))
                .count();
    }
}
