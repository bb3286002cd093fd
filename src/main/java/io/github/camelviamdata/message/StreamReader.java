// Copyright the camel-viamdata authors. SPDX-License-Identifier: Apache-2.0
package io.github.camelviamdata.message;

import com.google.protobuf.ByteString;
import com.google.protobuf.UnsafeByteOperations;
import io.github.camelviamdata.upload.Payload;
import io.github.camelviamdata.upload.PayloadReader;
import io.github.camelviamdata.upload.ReadProgress;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;

/** Reads a stream in pieces, each into a new array, and fails if the stream does not have the expected length. */
class StreamReader implements PayloadReader {

    private final InputStream stream;
    private final long length;
    private final boolean whole;
    private final ReadProgress progress;
    private long count;

    /**
     * @param length number of bytes, or {@link Payload#UNKNOWN_LENGTH}
     * @param whole whether the stream has to end after that length
     * @param progress where reads are noted, or null
     */
    StreamReader(InputStream stream, long length, boolean whole, ReadProgress progress) {
        this.stream = stream;
        this.length = length;
        this.whole = whole;
        this.progress = progress;
    }

    @Override
    public ByteString read(int max) throws IOException {
        byte[] bytes = new byte[size(max)];
        int read = fill(bytes);
        count += read;
        if (length != Payload.UNKNOWN_LENGTH && (count > length || read < bytes.length && count < length)) {
            throw otherLength(count);
        }
        return UnsafeByteOperations.unsafeWrap(bytes, 0, read);
    }

    /**
     * The exception for a stream that is longer or shorter than expected.
     *
     * @param count number of bytes read: more than the length, or all that the stream has
     */
    IOException otherLength(long count) {
        return count > length
                ? new IOException("there are more than the " + length + " bytes that there were at first")
                : new EOFException("the end came after " + count + " of " + length + " bytes");
    }

    private int fill(byte[] bytes) throws IOException {
        int filled = 0;
        while (filled < bytes.length) {
            int read = stream.read(bytes, filled, bytes.length - filled);
            if (read < 0) {
                break;
            } else if (read == 0 && Thread.currentThread().isInterrupted()) {
                // A stream that always returns 0 bytes would keep its thread for ever.
                throw new InterruptedIOException("the read was interrupted");
            } else if (read > 0 && progress != null) {
                progress.advance();
            }
            filled += read;
        }
        return filled;
    }

    /** For a whole stream, one byte more than remains: this detects one that grew, and reaches its end without another read. */
    private int size(int max) {
        long remaining = length - count + (whole ? 1 : 0);
        return length == Payload.UNKNOWN_LENGTH ? max : (int) Math.min(max, remaining);
    }

    @Override
    public void close() throws IOException {
        stream.close();
    }
}
