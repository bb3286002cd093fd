// Copyright the camel-viamdata authors. SPDX-License-Identifier: Apache-2.0
package io.github.camelviamdata.client;

import java.time.Instant;

/**
 * The state of a client's access token. Never shows the token.
 *
 * @param kind the state
 * @param until when that state ends, or null if it does not end or the end is unknown
 */
public record TokenState(Kind kind, Instant until) {

    /** The kinds of state. */
    public enum Kind {
        /** No credential is configured. */
        none,
        /** A ready-made token, which is never renewed. */
        fixed,
        /** No token, or an invalidated one: the next upload fetches one. */
        missing,
        /** A valid token. */
        valid,
        /** A valid token whose renewal the service has refused. */
        renewalRefused,
        /** An expired token: the next upload fetches another. */
        expired,
        /** The service rejected the credential. The next request waits until the given time, if there is one. */
        refused
    }

    /** For logs and consoles. */
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
