// Copyright the camel-viamdata authors. SPDX-License-Identifier: Apache-2.0
package io.github.camelviamdata.docs;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/** The README is for ten minutes: what grows belongs into the pages that it links. A page can be read in one piece. */
class PageLengthTest {

    @Test
    void theReadmeIsShort() throws IOException {
        assertThat(Files.readAllLines(Path.of("README.md"))).hasSizeLessThanOrEqualTo(300);
    }

    @Test
    void noPageIsTooLong() throws IOException {
        for (Path page : Documents.all(".md", ".adoc")) {
            assertThat(Files.readAllLines(page)).as("%s", page).hasSizeLessThanOrEqualTo(1000);
        }
    }
}
