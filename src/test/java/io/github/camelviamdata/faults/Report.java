// Copyright the camel-viamdata authors. SPDX-License-Identifier: Apache-2.0
package io.github.camelviamdata.faults;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;

/**
 * The tables of the fault suite. Each test class writes a section of its own into {@code target/fault-suite}; together
 * they are {@code target/fault-suite.md}, and the page that is kept when one run has written them all.
 */
final class Report {

    static final Path DIRECTORY = Path.of("target", "fault-suite");

    private static final Path PAGE = Path.of("target", "fault-suite.md");
    private static final Path KEPT = Path.of("src", "main", "docs", "fault-suite.md");
    private static final Set<Path> WRITTEN = ConcurrentHashMap.newKeySet();
    private static final String HEAD = """
            # The fault suite

            What becomes of uploads when things go wrong. Written by

            ```
            mvn -B verify -Pfaults
            ```

            (`-Dfaults.uploads=500` is quicker in all parts, and leaves this page as it is), against a service in `src/test` that fails as
            it is told to, on real HTTP/2.
            """;

    private final Path section;
    private final List<String> lines = new ArrayList<>();

    Report(String name, String title, String text, String... columns) {
        this.section = DIRECTORY.resolve(name + ".md");
        lines.addAll(List.of("## " + title, "", text.strip(), ""));
        row((Object[]) columns);
        row(Stream.of(columns).map(column -> "---").toArray());
    }

    void row(Object... cells) {
        StringBuilder line = new StringBuilder("|");
        for (Object cell : cells) {
            line.append(' ').append(cell).append(" |");
        }
        lines.add(line.toString());
        System.out.println(line);
    }

    private static boolean isWhole() {
        // ThreadLimitIT is the sixth, where it can run.
        return WRITTEN.size() >= 5
                && FaultSuiteIT.WHOLE
                && System.getProperty("faults.case", "").isEmpty();
    }

    /** Writes the section as a page of its own into target, and where it is kept, if it is to be kept. */
    void writeAlone(String page, boolean keep) throws IOException {
        String text = String.join("\n", lines).replaceFirst("## ", "# ") + "\n";
        Files.createDirectories(DIRECTORY);
        Files.writeString(DIRECTORY.resolveSibling(page), text);
        if (keep) {
            Files.writeString(KEPT.resolveSibling(page), text);
        }
    }

    /** Writes the section, and the page anew. */
    void write() throws IOException {
        Files.createDirectories(DIRECTORY);
        Files.write(section, lines);
        WRITTEN.add(section);
        StringBuilder page = new StringBuilder(HEAD);
        try (Stream<Path> files = Files.list(DIRECTORY)) {
            for (Path file : files.filter(file -> file.toString().endsWith(".md"))
                    .sorted()
                    .toList()) {
                page.append('\n').append(Files.readString(file));
            }
        }
        Files.writeString(PAGE, page);
        if (isWhole()) {
            Files.createDirectories(KEPT.getParent());
            Files.writeString(KEPT, page);
        }
    }
}
