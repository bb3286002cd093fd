// Copyright the camel-viamdata authors. SPDX-License-Identifier: Apache-2.0
package io.github.camelviamdata.message;

import com.google.protobuf.Any;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.ListValue;
import com.google.protobuf.Message;
import com.google.protobuf.NullValue;
import com.google.protobuf.Struct;
import com.google.protobuf.Timestamp;
import com.google.protobuf.Value;
import java.lang.reflect.Array;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Converts Java values to protobuf's well-known types, and back. Each direction restores what the other one makes.
 *
 * <p>A method parameter is a {@code google.protobuf.Value} packed in an {@code Any}, as Viam's machine agent sends it.
 */
public final class ProtoValues {

    // The range of google.protobuf.Timestamp.
    private static final Instant FIRST = Instant.parse("0001-01-01T00:00:00Z");
    private static final Instant LAST = Instant.parse("9999-12-31T23:59:59.999999999Z");

    /** Which values may be sent. */
    enum Limits {
        // protobuf parsers accept 100 nested messages, of which a map makes three. A list may contain itself.
        /** Values with a counterpart in JSON, which can be parsed again. */
        JSON(30),
        /** All values that a protobuf message can hold. */
        WIRE(100);

        private final int maxDepth;

        Limits(int maxDepth) {
            this.maxDepth = maxDepth;
        }
    }

    private ProtoValues() {}

    /**
     * @throws IllegalArgumentException if the time is outside the years 1 to 9999
     */
    public static Timestamp timestamp(Instant time) {
        if (time.isBefore(FIRST) || time.isAfter(LAST)) {
            throw new IllegalArgumentException(time + " is outside the years 1 to 9999");
        }
        return Timestamp.newBuilder()
                .setSeconds(time.getEpochSecond())
                .setNanos(time.getNano())
                .build();
    }

    public static Instant instant(Timestamp time) {
        return Instant.ofEpochSecond(time.getSeconds(), time.getNanos());
    }

    /**
     * A time that another program has sent, which may be invalid.
     *
     * @param name the name of the time, to begin the exception text
     * @throws IllegalArgumentException if it is outside the years 1 to 9999, or has a wrong number of nanoseconds
     */
    public static Instant instant(String name, Timestamp time) {
        try {
            Instant instant = instant(time);
            if (timestamp(instant).getNanos() == time.getNanos()) {
                return instant;
            }
        } catch (DateTimeException | ArithmeticException | IllegalArgumentException e) {
            throw new IllegalArgumentException(name + " is outside the years 1 to 9999", e);
        }
        throw new IllegalArgumentException(
                name + " has " + time.getNanos() + " nanoseconds; 0 to 999999999 are possible");
    }

    /**
     * @throws IllegalArgumentException if the value, or one inside it, has no counterpart in JSON; the message begins with
     *     the path to it
     */
    public static Any any(String path, Object object) {
        return any(path, object, Limits.JSON);
    }

    static Any any(String path, Object object, Limits limits) {
        if (object instanceof Any any) {
            return any;
        }
        return Any.pack(object instanceof Message message ? message : value(path, object, 0, limits));
    }

    /** The Java value in an {@code Any}; the {@code Any} itself if it does not hold a {@code Value}. */
    public static Object object(Any any) {
        if (any.is(Value.class)) {
            try {
                return object(any.unpack(Value.class));
            } catch (InvalidProtocolBufferException e) {
                return any;
            }
        }
        return any;
    }

    /**
     * @throws IllegalArgumentException if a value has no counterpart in JSON; the message begins with the path to it
     */
    public static Struct struct(String path, Map<?, ?> map) {
        return struct(path, map, Limits.JSON);
    }

    static Struct struct(String path, Map<?, ?> map, Limits limits) {
        return struct(path, map, 0, limits);
    }

    private static Struct struct(String path, Map<?, ?> map, int depth, Limits limits) {
        Struct.Builder struct = Struct.newBuilder();
        map.forEach((key, object) -> {
            String field = text(path, String.valueOf(key));
            struct.putFields(field, value(path + "." + field, object, depth + 1, limits));
        });
        return struct.build();
    }

