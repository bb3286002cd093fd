// Copyright the camel-viamdata authors. SPDX-License-Identifier: Apache-2.0
package io.github.camelviamdata.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.camelviamdata.support.LockProbe;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SpoolFolderTest {

    @TempDir
    Path directory;

    private List<Path> all() throws IOException {
        try (Stream<Path> paths = Files.list(directory)) {
            return paths.toList();
        }
    }

    private Path abandoned(String... files) throws IOException {
        Path folder = Files.createDirectory(directory.resolve("viamdata-server-" + UUID.randomUUID()));
        Files.createFile(directory.resolve(folder.getFileName() + ".lock"));
        for (String file : files) {
            Files.writeString(folder.resolve(file), "x");
        }
        return folder;
    }

    @Test
    void onlyTheOwnerCanReadIt() throws Exception {
        try (SpoolFolder folder = new SpoolFolder(directory)) {
            Path file = folder.createFile();

            assertThat(Files.getPosixFilePermissions(file))
                    .isEqualTo(Set.of(PosixFilePermission.OWNER_READ, PosixFilePermission.OWNER_WRITE));
            assertThat(Files.getPosixFilePermissions(file.getParent()))
                    .isEqualTo(Set.of(
                            PosixFilePermission.OWNER_READ,
                            PosixFilePermission.OWNER_WRITE,
                            PosixFilePermission.OWNER_EXECUTE));
            Files.writeString(file, "four");
            assertThat(folder.size()).isEqualTo(4);
            Files.delete(file);
        }
        assertThat(all()).isEmpty();
    }

    @Test
    void whatAKilledServerLeftIsDeleted() throws Exception {
        abandoned("upload-1.tmp", "upload-2.tmp");
        abandoned();
        // Killed between the two.
        Files.createFile(directory.resolve("viamdata-server-" + UUID.randomUUID() + ".lock"));

        try (SpoolFolder folder = new SpoolFolder(directory)) {
            folder.open();
            assertThat(all()).hasSize(1);
        }
        assertThat(all()).isEmpty();
    }

    @Test
    void whatAServerAtWorkHasIsLeftAlone() throws Exception {
        try (SpoolFolder one = new SpoolFolder(directory);
                SpoolFolder two = new SpoolFolder(directory)) {
            Path file = one.createFile();
            two.open();
            assertThat(file).exists();
            Files.delete(file);
        }
        assertThat(all()).isEmpty();
    }

    /** The lock of a process is gone once any channel of the process to the file is closed. */
    @Test
    void aSecondServerOfTheProcessReleasesNoLock() throws Exception {
        try (SpoolFolder one = new SpoolFolder(directory);
                SpoolFolder two = new SpoolFolder(directory)) {
            Path file = one.createFile();
            two.open();

            assertThat(all())
                    .filteredOn(path -> path.toString().endsWith(".lock"))
                    .hasSize(2)
                    .allSatisfy(lock -> assertThat(LockProbe.isLocked(lock)).isTrue());
            Files.delete(file);
        }
    }

    /** A copy of an exchange, such as one in a seda queue, reads it after the server has stopped. */
    @Test
    void aFileInUseOutlivesItsServer() throws Exception {
        SpoolFolder one = new SpoolFolder(directory);
        Path file = one.createFile();
        one.close();

        try (SpoolFolder two = new SpoolFolder(directory)) {
            two.open();
            assertThat(file).exists();
        }
    }

    @Test
    void nothingElseIsDeleted(@TempDir Path elsewhere) throws Exception {
        Path precious = Files.writeString(elsewhere.resolve("upload-precious.tmp"), "x");
        Path link = directory.resolve("viamdata-server-link");
        Files.createSymbolicLink(link, elsewhere);
        Files.createFile(directory.resolve("viamdata-server-link.lock"));
        Path foreign = abandoned("upload-1.tmp", "thesis.txt").resolve("thesis.txt");
        Path other = Files.writeString(directory.resolve("upload-other.tmp"), "x");

        try (SpoolFolder folder = new SpoolFolder(directory)) {
            folder.open();
            assertThat(List.of(precious, foreign, other)).allMatch(Files::exists);
        }
    }

    @Test
    void aFolderThatACleanerTookIsMadeAnew() throws Exception {
        try (SpoolFolder folder = new SpoolFolder(directory)) {
            Path first = folder.createFile();
            Files.delete(first);
            Files.delete(first.getParent());

            Path second = folder.createFile();
            assertThat(second).exists();
            Files.delete(second);
        }
    }
}
