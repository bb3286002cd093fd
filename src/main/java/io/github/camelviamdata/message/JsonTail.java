// Copyright the camel-viamdata authors. SPDX-License-Identifier: Apache-2.0
package io.github.camelviamdata.message;

import java.io.FilterReader;
import java.io.IOException;
import java.io.Reader;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Keeps the last characters that were read of a text, so that an error can show the word at its position. */
final class JsonTail extends FilterReader {

    // Gson reads ahead by 1024 characters.
    private static final int KEPT = 4096;

    private static final Pattern WORD = Pattern.compile("[+-]?[A-Za-z]{1,20}");

    private final StringBuilder tail = new StringBuilder();
    private int line = 1;
    private int lineLength;

    JsonTail(Reader reader) {
        super(reader);
    }

    @Override
    public int read(char[] buffer, int offset, int length) throws IOException {
        int read = super.read(buffer, offset, length);
        for (int i = offset; i < offset + read; i++) {
            lineLength++;
            if (buffer[i] == '\n') {
                line++;
                lineLength = 0;
            }
        }
        if (read > 0) {
            tail.append(buffer, offset, read);
            tail.delete(0, Math.max(0, tail.length() - KEPT));
        }
        return read;
    }

    /**
     * The word or the NUL character at a position, neither of which is valid JSON; otherwise empty.
     *
     * @param line from 1
     * @param column from 1
     */
    String wordAt(int line, int column) {
        int start = tail.length() - lineLength;
        for (int i = this.line; i > line && start > 0; i--) {
            start = tail.lastIndexOf("\n", start - 2) + 1;
        }
        int at = start + column - 1;
        if (at < 0 || at > tail.length()) {
            return "";
        }
        // Gson reports the position after a character that begins no value.
        if (tail.indexOf("\0", Math.max(0, at - 1)) == Math.max(0, at - 1) || tail.indexOf("\0", at) == at) {
            return "a NUL character";
        }
        Matcher word = WORD.matcher(tail).region(at, tail.length());
        return word.lookingAt() ? word.group() : "";
    }
}
