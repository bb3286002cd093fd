// Copyright the camel-viamdata authors. SPDX-License-Identifier: Apache-2.0
package io.github.camelviamdata.message;

import com.google.gson.GsonBuilder;
import com.google.gson.Strictness;
import com.google.gson.TypeAdapter;
import com.google.gson.stream.JsonReader;
import com.google.gson.stream.JsonToken;
import com.google.gson.stream.MalformedJsonException;
import java.io.BufferedReader;
import java.io.EOFException;
import java.io.IOException;
import java.io.LineNumberReader;
import java.io.Reader;
import java.io.StringReader;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * Reads readings from JSON text: an object, an array of objects, or an object on each line. Only one element of an array is in
 * memory at a time.
 */
final class JsonReadings {

    // Deeper than a reading may be, so that ProtoValues can name the place; not too deep for any stack.
    private static final int MAX_DEPTH = 100;

    private static final Pattern POSITION = Pattern.compile("at line (\\d+) column (\\d+)");

    private static final TypeAdapter<Object> VALUES = new GsonBuilder()
            // Gson's own parser does not name the place of a number that is too large.
            .setObjectToNumberStrategy(json -> Double.valueOf(json.nextString()))
            .create()
            .getAdapter(Object.class);

    private static final Place BODY = new Place(
            "The body",
            "give an object or an array of objects, or set the option operation. CSV takes unmarshal().csv() with useMaps"
                    + " first");

    /**
     * What holds the JSON text, for the exception text if it is not valid.
     *
     * @param name what holds it, to begin the text
     * @param advice what to do, to end the text
     */
    record Place(String name, String advice) {}

    private JsonReadings() {}

    /**
     * @param consumer gets a map for each object, and any other value as it is
     * @throws IOException if the text cannot be read
     * @throws IllegalArgumentException if it is not JSON; the text says where
     */
    static void read(Reader reader, Consumer<Object> consumer) throws IOException {
        LineNumberReader text = new LineNumberReader(reader);
        if (firstCharacter(text) == '[') {
            array(text, text.getLineNumber(), consumer);
            return;
        }
        int before = text.getLineNumber();
        String line = text.readLine();
        if (line == null) {
            return;
        }
        Object value;
        try {
            value = value(BODY, line, before);
        } catch (IllegalArgumentException e) {
            // The first line may be the beginning of an object in several lines.
            consumer.accept(value(BODY, line + text.lines().collect(Collectors.joining("\n", "\n", "")), before));
            return;
        }
        consumer.accept(value);
        for (int number = before + 1; (line = text.readLine()) != null; number++) {
            if (!line.isBlank()) {
                consumer.accept(value(BODY, line, number));
            }
        }
    }

    /** Skips white space. Returns the next character, which the next read returns again; -1 at the end. */
    private static int firstCharacter(BufferedReader text) throws IOException {
        int c;
        do {
            text.mark(1);
            c = text.read();
            // Some programs put a byte order mark first.
        } while (c == '\uFEFF' || c == ' ' || c == '\t' || c == '\r' || c == '\n');
        text.reset();
        return c;
    }

    /**
     * Parses JSON text to a map, a list, a text, a number, a boolean or null.
     *
     * @param place what holds the text
     * @throws IllegalArgumentException if it is not JSON; the text says where
     */
    static Object value(Place place, String text) {
        return value(place, text, 0);
    }

    private static void array(Reader text, int line, Consumer<Object> consumer) throws IOException {
        StrictReader json = new StrictReader(BODY, text);
        try {
            json.beginArray();
            while (json.hasNext()) {
                consumer.accept(VALUES.read(json));
            }
            json.endArray();
            end(json);
        } catch (EOFException | MalformedJsonException | IllegalStateException e) {
            throw malformed(json, line, e);
        }
    }

    private static Object value(Place place, String text, int line) {
        StrictReader json = new StrictReader(place, new StringReader(text));
        try {
            Object value = VALUES.read(json);
            end(json);
            return value;
        } catch (IOException | IllegalStateException e) {
            throw malformed(json, line, e);
        }
    }

    private static void end(JsonReader json) throws IOException {
        if (json.peek() != JsonToken.END_DOCUMENT) {
            throw new IllegalStateException("There is something after the end");
        }
    }

    /** Without Gson's exception as its cause, which advises to accept malformed JSON. */
    private static IllegalArgumentException malformed(StrictReader json, int linesBefore, Exception e) {
        StringBuilder text = new StringBuilder(json.place.name())
                .append(" is not valid JSON at ")
                .append(ProtoValues.shown(json.getPath()));
        Matcher position = POSITION.matcher(String.valueOf(e.getMessage()));
        if (position.find()) {
            int line = Integer.parseInt(position.group(1));
            int column = Integer.parseInt(position.group(2));
            text.append(" in line ")
                    .append(linesBefore + line)
                    .append(", column ")
                    .append(column);
            String word = json.tail.wordAt(line, column);
            text.append(word.isEmpty() || e instanceof EOFException ? "" : ", where there is " + word);
        } else {
            text.append(" in line ").append(linesBefore + 1);
        }
        text.append(e instanceof EOFException ? ", where the text ends too early" : "");
        return new IllegalArgumentException(
                text.append(": ").append(json.place.advice()).toString());
    }

    private static final class StrictReader extends JsonReader {

        private final Place place;
        private final JsonTail tail;
        private int depth;

        StrictReader(Place place, Reader text) {
            this(place, new JsonTail(text));
        }

        private StrictReader(Place place, JsonTail tail) {
            super(tail);
            this.place = place;
            this.tail = tail;
            try {
                setStrictness(Strictness.STRICT);
            } catch (LinkageError e) {
                // An application's BOM may choose Gson before 2.11, which accepts True and raw control characters.
                setLenient(false);
            }
        }

        @Override
        public void beginObject() throws IOException {
            super.beginObject();
            checkDepth();
        }

        @Override
        public void beginArray() throws IOException {
            super.beginArray();
            checkDepth();
        }

        private void checkDepth() {
            if (++depth > MAX_DEPTH) {
                throw new IllegalArgumentException(place.name() + " is nested more than " + MAX_DEPTH + " levels deep");
            }
        }

        @Override
        public void endObject() throws IOException {
            super.endObject();
            depth--;
        }

        @Override
        public void endArray() throws IOException {
            super.endArray();
            depth--;
        }
    }
}
