// Copyright the camel-viamdata authors. SPDX-License-Identifier: Apache-2.0
package io.github.camelviamdata.message;

import com.google.protobuf.ByteString;
import com.google.protobuf.UnsafeByteOperations;
import io.github.camelviamdata.upload.Payload;
import io.github.camelviamdata.upload.PayloadReader;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;

/** A part of a file, whatever comes after it. */
record FileSlice(FilePayload file, long offset, long length) implements Payload {

    @Override
    public boolean isRepeatable() {
        return true;
    }

    @Override
    public PayloadReader open() throws IOException {
        InputStream stream = file.stream();
        try {
            stream.skipNBytes(offset);
        } catch (IOException e) {
            stream.close();
            throw e;
        }
        return new PayloadReader() {

            private long left = length;

            @Override
            public ByteString read(int max) throws IOException {
                byte[] bytes = new byte[(int) Math.min(max, left)];
                int read = stream.readNBytes(bytes, 0, bytes.length);
                left -= read;
                if (read < bytes.length) {
                    throw new EOFException("the end came after " + (length - left) + " of " + length + " bytes");
                }
                return UnsafeByteOperations.unsafeWrap(bytes);
            }

            @Override
            public void release() throws IOException {
                stream.close();
            }
        };
    }
}
