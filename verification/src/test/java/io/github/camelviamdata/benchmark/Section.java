// Copyright the camel-viamdata authors. SPDX-License-Identifier: Apache-2.0
package io.github.camelviamdata.benchmark;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import java.util.Locale;

/** Text of the page, and the charts that belong to it, in files that begin with the name of the part. */
final class Section {

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
        Files.writeString(directory.resolve(name + ".md"), text);
    }

    static String format(String format, Object... values) {
        return String.format(Locale.ROOT, format, values);
    }
}
