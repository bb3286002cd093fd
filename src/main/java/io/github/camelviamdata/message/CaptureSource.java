// Copyright the camel-viamdata authors. SPDX-License-Identifier: Apache-2.0
package io.github.camelviamdata.message;

import com.google.protobuf.UnsafeByteOperations;
import io.github.camelviamdata.upload.BytesPayload;
import io.github.camelviamdata.upload.Payload;
import io.github.camelviamdata.upload.ReadProgress;
import java.io.BufferedInputStream;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import org.apache.camel.Exchange;
import org.apache.camel.util.FileUtil;
import org.apache.camel.util.IOHelper;

/** A capture file in a message body, with random access: a stream is first read to its end, into memory or a temporary file. */
final class CaptureSource implements AutoCloseable {

    // A stream up to here stays in memory while it is uploaded.
    private static final int MAX_IN_MEMORY = 1 << 20;

    private final Payload payload;
    private final InputStream stream;
    private final Path spool;

    /**
     * @param payload in memory or in a file
     * @param spool the temporary file to delete at the end, or null
     */
    private CaptureSource(Payload payload, Path spool) throws IOException {
        this.payload = payload;
        this.stream = new BufferedInputStream(payload instanceof FilePayload file ? file.stream() : payload.open());
        this.spool = spool;
    }

    static CaptureSource of(Exchange exchange, ReadProgress progress) throws IOException {
        Payload body = Payloads.of(exchange, progress);
        if (body instanceof BytesPayload || body instanceof FilePayload) {
            return new CaptureSource(body, null);
        }
        File directory = SpoolFiles.directory(exchange.getContext()).toFile();
        Path spool = null;
        try {
            byte[] head;
            try (InputStream bytes = body.open()) {
                head = bytes.readNBytes(MAX_IN_MEMORY);
                if (head.length == MAX_IN_MEMORY) {
                    // Creates a file that only its owner can read.
                    spool = FileUtil.createTempFile("viamdata-", ".tmp", directory)
                            .toPath();
                    write(head, bytes, spool);
                }
            }
            Payload whole = spool == null ? Payload.of(UnsafeByteOperations.unsafeWrap(head)) : FilePayload.of(spool);
            return new CaptureSource(whole, spool);
        } catch (IOException | RuntimeException | Error e) {
            if (spool != null) {
                SpoolFiles.delete(spool);
            }
            throw e;
        }
    }

    private static void write(byte[] head, InputStream rest, Path spool) throws IOException {
        try (OutputStream out = Files.newOutputStream(spool)) {
            out.write(head);
            rest.transferTo(out);
        }
    }

    /** Number of its bytes. */
    long length() {
        return payload.length();
    }

    /** A range of its bytes, which must lie within it. Reads and copies nothing. */
    Payload slice(long offset, long size) {
        return payload instanceof BytesPayload memory
                ? Payload.of(memory.bytes().substring((int) offset, (int) (offset + size)))
                : new FilePayload(((FilePayload) payload).path(), offset, size, false);
    }

    /** The stream over the whole file; always the same one. */
    InputStream stream() {
        return stream;
    }

    /** Closes the stream and deletes the temporary file. Logs a failure. */
    @Override
    public void close() {
        IOHelper.close(stream);
        if (spool != null) {
            SpoolFiles.delete(spool);
        }
    }
}
