// Copyright the camel-viamdata authors. SPDX-License-Identifier: Apache-2.0
package io.github.camelviamdata.message;

import com.google.protobuf.ByteString;
import java.io.Closeable;
import java.io.IOException;

/** Reads a payload once, from its first byte to its last. Not safe for use by several threads at once. */
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
}
