// Copyright the camel-viamdata authors. SPDX-License-Identifier: Apache-2.0
package io.github.camelviamdata.server;

import java.security.GeneralSecurityException;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/** HKDF with HMAC-SHA-256 (RFC 5869), which the Java runtime has only since version 25. */
final class Hkdf {

    private static final String ALGORITHM = "HmacSHA256";

    private Hkdf() {}

    /**
     * Derives a key of 32 bytes, which is one block of the expansion.
     *
     * @param salt public; not empty
     * @param info what the key is for
     */
    static byte[] derive(byte[] keyMaterial, byte[] salt, byte[] info) {
        byte[] pseudorandomKey = hmac(salt, keyMaterial);
        return hmac(pseudorandomKey, info, new byte[] {1});
    }

    /** HMAC-SHA-256 of the parts, one behind the other. */
    static byte[] hmac(byte[] key, byte[]... parts) {
        try {
            Mac mac = Mac.getInstance(ALGORITHM);
            mac.init(new SecretKeySpec(key, ALGORITHM));
            for (byte[] part : parts) {
                mac.update(part);
            }
            return mac.doFinal();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("Every Java runtime has " + ALGORITHM, e);
        }
    }
}
