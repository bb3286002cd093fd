// Copyright the camel-viamdata authors. SPDX-License-Identifier: Apache-2.0
package io.github.camelviamdata.query;

import com.google.protobuf.ByteOutput;
import com.google.protobuf.ByteString;
import com.google.protobuf.UnsafeByteOperations;
import java.io.IOException;
import java.nio.ByteBuffer;

/** Takes the array out of a {@link ByteString}, if it has one that it fills. */
final class OwnArray extends ByteOutput {

    private byte[] array;

    private OwnArray() {}

    /**
     * The bytes, in the array of the ByteString itself where that is possible: a copy of each item would be half of what is allocated for it.
     *
     * @param bytes that nothing else uses from now on
     */
    static byte[] of(ByteString bytes) {
        OwnArray own = new OwnArray();
        try {
            UnsafeByteOperations.unsafeWriteTo(bytes, own);
        } catch (IOException e) {
            // It writes nothing.
            throw new IllegalStateException(e);
        }
        return own.array != null && own.array.length == bytes.size() ? own.array : bytes.toByteArray();
    }

    @Override
    public void writeLazy(byte[] value, int offset, int length) {
        array = value;
    }

    @Override
    public void write(byte value) {}

    @Override
    public void write(byte[] value, int offset, int length) {}

    @Override
    public void write(ByteBuffer value) {}

    @Override
    public void writeLazy(ByteBuffer value) {}
}
