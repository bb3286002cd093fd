// Copyright the camel-viamdata authors. SPDX-License-Identifier: Apache-2.0
package io.github.camelviamdata.upload;

import com.google.protobuf.ByteString;
import java.io.InputStream;

/**
 * Bytes in memory.
 *
 * @param bytes all of them; may be empty
 */
public record BytesPayload(ByteString bytes) implements Payload {

    @Override
    public long length() {
        return bytes.size();
    }

    @Override
    public boolean isRepeatable() {
        return true;
    }

    @Override
    public InputStream open() {
        return bytes.newInput();
    }

    @Override
    public ByteString head(int max) {
        return bytes.substring(0, Math.min(max, bytes.size()));
    }
}
