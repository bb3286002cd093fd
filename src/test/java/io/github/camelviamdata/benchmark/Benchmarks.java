// Copyright the camel-viamdata authors. SPDX-License-Identifier: Apache-2.0
package io.github.camelviamdata.benchmark;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.RandomAccessFile;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CompletableFuture;

/**
 * Compares the component with other ways to upload the same, all against one {@link NeutralService}, and writes
 * {@code src/main/docs/benchmark.md} with its charts. Each peer has a Java runtime of its own; they take turns within each
 * round, the first one changing from round to round.
 *
 * <p>{@code -Dbench=quick} makes fewer and shorter rounds and writes to {@code target/benchmark} instead.
 */
public final class Benchmarks {

    private static final boolean QUICK = "quick".equals(System.getProperty("bench"));
    private static final int FORKS = QUICK ? 1 : 3;
    private static final int ROUNDS = QUICK ? 3 : 7;
    private static final int WARM_UP_MILLIS = QUICK ? 1_000 : 3_000;
    private static final int TURN_MILLIS = QUICK ? 500 : 1_000;
    private static final int ROUND_TRIP_MILLIS = 50;

    private static final List<String> ALL = List.of(Measurement.FLOOR, "viamdata", "camel-grpc", "blocking");
    private static final List<String> STREAMING = List.of(Measurement.FLOOR, "viamdata");
    private static final int[] UNARY_SIZES = {5_000, 50_000, 350_000, 1_000_000};
    private static final int[] STREAM_SIZES = {5_000_000, 50_000_000};
    private static final int[] CONCURRENCY = {1, 16, 64};

    private final Path docs;
    private final StringBuilder page = new StringBuilder();

    private Benchmarks(Path docs) {
        this.docs = docs;
    }

    public static void main(String[] arguments) throws Exception {
        Path docs = Path.of(QUICK ? "target/benchmark" : "src/main/docs");
        new Benchmarks(Files.createDirectories(docs)).run();
    }

    private void run() throws Exception {
        head();
        List<Measurement> unary = closedLoops(ALL, UNARY_SIZES, 0, "-Xmx512m");
        table("Uploads in one message", "uploads/s", unary, 1);
        Chart.write(docs.resolve("benchmark-unary.svg"), "Uploads per second over raw grpc-java", unary);
        page.append("\n![Uploads in one message](benchmark-unary.svg)\n");
        allocations(unary);

        List<Measurement> streams = closedLoops(STREAMING, STREAM_SIZES, 0, "-Xmx512m");
        table("Streams", "streams/s", streams, 2);
        List<Measurement> files = List.of(largeFile(4L << 30, 1, "-Xmx64m"), largeFile(1L << 30, 16, "-Xmx128m"));
        table("Large files", "MB/s", files, 0);
        List<Measurement> all = new ArrayList<>(streams);
        all.addAll(files);
        Chart.write(docs.resolve("benchmark-streams.svg"), "Streams per second over the raw pump", all);
        page.append("\n![Streams](benchmark-streams.svg)\n");

        List<Measurement> link = closedLoops(ALL, UNARY_SIZES, ROUND_TRIP_MILLIS, "-Xmx512m");
        table("Across a round trip of 50 ms", "uploads/s", link, 1);
        longStream();
        cameras();

        Path file = docs.resolve("benchmark.md");
        Files.writeString(file, page);
        System.out.println(page);
        System.out.println("written to " + file);
    }

    private void head() {
        page.append("""
                # The benchmark

                What the component costs over other ways to upload the same. Written, with its charts, by

                ```
                mvn -Pbench
                ```

                (`-Dbench=quick` takes a few minutes and writes to `target/benchmark`).

                All upload to one service in a Java runtime of its own, on loopback, that counts bytes and answers at once.
                `raw` is grpc-java's async stub with nothing around it, `camel-grpc` the component of Camel with generated
                stubs, `blocking` a producer with a blocking stub. Each has its own Java runtime. They take turns of %d ms
                in each of %d rounds, after a warm-up, in %d forks. A ratio is over `raw` within the same round; shown is
                the median, and the middle half in brackets. Only ratios mean something: machines differ, and are noisy.

                %s, %d processors, Java %s, gRPC %s, %s
                """.formatted(
                        TURN_MILLIS,
                        ROUNDS,
                        FORKS,
                        System.getProperty("os.name") + " " + System.getProperty("os.arch"),
                        Runtime.getRuntime().availableProcessors(),
                        Runtime.version(),
                        io.grpc.internal.GrpcUtil.getGrpcBuildVersion().getImplementationVersion(),
                        LocalDate.now()));
    }

