// Copyright the camel-viamdata authors. SPDX-License-Identifier: Apache-2.0
package io.github.camelviamdata.source;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.apache.camel.Exchange;
import org.apache.camel.Processor;
import org.apache.camel.support.service.ServiceSupport;

/**
 * Keeps a folder for one route of one process while the route runs, by the lock of a file in it. The operating system
 * releases it when the process ends, even by a crash, so nothing has to be cleaned up. A route that may not
 * write to the folder does not start: it could not move what is uploaded, and would upload it again.
 *
 * <p>A step of the route, so that it starts and stops with it; to messages it does nothing.
 */
public final class FolderLock extends ServiceSupport implements Processor {

    private static final String LOCK_FILE = ".viamdata.lock";
    private static final String ADVICE = " set the property directory of viamdata-file-source to another folder";

    private Path directory;
    private FileLock lock;

    public void setDirectory(String directory) {
        this.directory = Path.of(directory);
    }

    @Override
    protected void doStart() throws IOException {
        Files.createDirectories(directory);
        FileChannel channel;
        try {
            channel =
                    FileChannel.open(directory.resolve(LOCK_FILE), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        } catch (IOException e) {
            throw new IOException("This process may not write to " + directory + ": give it the right, or" + ADVICE, e);
        }
        try {
            lock = channel.tryLock();
        } catch (OverlappingFileLockException e) {
            lock = null;
        }
        if (lock == null) {
            channel.close();
            throw new IOException(
                    "Another route or process reads " + directory + ", which one at a time may:" + ADVICE);
        }
    }

    @Override
    protected void doStop() throws IOException {
        if (lock != null) {
            lock.acquiredBy().close();
            lock = null;
        }
    }

    @Override
    public void process(Exchange exchange) {
        // Messages pass unchanged.
    }
}
