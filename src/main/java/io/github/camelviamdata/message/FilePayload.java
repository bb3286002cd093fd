// Copyright the camel-viamdata authors. SPDX-License-Identifier: Apache-2.0
package io.github.camelviamdata.message;

import io.github.camelviamdata.upload.Payload;
import io.github.camelviamdata.upload.PayloadReader;
import io.github.camelviamdata.upload.RandomAccessPayload;
import java.io.FileInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;

/** A file, with the length that it had when the message was mapped. */
record FilePayload(Path path, long length) implements RandomAccessPayload {

    /**
     * @throws IOException if there is no such file
     */
    static FilePayload of(Path path) throws IOException {
        if (Files.isDirectory(path)) {
            throw new IOException("it is a directory");
        }
        return new FilePayload(path, Files.size(path));
    }

    @Override
    public boolean isRepeatable() {
        return true;
    }

    @Override
    public PayloadReader open() throws IOException {
        return new StreamReader(stream(), length, null) {
            @Override
            public void release() throws IOException {
                close();
            }
        };
    }

    @Override
    public InputStream stream() throws IOException {
        // The stream of a channel would cache a direct buffer, of the size of the largest read, for every reading
        // thread.
        return path.getFileSystem() == FileSystems.getDefault()
                ? new FileInputStream(path.toFile())
                : Files.newInputStream(path);
    }

    @Override
    public Payload slice(long offset, long size) {
        return new FileSlice(this, offset, size);
    }
}
