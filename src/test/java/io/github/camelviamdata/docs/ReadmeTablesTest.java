// Copyright the camel-viamdata authors. SPDX-License-Identifier: Apache-2.0
package io.github.camelviamdata.docs;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import org.junit.jupiter.api.Test;

class ReadmeTablesTest {

    @Test
    void tablesOfTheReadmeAreThoseOfTheComponents() throws IOException {
        String readme = Files.readString(ReadmeTables.README);

        assertThat(readme)
                .as("README.md is stale. Bring its tables up to date with: mvn -q -Pdocs")
                .isEqualTo(ReadmeTables.update(readme, ReadmeTables.METADATA));
    }

    @Test
    void springKnowsTheOptionsOfTheComponents() throws IOException {
        assertThat(Files.readString(SpringMetadata.FILE))
                .as(SpringMetadata.FILE + " is stale. Bring it up to date with: mvn -q -Pdocs")
                .isEqualTo(SpringMetadata.of(ReadmeTables.METADATA));
    }
}
