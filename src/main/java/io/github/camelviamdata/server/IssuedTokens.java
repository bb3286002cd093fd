// Copyright the camel-viamdata authors. SPDX-License-Identifier: Apache-2.0
package io.github.camelviamdata.server;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.util.Base64;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.apache.camel.util.json.DeserializationException;
import org.apache.camel.util.json.JsonObject;
import org.apache.camel.util.json.Jsoner;

/** JSON web tokens under a secret of this instance's own. They hold all there is to know, so none is ever stored. */
final class IssuedTokens {

    private static final String ALGORITHM = "HmacSHA256";
    private static final String HEADER = encode("{\"alg\":\"HS256\",\"typ\":\"JWT\"}".getBytes(StandardCharsets.UTF_8));

    private final byte[] secret = new byte[32];
    private final Clock clock;
    private final Duration lifetime;

    IssuedTokens(Clock clock, Duration lifetime) {
        new SecureRandom().nextBytes(secret);
        this.clock = clock;
        this.lifetime = lifetime;
    }

    /** A token that expires after the lifetime, at the next full second. */
    String issue(String subject) {
        JsonObject payload = new JsonObject();
        payload.put("sub", subject);
        payload.put("exp", expiry());
        String signed = HEADER + "." + encode(payload.toJson().getBytes(StandardCharsets.UTF_8));
        return signed + "." + encode(signature(signed));
    }

    private long expiry() {
        // Rounded up, for a token of one second to be good for one second.
        return clock.instant().plus(lifetime).plusNanos(999_999_999).getEpochSecond();
    }

    /** Whether a token is one of this instance's and has not expired. */
    boolean isValid(String token) {
        int dot = token.lastIndexOf('.');
        if (dot < 0 || !token.startsWith(HEADER + ".")) {
            return false;
        }
        String signed = token.substring(0, dot);
        byte[] expected = encode(signature(signed)).getBytes(StandardCharsets.UTF_8);
        byte[] presented = token.substring(dot + 1).getBytes(StandardCharsets.UTF_8);
        return MessageDigest.isEqual(expected, presented)
                && clock.instant().getEpochSecond() < expiry(signed.substring(HEADER.length() + 1));
    }

    private static long expiry(String payload) {
        try {
            String json = new String(Base64.getUrlDecoder().decode(payload), StandardCharsets.UTF_8);
            return ((JsonObject) Jsoner.deserialize(json)).getLong("exp");
        } catch (DeserializationException e) {
            throw new IllegalStateException("A token of our own cannot be read", e);
        }
    }

    private byte[] signature(String signed) {
        try {
            Mac mac = Mac.getInstance(ALGORITHM);
            mac.init(new SecretKeySpec(secret, ALGORITHM));
            return mac.doFinal(signed.getBytes(StandardCharsets.UTF_8));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("Every Java runtime has " + ALGORITHM, e);
        }
    }

    private static String encode(byte[] bytes) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }
}
