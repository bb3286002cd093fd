// Copyright the camel-viamdata authors. SPDX-License-Identifier: Apache-2.0
package io.github.camelviamdata.server;

import io.grpc.Status;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.function.BiPredicate;

/** The parts that each API key may upload for. */
final class UploadRights {

    private static final String ANY_PART = "*";

    private final BiPredicate<String, String> allowed;

    private UploadRights(BiPredicate<String, String> allowed) {
        this.allowed = allowed;
    }

    /**
     * @param option text of the form {@code id=part,id=part}, a map from IDs of keys to parts, a predicate on the ID of a key and
     *     a part, or null for any part
     * @throws IllegalArgumentException if it is none of these, or names a key that the server does not have
     */
    static UploadRights of(Object option, ApiKeys keys) {
        if (option == null) {
            return new UploadRights((keyId, partId) -> true);
        }
        if (!keys.areRequired()) {
            throw new IllegalArgumentException(
                    "The option allowedParts says what keys may do: set the option apiKey too, or remove it");
        }
        if (option instanceof BiPredicate<?, ?> predicate) {
            return new UploadRights(unchecked(predicate));
        }
        Map<String, Set<String>> parts = new HashMap<>();
        OptionPairs.of("allowedParts", option, "text, a java.util.Map or a java.util.function.BiPredicate")
                .forEach(pair -> parts.computeIfAbsent(pair.getKey(), keyId -> new HashSet<>())
                        .add(pair.getValue()));
        for (String keyId : parts.keySet()) {
            if (!keys.ids().contains(keyId)) {
                throw new IllegalArgumentException(
                        "The option allowedParts names a key that the option apiKey does not have: " + keyId);
            }
        }
        return new UploadRights((keyId, partId) -> {
            Set<String> own = parts.getOrDefault(keyId, Set.of());
            return own.contains(ANY_PART) || own.contains(partId);
        });
    }

    @SuppressWarnings("unchecked") // The option says that it is called with two strings.
    private static BiPredicate<String, String> unchecked(BiPredicate<?, ?> predicate) {
        return (BiPredicate<String, String>) predicate;
    }

    /**
     * Checks that the key of the current call may upload for a part.
     *
     * @throws io.grpc.StatusRuntimeException {@code PERMISSION_DENIED} if it may not
     * @throws IllegalStateException if the predicate fails
     */
    void check(String partId) {
        if (!isAllowed(AuthInterceptor.KEY_ID.get(), partId)) {
            throw Status.PERMISSION_DENIED
                    .withDescription("This API key may not upload for the part of metadata.part_id")
                    .asRuntimeException();
        }
    }

    private boolean isAllowed(String keyId, String partId) {
        try {
            return allowed.test(keyId, partId);
        } catch (Throwable e) {
            // Not an IllegalArgumentException, after which the client would drop its data.
            throw new IllegalStateException("The bean of the option allowedParts failed", e);
        }
    }
}
