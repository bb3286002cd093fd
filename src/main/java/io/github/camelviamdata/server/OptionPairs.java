// Copyright the camel-viamdata authors. SPDX-License-Identifier: Apache-2.0
package io.github.camelviamdata.server;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/** Options of the form {@code id=value,id=value}. */
final class OptionPairs {

    private OptionPairs() {}

    /**
     * The entries in their order, without spaces around ID and value.
     *
     * @param value text of that form, or a map from IDs to values or collections of values
     * @param types the types of values that the option accepts, for the exception text
     * @throws IllegalArgumentException if it is anything else, or an entry lacks its ID or its value; the text names the option
     *     and shows no value
     */
    static List<Map.Entry<String, String>> of(String option, Object value, String types) {
        List<Map.Entry<String, String>> pairs = new ArrayList<>();
        if (value instanceof CharSequence text) {
            String[] entries = text.toString().split(",", -1);
            for (int i = 0; i < entries.length; i++) {
                String[] pair = entries[i].split("=", 2);
                pairs.add(pair(
                        "entry " + (i + 1) + " of the option " + option,
                        pair[0].trim(),
                        pair.length < 2 ? "" : pair[1].trim()));
            }
        } else if (value instanceof Map<?, ?> map) {
            map.forEach((id, values) -> {
                for (Object each : values instanceof Collection<?> several ? several : Collections.singleton(values)) {
                    pairs.add(pair("the map of the option " + option, id, each));
                }
            });
        } else {
            throw new IllegalArgumentException("The option " + option + " must be " + types + ", not "
                    + value.getClass().getName());
        }
        return pairs;
    }

    private static Map.Entry<String, String> pair(String where, Object id, Object value) {
        String key = Objects.toString(id, "");
        String text = Objects.toString(value, "");
        if (key.isEmpty() || text.isEmpty()) {
            throw new IllegalArgumentException(
                    where + " lacks its ID or its value: text has the form id=value,id=value");
        }
        return Map.entry(key, text);
    }
}
