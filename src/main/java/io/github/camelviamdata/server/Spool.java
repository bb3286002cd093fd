// Copyright the camel-viamdata authors. SPDX-License-Identifier: Apache-2.0
package io.github.camelviamdata.server;

import com.google.protobuf.ByteString;
import io.github.camelviamdata.message.SpoolFiles;
import java.io.IOException;
import java.io.OutputStream;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import org.apache.camel.Exchange;
import org.apache.camel.converter.stream.FileInputStreamCache;
import org.apache.camel.util.IOHelper;

/** The payload of a stream, in a temporary file that only its owner can read. Not safe for use by several threads at once. */
final class Spool implements UploadBody {

    private final Path file;
    private final OutputStream out;
    private ByteString head = ByteString.EMPTY;
    private long written;
    private boolean handedOver;

    private Spool(Path file) throws IOException {
        this.file = file;
        this.out = Files.newOutputStream(file);
    }

    static Spool create(SpoolFolder folder) throws IOException {
        Path file = folder.createFile();
        try {
            return new Spool(file);
        } catch (IOException e) {
            SpoolFiles.delete(file);
            throw e;
        }
    }

    /** Writes the head of a capture file, or nothing if it is empty. */
    void begin(ByteString head) throws IOException {
        this.head = head;
        head.writeTo(out);
    }

    void write(ByteString data) throws IOException {
        data.writeTo(out);
        written += data.size();
    }

    /** Closes the file after the last byte, and fills in the lengths of a capture file. */
    void close() throws IOException {
        out.close();
        if (!head.isEmpty()) {
            try (RandomAccessFile start = new RandomAccessFile(file.toFile(), "rw")) {
                start.write(CaptureFormat.withLengths(head, written));
            }
        }
    }

    /** A stream cache over the file. Camel deletes the file when all exchanges that use it are done. */
    @Override
    public Object handOver(Exchange exchange) throws IOException {
        Object body = new FileInputStreamCache(file.toFile()).copy(exchange);
        handedOver = true;
        return body;
    }

    @Override
    public void discard() {
        if (!handedOver) {
            delete();
        }
    }

    @Override
    public void delete() {
        IOHelper.close(out);
        SpoolFiles.delete(file);
    }
}
