// Copyright the camel-viamdata authors. SPDX-License-Identifier: Apache-2.0
package io.github.camelviamdata.benchmark;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Cameras that do not wait for one another. */
final class Cameras {

    private Cameras() {}

    static void run(Section section) throws Exception {
        Map<String, List<long[]>> latencies = new LinkedHashMap<>();
        try (Field field = new Field(Benchmarks.ALL, 0, "-Xmx512m")) {
            field.rounds("open 50000 16 10 3", 1, (peer, result) -> {});
            field.rounds(
                    "open 50000 16 10 " + (Benchmarks.QUICK ? 3 : 6),
                    Benchmarks.ROUNDS,
                    (peer, result) -> latencies
                            .computeIfAbsent(peer, name -> new ArrayList<>())
                            .add(result));
        }
        section.title("Sixteen cameras");
        section.text(
                "16 cameras, each with 10 pictures of 50 KB a second. Latency in ms, from when a picture was due; medians"
                        + " over the rounds.");
        section.head(List.of("Peer", "50 %", "99 %", "99.9 %", "99 % over raw"));
        latencies.forEach((peer, results) -> section.row(List.of(
                peer,
                Section.format("%.2f", median(results, 0) / 1e6),
                Section.format("%.2f", median(results, 1) / 1e6),
                Section.format("%.2f", median(results, 2) / 1e6),
                Section.format("%.2f", median(results, 1) / median(latencies.get(Measurement.FLOOR), 1)))));
    }

    private static double median(List<long[]> results, int column) {
        return results.stream().mapToLong(result -> result[column]).sorted().toArray()[results.size() / 2];
    }
}
