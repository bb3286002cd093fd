// Copyright the camel-viamdata authors. SPDX-License-Identifier: Apache-2.0
package io.github.camelviamdata.handover;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.Reader;
import java.io.StringReader;
import java.nio.charset.StandardCharsets;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import org.apache.camel.Exchange;
import org.apache.camel.StreamCache;
import org.apache.camel.TypeConversionException;
import org.apache.camel.support.TypeConverterSupport;

/** Bodies whose code meets a trap. */
final class FaultyBodies {

    private FaultyBodies() {}

    /** A stream that can be read once, and says whether it is closed. */
    static class Stream extends InputStream {

        private final InputStream bytes;
        private volatile boolean closed;

        Stream(byte[] bytes) {
            this.bytes = new ByteArrayInputStream(bytes);
        }

        @Override
        public int read() throws IOException {
            byte[] one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
        }

        @Override
        public int read(byte[] target, int offset, int length) throws IOException {
            return bytes.read(target, offset, length);
        }

        @Override
        public void close() throws IOException {
            closed = true;
        }

        boolean isClosed() {
            return closed;
        }
    }

    /** @param unharmed number of bytes that can be read before the trap */
    static Stream read(Trap trap, byte[] bytes, int unharmed) {
        return new Stream(bytes) {

            private int count;

            @Override
            public int read(byte[] target, int offset, int length) throws IOException {
                if (count >= unharmed) {
                    trap.step();
                }
                int read = super.read(target, offset, Math.min(length, Math.max(1, unharmed - count)));
                count += Math.max(0, read);
                return read;
            }
        };
    }

    static Stream close(Trap trap, byte[] bytes) {
        return new Stream(bytes) {
            @Override
            public void close() throws IOException {
                super.close();
                trap.step();
            }
        };
    }

    /** A cache of a stream, which is reset before it is read. */
    static InputStream open(Trap trap, byte[] bytes) {
        return new Cache(trap, bytes);
    }

    private static final class Cache extends ByteArrayInputStream implements StreamCache {

        private final Trap trap;

        Cache(Trap trap, byte[] bytes) {
            super(bytes);
            this.trap = trap;
        }

        @Override
        public synchronized void reset() {
            trap.step();
            super.reset();
        }

        @Override
        public void writeTo(OutputStream out) throws IOException {
            out.write(buf);
        }

        @Override
        public StreamCache copy(Exchange exchange) {
            return new Cache(trap, buf);
        }

        @Override
        public boolean inMemory() {
            return true;
        }

        @Override
        public long length() {
            return buf.length;
        }

        @Override
        public long position() {
            return pos;
        }
    }

    static Reader reader(Trap trap, byte[] bytes) {
        return new StringReader(new String(bytes, StandardCharsets.ISO_8859_1)) {
            @Override
            public int read(char[] target, int offset, int length) throws IOException {
                trap.step();
                return super.read(target, offset, length);
            }
        };
    }

    static Iterable<Map<String, Integer>> readings(Trap trap) {
        Iterator<Map<String, Integer>> readings =
                List.of(Map.of("level", 1), Map.of("level", 2)).iterator();
        return () -> new Iterator<>() {
            @Override
            public boolean hasNext() {
                return readings.hasNext();
            }

            @Override
            public Map<String, Integer> next() {
                trap.step();
                return readings.next();
            }
        };
    }

    /** A header value. */
    static Object text(Trap trap, String text) {
        return new Object() {
            @Override
            public String toString() {
                trap.step();
                return text;
            }
        };
    }

    /** A body that only a converter knows. */
    record Opaque(byte[] bytes) {}

    static final class Converter extends TypeConverterSupport {

        private final Trap trap;

        Converter(Trap trap) {
            this.trap = trap;
        }

        @Override
        public <T> T convertTo(Class<T> type, Exchange exchange, Object value) throws TypeConversionException {
            trap.step();
            return type.cast(((Opaque) value).bytes());
        }
    }
}
