// Copyright the camel-viamdata authors. SPDX-License-Identifier: Apache-2.0
package io.github.camelviamdata.upload;

import java.io.IOException;
import java.io.InputStream;

/** A payload any part of which can be had by itself. */
public interface RandomAccessPayload extends Payload {

    @Override
    default boolean isRepeatable() {
        return true;
    }

    /** All of it. */
    InputStream stream() throws IOException;

    /** A part of it, which must lie within it. Nothing is read or copied for that. */
    Payload slice(long offset, long size);
}
