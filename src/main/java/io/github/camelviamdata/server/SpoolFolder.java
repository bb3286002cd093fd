// Copyright the camel-viamdata authors. SPDX-License-Identifier: Apache-2.0
package io.github.camelviamdata.server;

import io.github.camelviamdata.files.Folders;
import io.github.camelviamdata.files.LockFile;
import java.io.File;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.nio.file.attribute.UserPrincipal;
import java.util.UUID;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The folder of one server's spool files, with a file beside it that the process keeps locked while it lives. A server that
 * starts deletes the folders in the same directory whose locks are free: their servers were killed.
 */
final class SpoolFolder implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(SpoolFolder.class);

    private static final String NAME = "viamdata-server-";
    private static final String LOCK = ".lock";
    private static final String FILE = "upload-";
    private static final String SUFFIX = ".tmp";

    private final Path directory;
    private Path folder;
    private LockFile lock;

    /**
     * @param directory the directory for such folders; {@link #open} creates it
     */
    SpoolFolder(Path directory) {
        this.directory = directory;
    }

    /** Locks the folder, and deletes the folders of servers that were killed. Does nothing if it is open. */
    synchronized void open() throws IOException {
        if (lock != null) {
            return;
        }
        Files.createDirectories(directory);
        while (lock == null) {
            folder = directory.resolve(NAME + UUID.randomUUID());
            LockFile locked = LockFile.tryLock(lockOf(folder), StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
            // Before the lock, another server that starts may have deleted the new file as an abandoned one.
            if (locked != null && Files.exists(lockOf(folder))) {
                lock = locked;
            } else if (locked != null) {
                locked.close();
            }
        }
        deleteAbandoned();
    }

    private static Path lockOf(Path folder) {
        return folder.resolveSibling(folder.getFileName() + LOCK);
    }

    private void deleteAbandoned() throws IOException {
        UserPrincipal owner = Files.getOwner(lockOf(folder));
        try (DirectoryStream<Path> locks = Files.newDirectoryStream(directory, NAME + "*" + LOCK)) {
            for (Path lock : locks) {
                try {
                    // In a shared directory, other users may have created files with such names.
                    if (isOwn(lock, owner)) {
                        deleteIfAbandoned(lock, owner);
                    }
                } catch (NoSuchFileException e) {
                    // Another server deleted it first.
                } catch (IOException e) {
                    LOG.warn("Cannot delete the spool folder of a server that was killed: {}", lock, e);
                }
            }
        }
    }

    private static boolean isOwn(Path file, UserPrincipal owner) throws IOException {
        return !Files.isSymbolicLink(file)
                && Files.getOwner(file, LinkOption.NOFOLLOW_LINKS).equals(owner);
    }

    private void deleteIfAbandoned(Path lock, UserPrincipal owner) throws IOException {
        try (LockFile abandoned = LockFile.tryLock(lock, StandardOpenOption.WRITE)) {
            if (abandoned == null) {
                return;
            }
            String path = lock.toString();
            Path spools = Path.of(path.substring(0, path.length() - LOCK.length()));
            if (Files.isDirectory(spools, LinkOption.NOFOLLOW_LINKS) && isOwn(spools, owner)) {
                LOG.info("Deleting {} spooled uploads of a server that was killed: {}", deleteFiles(spools), spools);
                Files.delete(spools);
            }
            // Last: after a crash in between, the next start finds the lock and deletes the rest.
            Files.delete(lock);
        }
    }

    private static int deleteFiles(Path folder) throws IOException {
        int deleted = 0;
        try (DirectoryStream<Path> files = Files.newDirectoryStream(folder, FILE + "*" + SUFFIX)) {
            for (Path file : files) {
                Files.deleteIfExists(file);
                deleted++;
            }
        }
        return deleted;
    }

    /** Creates an empty file that only its owner can read. The server chooses its name, not the client. */
    synchronized Path createFile() throws IOException {
        open();
        try {
            return Files.createTempFile(folder, FILE, SUFFIX);
        } catch (NoSuchFileException e) {
            // The folder does not exist before its first file, or a cleaner of temporary files has deleted it.
            Files.createDirectories(folder, ownerOnly());
            return Files.createTempFile(folder, FILE, SUFFIX);
        }
    }

    private FileAttribute<?>[] ownerOnly() {
        return Folders.isPosix(directory)
                ? new FileAttribute<?>[] {
                    PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------"))
                }
                : new FileAttribute<?>[0];
    }

    /** Size of all files in bytes. */
    long size() {
        long size = 0;
        for (File file : files()) {
            // 0 for a file that was deleted meanwhile.
            size += file.length();
        }
        return size;
    }

    private synchronized File[] files() {
        File[] files = folder == null ? null : folder.toFile().listFiles();
        return files == null ? new File[0] : files;
    }

    /** Deletes the folder and releases the lock, unless the folder still has files. */
    @Override
    public synchronized void close() {
        if (lock == null) {
            return;
        }
        // Exchanges, such as in a seda queue, may read files after the stop. Then the process holds the lock to its
        // end.
        if (files().length == 0) {
            try (LockFile released = lock) {
                Files.deleteIfExists(folder);
                Files.deleteIfExists(lockOf(folder));
            } catch (IOException e) {
                LOG.warn("Cannot delete the spool folder {}", folder, e);
            }
        }
        lock = null;
        folder = null;
    }
}
