// Copyright the camel-viamdata authors. SPDX-License-Identifier: Apache-2.0
package io.github.camelviamdata.docs;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.github.camelviamdata.support.Golden;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** The clients of Viam that a page names as tested are those that tests run, or whose requests were recorded. */
class ViamClientsTest {

    private static final Path PAGE = Path.of("examples/relay/README.md");

    /** Client and version, then the test. */
    private static final Pattern ROW =
            Pattern.compile("^\\| (.+? SDK) ([0-9.]+)[^|]*\\|.*`([\\w.]+)#(\\w+)`.*\\|$", Pattern.MULTILINE);

    @Test
    void eachIsTestedInTheVersionThatIsNamed() throws Exception {
        List<MatchResult> rows = ROW.matcher(Files.readString(PAGE)).results().toList();

        Set<String> tested = new TreeSet<>();
        Golden.all()
                .forEach(golden -> tested.add(golden.json().get("recordedFrom").asText()));
        JsonNode packages = new ObjectMapper().readTree(ViamClientsTest.class.getResource("/sdk/package.json"));
        tested.add("Viam TypeScript SDK "
                + packages.get("dependencies").get("@viamrobotics/sdk").asText());

        assertThat(rows)
                .extracting(row -> "Viam " + row.group(1) + " " + row.group(2))
                .containsExactlyElementsOf(tested);
        for (MatchResult row : rows) {
            assertThat(Documents.isTest(row.group(3), row.group(4)))
                    .as(row.group())
                    .isTrue();
        }
    }
}
