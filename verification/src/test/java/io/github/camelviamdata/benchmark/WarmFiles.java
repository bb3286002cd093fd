// Copyright the camel-viamdata authors. SPDX-License-Identifier: Apache-2.0
package io.github.camelviamdata.benchmark;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

/**
 * The same files again and again, out of the cache of the operating system, until the rate no longer grows; then from the disk, where
 * the system can be told to forget them.
 */
final class WarmFiles {

    private static final int FILES = Benchmarks.QUICK ? 1_000 : 8_000;
    private static final int SIZE = 50_000;
    private static final int ROUNDS = Benchmarks.QUICK ? 3 : 15;
    private static final int COLD_ROUNDS = Benchmarks.QUICK ? 1 : 7;
    private static final String HEAP = "-Xmx512m";

    /** At the most. */
    private static final int WARM_UP_ROUNDS = Benchmarks.QUICK ? 3 : 40;

    /** The rate is steady when so many rounds were no better than the best one before them, by so much. */
    private static final int STEADY_ROUNDS = 5;

    private static final double BETTER = 1.03;

    private static final String NO_UPLOAD = "no upload";
    private static final String VIAMDATA = "viamdata";

    /** Sums of nanoseconds over the rounds: of processor time, and of the rounds. */
    private record Use(long route, long service, long elapsed) {

        Use plus(Use other) {
            return new Use(route + other.route, service + other.service, elapsed + other.elapsed);
        }
    }

    private WarmFiles() {}

    static void run(Section section) throws Exception {
        // On the disk, where a folder for temporary files need not be.
        Path directory = Files.createTempDirectory(Files.createDirectories(Path.of("target/benchmark")), "files");
        try (Worker service = new Worker(List.of("-Xmx512m"), NeutralService.class)) {
            fill(directory);
            Map<String, Worker> peers = start(directory, service.await("PORT")[0]);
            try {
                Rounds rounds = new Rounds(peers, service);
                String work = Section.format(
                        "%d files of %s, after %d rounds", FILES, Measurement.bytes(SIZE), warmUp(rounds));
                write(section, work, rounds, directory);
            } finally {
                peers.values().forEach(Worker::close);
            }
        } finally {
            Backlog.delete(directory);
        }
    }

    private static void fill(Path directory) throws IOException {
        Random random = new Random(Benchmarks.SEED);
        byte[] body = new byte[SIZE];
        for (int i = 0; i < FILES; i++) {
            random.nextBytes(body);
            Files.write(directory.resolve(String.format("gate-%05d.jpg", i)), body);
        }
    }

    private static Map<String, Worker> start(Path directory, long port) throws IOException {
        String endpoint = "viamdata:part?host=localhost&plaintext=true&port=" + port
                + "&componentType=camera&componentName=gate&methodName=GetImages";
        String files = String.valueOf(FILES);
        Map<String, Worker> peers = new LinkedHashMap<>();
        peers.put(NO_UPLOAD, new Worker(List.of(HEAP), FileRoute.class, directory.toString(), files));
        if (Benchmarks.hasPrevious()) {
            peers.put(
                    Benchmarks.PREVIOUS,
                    Worker.ofPrevious(List.of(HEAP), FileRoute.class, directory.toString(), files, endpoint));
        }
        peers.put(VIAMDATA, new Worker(List.of(HEAP), FileRoute.class, directory.toString(), files, endpoint));
        for (Worker peer : peers.values()) {
            peer.await("READY");
        }
        return peers;
    }

    /** Gives how many rounds it took. */
    private static int warmUp(Rounds rounds) throws IOException {
        Map<String, Double> best = new LinkedHashMap<>();
        int steady = 0;
        int round = 0;
        while (round < WARM_UP_ROUNDS && steady < STEADY_ROUNDS) {
            boolean better = false;
            for (Map.Entry<String, Double> turn : rounds.next(() -> {}).entrySet()) {
                better |= turn.getValue() > BETTER * best.getOrDefault(turn.getKey(), 0.0);
                best.merge(turn.getKey(), turn.getValue(), Math::max);
            }
            steady = better ? 0 : steady + 1;
            round++;
        }
        System.out.println("warm after " + round + " rounds: " + best);
        return round;
    }

    /** What is done before each turn. */
    private interface Preparation {
        void run() throws IOException;
    }

    /** Rounds, in each of which each peer has a turn. */
    private static final class Rounds {

