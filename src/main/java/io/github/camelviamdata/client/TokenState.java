// Copyright the camel-viamdata authors. SPDX-License-Identifier: Apache-2.0
package io.github.camelviamdata.client;

import java.time.Instant;

/**
 * What a client has in hand to prove itself with. Never shows the token.
 *
 * @param kind what it has
 * @param until when that ends, or null where it does not, or is not known to
 */
public record TokenState(Kind kind, Instant until) {

    /** What there is. */
    public enum Kind {
        /** No credential is configured. */
        none,
        /** A ready-made token, which is never renewed. */
        fixed,
        /** None yet, or none any more: the next upload fetches one. */
        missing,
        /** A token that serves. */
        valid,
        /** A token that still serves, but the service did not give the next one. */
        renewalRefused,
        /** A token that no longer serves: the next upload fetches another. */
        expired,
        /** The service does not take the credential. It is not asked again before the time given, if one is. */
        refused
    }

    /** As text for people. */
    @Override
    public String toString() {
        return switch (kind) {
            case none -> "no credential";
            case fixed -> "fixed";
            case missing -> "not fetched";
            case valid -> until == null ? "valid" : "valid until " + until;
            case renewalRefused -> "valid until " + until + ", its renewal was refused";
            case expired -> "expired at " + until;
            case refused -> until == null ? "refused" : "refused, not asked for again before " + until;
        };
    }
}
