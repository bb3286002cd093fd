// Copyright the camel-viamdata authors. SPDX-License-Identifier: Apache-2.0
package io.github.camelviamdata.message;

import static io.github.camelviamdata.upload.Payload.UNKNOWN_LENGTH;

import com.google.common.io.CharSource;
import com.google.protobuf.ByteString;
import com.google.protobuf.UnsafeByteOperations;
import io.github.camelviamdata.upload.CheckedStream;
import io.github.camelviamdata.upload.Payload;
import io.github.camelviamdata.upload.ReadProgress;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.io.PushbackInputStream;
import java.io.Reader;
import java.nio.ByteBuffer;
import java.nio.charset.Charset;
import java.nio.charset.IllegalCharsetNameException;
import java.nio.charset.StandardCharsets;
import java.nio.charset.UnsupportedCharsetException;
import java.nio.file.Path;
import java.util.Collection;
import java.util.Iterator;
import java.util.Map;
import org.apache.camel.Exchange;
import org.apache.camel.NoTypeConversionAvailableException;
import org.apache.camel.StreamCache;
import org.apache.camel.TypeConversionException;
import org.apache.camel.WrappedFile;
import org.apache.camel.support.ExchangeHelper;

/** Makes the payload of a message body. Neither reads a file or a stream, nor copies an array. */
final class Payloads {

    private Payloads() {}

    /**
     * Whether a read of the body cannot block.
     *
     * @param body may be null
     */
    static boolean isInMemory(Object body) {
        if (body instanceof WrappedFile<?> wrapped) {
            return !(wrapped.getFile() instanceof File) && wrapped.getBody() != null && isInMemory(wrapped.getBody());
        }
        return !(body instanceof File
                || body instanceof Path
                || body instanceof InputStream
                || body instanceof Reader
                || body instanceof StreamCache
                || body instanceof Iterator
                || body instanceof Iterable && !(body instanceof Collection));
    }

    /**
     * The payload of a message.
     *
     * @param progress where reads of a stream are noted, or null
     * @return a payload; of length 0 where there is no body
     * @throws IllegalArgumentException if the body cannot be converted to bytes
     */
    static Payload of(Exchange exchange, ReadProgress progress) {
        Object body = exchange.getMessage().getBody();
        try {
            return of(exchange, body, progress);
        } catch (IOException | NoTypeConversionAvailableException | TypeConversionException e) {
            String advice = body instanceof Iterable || body instanceof Map || body instanceof Object[]
                    ? ". Make bytes of it, as by marshal().json(); split it into a message for each element; or set"
                            + " operation=tabular where it holds readings"
                    : "";
            throw new IllegalArgumentException(
                    "The body, a " + body.getClass().getTypeName() + ", cannot be read as bytes: " + e.getMessage()
                            + advice,
                    e);
        }
    }

