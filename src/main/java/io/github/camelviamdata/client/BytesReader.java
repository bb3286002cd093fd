// Copyright the camel-viamdata authors. SPDX-License-Identifier: Apache-2.0
package io.github.camelviamdata.client;

import java.io.IOException;
import java.io.InputStream;

/**
 * Reads bytes that are fetched.
 *
 * @param <T> the result
 */
public interface BytesReader<T> {

    /**
     * Reads the bytes of one attempt, or keeps the stream and closes it later. What it throws ends the attempt, and there may be
     * another one.
     *
     * @param length number of bytes, or -1 where it is not known
     */
    T read(InputStream bytes, long length) throws IOException;
}
