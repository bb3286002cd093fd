// Copyright the camel-viamdata authors. SPDX-License-Identifier: Apache-2.0
package io.github.camelviamdata.source;

import io.github.camelviamdata.files.LockFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.apache.camel.Exchange;
import org.apache.camel.Processor;
import org.apache.camel.support.service.ServiceSupport;

/**
 * Locks a file in a folder while a route runs, so that no other route or process reads the folder. The operating system releases
 * the lock when the process ends, even by a crash. A route that may not write to the folder does not start: it could not move
 * uploaded files, and would upload them again.
 *
 * <p>It is a step of the route, so that it starts and stops with it, and passes messages on unchanged.
 */
public final class FolderLock extends ServiceSupport implements Processor {

    private static final String LOCK_FILE = ".viamdata.lock";
    private static final String ADVICE = " set the property directory of viamdata-file-source to another folder";

    private Path directory;
    private LockFile lock;

    public void setDirectory(String directory) {
        this.directory = Path.of(directory);
    }

    @Override
    protected void doStart() throws IOException {
        Files.createDirectories(directory);
        try {
            lock = LockFile.tryLock(directory.resolve(LOCK_FILE), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        } catch (IOException e) {
            throw new IOException("This process may not write to " + directory + ": give it the right, or" + ADVICE, e);
        }
        if (lock == null) {
            throw new IOException("Another route or process reads " + directory + ", and only one may:" + ADVICE);
        }
    }

    @Override
    protected void doStop() throws IOException {
        if (lock != null) {
            lock.close();
            lock = null;
        }
    }

    @Override
    public void process(Exchange exchange) {
        // Messages pass unchanged.
    }
}
