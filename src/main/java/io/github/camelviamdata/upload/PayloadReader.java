// Copyright the camel-viamdata authors. SPDX-License-Identifier: Apache-2.0
package io.github.camelviamdata.upload;

import com.google.protobuf.ByteString;
import java.io.Closeable;
import java.io.IOException;

/** Reads a payload once, from its first byte to its last. For one thread. */
public interface PayloadReader extends Closeable {

    /**
     * Reads as many bytes as there are, up to a limit. The result is never overwritten by a later read.
     *
     * @param max limit, above 0
     * @return the bytes; fewer than the limit only at the end, and none after it
     * @throws IOException if the bytes cannot be read, or if there prove to be more or fewer than
     *     {@link Payload#length()} said
     */
    ByteString read(int max) throws IOException;

    /**
     * Ends reading and restores the body for the route: closes a file, resets a stream cache to its start. Does not block.
     *
     * @throws IOException if a file cannot be closed
     */
    default void release() throws IOException {}

    /** Closes the stream of the body as well, which may block. */
    @Override
    default void close() throws IOException {
        release();
    }
}
