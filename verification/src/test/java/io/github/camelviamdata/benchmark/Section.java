// Copyright the camel-viamdata authors. SPDX-License-Identifier: Apache-2.0
package io.github.camelviamdata.benchmark;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

/**
 * Text of the page, and the charts that belong to it, in files that begin with the name of the part. It begins with an anchor of that
 * name, by which it is found on the page, and ends with where and when it was measured.
 */
final class Section {

    private static final Pattern ANCHOR = Pattern.compile("(?m)^\\n<a id=\"(\\w+)\"></a>\\n");

    private final Path directory;
    private final String name;
    private final StringBuilder text = new StringBuilder();

    /**
     * @param directory where its files go
     * @param name of the part
     */
    Section(Path directory, String name) {
        this.directory = directory;
        this.name = name;
        text.append("\n<a id=\"").append(name).append("\"></a>\n");
    }

    /** The text of each part that is on a page, by its name. */
    static Map<String, String> ofPage(Path page) throws IOException {
        String text = Files.readString(page);
        Map<String, String> sections = new LinkedHashMap<>();
        List<MatchResult> anchors = ANCHOR.matcher(text).results().toList();
        for (int i = 0; i < anchors.size(); i++) {
            int end = i + 1 < anchors.size() ? anchors.get(i + 1).start() : text.length();
            sections.put(anchors.get(i).group(1), text.substring(anchors.get(i).start(), end));
        }
        return sections;
    }

    void title(String title) {
        text.append("\n## ").append(title).append('\n');
    }

    /** Adds a paragraph. */
    void text(String paragraph) {
        text.append('\n').append(paragraph.strip()).append('\n');
    }

    void head(List<String> cells) {
        text.append('\n');
        row(cells);
        row(Collections.nCopies(cells.size(), "---"));
    }

    void row(List<String> cells) {
        text.append("| ").append(String.join(" | ", cells)).append(" |\n");
    }

    /** Adds a drawing, in SVG. */
    void chart(String caption, String svg) throws IOException {
        String file = "benchmark-" + name + ".svg";
        Files.writeString(directory.resolve(file), svg);
        text("![" + caption + "](" + file + ")");
    }

    void write() throws IOException {
        text("Measured with " + Benchmarks.environment() + ".");
        Files.writeString(directory.resolve(name + ".md"), text);
    }

    static String format(String format, Object... values) {
        return String.format(Locale.ROOT, format, values);
    }
}
