// Copyright the camel-viamdata authors. SPDX-License-Identifier: Apache-2.0
package io.github.camelviamdata.faults;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What folders meet that brokers do not. */
@Tag("field")
@Timeout(600)
class FieldFolderIT extends FieldSupport {

    private static final int FEW = 40;

    private static Report report;

    @BeforeAll
    static void startReport() {
        report = report("4-folders", "Folders", "What folders meet that brokers do not.");
    }

    @AfterAll
    static void writeReport() throws IOException {
        report.sort();
        report.write();
    }

    @ParameterizedTest
    @EnumSource(names = {"FOLDER", "README_FOLDER", "README_OWN_ERRORS"})
    void aFileThatIsWrittenSlowlyIsStoredWhole(Kind kind) throws Exception {
        start(kind);
        program(service.port());
        publish(FEW);
        Path file = Files.createDirectories(directory.resolve("inbox").resolve(source.place()))
                .resolve("slow.jpg");
        StringBuilder whole = new StringBuilder();
        for (int i = 0; i < 20; i++) {
            String piece = "piece " + i + "\n";
            whole.append(piece);
            Files.writeString(file, piece, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
            TimeUnit.MILLISECONDS.sleep(300);
        }
        good.add(Bodies.name(whole.toString().getBytes(StandardCharsets.UTF_8)));
        publish(FEW);
        verify(report, "a file is written in 20 pieces, one each 0.3 s", 0);
    }

    /** In a folder of the kernel nobody may create a file, not even root, whom rights do not hold. */
    @Test
    void aFolderWithoutRightsIsNotRead() throws Exception {
        source = create(Kind.FOLDER);
        begin();
        Path log = Report.DIRECTORY.resolve("field-folder.log");
        Files.deleteIfExists(log);
        Child program = program(service.port(), "inbox=/sys/kernel");
        await().atMost(STARTUP)
                .until(() -> Files.exists(log) && Files.readString(log).contains("may not write to /sys/kernel"));
        await().atMost(STARTUP).until(() -> !program.isAlive());
        verify(report, "a folder that the program may not write to: it does not start", 0);
        assertThat(ledger.calls()).isZero();
    }

    @ParameterizedTest
    @EnumSource(names = {"FOLDER", "README_FOLDER", "README_OWN_ERRORS"})
    void filesFromAClockThatIsAheadAreUploaded(Kind kind) throws Exception {
        start(kind);
        publish(FEW);
        try (Stream<Path> files = Files.walk(directory.resolve("inbox"))) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                Files.setLastModifiedTime(file, FileTime.from(Instant.now().plus(400, ChronoUnit.DAYS)));
            }
        }
        program(service.port());
        publish(FEW);
        verify(report, FEW + " of " + 2 * FEW + " files from a clock that is 400 days ahead", 0);
    }

    @ParameterizedTest
    @EnumSource(names = {"FOLDER", "README_FOLDER"})
    void aSecondProgramOnTheFolderDoesNotStart(Kind kind) throws Exception {
        start(kind);
        Child first = program(service.port());
        publish(FEW);
        awaitStored(1);
        Child second = program(service.port());
        publish(MESSAGES);
        assertThat(second.exit(180)).isNotZero();
        awaitStored(FEW);
        first.kill();
        publish(FEW);
        program(service.port());
        verify(
                report,
                "a second program on the folder does not start; the first is killed, and another takes over",
                IN_FLIGHT);
    }

    @ParameterizedTest
    @EnumSource(names = {"FOLDER", "README_FOLDER"})
    void filesAreUploadedFromTheOldest(Kind kind) throws Exception {
        start(kind);
        publish(500);
        // Camel compares milliseconds.
        try (Stream<Path> files = Files.walk(directory.resolve("inbox"))) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                String name = file.getFileName().toString();
                int number = Integer.parseInt(name.substring(name.indexOf('_') + 1, name.indexOf('.')));
                Files.setLastModifiedTime(file, FileTime.from(Instant.now().minusSeconds(1_000 - number)));
            }
        }
        program(service.port());
        verify(report, "500 files, the oldest first but for what is in flight at once", 0);
        assertInOrder(new ArrayList<>(good), ledger.order());
    }
}
