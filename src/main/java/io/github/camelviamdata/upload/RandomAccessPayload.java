// Copyright the camel-viamdata authors. SPDX-License-Identifier: Apache-2.0
package io.github.camelviamdata.upload;

import java.io.IOException;
import java.io.InputStream;

/** A payload of which any range of bytes can be read on its own. */
public interface RandomAccessPayload extends Payload {

    @Override
    default boolean isRepeatable() {
        return true;
    }

    /** A stream of all its bytes; the caller closes it. */
    InputStream stream() throws IOException;

    /** A range of its bytes, which must lie within it. Reads and copies nothing. */
    Payload slice(long offset, long size);
}
