// Copyright the camel-viamdata authors. SPDX-License-Identifier: Apache-2.0
package io.github.camelviamdata.once;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps a file for one user of one process. The operating system releases it when the process ends, even by a crash. Closing any
 * channel of the process to the file would release it, too, so a second channel is not opened.
 */
final class LedgerLock implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(LedgerLock.class);
    private static final Set<Path> OF_THIS_PROCESS = ConcurrentHashMap.newKeySet();

    private final Path file;
    private final FileChannel channel;

    /**
     * Locks a file, which is made if there is none.
     *
     * @throws IOException if another user has it, or it cannot be made
     */
    LedgerLock(Path file) throws IOException {
        this.file = file.normalize();
        if (!OF_THIS_PROCESS.add(this.file)) {
            throw inUse();
        }
        try {
            channel = open(this.file);
        } catch (IOException e) {
            OF_THIS_PROCESS.remove(this.file);
            throw e;
        }
    }

    private static FileChannel open(Path file) throws IOException {
        FileChannel channel = FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        try {
            if (channel.tryLock() != null) {
                return channel;
            }
        } catch (OverlappingFileLockException e) {
            LOG.debug("Another class loader of this process has it", e);
        }
        channel.close();
        throw inUse();
    }

    private static IOException inUse() {
        return new IOException("another process or context uses it. Give each a file of its own, or let them share an"
                + " idempotent repository such as that of camel-sql");
    }

    @Override
    public void close() throws IOException {
        try {
            channel.close();
        } finally {
            OF_THIS_PROCESS.remove(file);
        }
    }
}