        private final Map<String, Worker> peers;
        private final Worker service;
        private int round;
        private Map<String, Use> uses = new LinkedHashMap<>();

        Rounds(Map<String, Worker> peers, Worker service) {
            this.peers = peers;
            this.service = service;
        }

        /** Gives the files per second of each, and adds up what each has used. */
        Map<String, Double> next(Preparation preparation) throws IOException {
            List<String> order = new ArrayList<>(peers.keySet());
            Collections.rotate(order, round++);
            Map<String, Double> rates = new LinkedHashMap<>();
            for (String peer : order) {
                preparation.run();
                Worker route = peers.get(peer);
                long routeBefore = route.processorNanos();
                long serviceBefore = service.processorNanos();
                long[] result = route.work("pass");
                rates.put(peer, result[0] * 1e9 / result[1]);
                uses.merge(
                        peer,
                        new Use(
                                route.processorNanos() - routeBefore,
                                service.processorNanos() - serviceBefore,
                                result[1]),
                        Use::plus);
            }
            return rates;
        }

        /** Compares the peers with the route that uploads nothing, and with each other. */
        List<Measurement> measure(String work, int count, Preparation preparation) throws IOException {
            uses = new LinkedHashMap<>();
            List<Measurement> measurements = new ArrayList<>(List.of(new Measurement(work, NO_UPLOAD)));
            if (peers.containsKey(Benchmarks.PREVIOUS)) {
                measurements.add(new Measurement(work, Benchmarks.PREVIOUS));
            }
            for (int i = 0; i < count; i++) {
                Map<String, Double> rates = next(preparation);
                for (Measurement measurement : measurements) {
                    peers.keySet().stream()
                            .filter(peer -> measurement.floor().equals(NO_UPLOAD) || !peer.equals(NO_UPLOAD))
                            .forEach(peer -> measurement.add(peer, rates.get(peer), Double.NaN));
                }
            }
            measurements.forEach(Measurement::print);
            return measurements;
        }
    }

    private static void write(Section section, String work, Rounds rounds, Path directory) throws IOException {
        section.title("A warm folder, and a cold one");
        section.text(Section.format("""
                A route from a folder, `file` -> `viamdata`, with the defaults of both, that leaves the files where they are and
                sends the same %d again and again with %s, until %d rounds in a row are no quicker than those before. *no upload*
                is the same route without the second step: what the source alone can give. Below: processor time of a file in
                microseconds, and how much of all processors the route and the service used. Near 100 %%, the processors bound the
                rate, and the time of a file decides.
                """, FILES, HEAP, STEADY_ROUNDS));
        write(section, rounds.measure(work, ROUNDS, () -> {}), rounds, ROUNDS);
        if (forget(directory)) {
            section.text("""
                    The same when the operating system has forgotten the content of the files before each turn, so that they come from
                    the disk, as those of a share come from the network. Several are read at once.
                    """);
            write(section, rounds.measure(work + ", cold", COLD_ROUNDS, () -> forget(directory)), rounds, COLD_ROUNDS);
        }
    }

    private static void write(Section section, List<Measurement> measurements, Rounds rounds, int count) {
        for (Measurement measurement : measurements) {
            Measurement.table(section, "files/s", List.of(measurement), 0);
        }
        section.head(List.of("Peer", "route, µs", "service, µs", "processors in use"));
        rounds.peers.keySet().forEach(peer -> section.row(row(peer, rounds.uses.get(peer), count)));
    }

    private static List<String> row(String peer, Use use, int count) {
        double files = 1e3 * count * FILES;
        double available = (double) use.elapsed() * Runtime.getRuntime().availableProcessors();
        return List.of(
                peer,
                Section.format("%.0f", use.route() / files),
                Section.format("%.0f", use.service() / files),
                Section.format("%.0f %%", 100 * (use.route() + use.service()) / available));
    }

    /** Makes the operating system forget the content of the files; false where GNU dd is missing. Needs no rights. */
    private static boolean forget(Path directory) throws IOException {
        String script = "sync; ls | xargs -P 2 -I FILE dd if=FILE iflag=nocache count=0 status=none";
        try {
            return new ProcessBuilder("sh", "-c", script)
                            .directory(directory.toFile())
                            .redirectErrorStream(true)
                            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                            .start()
                            .waitFor()
                    == 0;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }
}
