// Copyright the camel-viamdata authors. SPDX-License-Identifier: Apache-2.0
package io.github.camelviamdata.benchmark;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What peers reached at one kind of work, in rounds in which each had its turn. Values are compared within a round only,
 * because between rounds the machine may have had other things to do.
 */
final class Measurement {

    static final String FLOOR = "raw";

    private final String work;
    private final String floor;
    private final Map<String, List<Double>> rates = new LinkedHashMap<>();
    private final Map<String, List<Double>> allocations = new LinkedHashMap<>();

    /** @param work what was done, for the reader */
    Measurement(String work) {
        this(work, FLOOR);
    }

    /**
     * @param work what was done, for the reader
     * @param floor the peer that the others are compared with
     */
    Measurement(String work, String floor) {
        this.work = work;
        this.floor = floor;
    }

    String floor() {
        return floor;
    }

    String work() {
        return work;
    }

    List<String> peers() {
        return List.copyOf(rates.keySet());
    }

    /**
     * Adds the turn of a peer.
     *
     * @param rate the more the better
     * @param allocated bytes for each upload; NaN if not measured
     */
    void add(String peer, double rate, double allocated) {
        rates.computeIfAbsent(peer, name -> new ArrayList<>()).add(rate);
        allocations.computeIfAbsent(peer, name -> new ArrayList<>()).add(allocated);
    }

    double rate(String peer) {
        return quantile(rates.get(peer), 0.5);
    }

    /** The part of the floor's rate that the peer reached: the median over the rounds. */
    double ratio(String peer) {
        return quantile(ratios(rates, peer), 0.5);
    }

    /** The middle half of the ratios. */
    double[] spread(String peer) {
        List<Double> ratios = ratios(rates, peer);
        return new double[] {quantile(ratios, 0.25), quantile(ratios, 0.75)};
    }

    double allocated(String peer) {
        return quantile(allocations.get(peer), 0.5);
    }

    double allocationRatio(String peer) {
        return quantile(ratios(allocations, peer), 0.5);
    }

    /** Adds a table of the floor's rates and the others' ratios. */
    static void table(Section section, String unit, List<Measurement> measurements, int digits) {
        List<String> peers = measurements.get(0).peers();
        String floor = measurements.get(0).floor();
        List<String> head = new ArrayList<>(List.of("Work"));
        peers.forEach(peer -> head.add(peer.equals(floor) ? floor + ", " + unit : peer));
        section.head(head);
        for (Measurement measurement : measurements) {
            List<String> cells = new ArrayList<>(List.of(measurement.work()));
            for (String peer : peers) {
                double[] spread = measurement.spread(peer);
                cells.add(
                        peer.equals(floor)
                                ? Section.format("%." + digits + "f", measurement.rate(peer))
                                : Section.format("%.2f (%.2f-%.2f)", measurement.ratio(peer), spread[0], spread[1]));
            }
            section.row(cells);
        }
    }

    /** Says on the console how it went. */
    void print() {
        StringBuilder line = new StringBuilder(work);
        for (String peer : peers()) {
            line.append(Section.format("; %s %.1f (%.2f)", peer, rate(peer), ratio(peer)));
        }
        System.out.println(line);
    }

    static String bytes(long size) {
        if (size >= 1 << 30) {
            return (size >> 30) + " GiB";
        }
        return size >= 1_000_000 ? size / 1_000_000 + " MB" : size / 1_000 + " KB";
    }

    private List<Double> ratios(Map<String, List<Double>> values, String peer) {
        List<Double> ratios = new ArrayList<>();
        for (int round = 0; round < values.get(peer).size(); round++) {
            ratios.add(values.get(peer).get(round) / values.get(floor).get(round));
        }
        return ratios;
    }

    static double quantile(List<Double> values, double part) {
        List<Double> sorted = values.stream().sorted().toList();
        double position = part * (sorted.size() - 1);
        int below = (int) position;
        double above = sorted.get(Math.min(below + 1, sorted.size() - 1));
        return sorted.get(below) + (position - below) * (above - sorted.get(below));
    }
}
