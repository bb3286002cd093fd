// Copyright the camel-viamdata authors. SPDX-License-Identifier: Apache-2.0
package io.github.camelviamdata.message;

import com.google.protobuf.ByteString;
import java.io.Closeable;
import java.io.IOException;

/** The bytes of an upload. */
public interface Payload {

    /** The length of a payload whose end only reading finds. */
    long UNKNOWN_LENGTH = -1;

    /** Number of bytes, or {@link #UNKNOWN_LENGTH}. */
    long length();

    /** Whether {@link #open()} may be called again for the same bytes. */
    boolean isRepeatable();

    /**
     * Starts reading from the first byte.
     *
     * @throws IOException if the bytes cannot be had, or can no longer
     */
    Reader open() throws IOException;

    /** Reads a payload once, from its first byte to its last. Not safe for use by several threads at once. */
    interface Reader extends Closeable {

        /**
         * Reads as many bytes as there are, up to a limit. The result is never overwritten by a later read.
         *
         * @param max limit, above 0
         * @return the bytes; fewer than the limit only at the end, and none after it
         * @throws IOException if the bytes cannot be read, or if there prove to be more or fewer than
         *     {@link Payload#length()} said
         */
        ByteString read(int max) throws IOException;
    }
}
