// Copyright the camel-viamdata authors. SPDX-License-Identifier: Apache-2.0
package io.github.camelviamdata.files;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;

/**
 * A file that is locked for one user of one process, until it is closed or the process ends, even by a crash. On POSIX systems,
 * closing any channel of a process to a file releases the process's lock on it. So no second channel is opened, and one that another
 * class loader's lock would lose is not closed.
 */
public final class LockFile implements AutoCloseable {

    // They guard each other, and keep channels open that nothing else refers to.
    private static final Map<Path, FileChannel> LOCKED = new HashMap<>();
    // To files that another class loader of this process has locked.
    private static final Map<Path, FileChannel> UNLOCKED = new HashMap<>();

    private final Path file;
    private final FileChannel channel;

    private LockFile(Path file, FileChannel channel) {
        this.file = file;
        this.channel = channel;
    }

    /**
     * Locks a file.
     *
     * @param file in a folder that exists
     * @param options for writing; they say whether the file is created
     * @return the lock, or null if another user has it, in this process or in another one
     * @throws IOException if the file cannot be opened, or the system cannot lock it
     */
    public static LockFile tryLock(Path file, StandardOpenOption... options) throws IOException {
        // A folder may have several paths.
        Path absolute = file.toAbsolutePath();
        Path folder = Objects.requireNonNull(absolute.getParent(), "a root is no file");
        Path real = folder.toRealPath().resolve(folder.relativize(absolute));
        synchronized (LOCKED) {
            FileChannel channel = LOCKED.containsKey(real) ? null : tryOpen(real, options);
            if (channel == null) {
                return null;
            }
            LOCKED.put(real, channel);
            return new LockFile(real, channel);
        }
    }

    /** The open and locked file, or null if another process or class loader has locked it. */
    private static FileChannel tryOpen(Path file, StandardOpenOption... options) throws IOException {
        FileChannel left = UNLOCKED.remove(file);
        FileChannel channel = left == null ? FileChannel.open(file, options) : left;
        try {
            if (channel.tryLock() != null) {
                return channel;
            }
        } catch (OverlappingFileLockException e) {
            UNLOCKED.put(file, channel);
            return null;
        } catch (Throwable e) {
            channel.close();
            throw e;
        }
        channel.close();
        return null;
    }

    /** Releases the lock. The file stays. */
    @Override
    public void close() throws IOException {
        synchronized (LOCKED) {
            LOCKED.remove(file, channel);
            channel.close();
        }
    }
}
