// Copyright the camel-viamdata authors. SPDX-License-Identifier: Apache-2.0
package io.github.camelviamdata.source;

import java.io.ByteArrayInputStream;
import java.io.File;
import java.io.FileInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import org.apache.camel.Exchange;
import org.apache.camel.Message;
import org.apache.camel.Processor;
import org.apache.camel.StreamCache;
import org.apache.camel.WrappedFile;

/**
 * Writes a message to a folder: a file with the unchanged body, unless that is null, and one with the same name and .json, with the
 * headers, the reason and the time. Names are unique, and never lead out of the folder. Both files are complete and on the disk
 * when this returns; the JSON is written last.
 *
 * <p>Throws an {@link IOException} if the disk fails, and nothing else.
 */
public final class PutAside implements Processor {

    private static final int BUFFER = 65_536;

    private Path directory;

    /** The folder; not null. Created for the first message. */
    public void setDirectory(String directory) {
        this.directory = Path.of(directory);
    }

    @Override
    public void process(Exchange exchange) throws IOException {
        Message message = exchange.getMessage();
        String name = AsideReport.uniqueName(message);
        Files.createDirectories(directory);
        String note = null;
        Object body = message.getBody();
        if (body != null) {
            Path part = directory.resolve("." + name + ".part");
            note = writeBody(message, part);
            Files.move(part, directory.resolve(name), StandardCopyOption.ATOMIC_MOVE);
        }
        write(directory.resolve(name + ".json"), AsideReport.json(exchange, body == null ? null : name, note));
    }

    /** Writes a text to a new file. It is on the disk when this returns. */
    static void write(Path file, String text) throws IOException {
        Path part = file.resolveSibling("." + file.getFileName() + ".part");
        try (FileChannel channel = FileChannel.open(part, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
            ByteBuffer bytes = StandardCharsets.UTF_8.encode(text);
            while (bytes.hasRemaining()) {
                channel.write(bytes);
            }
            channel.force(true);
        }
        Files.move(part, file, StandardCopyOption.ATOMIC_MOVE);
    }

    /** Writes the body. Returns why it could not be read to its end, or null if it was. */
    private static String writeBody(Message message, Path file) throws IOException {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
                OutputStream out = Channels.newOutputStream(channel)) {
            String note = copy(message, out);
            channel.force(true);
            return note;
        }
    }

    @SuppressWarnings("checkstyle:IllegalCatch")
    private static String copy(Message message, OutputStream out) throws IOException {
        byte[] buffer = new byte[BUFFER];
        try (InputStream in = open(message)) {
            while (true) {
                int length;
                try {
                    length = in.read(buffer);
                } catch (IOException | RuntimeException | Error e) {
                    return "It could be read up to here: " + e;
                }
                if (length < 0) {
                    return null;
                }
                out.write(buffer, 0, length);
            }
        }
    }

    /** Opens the body, from its first byte if it can be read again. */
    @SuppressWarnings("checkstyle:IllegalCatch")
    private static InputStream open(Message message) {
        Object body = message.getBody();
        try {
            if (body instanceof StreamCache cache) {
                cache.reset();
            }
            Object file = body instanceof WrappedFile<?> wrapped ? wrapped.getFile() : body;
            if (file instanceof File local) {
                return new FileInputStream(local);
            }
            InputStream stream = message.getBody(InputStream.class);
            if (stream != null) {
                return stream;
            }
            return text(body.toString());
        } catch (Throwable e) {
            // Foreign bodies and converters may throw anything.
            return text(body.getClass().getName() + ": " + e);
        }
    }

    private static InputStream text(String text) {
        return new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8));
    }
}
