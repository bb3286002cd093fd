// Copyright the camel-viamdata authors. SPDX-License-Identifier: Apache-2.0
package io.github.camelviamdata.docs;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The code of {@code README.md}, out of that page. */
public final class ReadmeBlocks {

    private static final Path PAGE = Path.of("README.md");

    /** A heading, or a block of code of which it says what it is; commands do not. */
    private static final Pattern PART =
            Pattern.compile("^#+ ([^\n]*)$|^```(\\w+)\n(.*?)\n```$", Pattern.DOTALL | Pattern.MULTILINE);

    private ReadmeBlocks() {}

    /** By heading and language, and from the second of a kind on, a number. */
    static Map<String, String> all() throws IOException {
        Map<String, String> blocks = new LinkedHashMap<>();
        String heading = "";
        Matcher part = PART.matcher(Files.readString(PAGE));
        while (part.find()) {
            if (part.group(1) != null) {
                heading = part.group(1);
                continue;
            }
            String first = heading + ", " + part.group(2);
            String name = first;
            for (int i = 2; blocks.containsKey(name); i++) {
                name = first + " " + i;
            }
            blocks.put(name, part.group(3));
        }
        return blocks;
    }

    /** Places and ports come in pairs: what the page has, and what it is here. */
    public static String block(String name, Object... replacements) throws IOException {
        return replaced(all().get(name), replacements);
    }

    private static String replaced(String code, Object... replacements) {
        for (int i = 0; i < replacements.length; i += 2) {
            assertThat(code).contains(replacements[i].toString());
            code = code.replace(replacements[i].toString(), replacements[i + 1].toString());
        }
        return code;
    }
}
