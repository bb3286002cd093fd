// Copyright the camel-viamdata authors. SPDX-License-Identifier: Apache-2.0
package io.github.camelviamdata.examples;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The examples that are projects of their own. */
class ExampleProjectsTest {

    @ParameterizedTest
    @ValueSource(strings = {"file", "mqtt", "readings", "kafka", "capture", "relay", "offline", "export"})
    void canBeCopied(String name) throws Exception {
        Path folder = Path.of("examples", name);

        for (String file :
                new String[] {"README.md", "log4j2.xml", "application.properties", "application-cloud.properties"}) {
            assertThat(folder.resolve(file)).isRegularFile();
        }
    }
}
