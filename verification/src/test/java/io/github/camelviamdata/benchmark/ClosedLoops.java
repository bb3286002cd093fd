// Copyright the camel-viamdata authors. SPDX-License-Identifier: Apache-2.0
package io.github.camelviamdata.benchmark;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Keeps a fixed number of uploads in flight, for each size and number. */
final class ClosedLoops {

    private static final int[] UNARY_SIZES = {5_000, 50_000, 350_000, 1_000_000};
    private static final int[] STREAM_SIZES = {5_000_000, 50_000_000};
    private static final int[] CONCURRENCY = {1, 16, 64};

    /** The component with the option {@code once} and a ledger in a file. */
    static final String ONCE = "viamdata-once";

    private static final String VIAMDATA = "viamdata";

    private ClosedLoops() {}

    static void once(Section section) throws Exception {
        List<Measurement> measurements = List.of(once("loopback", 0), once("round trip of 20 ms", 20));
        section.title("Stored once");
        section.text(Section.format(
                """
                Uploads of 50 KB, 16 at once, with `once=lookback` and `ledger=file:` on the disk, each of a key of its own, beside the
                same without. On loopback both wait for nothing but the processor, and each sync of the disk takes some of it. Bytes
                allocated for an upload: %.0f with, %.0f without.
                """, measurements.get(0).allocated(ONCE), measurements.get(0).allocated(VIAMDATA)));
        Measurement.table(section, "uploads/s", measurements, 1);
    }

    private static Measurement once(String link, int roundTrip) throws Exception {
        Measurement measurement = new Measurement(link, VIAMDATA);
        for (int fork = 0; fork < Benchmarks.FORKS; fork++) {
            try (Field field = new Field(List.of(VIAMDATA, ONCE), roundTrip, "-Xmx512m")) {
                field.rounds("closed 50000 16 " + Benchmarks.WARM_UP_MILLIS, 1, (peer, result) -> {});
                field.rounds(
                        "closed 50000 16 " + 2 * Benchmarks.TURN_MILLIS,
                        2 * Benchmarks.ROUNDS,
                        (peer, result) ->
                                measurement.add(peer, result[0] * 1e9 / result[1], (double) result[2] / result[0]));
            }
        }
        measurement.print();
        return measurement;
    }

    static void unary(Section section) throws Exception {
        List<Measurement> measurements = measure(Benchmarks.ALL, UNARY_SIZES, 0, Benchmarks.FORKS);
        section.title("Uploads in one message");
        Measurement.table(section, "uploads/s", measurements, 1);
        section.chart("Uploads in one message", Chart.ratios("Uploads per second over raw grpc-java", measurements));
        allocations(section, measurements);
    }

    static void streams(Section section) throws Exception {
        List<Measurement> measurements = measure(Benchmarks.STREAMING, STREAM_SIZES, 0, Benchmarks.FORKS);
        section.title("Streams");
        Measurement.table(section, "streams/s", measurements, 2);
        section.chart("Streams", Chart.ratios("Streams per second over the raw pump", measurements));
    }

    static void tabular(Section section) throws Exception {
        List<Measurement> measurements = new ArrayList<>();
        try (Field field = new Field(Benchmarks.TABULAR, 0, "-Xmx512m")) {
            field.rounds("readings 1 16 " + Benchmarks.WARM_UP_MILLIS, 1, (peer, result) -> {});
            for (int concurrency : CONCURRENCY) {
                measurements.add(readings(field, 1, concurrency));
            }
            measurements.add(readings(field, 1_000, 16));
        }
        section.title("Readings");
        section.text(
                "Maps of five values. Both sides make a protobuf `Struct` of each, by the same code; `raw` checks no size.");
        Measurement.table(section, "readings/s", measurements, 1);
    }

    private static Measurement readings(Field field, int count, int concurrency) throws Exception {
        Measurement measurement = new Measurement(count + " in a request, " + concurrency + " at once");
        String turn = "readings " + count + " " + concurrency + " " + Benchmarks.TURN_MILLIS;
        field.rounds(turn, 1, (peer, result) -> {});
        field.rounds(
                turn,
                Benchmarks.ROUNDS,
                (peer, result) -> measurement.add(
                        peer, (double) count * result[0] * 1e9 / result[1], (double) result[2] / result[0]));
        measurement.print();
        return measurement;
    }

    static void link(Section section) throws Exception {
        List<Measurement> measurements = measure(Benchmarks.OFF_LOOP, UNARY_SIZES, Benchmarks.ROUND_TRIP_MILLIS, 1);
        section.title("Across a round trip of 50 ms");
        section.text("Nearly all of the time is waiting: 64 at once can be 1280 a second at most. In one fork.");
        Measurement.table(section, "uploads/s", measurements, 1);
    }

    private static List<Measurement> measure(List<String> peers, int[] sizes, int roundTrip, int forks)
            throws Exception {
        Map<String, Measurement> measurements = new LinkedHashMap<>();
        for (int fork = 0; fork < forks; fork++) {
            try (Field field = new Field(peers, roundTrip, "-Xmx512m")) {
                field.rounds("closed " + sizes[0] + " 16 " + Benchmarks.WARM_UP_MILLIS, 1, (peer, result) -> {});
                for (int size : sizes) {
                    for (int concurrency : CONCURRENCY) {
                        String work = Measurement.bytes(size) + ", " + concurrency + " at once";
                        Measurement measurement = measurements.computeIfAbsent(work, Measurement::new);
                        String turn = "closed " + size + " " + concurrency + " ";
                        field.rounds(turn + Benchmarks.TURN_MILLIS, 1, (peer, result) -> {});
                        // In a short turn, the round trip of the last uploads would count for much.
                        field.rounds(
                                turn + Math.max(Benchmarks.TURN_MILLIS, 30 * roundTrip),
                                Benchmarks.ROUNDS,
                                (peer, result) -> measurement.add(
                                        peer, result[0] * 1e9 / result[1], (double) result[2] / result[0]));
                        measurement.print();
                    }
                }
            }
        }
        return List.copyOf(measurements.values());
    }

    private static void allocations(Section section, List<Measurement> measurements) {
        section.title("Bytes allocated for an upload");
        section.text("On the heap, by all threads; the ratio is over `raw`.");
        List<String> head = new ArrayList<>(List.of("Work"));
        head.addAll(Benchmarks.ALL);
        section.head(head);
        for (Measurement measurement : measurements) {
            List<String> cells = new ArrayList<>(List.of(measurement.work()));
            for (String peer : Benchmarks.ALL) {
                cells.add(
                        Section.format("%.0f (%.2f)", measurement.allocated(peer), measurement.allocationRatio(peer)));
            }
            section.row(cells);
        }
    }
}
