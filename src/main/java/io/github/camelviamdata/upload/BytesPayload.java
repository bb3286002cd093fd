// Copyright the camel-viamdata authors. SPDX-License-Identifier: Apache-2.0
package io.github.camelviamdata.upload;

import com.google.protobuf.ByteString;
import java.io.InputStream;

/**
 * Bytes in memory, read in slices that share them.
 *
 * @param bytes all of them; may be empty
 */
public record BytesPayload(ByteString bytes) implements RandomAccessPayload {

    @Override
    public long length() {
        return bytes.size();
    }

    @Override
    public InputStream stream() {
        return bytes.newInput();
    }

    @Override
    public Payload slice(long offset, long size) {
        return new BytesPayload(bytes.substring((int) offset, (int) (offset + size)));
    }

    @Override
    public PayloadReader open() {
        return new PayloadReader() {

            private ByteString rest = bytes;

            @Override
            public ByteString read(int max) {
                int size = Math.min(max, rest.size());
                ByteString slice = rest.substring(0, size);
                rest = rest.substring(size);
                return slice;
            }

            @Override
            public void close() {
                rest = ByteString.EMPTY;
            }
        };
    }
}
