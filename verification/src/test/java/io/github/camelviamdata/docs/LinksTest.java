// Copyright the camel-viamdata authors. SPDX-License-Identifier: Apache-2.0
package io.github.camelviamdata.docs;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Follows all links of all documents to places in this repository. */
class LinksTest {

    private static final Pattern MARKDOWN_CODE =
            Pattern.compile("^( *```).*?^\\1`*$|`[^`\n]*`", Pattern.DOTALL | Pattern.MULTILINE);
    private static final Pattern MARKDOWN_LINK = Pattern.compile("\\]\\(([^)\\s]+)\\)");
    private static final Pattern MARKDOWN_HEADING = Pattern.compile("^#+ (.*)$", Pattern.MULTILINE);

    private static final Pattern ASCIIDOC_CODE = Pattern.compile("^----$.*?^----$", Pattern.DOTALL | Pattern.MULTILINE);
    private static final Pattern ASCIIDOC_LINK =
            Pattern.compile("(?:link:|xref:|image::?)([^\\[\\s]+)\\[|<<(#?[^,>]+)[,>]");
    private static final Pattern ASCIIDOC_ID = Pattern.compile("^\\[(?:\\w*)#([\\w-]+)", Pattern.MULTILINE);
    private static final Pattern ASCIIDOC_HEADING = Pattern.compile("^=+ (.*)$", Pattern.MULTILINE);

    static List<Path> documents() throws IOException {
        return Documents.all(".md", ".adoc");
    }

    @ParameterizedTest
    @MethodSource("documents")
    void everyLinkLeadsSomewhere(Path document) throws IOException {
        List<String> dead = new ArrayList<>();
        for (String link : links(document)) {
            if (!link.matches("[a-z]+:.*") && !leadsSomewhere(document, link)) {
                dead.add(link);
            }
        }
        assertThat(dead).as("links of %s that lead nowhere", document).isEmpty();
    }

    private static List<String> links(Path document) throws IOException {
        boolean markdown = document.toString().endsWith(".md");
        String text = (markdown ? MARKDOWN_CODE : ASCIIDOC_CODE)
                .matcher(Files.readString(document))
                .replaceAll("");
        Matcher link = (markdown ? MARKDOWN_LINK : ASCIIDOC_LINK).matcher(text);
        List<String> links = new ArrayList<>();
        while (link.find()) {
            // The short form is one to a place in the same document.
            links.add(
                    link.group(1) != null ? link.group(1) : "#" + link.group(2).replace("#", ""));
        }
        return links;
    }

    private static boolean leadsSomewhere(Path document, String link) throws IOException {
        String[] parts = link.split("#", 2);
        Path target = parts[0].isEmpty()
                ? document
                : document.resolveSibling(parts[0]).normalize();
        if (parts.length == 1 || !Files.isRegularFile(target)) {
            return parts.length == 1 && Files.exists(target);
        }
        return anchors(target).contains(parts[1]);
    }

    /** The places in a document, as GitHub names them. */
    private static Set<String> anchors(Path document) throws IOException {
        boolean markdown = document.toString().endsWith(".md");
        String text = Files.readString(document);
        Set<String> anchors = new HashSet<>();
        if (!markdown) {
            Matcher id = ASCIIDOC_ID.matcher(text);
            while (id.find()) {
                anchors.add(id.group(1));
            }
            text = ASCIIDOC_CODE.matcher(text).replaceAll("");
        }
        Matcher heading = (markdown ? MARKDOWN_HEADING : ASCIIDOC_HEADING).matcher(text);
        while (heading.find()) {
            anchors.add(heading.group(1)
                    .toLowerCase(Locale.ROOT)
                    .replaceAll("[^\\p{L}\\p{N} _-]", "")
                    .replace(' ', '-'));
        }
        return anchors;
    }
}
