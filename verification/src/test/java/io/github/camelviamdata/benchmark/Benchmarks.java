// Copyright the camel-viamdata authors. SPDX-License-Identifier: Apache-2.0
package io.github.camelviamdata.benchmark;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.LocalDate;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.camel.impl.DefaultCamelContext;

/**
 * Compares the component with other ways to upload the same, all against one {@link NeutralService}, and writes
 * {@code src/main/docs/benchmark.md} with its charts. Each peer has a Java runtime of its own; they take turns within each
 * round, the first one changing from round to round.
 *
 * <p>The page is made of parts, which are kept in {@code target/benchmark/parts}. {@code -Dbench.only=unary,streams}
 * measures these alone and makes a page of all that are there, in {@code target/benchmark}; {@code -Dbench=join} measures
 * nothing, and puts those that are there in place of the ones on the page of {@code src/main/docs}. {@code -Dbench=quick} makes fewer
 * and shorter rounds and keeps to {@code target/benchmark/quick}. {@code -Dbench.previous=/path/to/target/classes}, or a jar, adds the
 * component of another commit as a peer of uploads in one message, of streams and of the warm folder; such a run writes to
 * {@code target} alone.
 */
public final class Benchmarks {

    static final boolean QUICK = "quick".equals(System.getProperty("bench"));
    static final int FORKS = QUICK ? 1 : 3;
    static final int ROUNDS = QUICK ? 3 : 5;
    /** The compiler of a JVM is busy for most of a minute where all programs share a few processors. */
    static final int WARM_UP_MILLIS = QUICK ? 4_000 : 45_000;

    static final int TURN_MILLIS = 500;
    static final int ROUND_TRIP_MILLIS = 50;

    /** Of all payloads. */
    static final long SEED = 20261122;

    /** The component of another commit. */
    static final String PREVIOUS = "previous";

    static final List<String> ALL = withPrevious(Measurement.FLOOR, "raw-direct", "viamdata", "camel-grpc", "blocking");
    static final List<String> OFF_LOOP = List.of(Measurement.FLOOR, "viamdata", "camel-grpc", "blocking");
    static final List<String> TABULAR = List.of(Measurement.FLOOR, "viamdata-tabular");
    static final List<String> STREAMING = withPrevious(Measurement.FLOOR, "viamdata");

    /** In the order of the page. */
    private static final Map<String, Part> PARTS = new LinkedHashMap<>();

    static {
        PARTS.put("unary", ClosedLoops::unary);
        PARTS.put("threads", Threads::run);
        PARTS.put("streams", ClosedLoops::streams);
        PARTS.put("tabular", ClosedLoops::tabular);
        PARTS.put("files", LargeFiles::run);
        PARTS.put("link", ClosedLoops::link);
        PARTS.put("stream", LongStream::run);
        PARTS.put("cameras", Cameras::run);
        PARTS.put("backlog", Backlog::folder);
        PARTS.put("kafka", Backlog::kafka);
        PARTS.put("startup", Startup::run);
        PARTS.put("warmfiles", WarmFiles::run);
        PARTS.put("once", ClosedLoops::once);
        PARTS.put("read", ReadRates::run);
        PARTS.put("micro", Micro::run);
    }

    private static final Path DOCS = Path.of("src/main/docs");
    private static final String PAGE = "benchmark.md";

    private Benchmarks() {}

    /** Its jar or classes; empty where there is none to compare with. */
    static String previous() {
        return System.getProperty("bench.previous", "");
    }

    static boolean hasPrevious() {
        return !previous().isEmpty();
    }

    private static List<String> withPrevious(String... peers) {
        return Stream.concat(Stream.of(peers), hasPrevious() ? Stream.of(PREVIOUS) : Stream.empty())
                .toList();
    }

