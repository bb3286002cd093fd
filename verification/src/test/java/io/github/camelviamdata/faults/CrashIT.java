// Copyright the camel-viamdata authors. SPDX-License-Identifier: Apache-2.0
package io.github.camelviamdata.faults;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A program that uploads a folder of files is ended at random moments, and started again. */
@Tag("faults")
@Timeout(600)
class CrashIT {

    private static final int ENDS = FaultSuiteIT.WHOLE ? 20 : 5;
    private static final int FILES = 500;
    private static final long SEED = 9;
    private static final String MOVES =
            "&move=.done&sortBy=file:modified&readLock=changed&readLockMinAge=1s&readLockMarkerFile=false";
    private static final int SHUTDOWN_TIMEOUT = 30;

    private static Report report;

    @TempDir
    Path directory;

    private final Ledger ledger = new Ledger();
    private final Map<String, byte[]> digests = new HashMap<>();
    private final Random random = new Random(SEED);
    private final List<Integer> inFlight = new ArrayList<>();
    private final Map<String, Integer> timesInFlight = new HashMap<>();

    /** How a program is ended. */
    private interface End {
        void of(Child child) throws InterruptedException;
    }

    @BeforeAll
    static void startReport() {
        report = new Report(
                "3-ends",
                "Ends of the uploading program",
                """
                A Java runtime of its own uploads %d files of 1 to 20 KB by `file` -> `viamdata`, with the options that
                `examples/file/watch.camel.yaml` recommends for `file` and the defaults of `viamdata`, to a service that answers after 2 to 20 ms. It is ended when the service has
                seen a random number of further calls (seed %d), then started again with %d more files, %d times; at last it runs until the
                folder is empty. *Under way* are the files that the service had begun to receive
                from the ended program and that were not in `.done` after its end.
                """.formatted(FILES, SEED, FILES, ENDS),
                "Case",
                "Ends",
                "Files",
                "Stored",
                "Lost",
                "Under way at the ends",
                "At the most",
                "Duplicates",
                "Re-sent");
    }

    @AfterAll
    static void writeReport() throws IOException {
        report.write();
    }

    @Test
    void aKilledProgramLosesNothingAndRepeatsWhatWasInFlight() throws Exception {
        endAtRandomMoments(Child::kill);
        report("kill -9");

        assertThat(lost()).as("lost").isZero();
        assertThat(ledger.duplicates()).as("duplicates").isLessThanOrEqualTo(sum(inFlight));
        assertThat(digests.keySet())
                .as("copies")
                .allSatisfy(name ->
                        assertThat(ledger.digests(name)).hasSizeBetween(1, 1 + timesInFlight.getOrDefault(name, 0)));
        assertThat(sum(inFlight)).as("in flight").isPositive();
    }

    @Test
    void aProgramThatIsAskedToEndLosesNothingAndRepeatsNothing() throws Exception {
        endAtRandomMoments(child ->
                assertThat(child.terminate(SHUTDOWN_TIMEOUT)).as("exit code").isEqualTo(143));
        report("SIGTERM");

        assertThat(lost()).as("lost").isZero();
        assertThat(inFlight).as("in flight").containsOnly(0);
        assertThat(ledger.duplicates()).as("duplicates").isZero();
    }

    @Test
    void filesStayWhenTheEndDoesNotWaitForTheirUploads() throws Exception {
        fill();
        try (FaultService service = new FaultService(new Script().answerDelay(call -> 60_000), ledger);
                Child child = start(service, "&shutdownTimeout=1000", "", 2)) {
            await().atMost(Duration.ofSeconds(30)).until(() -> ledger.copies() >= 64);
            assertThat(child.terminate(20)).as("exit code").isEqualTo(143);
        }
        assertThat(files("inbox")).as("files").hasSize(FILES);

        try (FaultService service = new FaultService(new Script(), ledger);
                Child child = start(service, "", "&move=.done", SHUTDOWN_TIMEOUT)) {
            await().atMost(Duration.ofMinutes(1)).until(() -> files("inbox").isEmpty());
            child.terminate(SHUTDOWN_TIMEOUT);
        }
        assertThat(lost()).as("lost").isZero();
        assertThat(ledger.duplicates()).as("duplicates").isEqualTo(64);
    }

