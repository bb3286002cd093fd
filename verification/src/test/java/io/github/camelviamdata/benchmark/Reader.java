// Copyright the camel-viamdata authors. SPDX-License-Identifier: Apache-2.0
package io.github.camelviamdata.benchmark;

import io.github.camelviamdata.proto.data.v1.BinaryData;
import io.github.camelviamdata.proto.data.v1.BinaryDataByFilterRequest;
import io.github.camelviamdata.proto.data.v1.BinaryDataByIDsRequest;
import io.github.camelviamdata.proto.data.v1.BinaryDataByIDsResponse;
import io.github.camelviamdata.proto.data.v1.DataRequest;
import io.github.camelviamdata.proto.data.v1.DataServiceGrpc;
import io.github.camelviamdata.proto.data.v1.DataServiceGrpc.DataServiceBlockingStub;
import io.github.camelviamdata.proto.data.v1.DataServiceGrpc.DataServiceStub;
import io.github.camelviamdata.proto.data.v1.Filter;
import io.github.camelviamdata.proto.data.v1.Order;
import io.github.camelviamdata.proto.data.v1.RemoveBinaryDataFromDatasetByIDsRequest;
import io.grpc.ManagedChannel;
import io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;
import io.grpc.stub.StreamObserver;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.impl.DefaultCamelContext;

/**
 * A program that reads a dataset, for a while for each line of its input: size, downloads at once, milliseconds. All lines name the same
 * size and downloads: the first one starts what reads, which pauses between the lines, as a program that runs for months has its
 * connection and its compiled code. It prints items, nanoseconds, and bytes allocated on the heap.
 */
public final class Reader {

    private static final int PAGE = 100;

    private final AtomicLong items = new AtomicLong();

    private Reader() {}

    /** What reads, and can pause. */
    private interface Reading {
        void resume() throws Exception;

        void pause() throws Exception;
    }

    /** Arguments: name of the peer, port of the service. */
    public static void main(String[] arguments) throws Exception {
        int port = Integer.parseInt(arguments[1]);
        Reader reader = new Reader();
        Reading reading = null;
        try (BufferedReader lines = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8))) {
            System.out.println("READY");
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                String[] words = line.split(" ");
                int parallel = Integer.parseInt(words[1]);
                if (reading == null) {
                    reading = arguments[0].equals(Measurement.FLOOR)
                            ? reader.raw(port, words[0], parallel)
                            : reader.route(port, words[0], parallel);
                }
                reading.resume();
                System.out.println("RESULT " + reader.count(Long.parseLong(words[2])));
                reading.pause();
            }
        }
        System.exit(0);
    }

    private Reading route(int port, String dataset, int parallel) throws Exception {
        DefaultCamelContext context = new DefaultCamelContext();
        context.addRoutes(new RouteBuilder() {
            @Override
            public void configure() {
                from("viamdata:?datasetId=" + dataset + "&onDone=removeFromDataset&parallelDownloads=" + parallel
                                + "&greedy=true&initialDelay=0&delay=1&host=localhost&plaintext=true&port=" + port)
                        .routeId("read")
                        .process(exchange -> items.incrementAndGet());
            }
        });
        context.start();
        return new Reading() {
            @Override
            public void resume() throws Exception {
                context.getRouteController().resumeRoute("read");
            }

            @Override
            public void pause() throws Exception {
                context.getRouteController().suspendRoute("read");
            }
        };
    }

    /** From the first item on. */
    private String count(long millis) throws InterruptedException {
        long before = items.get();
        while (items.get() == before) {
            TimeUnit.MILLISECONDS.sleep(1);
        }
        long allocated = Uploader.allocated();
        long first = items.get();
        long start = System.nanoTime();
        TimeUnit.MILLISECONDS.sleep(millis);
        return items.get() - first + " " + (System.nanoTime() - start) + " " + (Uploader.allocated() - allocated);
    }

    private Reading raw(int port, String dataset, int parallel) {
        ManagedChannel channel =
                NettyChannelBuilder.forAddress("localhost", port).usePlaintext().build();
        // Fair, so that a pause waits for one page.
        Semaphore running = new Semaphore(0, true);
        Thread thread = new Thread(() -> {
            try {
                while (true) {
                    running.acquire();
                    page(channel, dataset, parallel);
                    running.release();
                }
            } catch (Throwable e) {
                e.printStackTrace();
                System.exit(1);
            }
        });
        thread.setDaemon(true);
        thread.start();
        return new Reading() {
            @Override
            public void resume() {
                running.release();
            }

            @Override
            public void pause() throws InterruptedException {
                running.acquire();
            }
        };
    }

    private void page(ManagedChannel channel, String dataset, int parallel) throws InterruptedException {
        DataServiceBlockingStub blocking = DataServiceGrpc.newBlockingStub(channel);
        DataServiceStub stub = DataServiceGrpc.newStub(channel);
        List<String> ids = blocking
                .binaryDataByFilter(BinaryDataByFilterRequest.newBuilder()
                        .setDataRequest(DataRequest.newBuilder()
                                .setFilter(Filter.newBuilder().setDatasetId(dataset))
                                .setLimit(PAGE)
                                .setSortOrder(Order.ORDER_ASCENDING))
                        .build())
                .getDataList()
                .stream()
                .map(BinaryData::getMetadata)
                .map(metadata -> metadata.getBinaryDataId())
                .toList();
        Semaphore free = new Semaphore(parallel);
        AtomicReference<Throwable> failure = new AtomicReference<>();
        for (String id : ids) {
            free.acquire();
            stub.binaryDataByIDs(
                    BinaryDataByIDsRequest.newBuilder()
                            .setIncludeBinary(true)
                            .addBinaryDataIds(id)
                            .build(),
                    new Download(free, failure));
        }
        free.acquire(parallel);
        if (failure.get() != null) {
            throw new IllegalStateException("A download failed", failure.get());
        }
        blocking.removeBinaryDataFromDatasetByIDs(RemoveBinaryDataFromDatasetByIDsRequest.newBuilder()
                .setDatasetId(dataset)
                .addAllBinaryDataIds(ids)
                .build());
    }

    private final class Download implements StreamObserver<BinaryDataByIDsResponse> {

        private final Semaphore free;
        private final AtomicReference<Throwable> failure;

        Download(Semaphore free, AtomicReference<Throwable> failure) {
            this.free = free;
            this.failure = failure;
        }

        @Override
        public void onNext(BinaryDataByIDsResponse response) {
            // What a caller would get.
            if (response.getData(0).getBinary().toByteArray().length > 0) {
                items.incrementAndGet();
            }
        }

        @Override
        public void onError(Throwable error) {
            failure.compareAndSet(null, error);
            free.release();
        }

        @Override
        public void onCompleted() {
            free.release();
        }
    }
}
