// Copyright the camel-viamdata authors. SPDX-License-Identifier: Apache-2.0
package io.github.camelviamdata.message;

import com.google.protobuf.ByteString;
import io.github.camelviamdata.upload.BytesPayload;
import io.github.camelviamdata.upload.Payload;
import io.github.camelviamdata.upload.PayloadReader;
import io.github.camelviamdata.upload.RandomAccessPayload;
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

    private final RandomAccessPayload payload;
    private final InputStream stream;
    private final Path spool;

    /**
     * @param spool the temporary file to delete at the end, or null
     */
    private CaptureSource(RandomAccessPayload payload, Path spool) throws IOException {
        this.payload = payload;
        this.stream = new BufferedInputStream(payload.stream());
        this.spool = spool;
    }

    static CaptureSource of(Exchange exchange, ReadProgress progress) throws IOException {
        Payload body = Payloads.of(exchange, progress);
        if (body instanceof RandomAccessPayload payload) {
            return new CaptureSource(payload, null);
        }
        try (PayloadReader bytes = body.open()) {
            ByteString head = bytes.read(MAX_IN_MEMORY);
            if (head.size() < MAX_IN_MEMORY) {
                bytes.release();
                return new CaptureSource(new BytesPayload(head), null);
            }
            File directory = SpoolFiles.directory(exchange.getContext()).toFile();
            // Creates a file that only its owner can read.
            Path spool = FileUtil.createTempFile("viamdata-", ".tmp", directory).toPath();
            try {
                write(head, bytes, spool);
                bytes.release();
                return new CaptureSource(FilePayload.of(spool), spool);
            } catch (IOException | RuntimeException | Error e) {
                SpoolFiles.delete(spool);
                throw e;
            }
        }
    }

    private static void write(ByteString head, PayloadReader rest, Path spool) throws IOException {
        try (OutputStream out = Files.newOutputStream(spool)) {
            ByteString piece = head;
            do {
                piece.writeTo(out);
                piece = rest.read(MAX_IN_MEMORY);
            } while (!piece.isEmpty());
        }
    }

    RandomAccessPayload payload() {
        return payload;
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
