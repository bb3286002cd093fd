// Copyright the camel-viamdata authors. SPDX-License-Identifier: Apache-2.0
package io.github.camelviamdata.message;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStreamWriter;
import java.io.Reader;
import java.nio.charset.Charset;

/** The text of a reader as bytes, encoded piece by piece. The JDK and Camel encode only texts that fit into memory. */
final class ReaderStream extends InputStream {

    private static final int PIECE = 8192;

    private final Reader reader;
    private final ByteArrayOutputStream encoded = new ByteArrayOutputStream();
    private final OutputStreamWriter encoder;
    private final char[] chars = new char[PIECE];
    private ByteArrayInputStream piece = new ByteArrayInputStream(new byte[0]);
    private boolean atEnd;

    ReaderStream(Reader reader, Charset charset) {
        this.reader = reader;
        this.encoder = new OutputStreamWriter(encoded, charset);
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] target, int offset, int max) throws IOException {
        while (piece.available() == 0 && !atEnd) {
            encode();
        }
        return piece.read(target, offset, max);
    }

    /** By a writer, which keeps half of a surrogate pair, and the state of the charset, from one piece to the next. */
    private void encode() throws IOException {
        int count = reader.read(chars);
        if (count < 0) {
            atEnd = true;
            encoder.close();
        } else {
            encoder.write(chars, 0, count);
            encoder.flush();
        }
        piece = new ByteArrayInputStream(encoded.toByteArray());
        encoded.reset();
    }

    @Override
    public void close() throws IOException {
        reader.close();
    }
}
