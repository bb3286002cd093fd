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

/** The same files again and again, out of the cache of the operating system, until the rate no longer grows. */
final class WarmFiles {

    private static final int FILES = Benchmarks.QUICK ? 1_000 : 8_000;
    private static final int SIZE = 50_000;
    private static final int ROUNDS = Benchmarks.QUICK ? 3 : 15;
    private static final String HEAP = "-Xmx512m";

    /** At the most. */
    private static final int WARM_UP_ROUNDS = Benchmarks.QUICK ? 3 : 40;

    /** The rate is steady when so many rounds were no better than the best one before them, by so much. */
    private static final int STEADY_ROUNDS = 5;

    private static final double BETTER = 1.03;

    private static final String NO_UPLOAD = "no upload";
    private static final String VIAMDATA = "viamdata";

    private WarmFiles() {}

    static void run(Section section) throws Exception {
        Path directory = Files.createTempDirectory("benchmark");
        try (Worker service = new Worker(List.of("-Xmx512m"), NeutralService.class)) {
            fill(directory);
            Map<String, Worker> peers = start(directory, service.await("PORT")[0]);
            try {
                write(section, measure(peers, warmUp(peers)));
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
    private static int warmUp(Map<String, Worker> peers) throws IOException {
        Map<String, Double> best = new LinkedHashMap<>();
        int steady = 0;
        int round = 0;
        while (round < WARM_UP_ROUNDS && steady < STEADY_ROUNDS) {
            boolean better = false;
            for (Map.Entry<String, Double> turn : round(peers, round++).entrySet()) {
                better |= turn.getValue() > BETTER * best.getOrDefault(turn.getKey(), 0.0);
                best.merge(turn.getKey(), turn.getValue(), Math::max);
            }
            steady = better ? 0 : steady + 1;
        }
        System.out.println("warm after " + round + " rounds: " + best);
        return round;
    }

    /** Gives the files per second of each. */
    private static Map<String, Double> round(Map<String, Worker> peers, int round) throws IOException {
        List<String> order = new ArrayList<>(peers.keySet());
        Collections.rotate(order, round);
        Map<String, Double> rates = new LinkedHashMap<>();
        for (String peer : order) {
            long[] result = peers.get(peer).work("pass");
            rates.put(peer, result[0] * 1e9 / result[1]);
        }
        return rates;
    }

    private static List<Measurement> measure(Map<String, Worker> peers, int warmUp) throws IOException {
        String work = Section.format("%d files of %s, after %d rounds", FILES, Measurement.bytes(SIZE), warmUp);
        List<Measurement> measurements = new ArrayList<>(List.of(new Measurement(work, NO_UPLOAD)));
        if (peers.containsKey(Benchmarks.PREVIOUS)) {
            measurements.add(new Measurement(work, Benchmarks.PREVIOUS));
        }
        for (int i = 0; i < ROUNDS; i++) {
            Map<String, Double> rates = round(peers, i);
            for (Measurement measurement : measurements) {
                peers.keySet().stream()
                        .filter(peer -> measurement.floor().equals(NO_UPLOAD) || !peer.equals(NO_UPLOAD))
                        .forEach(peer -> measurement.add(peer, rates.get(peer), Double.NaN));
            }
        }
        measurements.forEach(Measurement::print);
        return measurements;
    }

    private static void write(Section section, List<Measurement> measurements) {
        section.title("A warm folder");
        section.text(Section.format("""
                A route from a folder, `file` -> `viamdata`, with the defaults of both, that leaves the files where they are and
                sends the same %d again and again with %s, until %d rounds in a row are no quicker than those before. *no upload*
                is the same route without the second step: what the source alone can give.
                """, FILES, HEAP, STEADY_ROUNDS));
        for (Measurement measurement : measurements) {
            Measurement.table(section, "files/s", List.of(measurement), 0);
        }
    }
}
