// Copyright the camel-viamdata authors. SPDX-License-Identifier: Apache-2.0
package io.github.camelviamdata.examples;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The examples that are projects of their own. */
class ExampleProjectsTest {

    private static final int LINES = 80;

    @ParameterizedTest
    @ValueSource(strings = {"file", "mqtt", "readings", "kafka", "capture", "relay", "offline"})
    void canBeReadAndCopied(String name) throws Exception {
        Path folder = Path.of("examples", name);

        assertThat(Files.readAllLines(folder.resolve("pom.xml")))
                .as("a POM that fits on a page")
                .hasSizeLessThanOrEqualTo(LINES)
                .as("that needs no other one")
                .noneMatch(line -> line.contains("<parent>"));
        for (String file :
                new String[] {"README.md", "log4j2.xml", "application.properties", "application-cloud.properties"}) {
            assertThat(folder.resolve(file)).isRegularFile();
        }
    }
}
