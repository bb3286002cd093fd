// Copyright the camel-viamdata authors. SPDX-License-Identifier: Apache-2.0
package io.github.camelviamdata.once;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.github.camelviamdata.once.Ledger.State;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A program that writes a ledger is killed at random moments. Each note that it had made is there afterwards. */
@Tag("faults")
@Timeout(1_800)
class LedgerKillIT {

    private static final int KILLS = Integer.getInteger("faults.uploads", 10_000) >= 10_000 ? 200 : 10;

    @TempDir
    private Path folder;

    @Test
    void whatWasNotedIsThereAfterAKill() throws Exception {
        Path file = folder.resolve("ledger.db");
        Random random = new Random(21);
        long notes = 0;
        for (int i = 0; i < KILLS; i++) {
            Path output = folder.resolve("output-" + i);
            Process program = start(file, String.valueOf(i), output);
            await().pollInterval(Duration.ofMillis(10))
                    .atMost(Duration.ofMinutes(1))
                    .until(() -> Files.size(output) > 0 || !program.isAlive());
            TimeUnit.MILLISECONDS.sleep(random.nextInt(150));
            program.destroyForcibly().waitFor();
            notes += verify(file, output);
            Files.delete(output);
        }
        System.out.println("Notes made before " + KILLS + " kills, all of them kept: " + notes);
        assertThat(notes).isGreaterThan(KILLS);
    }

    private static Process start(Path file, String run, Path output) throws Exception {
        return new ProcessBuilder(List.of(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-XX:TieredStopAtLevel=1",
                        "-Dlog4j2.configurationFile=" + Path.of("src/test/resources/log4j2-child.xml"),
                        "-cp",
                        System.getProperty("java.class.path"),
                        LedgerWriter.class.getName(),
                        file.toString(),
                        run))
                .redirectOutput(output.toFile())
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
    }

    /** Lines that the kill has cut off do not count. */
    private static long verify(Path file, Path output) throws Exception {
        try (FileLedger ledger = new FileLedger(file, Duration.ofDays(1), InstantSource.system());
                Stream<String> lines = Files.lines(output)) {
            return lines.map(line -> line.split(" "))
                    .filter(words -> words.length == 3 && words[2].equals("."))
                    .peek(words -> {
                        State state = ledger.begin(words[1]);
                        if (words[0].equals("done")) {
                            assertThat(state).isEqualTo(State.done("id-of-" + words[1]));
                        } else {
                            assertThat(state.isNew()).as(words[1]).isFalse();
                        }
                    })
                    .count();
        }
    }
}
