// Copyright the camel-viamdata authors. SPDX-License-Identifier: Apache-2.0
package io.github.camelviamdata.docs;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class DocTablesTest {

    private static final String WRITE = "mvn -q -f verification/documents/pom.xml -Pwrite";

    static Set<Path> pages() {
        return DocTables.PAGES.keySet();
    }

    @ParameterizedTest
    @MethodSource("pages")
    void tablesAreThoseOfTheComponents(Path page) throws IOException {
        String text = Files.readString(page);

        assertThat(text)
                .as(page + " is stale. Bring its tables up to date with: " + WRITE)
                .isEqualTo(DocTables.update(page, text, Path.of("")));
    }

    @Test
    void springKnowsTheOptionsOfTheComponents() throws IOException {
        assertThat(Files.readString(SpringMetadata.FILE))
                .as(SpringMetadata.FILE + " is stale. Bring it up to date with: " + WRITE)
                .isEqualTo(SpringMetadata.of(DocTables.METADATA));
    }

    @Test
    void thePictureOfTheDashboardIsThatOfItsPanels() throws IOException {
        assertThat(Path.of("").resolve(DashboardPicture.FILE))
                .content()
                .isEqualTo(DashboardPicture.of(Path.of("")))
                .contains("Stored once");
    }
}
