// Copyright the camel-viamdata authors. SPDX-License-Identifier: Apache-2.0
package io.github.camelviamdata.message;

import com.google.protobuf.ByteString;
import com.google.protobuf.UnsafeByteOperations;
import java.io.File;
import java.io.FileInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PushbackInputStream;
import java.io.Reader;
import java.nio.ByteBuffer;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
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
     * @throws IllegalArgumentException if the body cannot be had as bytes
     */
    static Payload of(Exchange exchange) {
        Object body = exchange.getMessage().getBody();
        try {
            return of(exchange, body);
        } catch (IOException | NoTypeConversionAvailableException | TypeConversionException e) {
            throw new IllegalArgumentException(
                    "The body, a " + body.getClass().getName() + ", cannot be read as bytes: " + e.getMessage(), e);
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
            return file(path);
        } else if (body instanceof File file) {
            return file(file.toPath());
        } else if (body instanceof WrappedFile<?> wrapped) {
            return wrapped(exchange, wrapped);
        } else if (body instanceof InputStream stream) {
            return stream(stream);
        } else if (body instanceof Reader) {
            return stream(convert(InputStream.class, exchange, body));
        }
        return Payload.of(UnsafeByteOperations.unsafeWrap(convert(byte[].class, exchange, body)));
    }

    private static Payload wrapped(Exchange exchange, WrappedFile<?> wrapped)
            throws IOException, NoTypeConversionAvailableException {
        if (wrapped.getFile() instanceof File file) {
            return file(file.toPath());
        } else if (wrapped.getBody() != null) {
            return of(exchange, wrapped.getBody());
        }
        return stream(convert(InputStream.class, exchange, wrapped));
    }

    private static Payload file(Path path) throws IOException {
        if (Files.isDirectory(path)) {
            throw new IOException("it is a directory");
        }
        return new FilePayload(path, Files.size(path));
    }

    private static Payload stream(InputStream stream) throws IOException {
        if (stream instanceof StreamCache cache) {
            cache.reset();
            return new StreamCachePayload(stream, cache);
        }
        PushbackInputStream pushback = new PushbackInputStream(stream);
        int first = pushback.read();
        if (first < 0) {
            return Payload.of(ByteString.EMPTY);
        }
        pushback.unread(first);
        return new StreamPayload(pushback);
    }

    static InputStream open(Path path) throws IOException {
        // A channel's stream would leave a direct buffer of the size of the largest read with every thread that reads.
        return path.getFileSystem() == FileSystems.getDefault()
                ? new FileInputStream(path.toFile())
                : Files.newInputStream(path);
    }

    private static Charset charset(Exchange exchange) {
        String name = ExchangeHelper.getCharsetName(exchange, false);
        return name == null ? StandardCharsets.UTF_8 : Charset.forName(name);
    }

    private static <T> T convert(Class<T> type, Exchange exchange, Object body)
            throws NoTypeConversionAvailableException {
        T converted = exchange.getContext().getTypeConverter().mandatoryConvertTo(type, exchange, body);
        if (body instanceof StreamCache cache) {
            cache.reset();
        }
        return converted;
    }

    record FilePayload(Path path, long length) implements Payload {

        @Override
        public boolean isRepeatable() {
            return true;
        }

        @Override
        public PayloadReader open() throws IOException {
            return new StreamReader(Payloads.open(path), length);
        }
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

    private record StreamPayload(InputStream stream) implements Payload {

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
            return new StreamReader(stream, UNKNOWN_LENGTH);
        }
    }
}
