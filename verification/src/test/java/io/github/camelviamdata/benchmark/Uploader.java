// Copyright the camel-viamdata authors. SPDX-License-Identifier: Apache-2.0
package io.github.camelviamdata.benchmark;

import com.google.protobuf.ByteString;
import com.sun.management.ThreadMXBean;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.apache.camel.Endpoint;

/**
 * A program that uploads with one peer, a slice of work for each line of its input, and prints what it took. Several of
 * them stay up side by side and work in turn, so that a noisy machine is noisy for all of them.
 */
public final class Uploader {

    private final Peer peer;
    private final ExecutorService threads = Executors.newCachedThreadPool(new Daemons());
    private final AtomicReference<Throwable> failure = new AtomicReference<>();

    private Uploader(Peer peer) {
        this.peer = peer;
    }

    /** Arguments: name of the peer, port of the service. */
    public static void main(String[] arguments) throws Exception {
        int port = Integer.parseInt(arguments[1]);
        try (Peer peer = peer(arguments[0], port);
                BufferedReader lines = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8))) {
            Uploader uploader = new Uploader(peer);
            System.out.println("READY");
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                String[] words = line.split(" ");
                String result = switch (words[0]) {
                    case "closed" ->
                        uploader.closed(body(number(words[1])), number(words[1]), number(words[2]), number(words[3]));
                    case "readings" ->
                        uploader.closed(readings(number(words[1])), 0, number(words[2]), number(words[3]));
                    case "threads" -> uploader.threads(number(words[1]), number(words[2]), number(words[3]));
                    case "open" ->
                        uploader.open(number(words[1]), number(words[2]), number(words[3]), number(words[4]));
                    case "file" -> uploader.file(Path.of(words[1]), number(words[2]));
                    default -> throw new IllegalArgumentException(line);
                };
                System.out.println("RESULT " + result);
            }
        }
        System.exit(0);
    }

    private static int number(String word) {
        return Integer.parseInt(word);
    }

    private static Peer peer(String name, int port) throws Exception {
        Function<byte[], Object> request = bytes -> RawPeer.request(ByteString.copyFrom(bytes));
        return switch (name) {
            case "raw" -> new RawPeer(port, false);
            case "raw-direct" -> new RawPeer(port, true);
            case "viamdata" ->
                new CamelPeer(
                        context -> endpoint(
                                context,
                                "viamdata:part?host=localhost&plaintext=true&port=" + port
                                        + "&componentType=camera&componentName=gate&methodName=GetImages"
                                        + "&fileExtension=.jpg"),
                        bytes -> bytes,
                        false);
            case ClosedLoops.ONCE ->
                new CamelPeer(
                        context -> endpoint(
                                context,
                                "viamdata:part?host=localhost&plaintext=true&port=" + port
                                        + "&componentType=camera&componentName=gate&methodName=GetImages"
                                        + "&fileExtension=.jpg&once=lookback&onceKey=${exchangeId}&ledger=file:"
                                        + ledger()),
                        bytes -> bytes,
                        false);
            case "viamdata-tabular" ->
                new CamelPeer(
                        context -> endpoint(
                                context,
                                "viamdata:part?host=localhost&plaintext=true&port=" + port
                                        + "&componentType=camera&componentName=gate&methodName=GetImages"
                                        + "&operation=tabular"),
                        bytes -> bytes,
                        false);
            case "viamdata-capture" ->
                new CamelPeer(
                        context -> endpoint(
                                context, "viamdata:part?host=localhost&plaintext=true&operation=capture&port=" + port),
                        bytes -> bytes,
                        false);
            case "camel-grpc" ->
                new CamelPeer(
                        context -> endpoint(
                                context,
                                "grpc://localhost:" + port
                                        + "/io.github.camelviamdata.proto.datasync.v1.DataSyncService"
                                        + "?method=dataCaptureUpload&negotiationType=PLAINTEXT"),
                        request,
                        false);
            case "blocking" -> new CamelPeer(context -> new BlockingEndpoint(context, port), bytes -> bytes, true);
            default -> throw new IllegalArgumentException(name);
        };
    }

    /** On the disk, where a folder for temporary files need not be. */
    private static Path ledger() {
        try {
            return Files.createTempDirectory(Files.createDirectories(Path.of("target/benchmark")), "ledger")
                    .resolve("ledger.db");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Endpoint endpoint(org.apache.camel.CamelContext context, String uri) {
        context.start();
        return context.getEndpoint(uri);
    }

    /** Keeps a number of uploads in flight. Gives uploads, nanoseconds, and bytes allocated on the heap. */
    private String closed(Object body, int size, int concurrency, int millis) throws Exception {
        boolean streamed = size > 1_000_000;
        Semaphore free = new Semaphore(concurrency);
        long allocated = allocated();
        long start = System.nanoTime();
        long end = start + TimeUnit.MILLISECONDS.toNanos(millis);
        long uploads = 0;
        while (System.nanoTime() < end && failure.get() == null) {
            free.acquire();
            begin(body, streamed, error -> {
                failure.compareAndSet(null, error);
                free.release();
            });
            uploads++;
        }
        free.acquire(concurrency);
        long nanos = System.nanoTime() - start;
        check();
        return uploads + " " + nanos + " " + (allocated() - allocated);
    }

    /**
     * As {@code closed}. Gives uploads, nanoseconds, nanoseconds of processor time of the event loops and of all other
     * threads, and how often a thread waited, and was blocked by a lock.
     */
    private String threads(int size, int concurrency, int millis) throws Exception {
        ThreadUse before = ThreadUse.now();
        String[] closed = closed(body(size), size, concurrency, millis).split(" ");
        ThreadUse after = ThreadUse.now();
        return String.join(
                " ",
                closed[0],
                closed[1],
                String.valueOf(after.eventLoopNanos() - before.eventLoopNanos()),
                String.valueOf(after.otherNanos() - before.otherNanos()),
                String.valueOf(after.waits() - before.waits()),
                String.valueOf(after.blocks() - before.blocks()));
    }

    /**
     * Cameras that take pictures at fixed times, whatever becomes of the earlier ones. Gives the latencies at 50, 99 and
     * 99.9 % in nanoseconds, counted from when the picture was due.
     */
    private String open(int size, int cameras, int hertz, int seconds) throws Exception {
        byte[] body = body(size);
        int uploads = cameras * hertz * seconds;
        long[] latencies = new long[uploads];
        AtomicInteger finished = new AtomicInteger();
        Semaphore done = new Semaphore(0);
        long period = TimeUnit.SECONDS.toNanos(1) / hertz;
        long start = System.nanoTime();
        for (int i = 0; i < uploads; i++) {
            // Cameras are not in step: each has an offset of its own within the period.
            long due = start + i / cameras * period + i % cameras * period / cameras;
            for (long rest = due - System.nanoTime(); rest > 0; rest = due - System.nanoTime()) {
                TimeUnit.NANOSECONDS.sleep(rest);
            }
            begin(body, false, error -> {
                failure.compareAndSet(null, error);
                latencies[finished.getAndIncrement()] = System.nanoTime() - due;
                done.release();
            });
        }
        done.acquire(uploads);
        check();
        Arrays.sort(latencies);
        return latencies[uploads / 2] + " " + latencies[uploads * 99 / 100] + " " + latencies[uploads * 999 / 1000];
    }

    /** Streams a file, a number of times at once. Gives nanoseconds. */
    private String file(Path file, int times) throws Exception {
        Semaphore done = new Semaphore(0);
        long start = System.nanoTime();
        for (int i = 0; i < times; i++) {
            begin(file, true, error -> {
                failure.compareAndSet(null, error);
                done.release();
            });
        }
        done.acquire(times);
        long nanos = System.nanoTime() - start;
        check();
        return String.valueOf(nanos);
    }

    private void begin(Object body, boolean streamed, Consumer<Throwable> done) {
        if (peer.isBlocking()) {
            threads.execute(() -> peer.upload(body, streamed, done));
        } else {
            peer.upload(body, streamed, done);
        }
    }

    private void check() {
        if (failure.get() != null) {
            throw new IllegalStateException("An upload failed", failure.get());
        }
    }

    private static List<Map<String, Object>> readings(int count) {
        return IntStream.range(0, count)
                .mapToObj(i -> Map.<String, Object>of(
                        "level",
                        i * 0.1,
                        "temperature",
                        11.5,
                        "pump",
                        true,
                        "state",
                        "filling",
                        "flow",
                        Map.of("in", i)))
                .toList();
    }

    private static byte[] body(int size) {
        byte[] body = new byte[size];
        new Random(Benchmarks.SEED).nextBytes(body);
        return body;
    }

    static long allocated() {
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        return Arrays.stream(threads.getThreadAllocatedBytes(threads.getAllThreadIds()))
                .filter(bytes -> bytes > 0)
                .sum();
    }

    private static final class Daemons implements ThreadFactory {
        @Override
        public Thread newThread(Runnable task) {
            Thread thread = new Thread(task);
            thread.setDaemon(true);
            return thread;
        }
    }
}
