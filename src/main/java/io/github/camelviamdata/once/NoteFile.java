// Copyright the camel-viamdata authors. SPDX-License-Identifier: Apache-2.0
package io.github.camelviamdata.once;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.zip.CRC32C;

/**
 * Notes, one after another in a file. A note is: its kind (1 byte), its key (16), a time (8), the length of an ID (2), the ID, and a
 * checksum of all that (4); numbers begin with their highest byte. The file begins with a line that says what it is. For one thread.
 */
final class NoteFile implements AutoCloseable {

    /** What a note says of its key. A byte of the file is the place of one of them here. */
    enum Kind {
        BEGUN,
        DONE,
        FORGOTTEN
    }

    /**
     * A note.
     *
     * @param since when it was made, in milliseconds since 1970
     * @param id of at most {@link #ID_LIMIT} bytes; empty but for {@link Kind#DONE}
     */
    record Note(Kind kind, NoteKey key, long since, String id) {}

    /** Is called for each note. */
    interface Visitor {

        /** @param place of the note in the file; above 0 */
        void visit(Note note, long place) throws IOException;
    }

    /** Says which notes count. */
    interface Selection {

        /** @param place of the note in the file; above 0 */
        boolean contains(Note note, long place);
    }

    /** The most bytes of an ID. */
    static final int ID_LIMIT = 4096;

    private static final byte[] HEAD = "viamdata ledger 1\n".getBytes(StandardCharsets.US_ASCII);
    private static final Kind[] KINDS = Kind.values();
    private static final int BYTES_BEFORE_ID = 1 + 3 * Long.BYTES + Short.BYTES;
    private static final int NOTE_LIMIT = BYTES_BEFORE_ID + ID_LIMIT + Integer.BYTES;
    private static final int BUFFER_BYTES = 256 * 1024;

    private final FileChannel channel;
    private final ByteBuffer unwritten = ByteBuffer.allocateDirect(BUFFER_BYTES);
    private final CRC32C checksum = new CRC32C();
    private long length;
    private boolean unfinished;

    /**
     * Opens a file, or makes one.
     *
     * @throws IOException if that fails, or if the file holds something else
     */
    NoteFile(Path file) throws IOException {
        channel = FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
        try {
            checkHead();
        } catch (IOException e) {
            channel.close();
            throw e;
        }
    }

    private void checkHead() throws IOException {
        ByteBuffer head = ByteBuffer.allocate(HEAD.length);
        fill(head, 0);
        byte[] found = Arrays.copyOf(head.array(), head.position());
        if (!Arrays.equals(found, Arrays.copyOf(HEAD, found.length))) {
            throw new IOException("it is not a ledger, so name another file");
        } else if (found.length < HEAD.length) {
            // It is new, or a crash came before its first note.
            unwritten.put(HEAD);
            write(true);
        }
        length = HEAD.length;
    }

    private void fill(ByteBuffer target, long place) throws IOException {
        long next = place;
        int count = 0;
        while (target.hasRemaining() && count >= 0) {
            count = channel.read(target, next);
            next += Math.max(0, count);
        }
    }

    /** In bytes, with what is not written yet. */
    long length() {
        return length + unwritten.position();
    }

    /** Whether there is room for another note before the next {@link #write}. */
    boolean hasRoom() {
        return unwritten.remaining() >= NOTE_LIMIT;
    }

    /**
     * Visits the notes that are written, from the first to the last whole one.
     *
     * @return where that ends
     */
    long visitAll(Visitor visitor) throws IOException {
        long place = HEAD.length;
        ByteBuffer bytes = ByteBuffer.allocate(BUFFER_BYTES).limit(0);
        while (true) {
            if (bytes.remaining() < NOTE_LIMIT) {
                long next = place + bytes.remaining();
                fill(bytes.compact(), next);
                bytes.flip();
            }
            int start = bytes.position();
            Note note = parse(bytes);
            if (note == null) {
                return place;
            }
            visitor.visit(note, place);
            place += bytes.position() - start;
        }
    }

    /**
     * Copies notes to the end of another file, and syncs it.
     *
     * @throws IOException if that fails, or if a note of this file is damaged
     */
    void copyTo(NoteFile copy, Selection selection) throws IOException {
        long end = visitAll((note, place) -> {
            if (selection.contains(note, place)) {
                copy.append(note.kind(), note.key(), note.since(), note.id().getBytes(StandardCharsets.UTF_8));
                if (!copy.hasRoom()) {
                    copy.write(false);
                }
            }
        });
        if (end < length()) {
            throw new IOException("the note at byte " + end + " is damaged");
        }
        copy.write(true);
    }

    /**
     * Cuts off what follows the last whole note.
     *
     * @param end of that note
     * @return number of bytes that were cut off
     */
    long cutOff(long end) throws IOException {
        long rest = channel.size() - end;
        channel.truncate(end);
        length = end;
        return rest;
    }

    /** The note at a place where one is. */
    Note read(long place) throws IOException {
        ByteBuffer bytes;
        if (place < length) {
            bytes = ByteBuffer.allocate(NOTE_LIMIT);
            fill(bytes, place);
            bytes.flip();
        } else {
            bytes = unwritten.duplicate().flip().position((int) (place - length));
        }
        Note note = parse(bytes);
        if (note == null) {
            throw new IOException("the note at byte " + place + " is damaged");
        }
        return note;
    }

    /** The next note, or null if what follows is not a whole one. */
    private Note parse(ByteBuffer bytes) {
        int start = bytes.position();
        if (bytes.remaining() < BYTES_BEFORE_ID + Integer.BYTES) {
            return null;
        }
        int kind = bytes.get();
        NoteKey key = new NoteKey(bytes.getLong(), bytes.getLong());
        long since = bytes.getLong();
        int idLength = bytes.getShort();
        if (kind < 0 || kind >= KINDS.length || idLength < 0 || bytes.remaining() < idLength + Integer.BYTES) {
            return null;
        }
        byte[] id = new byte[idLength];
        bytes.get(id);
        int sum = checksum(bytes, start);
        return bytes.getInt() == sum ? new Note(KINDS[kind], key, since, new String(id, StandardCharsets.UTF_8)) : null;
    }

    /** Of the bytes from a position to the current one. */
    private int checksum(ByteBuffer bytes, int start) {
        checksum.reset();
        checksum.update(bytes.duplicate().flip().position(start));
        return (int) checksum.getValue();
    }

    /**
     * Appends a note, which {@link #write} writes.
     *
     * @return its place
     */
    long append(Kind kind, NoteKey key, long since, byte[] id) {
        long place = length();
        int start = unwritten.position();
        unwritten
                .put((byte) kind.ordinal())
                .putLong(key.high())
                .putLong(key.low())
                .putLong(since)
                .putShort((short) id.length)
                .put(id);
        unwritten.putInt(checksum(unwritten, start));
        return place;
    }

    /**
     * Writes what was appended. After an error, {@link #discard} it: the next notes take its place in the file.
     *
     * @param sync whether it has to survive a failure of power, and not only the end of the process
     */
    void write(boolean sync) throws IOException {
        if (unfinished) {
            // What a failed write has left could be read as notes behind shorter ones.
            channel.truncate(length);
        }
        unfinished = true;
        int count = unwritten.flip().remaining();
        long place = length;
        while (unwritten.hasRemaining()) {
            place += channel.write(unwritten, place);
        }
        if (sync) {
            channel.force(false);
        }
        unfinished = false;
        length += count;
        unwritten.clear();
    }

    /** Forgets what was appended and not written. */
    void discard() {
        unwritten.clear();
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}
