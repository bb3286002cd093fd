// Copyright the camel-viamdata authors. SPDX-License-Identifier: Apache-2.0
package io.github.camelviamdata.message;

import io.github.camelviamdata.proto.data.v1.SequenceResource;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/** What captures the data of a sequence, as maps with {@code resource_name} and {@code method_name}. */
public final class SequenceResources {

    private SequenceResources() {}

    /**
     * @param path what holds the value, to begin the exception text
     * @param value a map, or a collection of at least one
     * @throws IllegalArgumentException if it is anything else; the text names the place
     */
    public static List<SequenceResource> of(String path, Object value) {
        if (value instanceof Collection<?> several && !several.isEmpty()) {
            List<?> maps = new ArrayList<>(several);
            return IntStream.range(0, maps.size())
                    .mapToObj(i -> resource(path + "[" + i + "]", maps.get(i)))
                    .toList();
        }
        return List.of(resource(path, value));
    }

    private static SequenceResource resource(String path, Object value) {
        if (!(value instanceof Map<?, ?> map)) {
            throw new IllegalArgumentException(path + " is no map with resource_name and method_name");
        }
        return SequenceResource.newBuilder()
                .setResourceName(text(path, map, "resource_name"))
                .setMethodName(text(path, map, "method_name"))
                .build();
    }

    private static String text(String path, Map<?, ?> map, String name) {
        if (!(map.get(name) instanceof CharSequence text) || text.toString().isBlank()) {
            throw new IllegalArgumentException(path + "." + name + " is missing, or no text");
        }
        return ProtoValues.text(path + "." + name, text.toString());
    }
}
