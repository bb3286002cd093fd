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

/** What a JSON Web Token (RFC 7519) says of its own expiry. It is read without checking it, which is the service's part. */
final class TokenLife {

    // Longer than any token lives, short enough for arithmetic in nanoseconds.
    private static final long LONGEST = Duration.ofDays(3650).toSeconds();

    private TokenLife() {}

    /** How long a token that was issued just now is good for; empty if it does not say. */
    static Optional<Duration> of(String token) {
        String[] parts = token.split("\\.");
        if (parts.length != 3) {
            return Optional.empty();
        }
        try {
            String claims = new String(Base64.getUrlDecoder().decode(parts[1]), StandardCharsets.UTF_8);
            if (Jsoner.deserialize(claims) instanceof JsonObject json && json.get("exp") instanceof Number expiry) {
                // By the issuer's own clock where it tells it, because this machine's may be wrong.
                double issued = json.get("iat") instanceof Number time
                        ? time.doubleValue()
                        : Instant.now().getEpochSecond();
                // Which does not overflow, however far apart the two are.
                double seconds = expiry.doubleValue() - issued;
                return Optional.of(Duration.ofSeconds((long) Math.max(0, Math.min(LONGEST, seconds))));
            }
        } catch (IllegalArgumentException | DeserializationException e) {
            return Optional.empty();
        }
        return Optional.empty();
    }
}
