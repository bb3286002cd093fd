// Copyright the camel-viamdata authors. SPDX-License-Identifier: Apache-2.0
package io.github.camelviamdata.server;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.time.Clock;
import java.time.Duration;
import java.util.Base64;
import java.util.Optional;
import org.apache.camel.util.json.DeserializationException;
import org.apache.camel.util.json.JsonObject;
import org.apache.camel.util.json.Jsoner;

/**
 * Issues and verifies JSON web tokens. A secret derived from the API key signs its tokens: servers with the same key accept each
 * other's tokens, even after a restart, and tokens become invalid when their key is changed or removed. No token is stored.
 */
final class IssuedTokens {

    private static final String HEADER = encode(bytes("{\"alg\":\"HS256\",\"typ\":\"JWT\"}"));

    private final ApiKeys keys;
    private final Clock clock;
    private final Duration lifetime;

    IssuedTokens(ApiKeys keys, Clock clock, Duration lifetime) {
        this.keys = keys;
        this.clock = clock;
        this.lifetime = lifetime;
    }

    /** A token that expires after the lifetime, at the next full second. */
    String issue(String keyId) {
        JsonObject payload = new JsonObject();
        payload.put("sub", keyId);
        payload.put("exp", expiry());
        String signed = HEADER + "." + encode(bytes(payload.toJson()));
        return signed + "." + signature(keyId, signed);
    }

    private long expiry() {
        // Rounded up, so that a lifetime of one second is not less.
        return clock.instant().plus(lifetime).plusNanos(999_999_999).getEpochSecond();
    }

    /** The ID of the key that a token was issued for; empty if the token is invalid or has expired. */
    Optional<String> verify(String token) {
        int dot = token.lastIndexOf('.');
        if (dot <= HEADER.length() || !token.startsWith(HEADER + ".")) {
            return Optional.empty();
        }
        return payload(token.substring(HEADER.length() + 1, dot))
                .filter(payload -> payload.get("sub") instanceof String && payload.get("exp") instanceof Number)
                .filter(payload -> isSigned(payload.getString("sub"), token, dot))
                .filter(payload -> clock.instant().getEpochSecond() < ((Number) payload.get("exp")).longValue())
                .map(payload -> payload.getString("sub"));
    }

    private boolean isSigned(String keyId, String token, int dot) {
        String expected = signature(keyId, token.substring(0, dot));
        return MessageDigest.isEqual(bytes(expected), bytes(token.substring(dot + 1)));
    }

    /** The payload of a token whose signature has not been checked: anyone may have written it. */
    private static Optional<JsonObject> payload(String encoded) {
        try {
            Object json =
                    Jsoner.deserialize(new String(Base64.getUrlDecoder().decode(encoded), StandardCharsets.UTF_8));
            return json instanceof JsonObject payload ? Optional.of(payload) : Optional.empty();
        } catch (DeserializationException | RuntimeException e) {
            return Optional.empty();
        }
    }

    private String signature(String keyId, String signed) {
        return encode(Hkdf.hmac(keys.tokenSecret(keyId), bytes(signed)));
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static String encode(byte[] bytes) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }
}