    /** Keeps a fixed number of uploads under way, for each size and number. */
    private static List<Measurement> closedLoops(List<String> peers, int[] sizes, int roundTrip, String heap)
            throws Exception {
        Map<String, Measurement> measurements = new LinkedHashMap<>();
        for (int fork = 0; fork < FORKS; fork++) {
            try (Field field = new Field(peers, roundTrip, heap)) {
                for (int size : sizes) {
                    for (int concurrency : CONCURRENCY) {
                        String work = bytes(size) + ", " + concurrency + " at once";
                        Measurement measurement = measurements.computeIfAbsent(work, Measurement::new);
                        String turn = "closed " + size + " " + concurrency + " ";
                        field.rounds(turn + WARM_UP_MILLIS, 1, (peer, result) -> {});
                        field.rounds(
                                turn + TURN_MILLIS,
                                ROUNDS,
                                (peer, result) -> measurement.add(
                                        peer, result[0] * 1e9 / result[1], (double) result[2] / result[0]));
                        progress(measurement);
                    }
                }
            }
        }
        return List.copyOf(measurements.values());
    }

    private static Measurement largeFile(long size, int times, String heap) throws Exception {
        Path file = Files.createTempFile("benchmark", ".mp4");
        Measurement measurement =
                new Measurement(bytes(size) + (times == 1 ? "" : ", " + times + " at once") + ", " + heap);
        try (RandomAccessFile content = new RandomAccessFile(file.toFile(), "rw");
                Field field = new Field(STREAMING, 0, heap)) {
            long length = QUICK ? size / 16 : size;
            content.setLength(length);
            field.rounds("closed 5000000 1 " + WARM_UP_MILLIS, 1, (peer, result) -> {});
            field.rounds(
                    "file " + file + " " + times,
                    FORKS,
                    (peer, result) -> measurement.add(peer, (double) length * times / result[0] * 1e3, Double.NaN));
        } finally {
            Files.delete(file);
        }
        progress(measurement);
        return measurement;
    }

    /** One stream on the long link, against a plain copy over TCP. */
    private void longStream() throws Exception {
        int size = 200_000_000;
        Measurement measurement = new Measurement(bytes(size) + " on a link of 50 ms");
        try (Field field = new Field(STREAMING, ROUND_TRIP_MILLIS, "-Xmx512m");
                PlainSink sink = new PlainSink();
                Worker link = new Worker(List.of(), DelayProxy.class, sink.port(), String.valueOf(ROUND_TRIP_MILLIS))) {
            int port = (int) link.await("PORT")[0];
            String stream = "closed " + size + " 1 1";
            field.rounds(stream, 1, (peer, result) -> {});
            for (int round = 0; round < FORKS * 2; round++) {
                field.rounds(stream, 1, (peer, result) -> measurement.add(peer, size / (result[1] / 1e3), Double.NaN));
                measurement.add("plain TCP", size / (sink.copy(port, size) / 1e3), Double.NaN);
            }
        }
        progress(measurement);
        table("A stream on a long link", "MB/s", List.of(measurement), 0);
    }

    private void cameras() throws Exception {
        page.append(
                "\n## Sixteen cameras\n\n16 cameras with 10 pictures of 50 KB a second. Latency in ms from when a picture"
                        + " was due; medians over the rounds.\n\n| Peer | 50 % | 99 % | 99.9 % | 99 % over raw |\n"
                        + "| --- | --- | --- | --- | --- |\n");
        Map<String, List<long[]>> latencies = new LinkedHashMap<>();
        try (Field field = new Field(ALL, 0, "-Xmx512m")) {
            field.rounds("open 50000 16 10 3", 1, (peer, result) -> {});
            field.rounds(
                    "open 50000 16 10 " + (QUICK ? 3 : 10),
                    ROUNDS,
                    (peer, result) -> latencies
                            .computeIfAbsent(peer, name -> new ArrayList<>())
                            .add(result));
        }
        latencies.forEach((peer, results) -> page.append(String.format(
                Locale.ROOT,
                "| %s | %.2f | %.2f | %.2f | %.2f |%n",
                peer,
                median(results, 0) / 1e6,
                median(results, 1) / 1e6,
                median(results, 2) / 1e6,
                median(results, 1) / median(latencies.get(Measurement.FLOOR), 1))));
    }

    private static double median(List<long[]> results, int column) {
        return results.stream().mapToLong(result -> result[column]).sorted().toArray()[results.size() / 2];
    }

