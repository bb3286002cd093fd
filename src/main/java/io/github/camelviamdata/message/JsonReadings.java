// Copyright the camel-viamdata authors. SPDX-License-Identifier: Apache-2.0
package io.github.camelviamdata.message;

import com.google.gson.stream.JsonReader;
import com.google.gson.stream.JsonToken;
import com.google.gson.stream.MalformedJsonException;
import java.io.BufferedReader;
import java.io.EOFException;
import java.io.IOException;
import java.io.Reader;
import java.io.StringReader;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.Collectors;

/**
 * The readings in JSON text: an object, an array of objects, or an object on each line. Of an array, only one element is in
 * memory at a time.
 */
final class JsonReadings {

    // More than a reading may have, so that it is told where it is too deep; little enough for any stack.
    private static final int DEEPEST = 100;

    private JsonReadings() {}

    /**
     * @param consumer given a map for each object, or what else stands in the place of one
     * @throws IOException if the text cannot be read
     * @throws IllegalArgumentException if it is not JSON; the message tells where
     */
    static void read(Reader reader, Consumer<Object> consumer) throws IOException {
        BufferedReader text = new BufferedReader(reader);
        int first = firstCharacter(text);
        if (first == '[') {
            array(text, consumer);
            return;
        }
        String line = text.readLine();
        if (line == null) {
            return;
        }
        Object value;
        try {
            value = value(line, "");
        } catch (IllegalArgumentException e) {
            // Of one object, the first line may be the beginning.
            consumer.accept(value(line + text.lines().collect(Collectors.joining("\n", "\n", "")), ""));
            return;
        }
        consumer.accept(value);
        for (int number = 2; (line = text.readLine()) != null; number++) {
            if (!line.isBlank()) {
                consumer.accept(value(line, " in line " + number));
            }
        }
    }

    /** The first one that is no white space, which is left to be read; -1 without any. */
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

    private static void array(Reader text, Consumer<Object> consumer) throws IOException {
        JsonReader json = new JsonReader(text);
        try {
            json.beginArray();
            while (json.hasNext()) {
                consumer.accept(value(json, 0));
            }
            json.endArray();
            end(json);
        } catch (EOFException | MalformedJsonException | IllegalStateException e) {
            throw malformed(json, "", e);
        }
    }

    private static Object value(String text, String place) throws IOException {
        JsonReader json = new JsonReader(new StringReader(text));
        try {
            Object value = value(json, 0);
            end(json);
            return value;
        } catch (EOFException | MalformedJsonException | IllegalStateException e) {
            throw malformed(json, place, e);
        }
    }

    private static Object value(JsonReader json, int depth) throws IOException {
        if (depth > DEEPEST) {
            throw new IllegalArgumentException("The body is nested more than " + DEEPEST + " levels deep");
        }
        switch (json.peek()) {
            case BEGIN_OBJECT:
                Map<String, Object> map = new LinkedHashMap<>();
                json.beginObject();
                while (json.hasNext()) {
                    map.put(json.nextName(), value(json, depth + 1));
                }
                json.endObject();
                return map;
            case BEGIN_ARRAY:
                List<Object> list = new ArrayList<>();
                json.beginArray();
                while (json.hasNext()) {
                    list.add(value(json, depth + 1));
                }
                json.endArray();
                return list;
            case STRING:
                return json.nextString();
            case NUMBER:
                // Not nextDouble(), which does not say where a number is that is too large.
                return Double.valueOf(json.nextString());
            case BOOLEAN:
                return json.nextBoolean();
            case NULL:
                json.nextNull();
                return null;
            default:
                throw new IllegalStateException(json.peek().name());
        }
    }

    private static void end(JsonReader json) throws IOException {
        if (json.peek() != JsonToken.END_DOCUMENT) {
            throw new IllegalStateException("There is something after the end");
        }
    }

    private static IllegalArgumentException malformed(JsonReader json, String place, Exception e) {
        return new IllegalArgumentException(
                "The body is not valid JSON" + place + " at " + ProtoValues.shown(json.getPath())
                        + ": give an object or an array of objects, or set the option operation",
                e);
    }
}
