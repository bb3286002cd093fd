// Copyright the camel-viamdata authors. SPDX-License-Identifier: Apache-2.0
package io.github.camelviamdata.message;

import io.github.camelviamdata.upload.CheckedStream;
import io.github.camelviamdata.upload.Payload;
import java.io.FileInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;

/**
 * A file, or a part of one.
 *
 * @param path where it is
 * @param offset of its first byte in the file
 * @param length number of bytes; for a whole file, its length when the message was mapped
 * @param whole whether the file has to end after them
 */
record FilePayload(Path path, long offset, long length, boolean whole) implements Payload {

    /**
     * @throws IOException if there is no such file
     */
    static FilePayload of(Path path) throws IOException {
        BasicFileAttributes attributes = Files.readAttributes(path, BasicFileAttributes.class);
        if (attributes.isDirectory()) {
            throw new IOException("it is a directory");
        }
        return new FilePayload(path, 0, attributes.size(), true);
    }

    @Override
    public boolean isRepeatable() {
        return true;
    }

    @Override
    public InputStream open() throws IOException {
        return new CheckedStream(stream(), length, whole, null);
    }

    /** A stream that starts with the first byte, and goes on to the end of the file. Skipping bytes does not read them. */
    InputStream stream() throws IOException {
        // Files.newInputStream would cache a direct buffer of the size of the largest read for each reading thread.
        InputStream stream = path.getFileSystem() == FileSystems.getDefault()
                ? new FileInputStream(path.toFile())
                : Files.newInputStream(path);
        try {
            stream.skipNBytes(offset);
            return stream;
        } catch (IOException e) {
            stream.close();
            throw e;
        }
    }
}
