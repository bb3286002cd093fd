// Copyright the camel-viamdata authors. SPDX-License-Identifier: Apache-2.0
package io.github.camelviamdata.query;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;

/** A stream of a known length: reading fails if it ends too early or too late. */
final class CheckedStream extends FilterInputStream {

    private final long expected;
    private long count;

    /** @param expected number of bytes; negative for any */
    CheckedStream(InputStream in, long expected) {
        super(in);
        this.expected = expected;
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] bytes, int offset, int length) throws IOException {
        int read = in.read(bytes, offset, length);
        count += Math.max(read, 0);
        if (expected >= 0 && (read < 0 ? count < expected : count > expected)) {
            throw new IOException("the data has " + (read < 0 ? "only " : "at least ") + count
                    + " bytes, and the service says " + expected);
        }
        return read;
    }

    @Override
    public long skip(long count) throws IOException {
        // Skipped bytes count too.
        long left = count;
        byte[] bytes = new byte[8192];
        while (left > 0) {
            int read = read(bytes, 0, (int) Math.min(bytes.length, left));
            if (read < 0) {
                break;
            }
            left -= read;
        }
        return count - left;
    }

    @Override
    public boolean markSupported() {
        return false;
    }
}