    public static void main(String[] arguments) throws Exception {
        Path target = Path.of(QUICK ? "target/benchmark/quick" : "target/benchmark");
        Path parts = Files.createDirectories(target.resolve("parts"));
        String only = System.getProperty("bench.only", "");
        List<String> names = only.isEmpty() ? List.copyOf(PARTS.keySet()) : List.of(only.split(","));
        if (!PARTS.keySet().containsAll(names)) {
            throw new IllegalArgumentException(only + ": the parts are " + PARTS.keySet());
        }
        boolean join = "join".equals(System.getProperty("bench"));
        for (String name : join ? List.<String>of() : names) {
            Section section = new Section(parts, name);
            PARTS.get(name).run(section);
            section.write();
        }
        Map<String, String> measured = measured(parts);
        write(measured, parts, target);
        if (join || only.isEmpty() && !QUICK && !hasPrevious()) {
            Map<String, String> all = Section.ofPage(DOCS.resolve(PAGE));
            all.putAll(measured);
            if (!all.keySet().containsAll(PARTS.keySet())) {
                throw new IllegalStateException("The page needs " + PARTS.keySet() + ", and there are " + all.keySet());
            }
            write(all, parts, DOCS);
        }
    }

    private static Map<String, String> measured(Path parts) throws IOException {
        Map<String, String> measured = new LinkedHashMap<>();
        for (String name : PARTS.keySet()) {
            Path part = parts.resolve(name + ".md");
            if (Files.exists(part)) {
                measured.put(name, Files.readString(part));
            }
        }
        return measured;
    }

    /** @param texts of the parts, by their names */
    private static void write(Map<String, String> texts, Path parts, Path directory) throws IOException {
        StringBuilder page = new StringBuilder(head());
        for (String name : PARTS.keySet()) {
            page.append(texts.getOrDefault(name, ""));
            String chart = "benchmark-" + name + ".svg";
            if (Files.exists(parts.resolve(chart))) {
                Files.copy(parts.resolve(chart), directory.resolve(chart), StandardCopyOption.REPLACE_EXISTING);
            }
        }
        Path file = directory.resolve(PAGE);
        Files.writeString(file, page);
        System.out.println("written to " + file);
    }

    private static String head() {
        return """
                # The benchmark

                What the component costs, compared with other ways to make the same uploads. These commands measure it, and write this page
                and its charts:

                ```
                mvn -q install -DskipTests
                mvn -f verification/benchmark/pom.xml
                ```

                `-Dbench=quick` takes a few minutes, and only shows that the benchmark runs. `-Dbench.only=unary,streams` measures these parts
                alone; then `-Dbench=join` puts them on this page. All but `join` write to `target/benchmark` instead.

                Each way is a *peer* with a Java runtime of its own. All upload over loopback to one service, in another Java runtime, which counts
                bytes and answers at once:

                - `raw` is grpc-java's async stub and nothing else: arrays wrapped, not copied, and streams written while `isReady()`. Answers
                  arrive on the threads that gRPC gives them by default.
                - `raw-direct` is `raw` with the answers on the event loop of the connection. A route must not continue there: a slow step would
                  stop all other uploads. This peer shows what a change of threads costs.
                - `viamdata` is this component, called as a route calls it. The rest of the route would run in its worker pool.
                - `camel-grpc` is Camel's component of that name, with generated stubs and the request as the body.
                - `blocking` is a producer with a blocking stub, as in older gRPC components.

                The peers take turns of %d ms in each of %d rounds, after a warm-up, in %d forks. A ratio compares a peer with `raw` in the same
                round; the tables show the median, and the middle half in brackets. Only ratios mean something: machines differ, and are noisy. Each
                part says when and where it was measured. Payloads are random, seed %d.
                """.formatted(TURN_MILLIS, ROUNDS, FORKS, SEED);
    }

    /** Where and when this runs. */
    static String environment() {
        return Section.format(
                "%s, %d processors, Java %s, Camel %s, gRPC %s, protobuf %s; %s",
                System.getProperty("os.name") + " " + System.getProperty("os.arch"),
                Runtime.getRuntime().availableProcessors(),
                Runtime.version(),
                new DefaultCamelContext().getVersion(),
                io.grpc.internal.GrpcUtil.getGrpcBuildVersion().getImplementationVersion(),
                System.getProperty("protobuf.version"),
                LocalDate.now());
    }
}
