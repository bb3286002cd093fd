// Copyright the camel-viamdata authors. SPDX-License-Identifier: Apache-2.0
package io.github.camelviamdata.benchmark;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/** One stream on the long link, against a plain copy over TCP. */
final class LongStream {

    private static final int SIZE = 200_000_000;

    private LongStream() {}

    static void run(Section section) throws Exception {
        List<Double> busy = new ArrayList<>();
        List<Measurement> measurements =
                List.of(measure(busy, ""), measure(busy, ", window of 64 MiB", String.valueOf(64 << 20)));
        section.title("A stream on a long link");
        section.text("""
                HTTP/2 limits the bytes that a client may have in flight to a window that the service grants. In the first
                line it is the window of gRPC's servers, which grows when they find that the link is long; in the second it
                is large from the start. The link has a delay, and is otherwise as fast as loopback.
                """);
        Measurement.table(section, "MB/s", measurements, 0);
        section.text(Section.format(
                "While they streamed over HTTP/2, client, link and service together kept %.1f of %d processors busy with"
                        + " the first window, and %.1f with the second.",
                busy.get(0), Runtime.getRuntime().availableProcessors(), busy.get(1)));
    }

    private static Measurement measure(List<Double> busy, String note, String... service) throws Exception {
        Measurement measurement = new Measurement(Measurement.bytes(SIZE) + " on a link of 50 ms" + note);
        String roundTrip = String.valueOf(Benchmarks.ROUND_TRIP_MILLIS);
        try (Field field = new Field(Benchmarks.STREAMING, Benchmarks.ROUND_TRIP_MILLIS, "-Xmx512m", service);
                PlainSink sink = new PlainSink();
                Worker link = new Worker(List.of(), DelayProxy.class, sink.port(), roundTrip)) {
            int port = (int) link.await("PORT")[0];
            String stream = "closed " + SIZE + " 1 1";
            field.rounds(stream, 1, (peer, result) -> {});
            long streamed = 0;
            long processors = 0;
            for (int round = 0; round < Benchmarks.FORKS * 2; round++) {
                long before = field.processorNanos();
                long start = System.nanoTime();
                field.rounds(stream, 1, (peer, result) -> measurement.add(peer, SIZE / (result[1] / 1e3), Double.NaN));
                streamed += System.nanoTime() - start;
                processors += field.processorNanos() - before;
                measurement.add("plain TCP", SIZE / (sink.copy(port, SIZE) / 1e3), Double.NaN);
            }
            busy.add((double) processors / streamed);
        }
        measurement.print();
        return measurement;
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
