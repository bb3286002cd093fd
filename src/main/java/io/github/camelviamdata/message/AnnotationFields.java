// Copyright the camel-viamdata authors. SPDX-License-Identifier: Apache-2.0
package io.github.camelviamdata.message;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * A map or JSON object of annotations. What cannot be read is an {@link IllegalArgumentException} that begins with its path.
 *
 * @param path to it
 * @param values by the names that they have on the wire, without nulls
 */
record AnnotationFields(String path, Map<String, Object> values) {

    /** Takes {@code xMin} for {@code x_min}, as JSON written by protobuf has it. */
    static AnnotationFields of(String path, Object value, List<String> known) {
        if (!(value instanceof Map<?, ?> map)) {
            throw wrongType(path, value, "a map or JSON object");
        }
        Map<String, Object> values = new TreeMap<>();
        map.forEach((key, field) -> {
            String name = snakeCase(String.valueOf(key));
            if (!known.contains(name)) {
                throw new IllegalArgumentException(
                        ProtoValues.shown(path + "." + key) + " is not known; there are " + String.join(", ", known));
            } else if (field != null && values.put(name, field) != null) {
                throw new IllegalArgumentException(path + "." + name + " is given twice");
            }
        });
        return new AnnotationFields(path, values);
    }

    private static String snakeCase(String name) {
        StringBuilder snakeCase = new StringBuilder(name.length() + 8);
        name.chars().forEach(c -> {
            if (c >= 'A' && c <= 'Z') {
                snakeCase.append('_').append((char) (c - 'A' + 'a'));
            } else {
                snakeCase.append((char) c);
            }
        });
        return snakeCase.toString();
    }

    private static IllegalArgumentException wrongType(String path, Object value, String expected) {
        return new IllegalArgumentException(path + " is a " + value.getClass().getTypeName() + ": give " + expected);
    }

    String path(String name) {
        return path + "." + name;
    }

    List<AnnotationFields> each(String name, List<String> known) {
        Object value = values.get(name);
        if (value == null) {
            return List.of();
        }
        Object list = value instanceof Object[] array ? Arrays.asList(array) : value;
        if (!(list instanceof Collection<?> elements)) {
            throw wrongType(path(name), value, "a list");
        }
        List<AnnotationFields> all = new ArrayList<>(elements.size());
        for (Object element : elements) {
            String at = path(name) + "[" + all.size() + "]";
            if (element == null) {
                throw new IllegalArgumentException(at + " is null");
            }
            all.add(of(at, element, known));
        }
        return all;
    }

    /** The text, empty where there is none. */
    String text(String name) {
        Object value = values.get(name);
        if (value != null && !(value instanceof CharSequence)) {
            throw wrongType(path(name), value, "text");
        }
        return value == null ? "" : ProtoValues.text(path(name), value.toString());
    }

    Double number(String name) {
        Object value = values.get(name);
        if (value == null) {
            return null;
        } else if (!(value instanceof Number number)) {
            throw wrongType(path(name), value, "a number");
        } else {
            try {
                return number.doubleValue();
            } catch (RuntimeException e) {
                throw new IllegalArgumentException(path(name) + " cannot be read as a number", e);
            }
        }
    }

    /** The width or height of the picture, given here or for all boxes; null where it is not. */
    Double size(String name, AnnotationFields all) {
        AnnotationFields fields = values.containsKey(name) ? this : all;
        Double size = fields.number(name);
        if (size != null && !(size > 0 && size < Double.POSITIVE_INFINITY)) {
            throw new IllegalArgumentException(fields.path(name) + " is " + size + ": it must be above 0");
        }
        return size;
    }

    /** A coordinate, given as a fraction, or in pixels of a picture of that size. */
    double fraction(String name, String sizeName, Double size) {
        String normalized = name + "_normalized";
        Double fraction = number(normalized);
        Double pixels = number(name);
        if (fraction == null && pixels == null) {
            throw new IllegalArgumentException(
                    path(normalized) + " is missing, and so is " + name + ", which would be in pixels");
        } else if (pixels == null) {
            return fraction;
        } else if (fraction != null) {
            throw new IllegalArgumentException(
                    path(name) + " is given in pixels, and " + normalized + " too: give one of them");
        } else if (size == null) {
            throw new IllegalArgumentException(path(name) + " is in pixels: give " + sizeName + " too");
        } else if (!(pixels >= 0 && pixels <= size)) {
            throw new IllegalArgumentException(
                    path(name) + " is " + pixels + ": it must be from 0 to " + sizeName + ", which is " + size);
        }
        return pixels / size;
    }
}