    private void endAtRandomMoments(End end) throws Exception {
        Script script = new Script().answerDelay(call -> 2 + Script.random(call).nextInt(19));
        try (FaultService service = new FaultService(script, ledger)) {
            for (int i = 0; i < ENDS; i++) {
                fill();
                ledger.begun().clear();
                int moment = ledger.calls() + 1 + random.nextInt(FILES);
                try (Child child = start(service, "", MOVES, SHUTDOWN_TIMEOUT)) {
                    await().atMost(Duration.ofMinutes(1))
                            .pollDelay(Duration.ZERO)
                            .pollInterval(Duration.ofMillis(1))
                            .until(() -> ledger.calls() >= moment);
                    end.of(child);
                }
                Set<String> begun = new HashSet<>(ledger.begun());
                begun.removeAll(files("inbox/.done"));
                inFlight.add(begun.size());
                begun.forEach(name -> timesInFlight.merge(name, 1, Integer::sum));
            }
            try (Child child = start(service, "", MOVES, SHUTDOWN_TIMEOUT)) {
                await().atMost(Duration.ofMinutes(1)).until(() -> files("inbox").isEmpty());
                child.terminate(SHUTDOWN_TIMEOUT);
            }
        }
        assertThat(files("inbox/.done")).as("done").isEqualTo(digests.keySet());
    }

    private void fill() throws IOException {
        Path inbox = Files.createDirectories(directory.resolve("inbox"));
        for (int i = 0; i < FILES; i++) {
            byte[] content = new byte[1_000 + random.nextInt(19_000)];
            random.nextBytes(content);
            String name = "file-" + digests.size() + ".jpg";
            Files.write(inbox.resolve(name), content);
            digests.put(name, Bodies.sha256().digest(content));
        }
    }

    private Child start(FaultService service, String options, String moves, int shutdownTimeout) throws IOException {
        return new Child(
                Files.createDirectories(Report.DIRECTORY).resolve("child.log"),
                FileUploader.class,
                List.of("-Xmx256m", "-XX:TieredStopAtLevel=1"),
                "file:" + directory.resolve("inbox") + "?initialDelay=0&delay=100" + moves,
                "viamdata:part?host=localhost&plaintext=true&port=" + service.port()
                        + "&componentType=camera&componentName=gate&methodName=GetImages" + options,
                String.valueOf(shutdownTimeout));
    }

    private Set<String> files(String folder) throws IOException {
        Path path = directory.resolve(folder);
        if (!Files.exists(path)) {
            return Set.of();
        }
        try (Stream<Path> files = Files.list(path)) {
            return files.filter(Files::isRegularFile)
                    .map(file -> file.getFileName().toString())
                    .collect(Collectors.toSet());
        }
    }

    private long lost() {
        return digests.entrySet().stream()
                .filter(file -> ledger.digests(file.getKey()).isEmpty()
                        || !ledger.digests(file.getKey()).stream()
                                .allMatch(copy -> Arrays.equals(copy, file.getValue())))
                .count();
    }

    private static int sum(List<Integer> numbers) {
        return numbers.stream().mapToInt(Integer::intValue).sum();
    }

    private void report(String name) {
        report.row(
                name,
                inFlight.size(),
                digests.size(),
                ledger.ids().size(),
                lost(),
                sum(inFlight),
                inFlight.stream().mapToInt(Integer::intValue).max().orElse(0),
                ledger.duplicates(),
                String.format(java.util.Locale.ROOT, "%.4f", ledger.resent()));
    }
}
