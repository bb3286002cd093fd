// Copyright the camel-viamdata authors. SPDX-License-Identifier: Apache-2.0
package io.github.camelviamdata.docs;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Whoever reads the page of the architecture finds the classes that it names, and all rooms on it. */
class ArchitecturePageTest {

    private static final Path CODE = Path.of("src/main/java/io/github/camelviamdata");
    private static final Pattern CLASS = Pattern.compile("`@?([A-Z][a-z]\\w+)`");

    private final String page = Files.readString(Path.of("src/main/docs/architecture.md"));

    ArchitecturePageTest() throws IOException {}

    @Test
    void namesClassesThatThereAre() throws IOException {
        Set<String> classes = new TreeSet<>();
        for (Path code : List.of(CODE, Path.of("src/test/java"), Path.of("verification/src"))) {
            try (Stream<Path> files = Files.walk(code)) {
                files.map(file -> file.getFileName().toString())
                        .filter(name -> name.endsWith(".java"))
                        .forEach(name -> classes.add(name.replace(".java", "")));
            }
        }

        Set<String> named = CLASS.matcher(page)
                .results()
                .map((MatchResult match) -> match.group(1))
                .collect(Collectors.toSet());

        assertThat(named).hasSizeGreaterThan(20).isSubsetOf(classes);
    }

    @Test
    void namesEveryRoom() throws IOException {
        try (Stream<Path> rooms = Files.list(CODE)) {
            assertThat(rooms.filter(Files::isDirectory).map(room -> "\n| `" + room.getFileName() + "/` |"))
                    .isNotEmpty()
                    .allSatisfy(row -> assertThat(page).contains(row));
        }
    }
}
