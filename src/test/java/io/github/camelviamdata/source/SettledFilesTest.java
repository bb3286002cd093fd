// Copyright the camel-viamdata authors. SPDX-License-Identifier: Apache-2.0
package io.github.camelviamdata.source;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.concurrent.TimeUnit;
import org.apache.camel.Exchange;
import org.apache.camel.component.file.GenericFile;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.camel.support.DefaultExchange;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** When a file is taken to be complete, by a clock that only this test moves. */
class SettledFilesTest {

    private long millis;
    private final SettledFiles files = new SettledFiles(() -> TimeUnit.MILLISECONDS.toNanos(millis));

    @TempDir
    Path folder;

    private Path older;
    private Path newer;

    @BeforeEach
    void write() throws IOException {
        older = Files.writeString(folder.resolve("older"), "1");
        newer = Files.writeString(folder.resolve("newer"), "2");
    }

    /** As the file consumer asks for the file at that place of a poll. */
    private boolean isTaken(Path path, int index) {
        GenericFile<File> file = new GenericFile<>();
        file.setFile(path.toFile());
        Exchange exchange = new DefaultExchange(new DefaultCamelContext());
        exchange.setProperty(Exchange.BATCH_INDEX, index);
        return files.acquireExclusiveReadLock(null, file, exchange);
    }

    @Test
    void aFileIsTakenWhenItHasStayedAsItIs() throws IOException {
        assertThat(isTaken(older, 0)).isFalse();
        millis += 999;
        assertThat(isTaken(older, 0)).isFalse();
        Files.writeString(older, "more", StandardOpenOption.APPEND);
        millis += 500;
        assertThat(isTaken(older, 0)).isFalse();
        millis += 1_000;
        assertThat(isTaken(older, 0)).isTrue();
    }

    @Test
    void anEmptyFileIsTakenTenTimesAsLate() throws IOException {
        Files.writeString(older, "");
        assertThat(isTaken(older, 0)).isFalse();
        millis += 9_999;
        assertThat(isTaken(older, 0)).isFalse();
        millis += 1;
        assertThat(isTaken(older, 0)).isTrue();
    }

    /** A poll lasts as long as the uploads that it waits for. */
    @Test
    void aPollThatTakesLongTakesNoNewerFileBeforeAnOlderOne() {
        assertThat(isTaken(older, 0)).isFalse();
        millis += 10;
        assertThat(isTaken(newer, 1)).isFalse();

        millis += 900;
        assertThat(isTaken(older, 0)).isFalse();
        millis += 60_000;
        assertThat(isTaken(newer, 1)).isFalse();

        assertThat(isTaken(older, 0)).isTrue();
        assertThat(isTaken(newer, 1)).isTrue();
    }

    @Test
    void whatWasSeenLateInAPollCountsFromThen() {
        assertThat(isTaken(older, 0)).isFalse();
        millis += 60_000;
        assertThat(isTaken(newer, 1)).isFalse();
        millis += 10;
        assertThat(isTaken(older, 0)).isTrue();
        assertThat(isTaken(newer, 1)).isFalse();
    }

    @Test
    void aFileThatIsGoneIsNotTaken() throws IOException {
        assertThat(isTaken(older, 0)).isFalse();
        Files.delete(older);
        millis += 2_000;
        assertThat(isTaken(older, 0)).isFalse();
    }
}
