// Copyright the camel-viamdata authors. SPDX-License-Identifier: Apache-2.0
package io.github.camelviamdata.benchmark;

import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Draws in SVG. */
final class Chart {

    private static final int LABELS = 190;
    private static final int BARS = 420;
    private static final int ROW = 16;
    private static final List<String> COLORS = List.of("#4c78a8", "#f58518", "#b279a2", "#72b7b2");

    private Chart() {}

    /** Ratios as bars, with the floor as a line and the middle half of the rounds as whiskers. */
    static String ratios(String title, List<Measurement> measurements) {
        StringBuilder svg = new StringBuilder();
        int y = 34;
        double scale = BARS / 1.5;
        for (Measurement measurement : measurements) {
            svg.append(text(8, y + 12, "bold", measurement.work()));
            y += ROW + 4;
            int color = 0;
            for (String peer : measurement.peers()) {
                if (!peer.equals(Measurement.FLOOR)) {
                    double ratio = measurement.ratio(peer);
                    double[] spread = measurement.spread(peer);
                    svg.append(text(20, y + 11, "normal", peer));
                    svg.append(String.format(
                            Locale.ROOT,
                            "<rect x='%d' y='%d' width='%.1f' height='%d' fill='%s'/>%n",
                            LABELS,
                            y,
                            Math.min(ratio, 1.5) * scale,
                            ROW - 4,
                            COLORS.get(color % COLORS.size())));
                    svg.append(String.format(
                            Locale.ROOT,
                            "<line x1='%.1f' x2='%.1f' y1='%d' y2='%d' stroke='#333'/>%n",
                            LABELS + Math.min(spread[0], 1.5) * scale,
                            LABELS + Math.min(spread[1], 1.5) * scale,
                            y + 6,
                            y + 6));
                    svg.append(text(LABELS + BARS + 8, y + 11, "normal", String.format(Locale.ROOT, "%.2f", ratio)));
                    y += ROW;
                }
                color++;
            }
            y += 6;
        }
        String floor = String.format(
                Locale.ROOT,
                "<line x1='%.1f' x2='%.1f' y1='28' y2='%d' stroke='#c00' stroke-dasharray='4 3'/>%n",
                LABELS + scale,
                LABELS + scale,
                y);
        return head(y + 10) + text(8, 20, "bold", title) + svg + floor + "</svg>\n";
    }

    /** Lines over equal steps, each relative to its own median, between 0 and 2. */
    static String lines(String title, Map<String, List<Double>> lines) {
        StringBuilder svg = new StringBuilder();
        int top = 34;
        int height = 200;
        int color = 0;
        for (Map.Entry<String, List<Double>> line : lines.entrySet()) {
            List<Double> values = line.getValue();
            double median = Measurement.quantile(values, 0.5);
            StringBuilder points = new StringBuilder();
            for (int i = 0; i < values.size(); i++) {
                points.append(String.format(
                        Locale.ROOT,
                        "%.1f,%.1f ",
                        LABELS + (double) BARS * i / (values.size() - 1),
                        top + height - Math.min(values.get(i) / median, 2) * height / 2));
            }
            String stroke = COLORS.get(color % COLORS.size());
            svg.append(String.format(
                    Locale.ROOT, "<polyline points='%s' fill='none' stroke='%s' stroke-width='2'/>%n", points, stroke));
            svg.append(String.format(
                    Locale.ROOT, "<rect x='8' y='%d' width='12' height='12' fill='%s'/>%n", top + color * 20, stroke));
            svg.append(text(26, top + 11 + color * 20, "normal", line.getKey()));
            color++;
        }
        for (int step = 0; step <= 2; step++) {
            int y = top + height - step * height / 2;
            svg.append(String.format(
                    "<line x1='%d' x2='%d' y1='%d' y2='%d' stroke='#999' stroke-dasharray='2 3'/>%n",
                    LABELS, LABELS + BARS, y, y));
            svg.append(text(LABELS + BARS + 8, y + 4, "normal", String.valueOf(step)));
        }
        return head(top + height + 10) + text(8, 20, "bold", title) + svg + "</svg>\n";
    }

    private static String head(int height) {
        return String.format(
                "<svg xmlns='http://www.w3.org/2000/svg' width='%d' height='%d' font-family='sans-serif' font-size='12'>%n"
                        + "<rect width='100%%' height='100%%' fill='white'/>%n",
                LABELS + BARS + 60, height);
    }

    private static String text(int x, int y, String weight, String text) {
        return String.format("<text x='%d' y='%d' font-weight='%s'>%s</text>%n", x, y, weight, text);
    }
}
