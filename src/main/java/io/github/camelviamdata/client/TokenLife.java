// Copyright the camel-viamdata authors. SPDX-License-Identifier: Apache-2.0
package io.github.camelviamdata.client;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.Optional;
import org.apache.camel.util.json.DeserializationException;
import org.apache.camel.util.json.JsonObject;
import org.apache.camel.util.json.Jsoner;

/** The lifetime that a JSON Web Token (RFC 7519) claims. Does not check the signature: that is for the service. */
final class TokenLife {

    // Longer than the lifetime of any token, and in the range of nanoseconds in a long.
    private static final long MAX_SECONDS = Duration.ofDays(3650).toSeconds();

    private TokenLife() {}

    /** The lifetime of a token that was issued just now; empty if it has no expiry. */
    static Optional<Duration> of(String token) {
        String[] parts = token.split("\\.");
        if (parts.length != 3) {
            return Optional.empty();
        }
        try {
            String claims = new String(Base64.getUrlDecoder().decode(parts[1]), StandardCharsets.UTF_8);
            if (Jsoner.deserialize(claims) instanceof JsonObject json && json.get("exp") instanceof Number expiry) {
                // From the time of issue where the token has one: the clock of this machine may be wrong.
                double issued = json.get("iat") instanceof Number time
                        ? time.doubleValue()
                        : Instant.now().getEpochSecond();
                // As double, which cannot overflow.
                double seconds = expiry.doubleValue() - issued;
                return Optional.of(Duration.ofSeconds((long) Math.max(0, Math.min(MAX_SECONDS, seconds))));
            }
        } catch (IllegalArgumentException | DeserializationException e) {
            return Optional.empty();
        }
        return Optional.empty();
    }
}
