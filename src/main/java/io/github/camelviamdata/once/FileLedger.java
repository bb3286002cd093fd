// Copyright the camel-viamdata authors. SPDX-License-Identifier: Apache-2.0
package io.github.camelviamdata.once;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.Driver;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Properties;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A ledger in a file of a local disk, for one process, which SQLite keeps. One thread writes: all notes that wait when it begins go
 * into one transaction, and so share a sync. Notes that are older than the retention are removed.
 */
final class FileLedger implements Ledger, AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(FileLedger.class);

    private static final int MOST_TOGETHER = 4096;
    private static final long REMOVE_OLD_EVERY = TimeUnit.HOURS.toNanos(1);
    private static final String PAGE_SIZE = "1024";
    private static final int CACHE_KIB = 16 * 1024;
    // Of the log, before they are moved into the database.
    private static final int CHECKPOINT_PAGES = 16_000;
    private static final long CLOSE_TIMEOUT_MILLIS = 10_000;

    private final Path file;
    private final Duration retention;
    private final InstantSource clock;
    private final BlockingQueue<Task<?>> tasks = new LinkedBlockingQueue<>();
    private final Connection connection;
    private final PreparedStatement add;
    private final PreparedStatement find;
    private final PreparedStatement note;
    private final PreparedStatement remove;
    private final PreparedStatement removeOld;
    private final Thread writer;
    private volatile boolean closed;
    private volatile boolean ended;

    /** Work in the transaction. */
    private interface Work<T> {
        T run() throws SQLException;
    }

    /** Work that a thread waits for until it is committed. */
    private static final class Task<T> {

        final CompletableFuture<T> committed = new CompletableFuture<>();
        private final Work<T> work;
        private T result;

        Task(Work<T> work) {
            this.work = work;
        }

        void run() throws SQLException {
            result = work.run();
        }

        void complete() {
            committed.complete(result);
        }
    }

    /**
     * Opens a ledger, which is made if there is no such file.
     *
     * @param retention how long a note is kept
     * @throws IllegalArgumentException if SQLite is not on the class path
     * @throws IllegalStateException if another process has it open, or it cannot be read; the text says so
     */
    FileLedger(Path file, Duration retention, InstantSource clock) {
        this.file = file;
        this.retention = retention;
        this.clock = clock;
        try {
            Path folder = file.toAbsolutePath().getParent();
            if (folder != null) {
                Files.createDirectories(folder);
            }
            boolean crashed = isNotEmpty(Path.of(file + "-wal"));
            connection = open();
            if (crashed) {
                // SQLite cuts off what a crash has left half written at the end of its log.
                LOG.warn(
                        "The ledger {} was not closed. Its log is read up to the last whole transaction. Uploads that began"
                                + " and are not noted as stored are looked for when they come again",
                        file);
            }
            add = connection.prepareStatement(
                    "INSERT INTO note (key, since) VALUES (?, ?) ON CONFLICT (key) DO NOTHING");
            find = connection.prepareStatement("SELECT since, id FROM note WHERE key = ?");
            note = connection.prepareStatement("INSERT INTO note (key, since, id) VALUES (?, ?, ?)"
                    + " ON CONFLICT (key) DO UPDATE SET since = excluded.since, id = excluded.id");
            remove = connection.prepareStatement("DELETE FROM note WHERE key = ?");
            removeOld = connection.prepareStatement("DELETE FROM note WHERE since < ?");
        } catch (SQLException | IOException e) {
            throw failure(e);
        }
        writer = new Thread(this::write, "ViamDataLedger " + file.getFileName());
        writer.setDaemon(true);
        writer.start();
    }

    private static boolean isNotEmpty(Path file) throws IOException {
        return Files.exists(file) && Files.size(file) > 0;
    }

    /** By its name, so that nothing but this needs the library. */
    private static Driver driver() {
        try {
            return (Driver) Class.forName("org.sqlite.JDBC").getConstructor().newInstance();
        } catch (ReflectiveOperationException e) {
            throw new IllegalArgumentException(
                    "The option ledger=file: needs SQLite: add the dependency org.xerial:sqlite-jdbc", e);
        }
    }

    private Connection open() throws SQLException {
        Properties settings = new Properties();
        settings.put("locking_mode", "EXCLUSIVE");
        settings.put("journal_mode", "WAL");
        // A sync for each transaction.
        settings.put("synchronous", "FULL");
        settings.put("busy_timeout", "0");
        // A note changes one page, all of which goes into the log.
        settings.put("page_size", PAGE_SIZE);
        settings.put("cache_size", "-" + CACHE_KIB);
        Connection opened = driver().connect("jdbc:sqlite:" + file, settings);
        try (Statement statement = opened.createStatement()) {
            // An open note has no ID. The keys are hashes, so rows in their order need no second index.
            statement.execute("CREATE TABLE IF NOT EXISTS note (key TEXT PRIMARY KEY, since INTEGER NOT NULL, id TEXT)"
                    + " WITHOUT ROWID");
            statement.execute("PRAGMA wal_autocheckpoint = " + CHECKPOINT_PAGES);
            opened.setAutoCommit(false);
            return opened;
        } catch (SQLException e) {
            opened.close();
            throw e;
        }
    }

    @Override
    public State begin(String key) {
        return join(beginLater(key));
    }

    @Override
    public void done(String key, String id) {
        join(doneLater(key, id));
    }

    @Override
    public void forget(String key) {
        join(forgetLater(key));
    }

    /** As {@link #begin}, without waiting. Completes on a thread that must not be blocked. */
    CompletableFuture<State> beginLater(String key) {
        return submit(() -> addOrFind(key));
    }

    /** As {@link #done}, without waiting. */
    CompletableFuture<?> doneLater(String key, String id) {
        return submit(() -> write(key, id));
    }

    /** As {@link #forget}, without waiting. */
    CompletableFuture<?> forgetLater(String key) {
        return submit(() -> {
            remove.setString(1, key);
            return remove.executeUpdate();
        });
    }

    private State addOrFind(String key) throws SQLException {
        add.setString(1, key);
        add.setLong(2, clock.millis());
        if (add.executeUpdate() == 1) {
            return State.begun();
        }
        find.setString(1, key);
        try (ResultSet noted = find.executeQuery()) {
            if (noted.next() && !isOld(noted.getLong(1))) {
                String id = noted.getString(2);
                return id == null ? State.open(Instant.ofEpochMilli(noted.getLong(1))) : State.done(id);
            }
        }
        write(key, null);
        return State.begun();
    }

    private int write(String key, String id) throws SQLException {
        note.setString(1, key);
        note.setLong(2, clock.millis());
        note.setString(3, id);
        return note.executeUpdate();
    }

    private boolean isOld(long since) {
        return since < oldest();
    }

    private long oldest() {
        return clock.instant().minus(retention).toEpochMilli();
    }

    /** Removes the notes that are older than the retention. */
    int removeOld() {
        return join(submit(this::deleteOld));
    }

    private int deleteOld() throws SQLException {
        removeOld.setLong(1, oldest());
        return removeOld.executeUpdate();
    }

    /** Completes when the work is committed. */
    private <T> CompletableFuture<T> submit(Work<T> work) {
        Task<T> task = new Task<>(work);
        tasks.add(task);
        if (ended) {
            // The writer may not have seen the task.
            task.committed.completeExceptionally(failure(new IllegalStateException("it is closed")));
        }
        return task.committed;
    }

    private static <T> T join(CompletableFuture<T> committed) {
        try {
            return committed.join();
        } catch (CompletionException e) {
            throw e.getCause() instanceof RuntimeException failure ? failure : e;
        }
    }

    private void write() {
        long removedOld = System.nanoTime() - REMOVE_OLD_EVERY;
        List<Task<?>> together = new ArrayList<>();
        // What was submitted before the end is written.
        while (!closed || !tasks.isEmpty()) {
            try {
                Task<?> first = tasks.poll(1, TimeUnit.SECONDS);
                if (System.nanoTime() - removedOld >= REMOVE_OLD_EVERY) {
                    removedOld = System.nanoTime();
                    together.add(new Task<>(this::deleteOld));
                }
                if (first != null) {
                    together.add(first);
                    tasks.drainTo(together, MOST_TOGETHER);
                }
                commit(together);
            } catch (Throwable e) {
                fail(together, e);
            }
            together.clear();
        }
        ended = true;
        tasks.drainTo(together);
        fail(together, new IllegalStateException("it is closed"));
    }

    private void commit(List<Task<?>> together) throws SQLException {
        for (Task<?> task : together) {
            task.run();
        }
        if (!together.isEmpty()) {
            connection.commit();
        }
        together.forEach(Task::complete);
    }

    /** None of them is noted. */
    private void fail(List<Task<?>> together, Throwable error) {
        IllegalStateException failure = failure(error);
        together.forEach(task -> task.committed.completeExceptionally(failure));
        try {
            connection.rollback();
        } catch (SQLException e) {
            LOG.debug("The ledger {} could not roll back", file, e);
        }
    }

    private IllegalStateException failure(Throwable cause) {
        String text = String.valueOf(cause.getMessage());
        if (text.contains("SQLITE_BUSY") || text.contains("SQLITE_LOCKED")) {
            text = "another process uses it. Give each process a file of its own, or let them share an idempotent"
                    + " repository such as that of camel-sql";
        }
        return new IllegalStateException("The ledger " + file + " cannot be used: " + text, cause);
    }

    @Override
    public void close() {
        closed = true;
        try {
            // Wakes the writer.
            tasks.add(new Task<>(() -> null));
            writer.join(CLOSE_TIMEOUT_MILLIS);
            connection.close();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (SQLException e) {
            LOG.warn("The ledger {} could not be closed", file, e);
        }
    }
}
