// Copyright the camel-viamdata authors. SPDX-License-Identifier: Apache-2.0
package io.github.camelviamdata.benchmark;

import java.util.ArrayList;
import java.util.List;

/** A dataset that is read as a queue. */
final class ReadRates {

    private static final int PARALLEL = 16;
    private static final int[] ROUND_TRIPS = {0, 20};

    private ReadRates() {}

    static void run(Section section) throws Exception {
        List<Measurement> measurements = new ArrayList<>();
        for (int roundTrip : ROUND_TRIPS) {
            measurements.add(measure(roundTrip));
        }
        section.title("Reading back");
        section.text("""
                Items of 50 KB of a dataset that is read as a queue, %d downloads at once. `raw` does the same with grpc-java's stubs and
                nothing around them: it lists a page of 100, downloads each item, and takes the 100 out of the dataset in one call;
                `viamdata` is a route that counts, with `parallelDownloads=%d`.
                """.formatted(PARALLEL, PARALLEL));
        Measurement.table(section, "items/s", measurements, 1);
    }

    private static Measurement measure(int roundTrip) throws Exception {
        Measurement measurement =
                new Measurement(roundTrip == 0 ? "loopback" : "round trip of " + roundTrip + " ms", Measurement.FLOOR);
        for (int fork = 0; fork < Benchmarks.FORKS; fork++) {
            try (Field field = new Field(Reader.class, List.of(Measurement.FLOOR, "viamdata"), roundTrip, "-Xmx512m")) {
                String work = "50000 " + PARALLEL + " ";
                field.rounds(work + Benchmarks.WARM_UP_MILLIS, 1, (peer, result) -> {});
                field.rounds(
                        work + 2 * Benchmarks.TURN_MILLIS,
                        2 * Benchmarks.ROUNDS,
                        (peer, result) ->
                                measurement.add(peer, result[0] * 1e9 / result[1], (double) result[2] / result[0]));
            }
        }
        measurement.print();
        return measurement;
    }
}