    private static Payload of(Exchange exchange, Object body, ReadProgress progress)
            throws IOException, NoTypeConversionAvailableException {
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
            return wrapped(exchange, wrapped, progress);
        } else if (body instanceof InputStream || body instanceof Reader) {
            Charset charset = body instanceof Reader ? charset(exchange) : null;
            return body instanceof StreamCache cache
                    ? new StreamCachePayload(cache, charset, progress)
                    : new StreamPayload(body, stream(body, charset), UNKNOWN_LENGTH, progress);
        }
        return Payload.of(UnsafeByteOperations.unsafeWrap(convert(byte[].class, exchange, body)));
    }

    private static Payload wrapped(Exchange exchange, WrappedFile<?> wrapped, ReadProgress progress)
            throws IOException, NoTypeConversionAvailableException {
        if (wrapped.getFile() instanceof File file) {
            return FilePayload.of(file.toPath());
        }
        long length = remoteLength(exchange, wrapped);
        Object body = wrapped.getBody() != null ? wrapped.getBody() : convert(InputStream.class, exchange, wrapped);
        if (body instanceof InputStream stream && !(body instanceof StreamCache) && length != UNKNOWN_LENGTH) {
            return new StreamPayload(stream, stream, length, progress);
        }
        Payload payload = of(exchange, body, progress);
        if (payload.length() != UNKNOWN_LENGTH && length != UNKNOWN_LENGTH && payload.length() != length) {
            throw new IllegalArgumentException(notWhole(payload.length() + " bytes", length));
        }
        return payload;
    }

    /** The length of a file as its server, such as one of FTP, listed it; or {@link Payload#UNKNOWN_LENGTH}. */
    private static long remoteLength(Exchange exchange, WrappedFile<?> file) {
        long length;
        try {
            length = file.getFileLength();
        } catch (NoSuchMethodError e) {
            // Early versions of Camel have it only in the header.
            length = exchange.getMessage().getHeader(Exchange.FILE_LENGTH, 0L, Long.class);
        }
        // 0 or -1 if the server lists no lengths, or the consumer does not ask for the list.
        return length > 0 ? length : UNKNOWN_LENGTH;
    }

    /** The text for a body of another length than the file on the server has: {@code ftp:} converts line ends by default. */
    private static String notWhole(String found, long remoteLength) {
        return "The body is not whole: it has " + found + ", and the file has " + remoteLength
                + " on its server. The transfer broke off or changed it; set the option binary=true of ftp: and ftps:";
    }

    /**
     * The bytes of a stream or of the text of a reader, which Guava encodes piece by piece. The JDK and Camel encode only texts that fit
     * into memory.
     */
    private static InputStream stream(Object body, Charset charset) throws IOException {
        if (body instanceof InputStream stream) {
            return stream;
        }
        CharSource text = new CharSource() {
            @Override
            public Reader openStream() {
                return (Reader) body;
            }
        };
        return text.asByteSource(charset).openStream();
    }

    /** The charset of text in the body, from the exchange; UTF-8 by default. */
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

    /**
     * A stream cache, which is reset after each read, so that the route can read it after the upload.
     *
     * @param charset of its text; null where it has bytes
     */
    private record StreamCachePayload(StreamCache cache, Charset charset, ReadProgress progress) implements Payload {

        /** The cache of a reader counts characters, and some caches return 0 for an unknown length. */
        @Override
        public long length() {
            return cache instanceof InputStream && cache.length() > 0 ? cache.length() : UNKNOWN_LENGTH;
        }

        @Override
        public boolean isRepeatable() {
            return true;
        }

        @Override
        public InputStream open() throws IOException {
            if (!BodyClaims.claim(cache)) {
                throw new IOException("an earlier read of the body has not ended");
            }
            try {
                cache.reset();
                return new CheckedStream(stream(cache, charset), length(), true, progress) {
                    private boolean closed;

                    /** Resets the cache instead of closing it, because the route reads it next. */
                    @Override
                    public void close() {
                        if (!closed) {
                            closed = true;
                            try {
                                cache.reset();
                            } finally {
                                BodyClaims.release(cache);
                            }
                        }
                    }
                };
            } catch (IOException | RuntimeException | Error e) {
                BodyClaims.release(cache);
                throw e;
            }
        }
    }

    /** A stream, which can be read only once. */
    private static final class StreamPayload implements Payload {

        private final Object body;
        private final long remoteLength;
        private final ReadProgress progress;
        private InputStream stream;
        private boolean claimed;

        /**
         * @param remoteLength number of bytes that there have to be, or {@link #UNKNOWN_LENGTH}
         */
        StreamPayload(Object body, InputStream stream, long remoteLength, ReadProgress progress) {
            this.body = body;
            this.stream = stream;
            this.remoteLength = remoteLength;
            this.progress = progress;
            if (progress != null) {
                progress.setStream(stream);
            }
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
        public InputStream open() {
            if (!claimed) {
                BodyClaims.claimOnce(body);
                claimed = true;
            }
            return new CheckedStream(stream, remoteLength, true, progress) {
                @Override
                protected IOException otherLength(long count) {
                    return new IOException(
                            notWhole(count > remoteLength ? "more bytes" : count + " bytes", remoteLength));
                }
            };
        }

        @Override
        public ByteString head(int max) throws IOException {
            byte[] head = open().readNBytes(max);
            PushbackInputStream unread = new PushbackInputStream(stream, Math.max(1, head.length));
            unread.unread(head);
            stream = unread;
            return UnsafeByteOperations.unsafeWrap(head);
        }
    }
}
