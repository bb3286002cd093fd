// Copyright the camel-viamdata authors. SPDX-License-Identifier: Apache-2.0
package io.github.camelviamdata.fuzz;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Input for the fuzzer in a form that people can read and write, too: lines of a name, a character that tells the kind of
 * the value, and the value; then, after an empty line, bytes.
 */
record FuzzInput(List<Line> lines, byte[] body) {

    private static final Pattern LINE = Pattern.compile("([A-Za-z.-]+)([:#~@]) ?(.*)", Pattern.DOTALL);

    record Line(String name, char kind, String value) {}

    static FuzzInput of(byte[] input) {
        List<Line> lines = new ArrayList<>();
        int start = 0;
        for (int i = 0; i < input.length; i++) {
            if (input[i] == '\n') {
                if (i == start) {
                    return new FuzzInput(lines, Arrays.copyOfRange(input, i + 1, input.length));
                }
                Matcher line = LINE.matcher(new String(input, start, i - start, StandardCharsets.UTF_8));
                if (line.matches()) {
                    lines.add(new Line(line.group(1), line.group(2).charAt(0), line.group(3)));
                }
                start = i + 1;
            }
        }
        return new FuzzInput(lines, new byte[0]);
    }

    /** The last value of this name, or null. */
    String value(String name) {
        return lines.stream()
                .filter(line -> line.name().equals(name))
                .map(Line::value)
                .reduce(null, (before, after) -> after);
    }
}
