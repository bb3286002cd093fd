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
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/**
 * Makes sure that each command of each document is run by something, be it in part. In documents, a block of code without a language, or
 * with that of a shell, holds commands and nothing else; a diagram or an output is {@code text}.
 */
class CommandsTest {

    /** Lists each command, and what runs it: a test, or a script of {@code .ci} by the text that follows. */
    private static final Path RUNS = Path.of("src/test/resources/documents/commands.txt");

    /** What runs a command in part only, and what it leaves out or does instead. */
    private static final Pattern IN_PART = Pattern.compile("in part: (.+?) -- \\S.*");

    private static final Pattern MARKDOWN_BLOCK =
            Pattern.compile("^ *```(?:|shell|bash|sh|console)\n(.*?)^ *```$", Pattern.DOTALL | Pattern.MULTILINE);
    private static final Pattern ASCIIDOC_BLOCK = Pattern.compile(
            "^\\[source(?:#[\\w-]+)?,(?:shell|bash|sh|console)]\n----\n(.*?)^----$",
            Pattern.DOTALL | Pattern.MULTILINE);
    private static final Pattern EXAMPLE = Pattern.compile("-Dexample=(\\w+)");
    private static final String EACH_EXAMPLE = "$example";
    private static final Pattern INLINE = Pattern.compile("`((?:mvn|java|kubectl|kamel|git|docker|curl) [^`\n]*)`");

    @Test
    void eachCommandIsRunByATestOrByCi() throws IOException {
        assertThat(runs().keySet())
                .as("the commands in " + RUNS)
                .containsExactlyInAnyOrderElementsOf(commandsOfAllDocuments());
    }

    @Test
    void whatRunsThemExists() throws IOException {
        List<String> missing = new ArrayList<>();
        for (Map.Entry<String, String> run : runs().entrySet()) {
            Matcher part = IN_PART.matcher(run.getValue());
            String runner = part.matches() ? part.group(1) : run.getValue();
            if (!(runner.startsWith(".ci/") ? isInScript(run.getKey(), runner) : isTest(runner))) {
                missing.add(run.getKey() + ": " + run.getValue());
            }
        }
        assertThat(missing).isEmpty();
    }

    private static boolean isInScript(String command, String run) throws IOException {
        String[] parts = run.split(" ", 2);
        List<String> lines = Files.readAllLines(Path.of(parts[0])).stream()
                .filter(line -> !line.strip().startsWith("#"))
                .toList();
        return lines.stream().anyMatch(line -> line.contains(parts[1]))
                && (!run.contains(EACH_EXAMPLE)
                        || lines.stream()
                                .anyMatch(line -> line.matches("for example in .*\\b" + example(command) + "\\b.*")));
    }

    private static String example(String command) {
        Matcher example = EXAMPLE.matcher(command);
        return example.find() ? example.group(1) : "file";
    }

    private static boolean isTest(String name) {
        String[] parts = name.split("#");
        return parts.length == 2 && Documents.isTest(parts[0], parts[1]);
    }

    /** Pairs of lines, of which the second is indented. A line that begins with a number sign is a comment. */
    private static Map<String, String> runs() throws IOException {
        Map<String, String> runs = new LinkedHashMap<>();
        List<String> lines = Files.readAllLines(RUNS).stream()
                .filter(line -> !line.isBlank() && !line.startsWith("#"))
                .toList();
        for (int i = 0; i < lines.size(); i += 2) {
            assertThat(lines.get(i + 1)).startsWith("  ");
            assertThat(runs.put(lines.get(i), lines.get(i + 1).strip()))
                    .as(lines.get(i))
                    .isNull();
        }
        return runs;
    }

    private static Set<String> commandsOfAllDocuments() throws IOException {
        Set<String> commands = new TreeSet<>();
        for (Path document : Documents.all(".md", ".adoc")) {
            String text = Files.readString(document);
            boolean markdown = document.toString().endsWith(".md");
            Matcher block = (markdown ? MARKDOWN_BLOCK : ASCIIDOC_BLOCK).matcher(otherBlocksRemoved(text, markdown));
            StringBuilder rest = new StringBuilder();
            while (block.find()) {
                for (String line : block.group(1).replaceAll("\\\\\n *", "").split("\n")) {
                    commands.add(line.replaceFirst("(^| +)# .*", "").strip());
                }
                block.appendReplacement(rest, "");
            }
            Matcher inline = INLINE.matcher(block.appendTail(rest));
            while (inline.find()) {
                commands.add(inline.group(1));
            }
        }
        commands.remove("");
        return commands;
    }

    /** For the end of one block of Markdown not to be taken for the beginning of another. */
    private static String otherBlocksRemoved(String text, boolean markdown) {
        return markdown ? text.replaceAll("(?ms)^ *```(?!(?:|shell|bash|sh|console)\n)\\w+\n.*?^ *```$", "") : text;
    }
}
