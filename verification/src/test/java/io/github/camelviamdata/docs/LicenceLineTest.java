// Copyright the camel-viamdata authors. SPDX-License-Identifier: Apache-2.0
package io.github.camelviamdata.docs;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What is not Java, which Spotless sees to, has its licence in one of its first two lines. */
class LicenceLineTest {

    private static final String LICENCE = "Copyright the camel-viamdata authors. SPDX-License-Identifier: Apache-2.0";

    @ParameterizedTest
    @CsvSource({
        ".proto, // ?",
        ".js, // ?",
        ".css, /* ? */",
        ".yaml, # ?",
        ".yml, # ?",
        ".properties, # ?",
        ".xml, <!-- ? -->",
        ".html, <!-- ? -->"
    })
    void isInEachFile(String ending, String form) throws IOException {
        assertThat(Documents.all(ending)).isNotEmpty().allSatisfy(file -> assertLicence(file, form));
    }

    @ParameterizedTest
    @CsvSource({"run", "compat", "reproducible"})
    void isInEachScript(String name) throws IOException {
        assertLicence(Path.of(".ci", name), "# ?");
    }

    private static void assertLicence(Path file, String form) throws IOException {
        try (var lines = Files.lines(file)) {
            assertThat(lines.limit(2)).as(file.toString()).contains(form.replace("?", LICENCE));
        }
    }
}
