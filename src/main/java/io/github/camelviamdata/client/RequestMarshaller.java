// Copyright the camel-viamdata authors. SPDX-License-Identifier: Apache-2.0
package io.github.camelviamdata.client;

import com.google.protobuf.CodedOutputStream;
import com.google.protobuf.MessageLite;
import io.grpc.Drainable;
import io.grpc.KnownLength;
import io.grpc.MethodDescriptor;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;

/**
 * Writes requests as gRPC's own marshaller does, but with a smaller buffer: that one allocates 4 KiB for each message. The bytes
 * of a payload bypass the buffer.
 *
 * @param base gRPC's own marshaller
 */
record RequestMarshaller<Q extends MessageLite>(MethodDescriptor.Marshaller<Q> base)
        implements MethodDescriptor.Marshaller<Q> {

    private static final int BUFFER_SIZE = 256;

    @Override
    public InputStream stream(Q request) {
        return new Bytes(request);
    }

    @Override
    public Q parse(InputStream stream) {
        return base.parse(stream);
    }

    private static final class Bytes extends InputStream implements Drainable, KnownLength {

        private final MessageLite request;
        private ByteArrayInputStream read;

        Bytes(MessageLite request) {
            this.request = request;
        }

        @Override
        public int drainTo(OutputStream target) throws IOException {
            CodedOutputStream output = CodedOutputStream.newInstance(target, BUFFER_SIZE);
            request.writeTo(output);
            output.flush();
            return request.getSerializedSize();
        }

        @Override
        public int available() {
            return read == null ? request.getSerializedSize() : read.available();
        }

        /** For transports that read, such as the in-process one. Netty's drains. */
        @Override
        public int read() {
            if (read == null) {
                read = new ByteArrayInputStream(request.toByteArray());
            }
            return read.read();
        }
    }
}
