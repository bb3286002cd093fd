// Copyright the camel-viamdata authors. SPDX-License-Identifier: Apache-2.0
package io.github.camelviamdata.message;

import java.lang.ref.Reference;
import java.lang.ref.ReferenceQueue;
import java.lang.ref.WeakReference;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The bodies that an upload has read or is reading, by identity: the rest of a stream must never be uploaded as the whole. They
 * are not kept in the exchange, because copies of an exchange share its body.
 */
final class BodyClaims {

    private static final Set<Claim> CLAIMS = ConcurrentHashMap.newKeySet();
    private static final ReferenceQueue<Object> COLLECTED = new ReferenceQueue<>();

    private BodyClaims() {}

    private static final class Claim extends WeakReference<Object> {

        private final int hash;

        Claim(Object body) {
            super(body, COLLECTED);
            hash = System.identityHashCode(body);
        }

        @Override
        public boolean equals(Object other) {
            if (this == other) {
                return true;
            }
            Object body = get();
            return body != null && other instanceof Claim claim && claim.refersTo(body);
        }

        @Override
        public int hashCode() {
            return hash;
        }
    }

    /** Claims a body; false if it is claimed already. */
    static boolean claim(Object body) {
        for (Reference<?> claim = COLLECTED.poll(); claim != null; claim = COLLECTED.poll()) {
            CLAIMS.remove(claim);
        }
        return CLAIMS.add(new Claim(body));
    }

    /** Releases the claim to a body that can be read again. */
    static void release(Object body) {
        CLAIMS.remove(new Claim(body));
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
