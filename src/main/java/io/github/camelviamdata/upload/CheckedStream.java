// Copyright the camel-viamdata authors. SPDX-License-Identifier: Apache-2.0
package io.github.camelviamdata.upload;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;

/** A stream that fails if it does not have the expected length. Subclasses may say how, and what closing does. For one thread. */
public class CheckedStream extends InputStream {

    private final InputStream stream;
    private final long length;
    private final boolean whole;
    private final ReadProgress progress;
    private long count;

    /**
     * @param stream is closed with this one
     * @param length number of bytes, or {@link Payload#UNKNOWN_LENGTH}
     * @param whole whether the stream has to end after that length; if false, this one ends there and leaves the rest unread
     * @param progress where reads are noted, or null
     */
    public CheckedStream(InputStream stream, long length, boolean whole, ReadProgress progress) {
        this.stream = stream;
        this.length = length;
        this.whole = whole;
        this.progress = progress;
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] target, int offset, int max) throws IOException {
        if (max == 0) {
            return 0;
        }
        int limit = limit(max);
        int read = limit == 0 ? -1 : readSome(target, offset, limit);
        count += Math.max(0, read);
        if (length != Payload.UNKNOWN_LENGTH && (count > length || read < 0 && count < length)) {
            throw otherLength(count);
        } else if (read > 0 && progress != null) {
            progress.advance();
        }
        return read;
    }

    private int readSome(byte[] target, int offset, int max) throws IOException {
        int read = stream.read(target, offset, max);
        while (read == 0) {
            // A stream that always returns 0 bytes would keep its thread for ever.
            if (Thread.currentThread().isInterrupted()) {
                throw new InterruptedIOException("the read was interrupted");
            }
            read = stream.read(target, offset, max);
        }
        return read;
    }

    @Override
    public int available() throws IOException {
        return limit(stream.available());
    }

    /** For a whole stream, one byte more than remains: this detects one that is longer. */
    private int limit(int max) {
        long remaining = length - count + (whole ? 1 : 0);
        return length == Payload.UNKNOWN_LENGTH ? max : (int) Math.min(max, remaining);
    }

    /**
     * The exception for a stream that is longer or shorter than expected.
     *
     * @param count number of bytes read: more than the length, or all that the stream has
     */
    protected IOException otherLength(long count) {
        return count > length
                ? new IOException("there are more than the " + length + " bytes that there were at first")
                : new EOFException("the end came after " + count + " of " + length + " bytes");
    }

    @Override
    public void close() throws IOException {
        stream.close();
    }
}
