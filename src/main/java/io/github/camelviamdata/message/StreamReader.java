// Copyright the camel-viamdata authors. SPDX-License-Identifier: Apache-2.0
package io.github.camelviamdata.message;

import com.google.protobuf.ByteString;
import com.google.protobuf.UnsafeByteOperations;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;

/** Reads a stream, every piece into an array of its own, and makes sure that it is as long as it was said to be. */
class StreamReader implements PayloadReader {

    private final InputStream stream;
    private final long length;
    private long count;

    StreamReader(InputStream stream, long length) {
        this.stream = stream;
        this.length = length;
    }

    @Override
    public ByteString read(int max) throws IOException {
        byte[] bytes = new byte[size(max)];
        int read = stream.readNBytes(bytes, 0, bytes.length);
        count += read;
        if (length != Payload.UNKNOWN_LENGTH) {
            if (count > length) {
                throw new IOException("there are more than the " + length + " bytes that there were at first");
            } else if (read < bytes.length && count < length) {
                throw new EOFException("the end came after " + count + " of " + length + " bytes");
            }
        }
        return UnsafeByteOperations.unsafeWrap(bytes, 0, read);
    }

    /** One byte more than is left: it tells a payload that grew, and it finds the end without a further read. */
    private int size(int max) {
        return length == Payload.UNKNOWN_LENGTH ? max : (int) Math.min(max, length - count + 1);
    }

    @Override
    public void close() throws IOException {
        stream.close();
    }
}
