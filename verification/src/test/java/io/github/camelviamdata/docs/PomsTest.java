// Copyright the camel-viamdata authors. SPDX-License-Identifier: Apache-2.0
package io.github.camelviamdata.docs;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The POM of what ships, those of the examples, and those of the tests that are not with it. */
class PomsTest {

    private static final Path ROOT = Path.of("pom.xml");
    private static final Path VERIFICATION = Path.of("verification/pom.xml");
    private static final Pattern VERSION = Pattern.compile("<((?!project)[\\w-]+[.]version)>(.+)</\\1>");
    private static final Pattern DEPENDENCY =
            Pattern.compile("<groupId>(.+?)</groupId><artifactId>(.+?)</artifactId><version>(.+?)</version>");

    @Test
    void theRootIsShort() throws IOException {
        assertThat(Files.readAllLines(ROOT)).hasSizeLessThanOrEqualTo(450);
    }

    @ParameterizedTest
    @MethodSource
    void anExampleFitsOnAPageAndNeedsNoOtherPom(Path pom) throws IOException {
        assertThat(Files.readAllLines(pom)).hasSizeLessThanOrEqualTo(80).noneMatch(line -> line.contains("<parent>"));
    }

    static List<Path> anExampleFitsOnAPageAndNeedsNoOtherPom() throws IOException {
        try (Stream<Path> folders = Files.list(Path.of("examples"))) {
            List<Path> poms = folders.map(folder -> folder.resolve("pom.xml"))
                    .filter(Files::exists)
                    .sorted()
                    .toList();
            assertThat(poms).hasSizeGreaterThanOrEqualTo(9);
            return poms;
        }
    }

    /** They have no common parent: the root is a jar, and is published. */
    @Test
    void verificationHasTheVersionsOfTheRoot() throws IOException {
        assertAgree(versions(VERSION, ROOT), versions(VERSION, VERIFICATION), 10);
        assertAgree(versions(DEPENDENCY, ROOT), versions(DEPENDENCY, VERIFICATION), 20);
    }

    private static void assertAgree(Map<String, String> root, Map<String, String> verification, int atLeast) {
        root.keySet().retainAll(verification.keySet());
        verification.keySet().retainAll(root.keySet());

        assertThat(verification).hasSizeGreaterThanOrEqualTo(atLeast).isEqualTo(root);
    }

    /** By the name of the property, or of group and artifact. */
    private static Map<String, String> versions(Pattern pattern, Path pom) throws IOException {
        return pattern.matcher(Files.readString(pom))
                .results()
                .collect(Collectors.toMap(
                        match -> match.groupCount() == 2 ? match.group(1) : match.group(1) + ":" + match.group(2),
                        match -> match.group(match.groupCount()),
                        (first, second) -> first));
    }
}
