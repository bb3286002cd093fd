// Copyright the camel-viamdata authors. SPDX-License-Identifier: Apache-2.0
package io.github.camelviamdata.once;

import io.github.camelviamdata.files.Folders;
import io.github.camelviamdata.files.LockFile;
import io.github.camelviamdata.once.NoteFile.Kind;
import io.github.camelviamdata.once.NoteFile.Note;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Deque;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.concurrent.Executor;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A ledger in a file of a local disk, for one process. Notes are appended to a {@link NoteFile}; a {@link NoteTable} knows the last
 * one of each key. One thread owns both: all notes that wait when it is ready are written together, and share a sync. When the file
 * has become twice as long, what counts is copied to a new one, and what is older than the retention stays behind.
 */
final class FileLedger implements Ledger, AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(FileLedger.class);

    private static final byte[] NO_ID = {};
    private static final String LOCK = ".lock";
    private static final String COPY = ".new";
    private static final long COMPACT_FROM_BYTES = 16 * 1024 * 1024;
    private static final Duration CLOSE_TIMEOUT = Duration.ofSeconds(10);
    private static final Duration TIMEOUT = Duration.ofMinutes(1);
    private static final Executor EACH_SECOND = CompletableFuture.delayedExecutor(1, TimeUnit.SECONDS);

    private final Path path;
    private final Path folder;
    private final Duration retention;
    private final InstantSource clock;
    private final LockFile lock;
    private final BlockingQueue<NoteTask> tasks = new LinkedBlockingQueue<>();
    // The last task.
    private final NoteTask end = new NoteTask(Kind.BEGUN, null, NO_ID, TIMEOUT);
    private final Thread writer;
    // Why there will be no more notes; null while there may be.
    private volatile IOException ended;
    // What the writer has taken of the tasks.
    private final Deque<NoteTask> group = new ConcurrentLinkedDeque<>();
    // What could not be written, and has to be before anything else.
    private final Deque<NoteTask> overdue = new ConcurrentLinkedDeque<>();
    // These belong to the writer once it has started.
    private final NoteTable table = new NoteTable();
    private NoteFile file;
    private long compactAt;

    /**
     * Opens a ledger, which is made if there is no such file.
     *
     * @param retention how long a note counts
     * @throws IllegalStateException if another process has it open, or it cannot be read; the text says so
     */
    FileLedger(Path path, Duration retention, InstantSource clock) {
        this.path = path.toAbsolutePath();
        this.folder = this.path.getParent();
        this.retention = retention;
        this.clock = clock;
        try {
            if (folder == null) {
                throw new IOException("it is no file");
            }
            Files.createDirectories(folder);
            lock = lock(beside(LOCK));
            try {
                Files.deleteIfExists(beside(COPY));
                file = new NoteFile(this.path);
                load();
                Folders.force(folder);
            } catch (Throwable e) {
                try (LockFile locked = lock;
                        NoteFile opened = file) {
                    throw e;
                }
            }
        } catch (IOException e) {
            throw failure(e);
        }
        writer = new Thread(this::run, "ViamDataLedger " + path.getFileName());
        writer.setDaemon(true);
        writer.start();
        EACH_SECOND.execute(this::failLate);
    }

    private static LockFile lock(Path file) throws IOException {
        LockFile lock = LockFile.tryLock(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        if (lock == null) {
            throw new IOException(
                    "another process or context uses it. Give each a file of its own, or let them share an"
                            + " idempotent repository such as that of camel-sql");
        }
        return lock;
    }

    private Path beside(String suffix) {
        return path.resolveSibling(path.getFileName() + suffix);
    }

    private void load() throws IOException {
        table.clear();
        long rest = file.cutOff(
                file.visitAll((note, place) -> table.put(note.key(), counts(note) ? place : NoteTable.NONE)));
        if (rest > 0) {
            LOG.warn(
                    "The end of the ledger {} was half written, as a crash leaves it: {} bytes are cut off. Uploads that"
                            + " began and are not noted as stored are looked for when they come again",
                    path,
                    rest);
        }
        compactAt = Math.max(COMPACT_FROM_BYTES, 2 * file.length());
    }

    private boolean counts(Note note) {
        return note.kind() != Kind.FORGOTTEN
                && note.since() >= clock.instant().minus(retention).toEpochMilli();
    }

    @Override
    public State begin(String key) {
        return join(beginLater(key, TIMEOUT));
    }

    @Override
    public void done(String key, String id) {
        join(doneLater(key, id, TIMEOUT));
    }

    @Override
    public void forget(String key) {
        join(forgetLater(key, TIMEOUT));
    }

    /**
     * As {@link #begin}, without waiting. Completes on a thread that must not be blocked: with an error, if the disk gives no answer
     * within the timeout, which is looked at each second.
     */
    CompletableFuture<State> beginLater(String key, Duration timeout) {
        return submit(new NoteTask(Kind.BEGUN, NoteKey.parse(key), NO_ID, timeout));
    }

    /** As {@link #done}, without waiting. An ID of more than {@value NoteFile#ID_LIMIT} bytes is noted as empty. */
    CompletableFuture<?> doneLater(String key, String id, Duration timeout) {
        byte[] bytes = id.getBytes(StandardCharsets.UTF_8);
        return submit(new NoteTask(
                Kind.DONE, NoteKey.parse(key), bytes.length <= NoteFile.ID_LIMIT ? bytes : NO_ID, timeout));
    }

    /** As {@link #forget}, without waiting. */
    CompletableFuture<?> forgetLater(String key, Duration timeout) {
        return submit(new NoteTask(Kind.FORGOTTEN, NoteKey.parse(key), NO_ID, timeout));
    }

    private NoteTask submit(NoteTask task) {
        tasks.add(task);
        if (ended != null) {
            // The writer may not have seen it.
            task.completeExceptionally(failure(ended));
        }
        return task;
    }

    private static State join(CompletableFuture<?> task) {
        try {
            return (State) task.join();
        } catch (CompletionException e) {
            throw e.getCause() instanceof RuntimeException failure ? failure : e;
        }
    }

    private void failLate() {
        try {
            tasks.forEach(NoteTask::failIfLate);
            group.forEach(NoteTask::failIfLate);
            overdue.forEach(NoteTask::failIfLate);
        } finally {
            if (ended == null) {
                EACH_SECOND.execute(this::failLate);
            }
        }
    }

    private void run() {
        while (ended == null) {
            try {
                takeGroup();
                commit();
            } catch (Throwable e) {
                undo(failure(e));
            }
            group.clear();
            compactIfDue();
        }
        group.addAll(overdue);
        tasks.drainTo(group);
        undo(failure(ended));
    }

    /** Waits for a task, and appends it and those that wait behind it. What is overdue goes before them, each second. */
    private void takeGroup() throws InterruptedException, IOException {
        NoteTask taken = overdue.isEmpty() ? tasks.take() : tasks.poll(1, TimeUnit.SECONDS);
        if (taken != null) {
            overdue.add(taken);
        }
        for (NoteTask task = overdue.poll(); task != null; task = file.hasRoom() ? next() : null) {
            if (task == end) {
                ended = new IOException("it is closed");
                return;
            }
            group.add(task);
            append(task);
        }
    }

    private NoteTask next() {
        NoteTask first = overdue.poll();
        return first == null ? tasks.poll() : first;
    }

    private void append(NoteTask task) throws IOException {
        if (task.kind == Kind.BEGUN && task.isDone()) {
            // It has timed out, and its upload has failed without it.
            return;
        }
        long last = table.get(task.key);
        if (task.kind == Kind.BEGUN && last != NoteTable.NONE) {
            Note note = file.read(last);
            if (counts(note)) {
                task.noted = note.kind() == Kind.DONE ? State.done(note.id()) : State.open();
                return;
            }
        } else if (task.kind == Kind.FORGOTTEN && last == NoteTable.NONE) {
            return;
        }
        long place = file.append(task.kind, task.key, clock.millis(), task.id);
        task.placeBefore = table.put(task.key, task.kind == Kind.FORGOTTEN ? NoteTable.NONE : place);
    }

    private void commit() throws IOException {
        if (group.stream().anyMatch(NoteTask::isWritten)) {
            file.write(group.stream().anyMatch(NoteTask::isSynced));
        }
        for (NoteTask task : group) {
            if (!task.complete(task.noted)
                    && task.isSynced()
                    && group.stream().noneMatch(other -> other.countsOnNoteOf(task))) {
                // The upload has failed without it. The next one of the key may wait already, so this goes first.
                overdue.addFirst(new NoteTask(Kind.FORGOTTEN, task.key, NO_ID, task.timeout));
            }
        }
    }

    /** None of the group is noted. What has ended has to be: it would be taken for open. */
    private void undo(IllegalStateException failure) {
        file.discard();
        for (NoteTask task = group.pollLast(); task != null; task = group.pollLast()) {
            if (task.isWritten()) {
                table.put(task.key, task.placeBefore);
                task.placeBefore = NoteTask.UNCHANGED;
            }
            if (task.kind == Kind.BEGUN || ended != null) {
                task.completeExceptionally(failure);
            } else {
                overdue.addFirst(task);
            }
        }
    }

    private void compactIfDue() {
        if (file.length() < compactAt) {
            return;
        }
        NoteFile before = file;
        try {
            file = copy();
        } catch (Throwable e) {
            LOG.warn("The ledger {} could not be compacted. It grows on", path, e);
            compactAt = 2 * file.length();
            return;
        }
        try {
            before.close();
            load();
            // After a failure of power, the name would be that of the file before.
            Folders.force(folder);
        } catch (Throwable e) {
            ended = new IOException("it cannot be read", e);
        }
    }

    /** The last notes of all keys, in a file that has taken the place of this one. */
    private NoteFile copy() throws IOException {
        Path next = beside(COPY);
        Files.deleteIfExists(next);
        NoteFile copy = new NoteFile(next);
        try {
            file.copyTo(copy, (note, place) -> counts(note) && table.get(note.key()) == place);
            Files.move(next, path, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
            return copy;
        } catch (Throwable e) {
            copy.close();
            // It takes room that the ledger may need.
            Files.deleteIfExists(next);
            throw e;
        }
    }

    private IllegalStateException failure(Throwable cause) {
        return new IllegalStateException("The ledger " + path + " cannot be used: " + cause.getMessage(), cause);
    }

    @Override
    public void close() {
        tasks.add(end);
        try {
            writer.join(CLOSE_TIMEOUT.toMillis());
            if (!writer.isAlive()) {
                file.write(true);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (IOException e) {
            LOG.warn("The ledger {} could not be synced", path, e);
        }
        try {
            file.close();
            lock.close();
        } catch (IOException e) {
            LOG.warn("The ledger {} could not be closed", path, e);
        }
    }
}
