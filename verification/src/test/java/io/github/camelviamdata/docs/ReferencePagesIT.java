// Copyright the camel-viamdata authors. SPDX-License-Identifier: Apache-2.0
package io.github.camelviamdata.docs;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.asciidoctor.Asciidoctor;
import org.asciidoctor.Attributes;
import org.asciidoctor.Options;
import org.asciidoctor.SafeMode;
import org.asciidoctor.log.LogRecord;
import org.asciidoctor.log.Severity;
import org.junit.jupiter.api.Test;

/** Makes HTML of the reference pages, in {@code target/docs}, as their readers see them. */
class ReferencePagesIT {

    private static final Path OUTPUT = Path.of("target/docs");

    @Test
    void allPagesAreSoundAsciiDoc() throws IOException {
        Map<Path, List<String>> faults = new TreeMap<>();
        Files.createDirectories(OUTPUT);
        // Asciidoctor writes to it what the handler below is told.
        Logger.getLogger("asciidoctor").setLevel(Level.OFF);
        try (Asciidoctor asciidoctor = Asciidoctor.Factory.create()) {
            List<LogRecord> records = new ArrayList<>();
            asciidoctor.registerLogHandler(records::add);
            for (Path page : Documents.all(".adoc")) {
                records.clear();
                String html = asciidoctor.convert(
                        Files.readString(page),
                        Options.builder()
                                .safe(SafeMode.SAFE)
                                .standalone(true)
                                .attributes(Attributes.builder()
                                        // As GitHub and Camel's own site have them.
                                        .attribute("idprefix", "")
                                        .attribute("idseparator", "-")
                                        .attribute("attribute-missing", "warn")
                                        .build())
                                .build());
                Files.writeString(OUTPUT.resolve(page.getFileName().toString().replace(".adoc", ".html")), html);
                records.stream()
                        .filter(ReferencePagesIT::isFault)
                        .forEach(fault -> faults.computeIfAbsent(page, key -> new ArrayList<>())
                                .add(fault.getMessage() + " " + fault.getCursor()));
            }
        }

        assertThat(faults).isEmpty();
        assertThat(OUTPUT.resolve("viamdata-component.html")).content().contains("<h2", "streamingThreshold");
    }

    /** A reference that leads nowhere is no more than an INFO. Tabs are Camel's; without its site they are a list. */
    private static boolean isFault(LogRecord fault) {
        return fault.getSeverity() != Severity.DEBUG
                || fault.getMessage().startsWith("unknown")
                        && !fault.getMessage().contains(": tabs");
    }
}
