// Copyright the camel-viamdata authors. SPDX-License-Identifier: Apache-2.0
package io.github.camelviamdata.upload;

import com.google.protobuf.ByteString;
import com.google.protobuf.UnsafeByteOperations;
import java.io.IOException;
import java.io.InputStream;

/** The bytes of an upload. */
public interface Payload {

    /** The length of a payload that has to be read to its end to find its length. */
    long UNKNOWN_LENGTH = -1;

    /** Bytes in memory. */
    static Payload of(ByteString bytes) {
        return new BytesPayload(bytes);
    }

    /** Number of bytes, or {@link #UNKNOWN_LENGTH}. */
    long length();

    /** Whether {@link #open()} may be called again for the same bytes. */
    boolean isRepeatable();

    /**
     * Opens a stream that starts with the first byte, for one thread. Reading it fails if there prove to be more or fewer bytes than
     * {@link #length()}, or the source of the body, said. Closing it restores a body that can be read again, and closes any other, which
     * may block.
     *
     * @throws IOException if the bytes cannot be read
     */
    InputStream open() throws IOException;

    /**
     * The first bytes. {@link #open()} still starts with the first one.
     *
     * @param max how many; fewer only of a payload that is shorter
     * @throws IOException if the bytes cannot be read
     */
    default ByteString head(int max) throws IOException {
        byte[] bytes = new byte[bufferSize(max)];
        try (InputStream stream = open()) {
            return UnsafeByteOperations.unsafeWrap(bytes, 0, stream.readNBytes(bytes, 0, bytes.length));
        }
    }

    /**
     * The size of a buffer to read with: the limit, or one byte more than a known length, which is enough to find that there are more.
     *
     * @param limit in bytes, above 0
     */
    default int bufferSize(int limit) {
        return length() == UNKNOWN_LENGTH ? limit : (int) Math.min(limit, length() + 1);
    }
}
