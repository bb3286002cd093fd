// Copyright the camel-viamdata authors. SPDX-License-Identifier: Apache-2.0
package io.github.camelviamdata.docs;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * Makes sure that a test stands behind each row of the tables that say where a field comes from, what a time is, which capture files
 * are read, and what failures mean; and that texts of failures that these tables quote are those of the code.
 */
class ReferenceRowsTest {

    private static final List<Path> PAGES =
            List.of(Path.of("src/main/docs/viamdata-uploads.adoc"), Path.of("src/main/docs/viamdata-failures.adoc"));

    /** Lists each row by the heading of its first column and by its first cell, and the tests that show what it says. */
    private static final Path TESTS = Path.of("src/test/resources/documents/rows.txt");

    private static final List<String> SECTIONS = List.of("derivation", "errors", "refused", "capture");
    private static final Pattern TABLE = Pattern.compile("^\\|===\n(.*?)^\\|===$", Pattern.DOTALL | Pattern.MULTILINE);
    private static final Pattern QUOTED = Pattern.compile("(?<![\\w`])_(.+?)_(?!\\w)");

    /** What stands for something else in a quoted text, such as a number or what was left out; and what is a text of gRPC. */
    private static final Pattern PLACEHOLDER = Pattern.compile(
            "\\.\\.\\.|'|\\[\\d](\\.\\w+(\\[\\d])?)*|\\d+|CamelViamData\\w+(\\.\\w+)?|componentName|: (?=the )|Missing: |HTTP status code ");

    @Test
    void eachRowIsShownByATest() throws IOException {
        List<String> rows = rows();
        assertThat(rows).hasSizeGreaterThan(60).doesNotHaveDuplicates();
        assertThat(tests().keySet()).as("the rows in " + TESTS).containsExactlyInAnyOrderElementsOf(rows);
    }

    @Test
    void whatShowsThemAreTests() throws IOException {
        assertThat(tests().values().stream().flatMap(List::stream))
                .allSatisfy(test -> assertThat(Documents.isTest(
                                test.substring(0, test.indexOf('#')), test.substring(test.indexOf('#') + 1)))
                        .as(test)
                        .isTrue());
    }

    @Test
    void textsThatAreQuotedAreThoseOfTheCode() throws IOException {
        String code = code();
        List<String> parts = rows().stream()
                .flatMap(row -> QUOTED.matcher(row).results().map(match -> match.group(1)))
                .flatMap(text -> PLACEHOLDER.splitAsStream(text))
                .map(String::strip)
                .filter(part -> part.length() > 3)
                .toList();

        assertThat(parts)
                .hasSizeGreaterThan(40)
                .allSatisfy(part -> assertThat(code.contains(part))
                        .as("The code has the text '%s'", part)
                        .isTrue());
    }

    /** All classes, with texts that go on in the next line in one piece. */
    private static String code() throws IOException {
        try (Stream<Path> files = Files.walk(Path.of("src/main/java"))) {
            StringBuilder code = new StringBuilder();
            for (Path file :
                    files.filter(path -> path.toString().endsWith(".java")).toList()) {
                code.append(Files.readString(file).replaceAll("\"\\s*\\+\\s*\"", ""));
            }
            return code.toString();
        }
    }

    private static List<String> rows() throws IOException {
        String page = Files.readString(PAGES.get(0)) + Files.readString(PAGES.get(1));
        return SECTIONS.stream()
                .flatMap(section -> TABLE.matcher(section(page, section)).results())
                .map((MatchResult table) -> table.group(1))
                .flatMap(ReferenceRowsTest::rowsOf)
                .toList();
    }

    private static String section(String page, String id) {
        Matcher section = Pattern.compile("^\\[#" + id + "]\n(.*?)(?=^\\[#|\\z)", Pattern.DOTALL | Pattern.MULTILINE)
                .matcher(page);
        assertThat(section.find()).as("The section " + id).isTrue();
        return section.group(1);
    }

    /** The first line has the headings, and an empty line comes before each row. */
    private static Stream<String> rowsOf(String table) {
        List<String> rows = Stream.of(table.split("\n\n")).map(String::strip).toList();
        String heading = rows.get(0).substring(2).split(" \\| ")[0];
        return rows.stream().skip(1).map(row -> heading + ": " + firstCell(row));
    }

    private static String firstCell(String row) {
        return Stream.of(row.substring(2).split("\n"))
                .takeWhile(line -> !line.startsWith("|"))
                .collect(Collectors.joining(" "));
    }

    /** A row, and in lines below it that are indented, a test each. A line that begins with a number sign is a comment. */
    private static Map<String, List<String>> tests() throws IOException {
        Map<String, List<String>> tests = new LinkedHashMap<>();
        List<String> last = new ArrayList<>();
        for (String line : Files.readAllLines(TESTS)) {
            if (line.startsWith("  ")) {
                last.add(line.strip());
            } else if (!line.isBlank() && !line.startsWith("#")) {
                last = new ArrayList<>();
                assertThat(tests.put(line, last)).as(line).isNull();
            }
        }
        assertThat(tests).allSatisfy((row, shown) -> assertThat(shown).as(row).isNotEmpty());
        return tests;
    }
}
