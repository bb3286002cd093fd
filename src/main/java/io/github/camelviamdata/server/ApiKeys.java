// Copyright the camel-viamdata authors. SPDX-License-Identifier: Apache-2.0
package io.github.camelviamdata.server;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.HashMap;
import java.util.Map;

/** The API keys a server accepts, by their IDs. */
final class ApiKeys {

    private final Map<String, byte[]> keys = new HashMap<>();

    private ApiKeys() {}

    /**
     * @param option text of the form {@code id=key,id=key}, or a map of keys by ID
     * @throws IllegalArgumentException if it is neither, or empty, or names an ID twice; the message holds no key
     */
    static ApiKeys of(Object option) {
        ApiKeys keys = new ApiKeys();
        if (option instanceof Map<?, ?> map) {
            map.forEach((id, key) -> keys.add(
                    "the map of the option apiKey",
                    id == null ? "" : id.toString(),
                    key == null ? "" : key.toString()));
        } else if (option instanceof CharSequence) {
            String[] entries = option.toString().split(",", -1);
            for (int i = 0; i < entries.length; i++) {
                String[] pair = entries[i].split("=", 2);
                keys.add(
                        "entry " + (i + 1) + " of the option apiKey",
                        pair[0].trim(),
                        pair.length < 2 ? "" : pair[1].trim());
            }
        } else {
            throw new IllegalArgumentException("The option apiKey must be text or a java.util.Map, not "
                    + option.getClass().getName());
        }
        if (keys.keys.isEmpty()) {
            throw new IllegalArgumentException(
                    "The option apiKey is empty: name at least one key, or remove the option");
        }
        return keys;
    }

    private void add(String where, String id, String key) {
        if (id.isEmpty() || key.isEmpty()) {
            throw new IllegalArgumentException(
                    where + " lacks an ID or a key: the option apiKey is text of the form id=key,id=key, or a map");
        }
        if (keys.put(id, key.getBytes(StandardCharsets.UTF_8)) != null) {
            throw new IllegalArgumentException(where + " repeats an ID");
        }
    }

    /** Whether a key belongs to an ID. */
    boolean accepts(String id, String key) {
        byte[] presented = key.getBytes(StandardCharsets.UTF_8);
        byte[] expected = keys.get(id);
        // An unknown ID is compared too, lest the time tell which there are: with what is longer, and never fits.
        return MessageDigest.isEqual(presented, expected == null ? new byte[presented.length + 1] : expected);
    }
}