    public static Map<String, Object> map(Struct struct) {
        Map<String, Object> map = new LinkedHashMap<>();
        struct.getFieldsMap().forEach((key, value) -> map.put(key, object(value)));
        return map;
    }

    private static Value value(String path, Object object, int depth, Limits limits) {
        if (depth > limits.maxDepth) {
            throw new IllegalArgumentException(
                    shown(path) + " is nested more than " + limits.maxDepth + " levels deep");
        } else if (object == null) {
            return Value.newBuilder().setNullValue(NullValue.NULL_VALUE).build();
        } else if (object instanceof Boolean flag) {
            return Value.newBuilder().setBoolValue(flag).build();
        } else if (object instanceof Number number) {
            return number(path, number, limits);
        } else if (object instanceof CharSequence || object instanceof Character || object instanceof Enum) {
            return Value.newBuilder()
                    .setStringValue(text(path, object.toString()))
                    .build();
        } else if (object instanceof Map<?, ?> map) {
            return Value.newBuilder()
                    .setStructValue(struct(path, map, depth, limits))
                    .build();
        } else if (object instanceof Collection<?> collection) {
            return list(path, collection, depth, limits);
        } else if (object instanceof Value value) {
            return value;
        }
        return other(path, object, depth, limits);
    }

    private static Value other(String path, Object object, int depth, Limits limits) {
        if (Readings.isTree(object)) {
            JsonReadings.Place place = new JsonReadings.Place(shown(path), "give JSON");
            return value(path, JsonReadings.value(place, object.toString()), depth, limits);
        } else if (object.getClass().isArray() && !(object instanceof byte[])) {
            List<Object> elements = new ArrayList<>();
            for (int i = 0; i < Array.getLength(object); i++) {
                elements.add(Array.get(object, i));
            }
            return list(path, elements, depth, limits);
        }
        throw new IllegalArgumentException(
                shown(path) + " is a " + object.getClass().getTypeName()
                        + ", which has no counterpart in JSON: use text, numbers, booleans, null, lists or maps, and Base64"
                        + " text for bytes");
    }

    static double number(String path, Number number) {
        try {
            return number.doubleValue();
        } catch (RuntimeException e) {
            throw new IllegalArgumentException(shown(path) + " cannot be read as a number", e);
        }
    }

    private static Value number(String path, Number object, Limits limits) {
        double number = number(path, object);
        if (!Double.isFinite(number) && limits == Limits.JSON) {
            throw new IllegalArgumentException(shown(path) + " is " + number + ", which has no counterpart in JSON");
        }
        return Value.newBuilder().setNumberValue(number).build();
    }

    /** Checks a text: protobuf would silently replace a lone surrogate by a question mark. */
    static String text(String path, String text) {
        for (int i = 0; i < text.length(); i += Character.charCount(text.codePointAt(i))) {
            // A surrogate pair is one code point, of another type.
            if (Character.getType(text.codePointAt(i)) == Character.SURROGATE) {
                throw new IllegalArgumentException(shown(path) + " holds text that is not valid Unicode");
            }
        }
        return text;
    }

    /** A path for an exception text, shortened to 200 characters. */
    static String shown(String path) {
        return path.length() <= 200 ? path : path.substring(0, 200) + "...";
    }

    private static Value list(String path, Collection<?> collection, int depth, Limits limits) {
        ListValue.Builder list = ListValue.newBuilder();
        int index = 0;
        for (Object element : collection) {
            list.addValues(value(path + "[" + index++ + "]", element, depth + 1, limits));
        }
        return Value.newBuilder().setListValue(list).build();
    }

    private static Object object(Value value) {
        return switch (value.getKindCase()) {
            case BOOL_VALUE -> value.getBoolValue();
            case NUMBER_VALUE -> value.getNumberValue();
            case STRING_VALUE -> value.getStringValue();
            case STRUCT_VALUE -> map(value.getStructValue());
            case LIST_VALUE ->
                value.getListValue().getValuesList().stream()
                        .map(element -> object(element))
                        .toList();
            case NULL_VALUE, KIND_NOT_SET -> null;
        };
    }
}
