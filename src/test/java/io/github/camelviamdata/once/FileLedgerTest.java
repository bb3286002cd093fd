// Copyright the camel-viamdata authors. SPDX-License-Identifier: Apache-2.0
package io.github.camelviamdata.once;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.camelviamdata.once.Ledger.State;
import io.github.camelviamdata.support.ChildJvm;
import io.github.camelviamdata.support.LockProbe;
import io.github.camelviamdata.support.LogCollector;
import io.github.camelviamdata.support.Shows;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** What a file keeps, and how it fails. */
@Timeout(60)
class FileLedgerTest {

    private static final Duration DAY = Duration.ofDays(1);

    private static final String A = key('a');
    private static final String B = key('b');
    private static final String C = key('c');

    @TempDir
    private Path folder;

    private final AtomicReference<Instant> now =
            new AtomicReference<>(Instant.now().truncatedTo(ChronoUnit.MILLIS));

    private static String key(long number) {
        return new NoteKey(-number, number).toString();
    }

    private FileLedger open() {
        return open(folder.resolve("notes/ledger.db"));
    }

    private FileLedger open(Path file) {
        return new FileLedger(file, DAY, now::get);
    }

    @Test
    void notesOutliveTheProcess() {
        try (FileLedger ledger = open()) {
            assertThat(ledger.begin(A)).isEqualTo(State.begun());
            assertThat(ledger.begin(A)).isEqualTo(State.open());
            ledger.begin(B);
            ledger.done(B, "id of b");
            ledger.begin(C);
            ledger.forget(C);
            ledger.forget(key(9));
        }
        try (FileLedger ledger = open()) {
            assertThat(ledger.begin(A)).isEqualTo(State.open());
            assertThat(ledger.begin(B)).isEqualTo(State.done("id of b"));
            assertThat(ledger.begin(C)).isEqualTo(State.begun());
            ledger.done(A, "");
            assertThat(ledger.begin(A)).isEqualTo(State.done(""));
        }
    }

    @Test
    @Shows("ledgerRetention")
    void whatIsOlderThanTheRetentionIsUnknown() {
        try (FileLedger ledger = open()) {
            ledger.begin(A);
            ledger.done(A, "id");
            ledger.begin(B);
            now.set(now.get().plus(DAY).plusMillis(1));
            assertThat(ledger.begin(A)).isEqualTo(State.begun());
        }
        try (FileLedger ledger = open()) {
            assertThat(ledger.begin(A)).isEqualTo(State.open());
            assertThat(ledger.begin(B)).isEqualTo(State.begun());
        }
    }

    @Test
    void theFileIsCompactedWhenMostOfItCountsNoMore() throws Exception {
        String id = "x".repeat(4_000);
        try (FileLedger ledger = open()) {
            ledger.done(A, "id of a");
            ledger.begin(B);
            ledger.begin(C);
            ledger.forget(C);
            now.set(now.get().plus(DAY.dividedBy(2)));
            for (int i = 0; i < 10_000; i++) {
                ledger.doneLater(key(1_000 + i % 100), id, DAY);
            }
            assertThat(ledger.begin(key(1_000))).isEqualTo(State.done(id));
            assertThat(ledger.begin(A)).isEqualTo(State.done("id of a"));
        }
        assertThat(Files.size(folder.resolve("notes/ledger.db"))).isLessThan(16 * 1024 * 1024);
        try (FileLedger ledger = open()) {
            assertThat(ledger.begin(A)).isEqualTo(State.done("id of a"));
            assertThat(ledger.begin(B)).isEqualTo(State.open());
            assertThat(ledger.begin(C)).isEqualTo(State.begun());
            assertThat(ledger.begin(key(1_099))).isEqualTo(State.done(id));
        }
    }

    @Test
    void anIdThatIsTooLongIsNotKept() {
        try (FileLedger ledger = open()) {
            ledger.done(A, "x".repeat(NoteFile.ID_LIMIT + 1));
            ledger.done(B, "x".repeat(NoteFile.ID_LIMIT));
            assertThat(ledger.begin(A)).isEqualTo(State.done(""));
            assertThat(ledger.begin(B)).isEqualTo(State.done("x".repeat(NoteFile.ID_LIMIT)));
        }
    }

