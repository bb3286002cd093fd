// Copyright the camel-viamdata authors. SPDX-License-Identifier: Apache-2.0
package io.github.camelviamdata.source;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.apache.camel.Exchange;
import org.apache.camel.LoggingLevel;
import org.apache.camel.component.file.GenericFile;
import org.apache.camel.component.file.GenericFileEndpoint;
import org.apache.camel.component.file.GenericFileExclusiveReadLockStrategy;
import org.apache.camel.component.file.GenericFileOperations;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A read lock strategy that never waits: a poll accepts a file if it has not changed since an earlier poll, at least the settle
 * time ago. Camel's own strategy "changed" waits for each file on the polling thread, and compares the file's time with the clock,
 * so that an empty file, or one from a clock that is ahead, delays all others. This one uses only the clock of this process.
 *
 * <p>All files of a poll are checked against its start time, so that files are accepted in the order in which they were found.
 */
public final class SettledFiles implements GenericFileExclusiveReadLockStrategy<File> {

    private static final Logger LOG = LoggerFactory.getLogger(SettledFiles.class);

    /** An empty file settles for longer, because it would be refused: some cameras create a file and write to it seconds later. */
    private static final int EMPTY_FACTOR = 10;

    private static final long FORGET_AFTER = TimeUnit.MINUTES.toNanos(5);

    private static final class Observation {
        private final long size;
        private final long modified;
        private final long since;
        private long last;

        Observation(long size, long modified, long now) {
            this.size = size;
            this.modified = modified;
            this.since = now;
        }
    }

    private final Map<File, Observation> observations = new HashMap<>();
    private final LongSupplier nanos;
    private volatile long settleNanos = TimeUnit.SECONDS.toNanos(1);
    private long lastForgotten;
    private long pollStarted;

    public SettledFiles() {
        this(System::nanoTime);
    }

    /**
     * @param nanos as {@link System#nanoTime}
     */
    SettledFiles(LongSupplier nanos) {
        this.nanos = nanos;
        this.lastForgotten = nanos.getAsLong();
    }

    /** How long a file must not have changed, in milliseconds, from 1; 1000 by default. Ten times as long for an empty file. */
    public void setSettleMillis(long millis) {
        this.settleNanos = TimeUnit.MILLISECONDS.toNanos(millis);
    }

    @Override
    public void prepareOnStartup(GenericFileOperations<File> operations, GenericFileEndpoint<File> endpoint) {
        // Observations are kept over a restart of the route.
    }

    @Override
    public synchronized boolean acquireExclusiveReadLock(
            GenericFileOperations<File> operations, GenericFile<File> file, Exchange exchange) {
        long now = nanos.getAsLong();
        Integer index = exchange.getProperty(Exchange.BATCH_INDEX, Integer.class);
        if (index == null || index == 0) {
            pollStarted = now;
        }
        forget(now);
        File path = file.getFile();
        Observation observation = observations.get(path);
        BasicFileAttributes attributes;
        try {
            attributes = Files.readAttributes(path.toPath(), BasicFileAttributes.class);
        } catch (IOException e) {
            observations.remove(path);
            return false;
        }
        long modified = attributes.lastModifiedTime().to(TimeUnit.NANOSECONDS);
        if (observation == null || observation.size != attributes.size() || observation.modified != modified) {
            if (observation == null && !Files.isReadable(path.toPath())) {
                LOG.warn("{} stays where it is: this process may not read it", path);
            }
            observation = new Observation(attributes.size(), modified, now);
            observations.put(path, observation);
        }
        observation.last = now;
        long settle = observation.size == 0 ? EMPTY_FACTOR * settleNanos : settleNanos;
        if (pollStarted - observation.since < settle || !Files.isReadable(path.toPath())) {
            return false;
        }
        observations.remove(path);
        return true;
    }

    /** Forgets files that are gone. */
    private void forget(long now) {
        if (now - lastForgotten > FORGET_AFTER) {
            observations.values().removeIf(observation -> now - observation.last > FORGET_AFTER);
            lastForgotten = now;
        }
    }

    @Override
    public void releaseExclusiveReadLockOnAbort(
            GenericFileOperations<File> operations, GenericFile<File> file, Exchange exchange) {}

    @Override
    public void releaseExclusiveReadLockOnRollback(
            GenericFileOperations<File> operations, GenericFile<File> file, Exchange exchange) {}

    @Override
    public void releaseExclusiveReadLockOnCommit(
            GenericFileOperations<File> operations, GenericFile<File> file, Exchange exchange) {}

    @Override
    public void setTimeout(long timeout) {
        // There is no lock to wait for.
    }

    @Override
    public void setCheckInterval(long checkInterval) {
        // Files are checked at each poll of the folder.
    }

    @Override
    public void setReadLockLoggingLevel(LoggingLevel readLockLoggingLevel) {
        // An incomplete file is normal, and not logged.
    }

    @Override
    public void setMarkerFiler(boolean markerFile) {
        // There are no marker files.
    }

    @Override
    public void setDeleteOrphanLockFiles(boolean deleteOrphanLockFiles) {
        // There are no lock files.
    }
}
