// Copyright the camel-viamdata authors. SPDX-License-Identifier: Apache-2.0
package io.github.camelviamdata.message;

import com.google.protobuf.Struct;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Map;

/** Finds the readings in a message body. */
final class Readings {

    private Readings() {}

    /**
     * One reading for a map or a {@code Struct}, as many as there are elements for a collection or an array of these.
     *
     * @throws IllegalArgumentException if the body is something else, holds none, or holds a value that JSON has not
     */
    static List<Struct> of(Object body) {
        Collection<?> elements;
        if (body instanceof Collection<?> collection) {
            elements = collection;
        } else if (body instanceof Object[] array) {
            elements = Arrays.asList(array);
        } else {
            elements = body == null ? List.of() : List.of(body);
        }
        if (elements.isEmpty()) {
            throw new IllegalArgumentException("The body holds no reading");
        }
        return elements.stream().map(Readings::reading).toList();
    }

    private static Struct reading(Object element) {
        if (element instanceof Struct struct) {
            return struct;
        } else if (element instanceof Map<?, ?> map) {
            return ProtoValues.struct("The reading", map);
        }
        throw new IllegalArgumentException("The body holds a "
                + (element == null ? "null" : element.getClass().getName())
                + " where a reading, a map, should be: unmarshal it first, or set the option operation");
    }
}