    @Test
    void aKeyHas26Digits() {
        try (FileLedger ledger = open()) {
            assertThatThrownBy(() -> ledger.begin("picture 7")).hasMessageContaining("26 digits");
            assertThatThrownBy(() -> ledger.begin("9".repeat(26))).hasMessageContaining("2 to 7");
        }
    }

    @Test
    void ofSeveralCallersOneBegins() throws Exception {
        AtomicInteger begun = new AtomicInteger();
        ExecutorService callers = Executors.newFixedThreadPool(16);
        try (FileLedger ledger = open()) {
            for (int i = 0; i < 500; i++) {
                String key = key(i / 5);
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
            ledger.begin(A);
            assertThatThrownBy(this::open)
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("another process or context uses it. Give each a file of its own");
        }
        open().close();
    }

    /** The lock of a process is gone once any channel of the process to the file is closed. */
    @Test
    void anAttemptToOpenItDoesNotReleaseItsLock() throws Exception {
        try (FileLedger ledger = open()) {
            assertThatThrownBy(this::open).isInstanceOf(IllegalStateException.class);
            assertThatThrownBy(this::open).isInstanceOf(IllegalStateException.class);
            assertThat(LockProbe.isLocked(folder.resolve("notes/ledger.db.lock")))
                    .isTrue();
            ledger.begin(A);
        }
        open().close();
    }

    /** Otherwise an upload that is stored would count as open, and would be made again. */
    @Test
    @EnabledOnOs(OS.LINUX)
    void whatEndsWhileTheDiskIsFullIsNotedOnceThereIsRoom() throws Exception {
        Path file = folder.resolve("ledger.db");
        ChildJvm.Result program = new ChildJvm(ChildJvm.ownClassPath())
                .run(120, LedgerOnFullDisk.class.getName(), file.toString(), A, B, C);

        assertThat(program.output())
                .contains("full: The ledger " + file + " cannot be used: File too large")
                .contains("after: " + State.done("id"));
        try (FileLedger ledger = open(file)) {
            assertThat(ledger.begin(A)).isEqualTo(State.done("id"));
            assertThat(ledger.begin(B)).isEqualTo(State.begun());
            assertThat(ledger.begin(C)).isEqualTo(State.begun());
        }
    }

    @Test
    void whatFailsToOpenItReleasesIt() throws Exception {
        Path file = folder.resolve("ledger.db");
        try (FileLedger ledger = open(file)) {
            ledger.begin(A);
        }
        InstantSource broken = () -> {
            throw new LinkageError("no clock");
        };

        assertThatThrownBy(() -> new FileLedger(file, DAY, broken)).isInstanceOf(LinkageError.class);

        assertThat(openFiles()).filteredOn(path -> path.startsWith(folder)).isEmpty();
        open(file).close();
    }

    /** Of this process; empty where the system does not show them. */
    private static List<Path> openFiles() throws IOException {
        List<Path> files = new ArrayList<>();
        Path descriptors = Path.of("/proc/self/fd");
        if (Files.isDirectory(descriptors)) {
            try (DirectoryStream<Path> links = Files.newDirectoryStream(descriptors)) {
                for (Path link : links) {
                    if (Files.exists(link)) {
                        files.add(Files.readSymbolicLink(link));
                    }
                }
            }
        }
        return files;
    }

    @Test
    void whatWasSubmittedBeforeTheEndIsWritten() {
        FileLedger ledger = open();
        for (int i = 0; i < 1_000; i++) {
            ledger.doneLater(key(i), "id", DAY);
        }
        ledger.close();
        try (FileLedger next = open()) {
            assertThat(next.begin(key(999))).isEqualTo(State.done("id"));
        }
    }

    @Test
    void afterTheEndItSaysSo() {
        FileLedger ledger = open();
        ledger.close();
        assertThatThrownBy(() -> ledger.begin(A)).hasMessageContaining("is closed");
    }

    /** A clock that stops the writer in the middle of the next note. */
    private static final class StoppingClock implements InstantSource {

        final CountDownLatch released = new CountDownLatch(1);
        final AtomicBoolean stops = new AtomicBoolean();
        final CountDownLatch stopped = new CountDownLatch(1);

        @Override
        public Instant instant() {
            if (stops.compareAndSet(true, false)) {
                stopped.countDown();
                try {
                    released.await();
                } catch (InterruptedException e) {
                    throw new IllegalStateException(e);
                }
            }
            return Instant.now();
        }
    }

    /** While the disk stalls: the upload of the first note has failed without it. */
    @Test
    void whatHasTimedOutBeforeItsTurnIsNotNoted() throws Exception {
        StoppingClock clock = new StoppingClock();
        try (FileLedger ledger = new FileLedger(folder.resolve("ledger.db"), DAY, clock)) {
            clock.stops.set(true);
            ledger.beginLater(B, DAY);
            clock.stopped.await();
            CompletableFuture<State> late = ledger.beginLater(A, Duration.ofMillis(1));
            assertThatThrownBy(late::join).hasCauseInstanceOf(TimeoutException.class);
            CompletableFuture<State> next = ledger.beginLater(A, DAY);

            clock.released.countDown();

            assertThat(next.join()).isEqualTo(State.begun());
        }
    }

    /** The next one of the key has found that note, and counts on it. */
    @Test
    void whatTimesOutWithItsNoteTakesItFromNoOther() throws Exception {
        StoppingClock clock = new StoppingClock();
        try (FileLedger ledger = new FileLedger(folder.resolve("ledger.db"), DAY, clock)) {
            clock.stops.set(true);
            CompletableFuture<State> late = ledger.beginLater(A, Duration.ofMillis(1));
            clock.stopped.await();
            assertThatThrownBy(late::join).hasCauseInstanceOf(TimeoutException.class);
            CompletableFuture<State> next = ledger.beginLater(A, DAY);

            clock.released.countDown();

            assertThat(next.join()).isEqualTo(State.open());
            // Behind all that the first one leads to.
            ledger.begin(B);
            assertThat(ledger.begin(A)).isEqualTo(State.open());
        }
    }

    @Test
    void anotherFileIsNoLedger() throws Exception {
        Files.createDirectories(folder.resolve("notes"));
        Files.writeString(folder.resolve("notes/ledger.db"), "SQLite format 3 or anything else");
        assertThatThrownBy(this::open)
                .hasMessageContaining("ledger.db cannot be used")
                .hasMessageContaining("is not a ledger");
    }

    /** As a crash leaves it, at each byte of the last note. */
    @Test
    void aHalfWrittenEndIsReportedAndCutOff() throws Exception {
        Path file = folder.resolve("notes/ledger.db");
        try (FileLedger ledger = open()) {
            ledger.begin(A);
            ledger.done(A, "id");
        }
        byte[] before = Files.readAllBytes(file);
        try (FileLedger ledger = open()) {
            ledger.done(B, "another id");
        }
        byte[] after = Files.readAllBytes(file);
        for (int length = before.length + 1; length < after.length; length++) {
            Path cut = folder.resolve("cut-" + length);
            Files.write(cut, Arrays.copyOf(after, length));
            try (LogCollector logs = new LogCollector();
                    FileLedger ledger = open(cut)) {
                assertThat(logs.lines())
                        .anyMatch(text -> text.contains("cut-") && text.contains("half written"))
                        .anyMatch(text -> text.contains(" bytes are cut off"));
                assertThat(ledger.begin(A)).isEqualTo(State.done("id"));
                assertThat(ledger.begin(B)).isEqualTo(State.begun());
            }
            assertThat(Files.readAllBytes(cut)).startsWith(before);
            open(cut).close();
        }
    }

    @Test
    void aChangedByteEndsTheNotesThatCount() throws Exception {
        Path file = folder.resolve("notes/ledger.db");
        try (FileLedger ledger = open()) {
            ledger.begin(A);
            ledger.begin(B);
        }
        byte[] bytes = Files.readAllBytes(file);
        bytes[bytes.length - 12] ^= 1;
        Files.write(file, bytes);
        try (FileLedger ledger = open()) {
            assertThat(ledger.begin(A).isNew()).isFalse();
            assertThat(ledger.begin(B).isNew()).isTrue();
        }
    }
}
