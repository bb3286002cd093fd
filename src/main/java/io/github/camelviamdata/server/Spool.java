// Copyright the camel-viamdata authors. SPDX-License-Identifier: Apache-2.0
package io.github.camelviamdata.server;

import com.google.protobuf.ByteString;
import java.io.File;
import java.io.IOException;
import java.io.OutputStream;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import org.apache.camel.Exchange;
import org.apache.camel.converter.stream.FileInputStreamCache;
import org.apache.camel.spi.StreamCachingStrategy;
import org.apache.camel.util.FileUtil;
import org.apache.camel.util.IOHelper;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The payload of a stream, in a temporary file that only its owner can read. Not safe for use by several threads at once. */
final class Spool implements UploadBody {

    private static final Logger LOG = LoggerFactory.getLogger(Spool.class);

    private final File file;
    private final OutputStream out;
    private ByteString head = ByteString.EMPTY;
    private long written;
    private boolean handedOver;

    private Spool(File file) throws IOException {
        this.file = file;
        this.out = Files.newOutputStream(file.toPath());
    }

    /** An empty file in the spool directory of Camel's stream caching, else in the one of the Java runtime. */
    static Spool create(StreamCachingStrategy strategy) throws IOException {
        File directory = strategy.getSpoolDirectory();
        if (directory == null) {
            directory = new File(System.getProperty("java.io.tmpdir"));
        }
        File file = FileUtil.createTempFile("viamdata-", ".tmp", directory);
        try {
            return new Spool(file);
        } catch (IOException e) {
            delete(file.toPath());
            throw e;
        }
    }

    /** Puts the head of a capture file in front, if there is one. */
    void begin(ByteString head) throws IOException {
        this.head = head;
        head.writeTo(out);
    }

    void write(ByteString data) throws IOException {
        data.writeTo(out);
        written += data.size();
    }

    /** Every byte is there. */
    void close() throws IOException {
        out.close();
        if (!head.isEmpty()) {
            try (RandomAccessFile start = new RandomAccessFile(file, "rw")) {
                start.write(CaptureFormat.lengths(head, written));
            }
        }
    }

    /** A stream cache that can be read any number of times; its file goes when all exchanges that use it are done. */
    @Override
    public Object handOver(Exchange exchange) throws IOException {
        Object body = new FileInputStreamCache(file).copy(exchange);
        handedOver = true;
        return body;
    }

    @Override
    public void discard() {
        if (!handedOver) {
            IOHelper.close(out);
            delete(file.toPath());
        }
    }

    private static void delete(Path file) {
        try {
            Files.deleteIfExists(file);
        } catch (IOException e) {
            LOG.warn("Cannot delete {}", file, e);
        }
    }
}
