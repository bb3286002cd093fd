// Copyright the camel-viamdata authors. SPDX-License-Identifier: Apache-2.0
package io.github.camelviamdata.docs;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** Wherever users copy the coordinates of this project from, they get the version of pom.xml. */
class DocumentedVersionTest {

    private static final Pattern COORDINATES = Pattern.compile(
            "(?:<artifactId>camel-viamdata</artifactId>\\s*<version>|<camel-viamdata[.]version>|:camel-viamdata:)"
                    + "(\\d[\\w.-]*)");

    @Test
    void isTheOneOfThePom() throws IOException {
        String version = versions(Path.of("pom.xml")).get(0);
        List<String> others = new ArrayList<>();
        int found = 0;
        for (Path file : Documents.all(".md", ".adoc", ".xml", ".yaml", "commands.txt")) {
            for (String other : versions(file)) {
                found++;
                if (!other.equals(version)) {
                    others.add(file + ": " + other);
                }
            }
        }
        assertThat(others).as("versions that are not " + version).isEmpty();
        assertThat(found).as("places that name a version").isGreaterThanOrEqualTo(10);
    }

    private static List<String> versions(Path file) throws IOException {
        return COORDINATES
                .matcher(Files.readString(file))
                .results()
                .map(match -> match.group(1))
                .toList();
    }
}
