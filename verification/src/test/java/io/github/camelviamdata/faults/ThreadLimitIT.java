// Copyright the camel-viamdata authors. SPDX-License-Identifier: Apache-2.0
package io.github.camelviamdata.faults;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * A program that uploads a folder of files comes to the limit of threads that its user may have, for some seconds, as in a
 * container with a small one: starting a thread then ends in an {@code OutOfMemoryError}.
 */
@Tag("faults")
@Timeout(300)
class ThreadLimitIT {

    private static final int FILES = FaultSuiteIT.WHOLE ? 4_000 : 600;
    private static final Duration SHORT_OF_THREADS = Duration.ofSeconds(4);

    /** Nobody else runs a process as this user, whose threads the limit counts together. */
    private static final String USER = "39741";

    private static final long SEED = 15;
    private static final int NO_LIMIT = 5_000;

    @TempDir
    Path directory;

    private final Ledger ledger = new Ledger();
    private final Map<String, byte[]> digests = new HashMap<>();
    private Path log;

    @Test
    void nothingIsLostAndNoUploadHangs() throws Exception {
        assumeThat(System.getProperty("user.name"))
                .as("may run a program as another user")
                .isEqualTo("root");
        Path inbox = Files.createDirectory(directory.resolve("inbox"));
        // What asks for permissions, such as File.canWrite, gets those without the right of root.
        for (Path folder : List.of(directory, inbox)) {
            Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxrwxrwx"));
        }
        List<Path> files = fill();
        Script script = new Script().answerDelay(call -> 2 + Script.random(call).nextInt(19));
        try (FaultService service = new FaultService(script, ledger);
                Child child = start(service, inbox)) {
            // It has connected, and has hardly any threads yet.
            move(files.subList(0, 1), inbox);
            await().atMost(Duration.ofMinutes(1))
                    .until(() -> files(inbox.resolve(".done")).size() == 1);
            limit(child.pid(), 1);
            long start = System.nanoTime();
            move(files.subList(1, FILES), inbox);
            await().atMost(Duration.ofMinutes(1))
                    .until(() -> Duration.ofNanos(System.nanoTime() - start).compareTo(SHORT_OF_THREADS) > 0);
            limit(child.pid(), NO_LIMIT);

            await().atMost(Duration.ofMinutes(2))
                    .untilAsserted(
                            () -> assertThat(files(inbox).size()).as("hung").isZero());
            assertThat(child.terminate(60)).as("exit code").isEqualTo(143);
        } finally {
            report(inbox);
        }
        assertThat(output()).as("a thread could not be started").contains("Failed to start the native thread");
        assertThat(files(inbox.resolve(".done")).size()
                        + files(inbox.resolve(".failed")).size())
                .as("ended")
                .isEqualTo(FILES);
        assertThat(lost(inbox)).as("lost").isEmpty();
        assertThat(ledger.duplicates())
                .as("duplicates")
                .isLessThanOrEqualTo(unknown().size());
    }

    private void report(Path inbox) throws IOException {
        Report report = new Report(
                "6-threads",
                "A limit of threads",
                """
                A Java runtime of its own uploads a folder by `file` -> `viamdata`. When the first file is done, its user may
                start no further thread (`prlimit --nproc`), and all other files come in; after %d s the limit is gone. *Failed*
                files are in `moveFailed`. *Unknown* are exchanges with that delivery. *Lost* is what is done and not
                stored bit for bit, *hung* what is neither done nor failed.
                """.formatted(SHORT_OF_THREADS.toSeconds()),
                "Files",
                "Stored",
                "Failed",
                "Unknown",
                "Lost",
                "Hung",
                "Duplicates");
        report.row(
                FILES,
                ledger.ids().size(),
                files(inbox.resolve(".failed")).size(),
                unknown().size(),
                lost(inbox).size(),
                files(inbox).size(),
                ledger.duplicates());
        report.write();
    }

    private List<Path> fill() throws IOException {
        Path made = Files.createDirectory(directory.resolve("made"));
        Random random = new Random(SEED);
        List<Path> files = new ArrayList<>();
        for (int i = 0; i < FILES; i++) {
            byte[] content = new byte[1_000 + random.nextInt(19_000)];
            random.nextBytes(content);
            String name = "file-" + i + ".jpg";
            files.add(Files.write(made.resolve(name), content));
            digests.put(name, Bodies.sha256().digest(content));
        }
        return files;
    }

    private static void move(List<Path> files, Path folder) throws IOException {
        for (Path file : files) {
            Files.move(file, folder.resolve(file.getFileName()));
        }
    }

    private Child start(FaultService service, Path inbox) throws IOException {
        log = Files.createDirectories(Report.DIRECTORY).resolve("threads.log");
        Files.deleteIfExists(log);
        return new Child(
                // No other right of root than to read all files: the limit is none for root.
                List.of(
                        "setpriv",
                        "--reuid=" + USER,
                        "--clear-groups",
                        "--inh-caps=-all,+dac_override",
                        "--ambient-caps=-all,+dac_override"),
                log,
                FileUploader.class,
                List.of("-Xmx256m", "-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC"),
                "file:" + inbox + "?initialDelay=0&delay=100&move=.done&moveFailed=.failed",
                "viamdata:part?host=localhost&plaintext=true&port=" + service.port()
                        + "&componentType=camera&componentName=gate&methodName=GetImages",
                "30");
    }

    private static void limit(long pid, int threads) throws IOException, InterruptedException {
        // The same user may change the soft limit of a process, and nothing but that is needed.
        Process prlimit = new ProcessBuilder(
                        "setpriv",
                        "--reuid=" + USER,
                        "--clear-groups",
                        "prlimit",
                        "--pid=" + pid,
                        "--nproc=" + threads + ":")
                .inheritIO()
                .start();
        assertThat(prlimit.waitFor()).as("prlimit").isZero();
    }

    private String output() throws IOException {
        return Files.readString(log, StandardCharsets.ISO_8859_1);
    }

    /** The files that the route was told of as unknown. */
    private List<String> unknown() throws IOException {
        return output().lines().filter(line -> line.contains("FAILED unknown")).toList();
    }

    private List<String> lost(Path inbox) throws IOException {
        Set<String> done = files(inbox.resolve(".done"));
        return digests.keySet().stream()
                .filter(name -> done.contains(name) && ledger.digests(name).isEmpty()
                        || !ledger.digests(name).stream().allMatch(copy -> Arrays.equals(copy, digests.get(name))))
                .toList();
    }

    private static Set<String> files(Path folder) throws IOException {
        if (!Files.exists(folder)) {
            return Set.of();
        }
        try (Stream<Path> files = Files.list(folder)) {
            return files.filter(Files::isRegularFile)
                    .map(file -> file.getFileName().toString())
                    .collect(Collectors.toSet());
        }
    }
}
