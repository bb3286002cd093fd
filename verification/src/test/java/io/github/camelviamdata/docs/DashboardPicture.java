// Copyright the camel-viamdata authors. SPDX-License-Identifier: Apache-2.0
package io.github.camelviamdata.docs;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Locale;

/** The picture of the dashboard in {@code examples/monitoring}: its panels as they lie, each with its title and what it sums up. */
final class DashboardPicture {

    static final Path FILE = Path.of("examples/monitoring/dashboard.svg");
    private static final Path DASHBOARD = Path.of("examples/monitoring/grafana-dashboard.json");

    /** Of Grafana's grid, in pixels. */
    private static final int COLUMN = 36;

    private static final int ROW = 14;
    private static final int GAP = 4;

    private DashboardPicture() {}

    /** @param base the root of the project */
    static String of(Path base) throws IOException {
        JsonNode panels =
                new ObjectMapper().readTree(base.resolve(DASHBOARD).toFile()).get("panels");
        StringBuilder svg = new StringBuilder();
        int height = 0;
        for (JsonNode panel : panels) {
            JsonNode place = panel.get("gridPos");
            int bottom = (place.get("y").asInt() + place.get("h").asInt()) * ROW;
            height = Math.max(height, bottom);
            draw(svg, panel, place);
        }
        return String.format(Locale.ROOT, """
                <svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 %d %d" font-family="sans-serif" font-size="13">
                <rect width="100%%" height="100%%" fill="#f4f5f5"/>
                %s</svg>
                """, 24 * COLUMN + GAP, height + GAP, svg);
    }

    private static void draw(StringBuilder svg, JsonNode panel, JsonNode place) {
        int x = place.get("x").asInt() * COLUMN + GAP;
        int y = place.get("y").asInt() * ROW + GAP;
        int width = place.get("w").asInt() * COLUMN - GAP;
        int height = place.get("h").asInt() * ROW - GAP;
        if (panel.get("type").asText().equals("row")) {
            text(svg, x + 4, y + 10, "bold", "#1f2933", panel.get("title").asText());
            return;
        }
        svg.append(String.format(
                Locale.ROOT,
                "<rect x=\"%d\" y=\"%d\" width=\"%d\" height=\"%d\" fill=\"#fff\" stroke=\"#c7d0d9\"/>%n",
                x,
                y,
                width,
                height));
        text(svg, x + 8, y + 18, "bold", "#1f2933", panel.get("title").asText());
        int line = y + 38;
        for (JsonNode target : panel.get("targets")) {
            text(
                    svg,
                    x + 8,
                    line,
                    "normal",
                    "#52616b",
                    target.get("legendFormat").asText().replaceAll("\\{\\{(\\w+)}}", "$1"));
            line += 17;
        }
    }

    private static void text(StringBuilder svg, int x, int y, String weight, String color, String text) {
        svg.append(String.format(
                Locale.ROOT,
                "<text x=\"%d\" y=\"%d\" font-weight=\"%s\" fill=\"%s\">%s</text>%n",
                x,
                y,
                weight,
                color,
                text.replace("&", "&amp;").replace("<", "&lt;")));
    }
}
