// Copyright the camel-viamdata authors. SPDX-License-Identifier: Apache-2.0
package io.github.camelviamdata.once;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.camelviamdata.once.Ledger.State;
import io.github.camelviamdata.support.LogCollector;
import io.github.camelviamdata.support.Shows;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What a file keeps, and how it fails. */
@Timeout(60)
class FileLedgerTest {

    private static final Duration DAY = Duration.ofDays(1);

    @TempDir
    private Path folder;

    private final AtomicReference<Instant> now =
            new AtomicReference<>(Instant.now().truncatedTo(ChronoUnit.MILLIS));

    private FileLedger open() {
        return new FileLedger(folder.resolve("notes/ledger.db"), DAY, (InstantSource) now::get);
    }

    @Test
    void notesOutliveTheProcess() {
        Instant began = now.get();
        try (FileLedger ledger = open()) {
            assertThat(ledger.begin("a")).isEqualTo(State.begun());
            assertThat(ledger.begin("a")).isEqualTo(State.open(began));
            ledger.begin("b");
            ledger.done("b", "id of b");
            ledger.begin("c");
            ledger.forget("c");
            ledger.forget("never begun");
        }
        try (FileLedger ledger = open()) {
            assertThat(ledger.begin("a")).isEqualTo(State.open(began));
            assertThat(ledger.begin("b")).isEqualTo(State.done("id of b"));
            assertThat(ledger.begin("c")).isEqualTo(State.begun());
            ledger.done("a", "");
            assertThat(ledger.begin("a")).isEqualTo(State.done(""));
        }
    }

    @Test
    @Shows("ledgerRetention")
    void whatIsOlderThanTheRetentionIsUnknownAndRemoved() {
        try (FileLedger ledger = open()) {
            ledger.begin("a");
            ledger.done("a", "id");
            ledger.begin("b");
            now.set(now.get().plus(DAY).plusMillis(1));
            assertThat(ledger.begin("a")).isEqualTo(State.begun());
            assertThat(ledger.removeOld()).isEqualTo(1);
            assertThat(ledger.removeOld()).isZero();
        }
    }

    @Test
    void ofSeveralCallersOneBegins() throws Exception {
        AtomicInteger begun = new AtomicInteger();
        ExecutorService callers = Executors.newFixedThreadPool(16);
        try (FileLedger ledger = open()) {
            for (int i = 0; i < 500; i++) {
                String key = "key " + i / 5;
                callers.execute(() -> {
                    if (ledger.begin(key).isNew()) {
                        begun.incrementAndGet();
                    }
                });
            }
            callers.shutdown();
            assertThat(callers.awaitTermination(30, TimeUnit.SECONDS)).isTrue();
        }
        assertThat(begun).hasValue(100);
    }

    @Test
    void anotherOneCannotOpenIt() {
        try (FileLedger ledger = open()) {
            ledger.begin("a");
            assertThatThrownBy(this::open)
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("another process uses it. Give each process a file of its own");
        }
        open().close();
    }

    @Test
    void whatWasSubmittedBeforeTheEndIsWritten() {
        FileLedger ledger = open();
        for (int i = 0; i < 1_000; i++) {
            ledger.doneLater("key " + i, "id");
        }
        ledger.close();
        try (FileLedger next = open()) {
            assertThat(next.begin("key 999")).isEqualTo(State.done("id"));
        }
    }

    @Test
    void afterTheEndItSaysSo() {
        FileLedger ledger = open();
        ledger.close();
        assertThatThrownBy(() -> ledger.begin("a")).hasMessageContaining("is closed");
    }

    @Test
    void anotherFileIsNoLedger() throws Exception {
        Files.createDirectories(folder.resolve("notes"));
        Files.writeString(folder.resolve("notes/ledger.db"), "this is no database. ".repeat(100));
        assertThatThrownBy(this::open)
                .hasMessageContaining("ledger.db cannot be used")
                .hasMessageContaining("not a database");
    }

    /** As a crash leaves it: the log is there, and its end is half written. */
    @Test
    void aTornEndIsReportedAndCutOff() throws Exception {
        Path file = folder.resolve("notes/ledger.db");
        Path copy = folder.resolve("copy.db");
        try (FileLedger ledger = open()) {
            ledger.begin("a");
            ledger.done("a", "id");
            ledger.begin("b");
            Files.copy(file, copy);
            byte[] log = Files.readAllBytes(Path.of(file + "-wal"));
            Files.write(Path.of(copy + "-wal"), java.util.Arrays.copyOf(log, log.length - 100));
        }
        try (LogCollector logs = new LogCollector();
                FileLedger torn = new FileLedger(copy, DAY, now::get)) {
            assertThat(torn.begin("a")).isEqualTo(State.done("id"));
            assertThat(torn.begin("b")).isEqualTo(State.begun());
            assertThat(logs.lines()).anyMatch(text -> text.contains("copy.db was not closed"));
        }
    }
}
