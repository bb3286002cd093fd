// Copyright the camel-viamdata authors. SPDX-License-Identifier: Apache-2.0
package io.github.camelviamdata.server;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;

/** The API keys that a server accepts, by their IDs, and what is derived from them. */
final class ApiKeys {

    private static final byte[] TOKENS = "viamdata-server access tokens".getBytes(StandardCharsets.UTF_8);

    private final Map<String, byte[]> keys = new HashMap<>();
    private final Map<String, byte[]> tokenSecrets = new HashMap<>();
    private final byte[] secretOfUnknownIds = new byte[32];

    private ApiKeys() {
        new SecureRandom().nextBytes(secretOfUnknownIds);
    }

    /**
     * @param option text of the form {@code id=key,id=key}, a map of keys by ID, or null for no keys
     * @throws IllegalArgumentException if it is neither, or empty, or names an ID twice; its text shows no key
     */
    static ApiKeys of(Object option) {
        ApiKeys keys = new ApiKeys();
        if (option == null) {
            return keys;
        }
        int entry = 1;
        for (Map.Entry<String, String> pair : OptionPairs.of("apiKey", option, "text or a java.util.Map")) {
            keys.add(entry++, pair);
        }
        if (keys.keys.isEmpty()) {
            throw new IllegalArgumentException(
                    "The option apiKey is empty: name at least one key, or remove the option");
        }
        return keys;
    }

    private void add(int entry, Map.Entry<String, String> pair) {
        byte[] key = pair.getValue().getBytes(StandardCharsets.UTF_8);
        byte[] id = pair.getKey().getBytes(StandardCharsets.UTF_8);
        if (keys.put(pair.getKey(), key) != null) {
            throw new IllegalArgumentException("entry " + entry + " of the option apiKey repeats an ID");
        }
        tokenSecrets.put(pair.getKey(), Hkdf.derive(key, TOKENS, id));
    }

    /** Whether clients have to authenticate. Without any keys, all clients are accepted. */
    boolean areRequired() {
        return !keys.isEmpty();
    }

    Set<String> ids() {
        return keys.keySet();
    }

    /** Whether a key belongs to an ID. */
    boolean accepts(String id, String key) {
        byte[] presented = key.getBytes(StandardCharsets.UTF_8);
        byte[] expected = keys.get(id);
        // Unknown IDs are compared with a key that cannot match, so timing reveals nothing.
        return MessageDigest.isEqual(presented, expected == null ? new byte[presented.length + 1] : expected);
    }

    /** The secret for the tokens of a key: the same on every server with this key; random for an unknown ID. */
    byte[] tokenSecret(String id) {
        return tokenSecrets.getOrDefault(id, secretOfUnknownIds);
    }
}
