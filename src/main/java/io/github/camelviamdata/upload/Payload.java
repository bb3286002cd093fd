// Copyright the camel-viamdata authors. SPDX-License-Identifier: Apache-2.0
package io.github.camelviamdata.upload;

import com.google.protobuf.ByteString;
import java.io.IOException;

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
     * Starts reading from the first byte.
     *
     * @throws IOException if the bytes cannot be read
     */
    PayloadReader open() throws IOException;

    /**
     * The first bytes. {@link #open()} still starts with the first one.
     *
     * @param max how many; fewer only of a payload that is shorter
     * @throws IOException if the bytes cannot be read
     */
    default ByteString head(int max) throws IOException {
        try (PayloadReader reader = open()) {
            try {
                return reader.read(max);
            } finally {
                reader.release();
            }
        }
    }
}