    private void table(String title, String unit, List<Measurement> measurements, int digits) {
        page.append("\n## ").append(title).append("\n\n| Work ");
        List<String> peers = measurements.get(0).peers();
        for (String peer : peers) {
            page.append("| ")
                    .append(peer.equals(Measurement.FLOOR) ? "raw, " + unit : peer)
                    .append(' ');
        }
        page.append("|\n").append("| --- ".repeat(peers.size() + 1)).append("|\n");
        for (Measurement measurement : measurements) {
            page.append("| ").append(measurement.work()).append(' ');
            for (String peer : peers) {
                double[] spread = measurement.spread(peer);
                page.append(
                        peer.equals(Measurement.FLOOR)
                                ? String.format(Locale.ROOT, "| %." + digits + "f ", measurement.rate(peer))
                                : String.format(
                                        Locale.ROOT,
                                        "| %.2f (%.2f-%.2f) ",
                                        measurement.ratio(peer),
                                        spread[0],
                                        spread[1]));
            }
            page.append("|\n");
        }
    }

    private void allocations(List<Measurement> measurements) {
        page.append(
                "\n## Bytes allocated for an upload\n\nOn the heap, by all threads; the ratio is over `raw`.\n\n| Work ");
        ALL.forEach(peer -> page.append("| ").append(peer).append(' '));
        page.append("|\n").append("| --- ".repeat(ALL.size() + 1)).append("|\n");
        for (Measurement measurement : measurements) {
            page.append("| ").append(measurement.work()).append(' ');
            for (String peer : ALL) {
                page.append(String.format(
                        Locale.ROOT, "| %.0f (%.2f) ", measurement.allocated(peer), measurement.allocationRatio(peer)));
            }
            page.append("|\n");
        }
    }

    private static void progress(Measurement measurement) {
        StringBuilder line = new StringBuilder(measurement.work());
        for (String peer : measurement.peers()) {
            line.append(String.format(
                    Locale.ROOT, "; %s %.1f (%.2f)", peer, measurement.rate(peer), measurement.ratio(peer)));
        }
        System.out.println(line);
    }

    private static String bytes(long size) {
        if (size >= 1 << 30) {
            return (size >> 30) + " GiB";
        }
        return size >= 1_000_000 ? size / 1_000_000 + " MB" : size / 1_000 + " KB";
    }

    /** A service, and a running program for each peer. */
    private static final class Field implements AutoCloseable {

        interface Turn {
            void took(String peer, long[] result);
        }

        private final List<Worker> workers = new ArrayList<>();
        private final Map<String, Worker> peers = new LinkedHashMap<>();
        private int round;

        Field(List<String> names, int roundTrip, String heap) throws IOException {
            int port = (int)
                    add(new Worker(List.of("-Xmx512m"), NeutralService.class)).await("PORT")[0];
            if (roundTrip > 0) {
                port = (int)
                        add(new Worker(List.of(), DelayProxy.class, String.valueOf(port), String.valueOf(roundTrip)))
                                .await("PORT")[0];
            }
            for (String name : names) {
                Worker worker = add(new Worker(List.of(heap), Uploader.class, name, String.valueOf(port)));
                worker.await("READY");
                peers.put(name, worker);
            }
        }

        private Worker add(Worker worker) {
            workers.add(worker);
            return worker;
        }

        void rounds(String work, int rounds, Turn turn) throws IOException {
            for (int i = 0; i < rounds; i++) {
                List<String> order = new ArrayList<>(peers.keySet());
                Collections.rotate(order, round++);
                for (String peer : order) {
                    turn.took(peer, peers.get(peer).work(work));
                }
            }
        }

        @Override
        public void close() {
            workers.forEach(Worker::close);
        }
    }

    /** Reads what comes over TCP, and answers with one byte when all is there. */
    private static final class PlainSink implements AutoCloseable {

        private final ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());

        PlainSink() throws IOException {}

        String port() {
            return String.valueOf(socket.getLocalPort());
        }

        /** Gives the nanoseconds that a copy takes. */
        long copy(int port, int size) throws Exception {
            CompletableFuture<Void> read = CompletableFuture.runAsync(() -> {
                try (Socket connection = socket.accept();
                        InputStream input = connection.getInputStream()) {
                    input.skipNBytes(size);
                    connection.getOutputStream().write(1);
                } catch (IOException e) {
                    throw new java.io.UncheckedIOException(e);
                }
            });
            byte[] chunk = new byte[65_536];
            long start = System.nanoTime();
            try (Socket connection = new Socket(InetAddress.getLoopbackAddress(), port);
                    OutputStream output = connection.getOutputStream()) {
                for (int sent = 0; sent < size; sent += chunk.length) {
                    output.write(chunk, 0, Math.min(chunk.length, size - sent));
                }
                connection.getInputStream().read();
            }
            read.get();
            return System.nanoTime() - start;
        }

        @Override
        public void close() throws IOException {
            socket.close();
        }
    }
}
