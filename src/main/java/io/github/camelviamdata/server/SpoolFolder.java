// Copyright the camel-viamdata authors. SPDX-License-Identifier: Apache-2.0
package io.github.camelviamdata.server;

import java.io.File;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.nio.file.attribute.UserPrincipal;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The folder of one server's spool files, with a lock file beside it that the process holds for as long as it lives. The
 * folders of servers that were killed are deleted when the next one starts in the same directory: their locks are free.
 */
final class SpoolFolder implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(SpoolFolder.class);

    private static final String NAME = "viamdata-server-";
    private static final String LOCK = ".lock";
    private static final String FILE = "upload-";
    private static final String SUFFIX = ".tmp";

    // Locks of folders with files that copies of an exchange read after the stop of their server, such as in a seda
    // queue.
    // They are held until the process ends.
    private static final Set<FileChannel> HELD = ConcurrentHashMap.newKeySet();

    private final Path directory;
    private Path folder;
    private FileChannel channel;

    /**
     * @param directory where such folders are; is created
     */
    SpoolFolder(Path directory) {
        this.directory = directory;
    }

    /** Locks the folder, and deletes the folders of servers that were killed. Does nothing if the lock is held already. */
    synchronized void open() throws IOException {
        if (channel != null) {
            return;
        }
        Files.createDirectories(directory);
        while (channel == null) {
            folder = directory.resolve(NAME + UUID.randomUUID());
            FileChannel locked = tryLock(lockOf(folder), StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
            // Another server that starts may have taken the new file for an abandoned one, and deleted it.
            if (locked != null && Files.exists(lockOf(folder))) {
                channel = locked;
            } else if (locked != null) {
                locked.close();
            }
        }
        deleteAbandoned();
    }

    private static Path lockOf(Path folder) {
        return folder.resolveSibling(folder.getFileName() + LOCK);
    }

    /** The open and locked file, or null if another server holds the lock, in this process or in another one. */
    static FileChannel tryLock(Path file, StandardOpenOption... options) throws IOException {
        FileChannel channel = FileChannel.open(file, options);
        FileLock lock = null;
        try {
            lock = channel.tryLock();
        } catch (OverlappingFileLockException e) {
            // Held in this process.
        } finally {
            if (lock == null) {
                channel.close();
            }
        }
        return lock == null ? null : channel;
    }

    private void deleteAbandoned() throws IOException {
        UserPrincipal owner = Files.getOwner(lockOf(folder));
        try (DirectoryStream<Path> locks = Files.newDirectoryStream(directory, NAME + "*" + LOCK)) {
            for (Path lock : locks) {
                try {
                    // In a directory for all users, other users may have created files of such names.
                    if (isOwn(lock, owner)) {
                        deleteIfAbandoned(lock, owner);
                    }
                } catch (NoSuchFileException e) {
                    // Another server deleted it first.
                } catch (IOException e) {
                    LOG.warn("Cannot delete what an earlier server has left: {}", lock, e);
                }
            }
        }
    }

    private static boolean isOwn(Path file, UserPrincipal owner) throws IOException {
        return !Files.isSymbolicLink(file)
                && Files.getOwner(file, LinkOption.NOFOLLOW_LINKS).equals(owner);
    }

    private void deleteIfAbandoned(Path lock, UserPrincipal owner) throws IOException {
        try (FileChannel abandoned = lock.equals(lockOf(folder)) ? null : tryLock(lock, StandardOpenOption.WRITE)) {
            if (abandoned == null) {
                return;
            }
            String path = lock.toString();
            Path left = Path.of(path.substring(0, path.length() - LOCK.length()));
            if (Files.isDirectory(left, LinkOption.NOFOLLOW_LINKS) && isOwn(left, owner)) {
                LOG.info("Deleting {} spooled uploads of a server that was killed: {}", deleteFiles(left), left);
                Files.delete(left);
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

    /** An empty file that only its owner can read. */
    synchronized Path createFile() throws IOException {
        open();
        try {
            return Files.createTempFile(folder, FILE, SUFFIX);
        } catch (NoSuchFileException e) {
            // The first one, or a cleaner of temporary files has been here.
            Files.createDirectories(folder, ownerOnly());
            return Files.createTempFile(folder, FILE, SUFFIX);
        }
    }

    private FileAttribute<?>[] ownerOnly() {
        return folder.getFileSystem().supportedFileAttributeViews().contains("posix")
                ? new FileAttribute<?>[] {
                    PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------"))
                }
                : new FileAttribute<?>[0];
    }

    /** Bytes in files at this moment. */
    long size() {
        long size = 0;
        for (File file : files()) {
            // 0 for one that has just gone.
            size += file.length();
        }
        return size;
    }

    private synchronized File[] files() {
        File[] files = folder == null ? null : folder.toFile().listFiles();
        return files == null ? new File[0] : files;
    }

    /** Deletes the folder and gives up the lock, unless a file is still in use. */
    @Override
    public synchronized void close() {
        if (channel == null) {
            return;
        }
        if (files().length > 0) {
            HELD.add(channel);
        } else {
            try (FileChannel lock = channel) {
                Files.deleteIfExists(folder);
                Files.deleteIfExists(lockOf(folder));
            } catch (IOException e) {
                LOG.warn("Cannot delete the spool folder {}", folder, e);
            }
        }
        channel = null;
        folder = null;
    }
}
