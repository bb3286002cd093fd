// Copyright the camel-viamdata authors. SPDX-License-Identifier: Apache-2.0
package io.github.camelviamdata.docs;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Every claim of SECURITY.md names tests that show it, and they exist. */
class SecurityPageTest {

    private static final Pattern CLAIM = Pattern.compile("^- \\*\\*([A-Z][0-9]+)\\*\\* (.*)$", Pattern.DOTALL);
    private static final Pattern SHOWN_BY = Pattern.compile("\\*Shown by ([^*]+)\\.\\*\\s*$");
    private static final Pattern TEST = Pattern.compile("`((?:[a-z]+\\.)*[A-Z]\\w*)\\.(\\w+)`");

    @Test
    void everyClaimIsShownByATest() throws Exception {
        Map<String, String> claims = claims();
        assertThat(claims).hasSizeGreaterThan(30);
        for (Map.Entry<String, String> claim : claims.entrySet()) {
            Matcher shownBy = SHOWN_BY.matcher(claim.getValue());
            assertThat(shownBy.find())
                    .as("%s names its tests at its end", claim)
                    .isTrue();
            Matcher test = TEST.matcher(shownBy.group(1));
            int tests = 0;
            while (test.find()) {
                assertThat(Documents.isTest(test.group(1), test.group(2)))
                        .as("%s of %s is a test", test.group(), claim.getKey())
                        .isTrue();
                tests++;
            }
            assertThat(tests).as("Tests of %s", claim.getKey()).isPositive();
        }
    }

    /** Rows of the table of costs: each names an attack of {@code AttackTest}, or another test, and no attack is missing. */
    @Test
    void everyCostIsShownByATest() throws Exception {
        List<String> shownBy = Files.readAllLines(Path.of("SECURITY.md")).stream()
                .dropWhile(line -> !line.startsWith("| Who | Does | Costs |"))
                .skip(2)
                .takeWhile(line -> line.startsWith("|"))
                .map(line -> line.substring(line.lastIndexOf('|', line.length() - 2) + 1, line.length() - 1)
                        .strip())
                .toList();
        List<String> attacks = attacks();

        assertThat(shownBy).hasSizeGreaterThan(10).doesNotHaveDuplicates().containsAll(attacks);
        assertThat(shownBy).filteredOn(row -> !attacks.contains(row)).allSatisfy(row -> {
            Matcher test = TEST.matcher(row);
            assertThat(test.matches()).as("%s is the name of a test", row).isTrue();
            assertThat(Documents.isTest(test.group(1), test.group(2)))
                    .as("%s is a test", row)
                    .isTrue();
        });
    }

    private static List<String> attacks() throws ClassNotFoundException {
        Object[] attacks = Class.forName("io.github.camelviamdata.server.AttackTest$Attack")
                .getEnumConstants();
        return Stream.of(attacks).map(attack -> "`" + attack + "`").toList();
    }

    /** The items of the lists that begin in bold, by their ID. */
    private static Map<String, String> claims() throws IOException {
        Map<String, String> claims = new LinkedHashMap<>();
        List<String> items = new ArrayList<>();
        boolean goesOn = false;
        for (String line : Files.readAllLines(Path.of("SECURITY.md"))) {
            if (line.startsWith("- **")) {
                items.add(line);
                goesOn = true;
            } else if (goesOn && line.startsWith("  ")) {
                items.add(items.remove(items.size() - 1) + " " + line.strip());
            } else {
                goesOn = false;
            }
        }
        for (String item : items) {
            Matcher claim = CLAIM.matcher(item);
            assertThat(claim.matches()).as("%s begins with an ID", item).isTrue();
            assertThat(claims.put(claim.group(1), claim.group(2)))
                    .as("%s is there once", claim.group(1))
                    .isNull();
        }
        return claims;
    }
}
