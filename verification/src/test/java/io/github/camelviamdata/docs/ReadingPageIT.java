// Copyright the camel-viamdata authors. SPDX-License-Identifier: Apache-2.0
package io.github.camelviamdata.docs;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The test in the page on reading. {@code ReadingPageTest} runs its routes. */
class ReadingPageIT {

    private static final Pattern TEST =
            Pattern.compile("\\[source#reading-test,java]\n----\n(.*?)\n----", Pattern.DOTALL);

    @TempDir
    Path folder;

    @Test
    void aTestReadsWithoutViam() throws Exception {
        Matcher block = TEST.matcher(Files.readString(Path.of("src/main/docs/viamdata-reading.adoc")));

        assertThat(block.find()).isTrue();
        JavaTest.run("ExportRouteTest", block.group(1), folder);
    }
}
