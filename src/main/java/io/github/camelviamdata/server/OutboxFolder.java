// Copyright the camel-viamdata authors. SPDX-License-Identifier: Apache-2.0
package io.github.camelviamdata.server;

import com.google.protobuf.InvalidProtocolBufferException;
import io.github.camelviamdata.ViamDataOperation;
import io.github.camelviamdata.files.Folders;
import io.github.camelviamdata.files.LockFile;
import io.github.camelviamdata.proto.datasync.v1.DataCaptureUploadRequest;
import io.github.camelviamdata.upload.Payload;
import io.github.camelviamdata.upload.Upload;
import io.grpc.Status;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
import org.apache.camel.Message;

/** The files of an outbox. Safe for use by many threads, but only one thread at a time may use an entry. */
final class OutboxFolder implements Closeable {

    static final String REFUSED = "refused";

    /** Largest payload in bytes that is stored in the file of the request. A larger one has a file of its own. */
    static final int MAX_EMBEDDED = 65_536;

    private static final String LOCK = ".lock";
    private static final String REASON = ".reason.txt";
    private static final int CHUNK = 1024 * 1024;
    private static final long COUNT_PAUSE = TimeUnit.SECONDS.toNanos(5);
    private static final UploadFormat FORMAT = new UploadFormat();

    private final Path folder;
    private final Path refused;
    private final long maxBytes;
    private final LockFile lock;
    private final AtomicLong waitingBytes = new AtomicLong();
    private final AtomicLong refusedBytes = new AtomicLong();
    private long counted = System.nanoTime();
    private final AtomicLong lastSequence = new AtomicLong();

