// Copyright the camel-viamdata authors. SPDX-License-Identifier: Apache-2.0
package io.github.camelviamdata.message;

import static io.github.camelviamdata.message.Payload.UNKNOWN_LENGTH;

import com.google.protobuf.ByteString;
import com.google.protobuf.UnsafeByteOperations;
import java.io.ByteArrayInputStream;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.io.Reader;
import java.io.SequenceInputStream;
import java.nio.ByteBuffer;
import java.nio.charset.Charset;
import java.nio.charset.IllegalCharsetNameException;
import java.nio.charset.StandardCharsets;
import java.nio.charset.UnsupportedCharsetException;
import java.nio.file.Path;
import java.util.Map;
import org.apache.camel.Exchange;
import org.apache.camel.NoTypeConversionAvailableException;
import org.apache.camel.StreamCache;
import org.apache.camel.TypeConversionException;
import org.apache.camel.WrappedFile;
import org.apache.camel.support.ExchangeHelper;

/** Finds the bytes of a message body, without reading a file or a stream and without copying an array. */
final class Payloads {

    private Payloads() {}

    /**
     * The payload of a message.
     *
     * @return a payload; of length 0 where there is no body
     * @throws IllegalArgumentException if the body cannot be had as bytes, or can no longer
     */
    static Payload of(Exchange exchange) {
        Object body = exchange.getMessage().getBody();
        try {
            return of(exchange, body);
        } catch (IOException | NoTypeConversionAvailableException | TypeConversionException e) {
            String advice = body instanceof Iterable || body instanceof Map || body instanceof Object[]
                    ? ". Make bytes of it, as by marshal().json(); split it into a message for each element; or set"
                            + " operation=tabular where it holds readings"
                    : "";
            throw new IllegalArgumentException(
                    "The body, a " + body.getClass().getName() + ", cannot be read as bytes: " + e.getMessage()
                            + advice,
                    e);
        }
    }

    private static Payload of(Exchange exchange, Object body) throws IOException, NoTypeConversionAvailableException {
        if (body == null) {
            return Payload.of(ByteString.EMPTY);
        } else if (body instanceof byte[] bytes) {
            return Payload.of(UnsafeByteOperations.unsafeWrap(bytes));
        } else if (body instanceof ByteBuffer buffer) {
            return Payload.of(UnsafeByteOperations.unsafeWrap(buffer.duplicate()));
        } else if (body instanceof String text) {
            return Payload.of(UnsafeByteOperations.unsafeWrap(text.getBytes(charset(exchange))));
        } else if (body instanceof Path path) {
            return FilePayload.of(path);
        } else if (body instanceof File file) {
            return FilePayload.of(file.toPath());
        } else if (body instanceof WrappedFile<?> wrapped) {
            return wrapped(exchange, wrapped);
        } else if (body instanceof InputStream stream) {
            return stream(exchange, stream);
        } else if (body instanceof Reader) {
            SpentBodies.add(exchange, body);
            return stream(exchange, convert(InputStream.class, exchange, body));
        }
        return Payload.of(UnsafeByteOperations.unsafeWrap(convert(byte[].class, exchange, body)));
    }

    private static Payload wrapped(Exchange exchange, WrappedFile<?> wrapped)
            throws IOException, NoTypeConversionAvailableException {
        if (wrapped.getFile() instanceof File file) {
            return FilePayload.of(file.toPath());
        }
        long length = RemoteLength.of(exchange, wrapped);
        Object body = wrapped.getBody() != null ? wrapped.getBody() : convert(InputStream.class, exchange, wrapped);
        if (body instanceof InputStream stream && !(body instanceof StreamCache) && length != UNKNOWN_LENGTH) {
            SpentBodies.add(exchange, stream);
            return new StreamPayload(stream, length);
        }
        Payload payload = of(exchange, body);
        RemoteLength.check(payload.length(), length);
        return payload;
    }

    private static Payload stream(Exchange exchange, InputStream stream) throws IOException {
        if (stream instanceof StreamCache cache) {
            cache.reset();
            return new StreamCachePayload(stream, cache);
        }
        SpentBodies.add(exchange, stream);
        StreamPayload payload = new StreamPayload(stream, UNKNOWN_LENGTH);
        return payload.head(1).isEmpty() ? Payload.of(ByteString.EMPTY) : payload;
    }

    /** What text in bytes is in, and goes into. */
    static Charset charset(Exchange exchange) {
        String name = ExchangeHelper.getCharsetName(exchange, false);
        try {
            return name == null ? StandardCharsets.UTF_8 : Charset.forName(name);
        } catch (IllegalCharsetNameException | UnsupportedCharsetException e) {
            throw new IllegalArgumentException(
                    "The charset '" + name + "' is unknown: correct the header or the exchange property "
                            + Exchange.CHARSET_NAME + ", or the charset in the header Content-Type",
                    e);
        }
    }

    private static <T> T convert(Class<T> type, Exchange exchange, Object body)
            throws NoTypeConversionAvailableException {
        T converted = exchange.getContext().getTypeConverter().mandatoryConvertTo(type, exchange, body);
        if (body instanceof StreamCache cache) {
            cache.reset();
        }
        return converted;
    }

    /** Left at its start, so that the route can read the body after the upload. */
    private record StreamCachePayload(InputStream stream, StreamCache cache) implements Payload {

        @Override
        public long length() {
            return Math.max(UNKNOWN_LENGTH, cache.length());
        }

        @Override
        public boolean isRepeatable() {
            return true;
        }

        @Override
        public PayloadReader open() {
            cache.reset();
            return new StreamReader(stream, length()) {
                @Override
                public void close() {
                    cache.reset();
                }
            };
        }
    }

    private static final class StreamPayload implements Payload {

        private final long remoteLength;
        private InputStream stream;

        /**
         * @param remoteLength number of bytes that there have to be, or {@link #UNKNOWN_LENGTH}
         */
        StreamPayload(InputStream stream, long remoteLength) {
            this.stream = stream;
            this.remoteLength = remoteLength;
        }

        @Override
        public long length() {
            return UNKNOWN_LENGTH;
        }

        @Override
        public boolean isRepeatable() {
            return false;
        }

        @Override
        public PayloadReader open() {
            return remoteLength == UNKNOWN_LENGTH
                    ? new StreamReader(stream, UNKNOWN_LENGTH)
                    : RemoteLength.checked(stream, remoteLength);
        }

        @Override
        public ByteString head(int max) throws IOException {
            byte[] head = new byte[max];
            int read = stream.readNBytes(head, 0, max);
            stream = new SequenceInputStream(new ByteArrayInputStream(head, 0, read), stream);
            return UnsafeByteOperations.unsafeWrap(head, 0, read);
        }
    }
}
