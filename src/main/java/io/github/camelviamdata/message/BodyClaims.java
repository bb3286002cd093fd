// Copyright the camel-viamdata authors. SPDX-License-Identifier: Apache-2.0
package io.github.camelviamdata.message;

import com.google.common.collect.MapMaker;
import java.util.Collections;
import java.util.Set;

/**
 * The bodies that an upload has read or is reading, by identity: the rest of a stream must never be uploaded as the whole. They
 * are not kept in the exchange, because copies of an exchange share its body.
 */
final class BodyClaims {

    // Its keys are compared by identity, and go with the body.
    private static final Set<Object> CLAIMS =
            Collections.newSetFromMap(new MapMaker().weakKeys().makeMap());

    private BodyClaims() {}

    /** Claims a body; false if it is claimed already. */
    static boolean claim(Object body) {
        return CLAIMS.add(body);
    }

    /** Releases the claim to a body that can be read again. */
    static void release(Object body) {
        CLAIMS.remove(body);
    }

    /**
     * Claims a body that can be read only once. The claim is never released. To be called before the first read.
     *
     * @param body a stream, a reader or an iterator
     * @throws IllegalArgumentException if an upload has claimed it before
     */
    static void claimOnce(Object body) {
        if (!claim(body)) {
            throw new IllegalArgumentException(
                    "The body can be read only once, and has been read by an earlier step: with stream caching enabled, a"
                            + " stream could be read again");
        }
    }
}