    /**
     * @param maxBytes largest size of all files together, in bytes
     * @throws IOException if the folder cannot be used, or another process uses it
     */
    OutboxFolder(Path folder, long maxBytes) throws IOException {
        this.folder = folder;
        this.refused = folder.resolve(REFUSED);
        this.maxBytes = maxBytes;
        createFolder(folder);
        createFolder(refused);
        lock = LockFile.tryLock(folder.resolve(LOCK), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        if (lock == null) {
            throw new IOException("The folder " + folder + " is in use by another outbox");
        }
    }

    /** Creates a folder that only its owner can read. Keeps the permissions of one that exists. */
    private static void createFolder(Path folder) throws IOException {
        if (Files.exists(folder)) {
            return;
        }
        Files.createDirectories(folder);
        if (Folders.isPosix(folder)) {
            Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwx------"));
        }
    }

    /** Loads the entries to forward. Deletes the unfinished files of a process that was killed. */
    List<OutboxEntry> load() throws IOException {
        List<OutboxEntry> entries = new ArrayList<>();
        waitingBytes.set(0);
        for (String name : names(folder)) {
            Path file = folder.resolve(name);
            String message = name.replace(OutboxEntry.PAYLOAD, OutboxEntry.MESSAGE);
            boolean payload = name.endsWith(OutboxEntry.PAYLOAD);
            if (payload && Files.exists(refused.resolve(message))) {
                // The process was killed in refuse(), between its moves.
                move(file, refused);
                continue;
            } else if (name.endsWith(OutboxEntry.UNFINISHED) || payload && !Files.exists(folder.resolve(message))) {
                Files.delete(file);
                continue;
            }
            waitingBytes.addAndGet(size(file));
            skipSequence(name);
            OutboxEntry entry = name.endsWith(OutboxEntry.MESSAGE) ? OutboxEntry.of(name, size(file)) : null;
            if (entry != null) {
                entries.add(new OutboxEntry(
                        entry.sequence(), entry.lane(), entry.size() + size(file(entry, OutboxEntry.PAYLOAD))));
            }
        }
        names(refused).forEach(this::skipSequence);
        countRefused();
        return entries;
    }

    /** Makes sure that the number in a file's name is not used again: a file that is moved back must not replace another one. */
    private void skipSequence(String name) {
        OutboxEntry entry = OutboxEntry.of(name, 0);
        if (entry != null) {
            lastSequence.accumulateAndGet(entry.sequence(), Math::max);
        }
    }

    private void countRefused() throws IOException {
        long sum = 0;
        for (String name : names(refused)) {
            sum += size(refused.resolve(name));
        }
        refusedBytes.set(sum);
    }

    /**
     * Stores an upload. When this returns, it is on the disk, and survives a loss of power.
     *
     * @throws io.grpc.StatusRuntimeException {@code RESOURCE_EXHAUSTED} if the folder is full
     */
    OutboxEntry store(Upload upload) throws IOException {
        OutboxEntry entry = OutboxEntry.of(lastSequence.incrementAndGet(), upload.metadata());
        Path payload = file(entry, OutboxEntry.PAYLOAD);
        Path unfinished = file(entry, OutboxEntry.UNFINISHED);
        Reservation reservation = new Reservation();
        try {
            DataCaptureUploadRequest message = upload.request();
            if (isLarge(upload)) {
                write(payload, upload, reservation);
            } else {
                // One byte more than it may have, to detect a file that has grown.
                message = upload.request(upload.payload().head(MAX_EMBEDDED + 1));
            }
            reservation.add(message.getSerializedSize());
            try (FileChannel channel = create(unfinished)) {
                message.writeTo(Channels.newOutputStream(channel));
                channel.force(true);
            }
            Files.move(unfinished, file(entry, OutboxEntry.MESSAGE), StandardCopyOption.ATOMIC_MOVE);
            Folders.force(folder);
            return new OutboxEntry(entry.sequence(), entry.lane(), reservation.size);
        } catch (IOException | RuntimeException | Error e) {
            for (Path file : List.of(file(entry, OutboxEntry.MESSAGE), unfinished, payload)) {
                Files.deleteIfExists(file);
            }
            waitingBytes.addAndGet(-reservation.size);
            throw e;
        }
    }

    private static boolean isLarge(Upload upload) {
        long length = upload.payload().length();
        return !upload.isTabular() && (length == Payload.UNKNOWN_LENGTH || length > MAX_EMBEDDED);
    }

    private static void write(Path file, Upload upload, Reservation reservation) throws IOException {
        try (InputStream stream = upload.payload().open();
                FileChannel channel = create(file)) {
            OutputStream out = Channels.newOutputStream(channel);
            byte[] chunk = new byte[upload.payload().bufferSize(CHUNK)];
            for (int count = stream.read(chunk); count >= 0; count = stream.read(chunk)) {
                reservation.add(count);
                out.write(chunk, 0, count);
            }
            channel.force(true);
        }
    }

    private static FileChannel create(Path file) throws IOException {
        return FileChannel.open(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
    }

    /**
     * Sets the headers and the body that {@code viamdata-server} sets for the upload of an entry.
     *
     * @throws IOException if it cannot be read
     * @throws IllegalArgumentException if its files do not hold an upload
     */
    void restore(OutboxEntry entry, Message message) throws IOException {
        Path payload = file(entry, OutboxEntry.PAYLOAD);
        DataCaptureUploadRequest stored;
        try (InputStream in = Files.newInputStream(file(entry, OutboxEntry.MESSAGE))) {
            stored = DataCaptureUploadRequest.parseFrom(in);
        } catch (InvalidProtocolBufferException e) {
            throw new IllegalArgumentException("it is damaged: " + e.getMessage(), e);
        }
        ViamDataOperation operation = operation(stored);
        FORMAT.headers(operation, stored).forEach(message::setHeader);
        if (operation == ViamDataOperation.tabular
                || stored.getSensorContents(0).hasBinary()) {
            message.setBody(FORMAT.body(stored));
        } else if (Files.exists(payload)) {
            message.setBody(payload.toFile());
        } else {
            throw new IllegalArgumentException("its payload is missing");
        }
    }

    private static ViamDataOperation operation(DataCaptureUploadRequest stored) {
        ViamDataOperation operation = switch (stored.getMetadata().getType()) {
            case DATA_TYPE_BINARY_SENSOR -> ViamDataOperation.binary;
            case DATA_TYPE_TABULAR_SENSOR -> ViamDataOperation.tabular;
            case DATA_TYPE_FILE -> ViamDataOperation.file;
            default -> throw new IllegalArgumentException("it holds no upload");
        };
        if (operation != ViamDataOperation.tabular && stored.getSensorContentsCount() != 1) {
            throw new IllegalArgumentException("it holds no payload");
        }
        return operation;
    }

    /** Deletes an entry that was forwarded. */
    void delete(OutboxEntry entry) throws IOException {
        Files.deleteIfExists(file(entry, OutboxEntry.MESSAGE));
        Files.deleteIfExists(file(entry, OutboxEntry.PAYLOAD));
        waitingBytes.addAndGet(-entry.size());
    }

    /** Moves an entry that will never be accepted to another folder, with the reason beside it. */
    void refuse(OutboxEntry entry, String reason) throws IOException {
        byte[] text = (reason + System.lineSeparator()).getBytes(StandardCharsets.UTF_8);
        Files.write(refused.resolve(entry.name() + REASON), text);
        // In this order, so that load() can complete it after the process was killed.
        move(file(entry, OutboxEntry.MESSAGE), refused);
        if (Files.exists(file(entry, OutboxEntry.PAYLOAD))) {
            move(file(entry, OutboxEntry.PAYLOAD), refused);
        }
        waitingBytes.addAndGet(-entry.size());
        refusedBytes.addAndGet(entry.size() + text.length);
    }

    private static void move(Path file, Path folder) throws IOException {
        Files.move(file, folder.resolve(file.getFileName()), StandardCopyOption.ATOMIC_MOVE);
    }

    /** Size of all files in bytes, those put aside included. */
    long size() {
        return waitingBytes.get() + refusedBytes.get();
    }

    private Path file(OutboxEntry entry, String ending) {
        return folder.resolve(entry.name() + ending);
    }

    private static long size(Path file) throws IOException {
        try {
            return Files.size(file);
        } catch (NoSuchFileException e) {
            return 0;
        }
    }

    private static List<String> names(Path folder) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.filter(Files::isRegularFile)
                    .map(file -> folder.relativize(file).toString())
                    .toList();
        }
    }

    @Override
    public void close() throws IOException {
        lock.close();
    }

    /** The bytes of the limit that are reserved for an upload. */
    private final class Reservation {

        private long size;

        void add(long added) throws IOException {
            size += added;
            waitingBytes.addAndGet(added);
            if (size() > maxBytes && isFull()) {
                throw Status.RESOURCE_EXHAUSTED
                        .withDescription("The outbox is full")
                        .asRuntimeException(RouteStatus.pushBack());
            }
        }
    }

    /** Whether the folder is full. Counts the files put aside anew, at most every 5 seconds, because users remove some. */
    private synchronized boolean isFull() throws IOException {
        if (System.nanoTime() - counted > COUNT_PAUSE) {
            counted = System.nanoTime();
            countRefused();
        }
        return size() > maxBytes;
    }
}
