// Copyright the camel-viamdata authors. SPDX-License-Identifier: Apache-2.0
package io.github.camelviamdata.server;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Options of the form {@code id=value,id=value}. */
final class OptionPairs {

    private OptionPairs() {}

    /**
     * The entries in their order; spaces around an ID and a value do not count.
     *
     * @throws IllegalArgumentException if an entry lacks its ID or its value; the message names the option and holds no value
     */
    static List<Map.Entry<String, String>> parse(String option, String text) {
        List<Map.Entry<String, String>> pairs = new ArrayList<>();
        String[] entries = text.split(",", -1);
        for (int i = 0; i < entries.length; i++) {
            String[] pair = entries[i].split("=", 2);
            pairs.add(pair(
                    "entry " + (i + 1) + " of the option " + option,
                    pair[0].trim(),
                    pair.length < 2 ? "" : pair[1].trim()));
        }
        return pairs;
    }

    /**
     * @throws IllegalArgumentException if one of both is null or empty
     */
    static Map.Entry<String, String> pair(String where, Object id, Object value) {
        if (id == null
                || value == null
                || id.toString().isEmpty()
                || value.toString().isEmpty()) {
            throw new IllegalArgumentException(
                    where + " lacks its ID or its value: text has the form id=value,id=value");
        }
        return Map.entry(id.toString(), value.toString());
    }
}
