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
 * The tables of a suite. Each test class writes a section of its own into a folder of {@code target}; together they are a page
 * beside that folder, and the page that is kept when one run has written them all.
 */
final class Report {

    /** Of the fault suite. */
    static final Path DIRECTORY = Path.of("target", "fault-suite");

    private static final Suite FAULTS = new Suite(
            "fault-suite",
            // ThreadLimitIT is the sixth, where it can run.
            5,
            FaultSuiteIT.WHOLE && System.getProperty("faults.case", "").isEmpty(),
            """
            # The fault suite

            What happens to uploads when calls, connections, services and processes fail, against a service in `verification` that fails
            as it is told to, on real HTTP/2. These commands write this page:

            ```
            mvn -q install -DskipTests
            mvn -B -f verification/faults/pom.xml verify
            ```

            `-Dfaults.uploads=500` is quicker in all parts, and leaves this page as it is.
            """);
    private static final Set<Path> WRITTEN = ConcurrentHashMap.newKeySet();

    /**
     * @param name of the page and the folder
     * @param sections how many there have to be for the page to be kept
     * @param isWhole whether the suite runs as its page tells it, rather than in a short form
     * @param head what the page begins with
     */
    record Suite(String name, int sections, boolean isWhole, String head) {

        Path directory() {
            return Path.of("target", name);
        }

        Path page() {
            return Path.of("target", name + ".md");
        }

        Path kept() {
            return Path.of("src", "main", "docs", name + ".md");
        }
    }

    private final Suite suite;
    private final Path section;
    private final List<String> lines = new ArrayList<>();
    private final int head;

    /** A section of the fault suite. */
    Report(String name, String title, String text, String... columns) {
        this(FAULTS, name, title, text, columns);
    }

    Report(Suite suite, String name, String title, String text, String... columns) {
        this.suite = suite;
        this.section = suite.directory().resolve(name + ".md");
        lines.addAll(List.of("## " + title, "", text.strip(), ""));
        row((Object[]) columns);
        row(Stream.of(columns).map(column -> "---").toArray());
        head = lines.size();
    }

    synchronized void row(Object... cells) {
        StringBuilder line = new StringBuilder("|");
        for (Object cell : cells) {
            line.append(' ').append(cell).append(" |");
        }
        lines.add(line.toString());
        System.out.println(line);
    }

    /** Brings rows that were written by several threads into an order. */
    synchronized void sort() {
        lines.subList(head, lines.size()).sort(null);
    }

    /** A page with fewer rows than the one that is kept comes from a run of some cases. */
    private boolean isToBeKept(String page) throws IOException {
        return suite.isWhole()
                && (Files.notExists(suite.kept()) || rows(page) >= rows(Files.readString(suite.kept())))
                && WRITTEN.stream()
                                .filter(file -> file.startsWith(suite.directory()))
                                .count()
                        >= suite.sections();
    }

    private static long rows(String page) {
        return page.lines().filter(line -> line.startsWith("|")).count();
    }

    /** Writes the section, and the page anew. */
    synchronized void write() throws IOException {
        Files.createDirectories(suite.directory());
        Files.write(section, lines);
        WRITTEN.add(section);
        StringBuilder page = new StringBuilder(suite.head());
        try (Stream<Path> files = Files.list(suite.directory())) {
            for (Path file : files.filter(file -> file.toString().endsWith(".md"))
                    .sorted()
                    .toList()) {
                page.append('\n').append(Files.readString(file));
            }
        }
        Files.writeString(suite.page(), page);
        if (isToBeKept(page.toString())) {
            Files.createDirectories(suite.kept().getParent());
            Files.writeString(suite.kept(), page);
        }
    }
}
