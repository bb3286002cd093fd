// Copyright the camel-viamdata authors. SPDX-License-Identifier: Apache-2.0
package io.github.camelviamdata.benchmark;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What an upload costs the processors, and how often its threads stand still. */
final class Threads {

    private static final int[] SIZES = {5_000, 50_000, 350_000, 1_000_000};

    private Threads() {}

    static void run(Section section) throws Exception {
        section.title("Threads");
        section.text("""
                For each upload, 16 at once: microseconds of processor time of the event loop of the connection, and of all
                other threads of the same Java runtime; how often a thread waited for another thread or for work; and how often
                it had to wait for a lock. Medians over the rounds. Each client has one connection.
                """);
        section.head(List.of(
                "Work", "Peer", "event loop, µs", "other threads, µs", "all, over raw", "waits", "locks taken"));
        try (Field field = new Field(Benchmarks.ALL, 0, "-Xmx512m")) {
            field.rounds("closed " + SIZES[0] + " 16 " + Benchmarks.WARM_UP_MILLIS, 1, (peer, result) -> {});
            for (int size : SIZES) {
                Map<String, List<double[]>> uses = new LinkedHashMap<>();
                field.rounds("closed " + size + " 16 " + 2 * Benchmarks.TURN_MILLIS, 1, (peer, result) -> {});
                field.rounds(
                        "threads " + size + " 16 " + 2 * Benchmarks.TURN_MILLIS,
                        2 * Benchmarks.ROUNDS,
                        (peer, result) -> uses.computeIfAbsent(peer, name -> new ArrayList<>())
                                .add(perUpload(result)));
                double floor = median(uses.get(Measurement.FLOOR), 0) + median(uses.get(Measurement.FLOOR), 1);
                uses.forEach((peer, rounds) -> section.row(List.of(
                        Measurement.bytes(size),
                        peer,
                        Section.format("%.1f", median(rounds, 0)),
                        Section.format("%.1f", median(rounds, 1)),
                        Section.format("%.2f", (median(rounds, 0) + median(rounds, 1)) / floor),
                        Section.format("%.2f", median(rounds, 2)),
                        Section.format("%.4f", median(rounds, 3)))));
            }
        }
    }

    private static double[] perUpload(long[] result) {
        double uploads = result[0];
        return new double[] {
            result[2] / uploads / 1e3, result[3] / uploads / 1e3, result[4] / uploads, result[5] / uploads
        };
    }

    private static double median(List<double[]> rounds, int value) {
        return Measurement.quantile(rounds.stream().map(round -> round[value]).toList(), 0.5);
    }
}
