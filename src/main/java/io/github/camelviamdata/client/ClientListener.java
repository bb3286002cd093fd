// Copyright the camel-viamdata authors. SPDX-License-Identifier: Apache-2.0
package io.github.camelviamdata.client;

import io.github.camelviamdata.ViamDataOperation;
import java.time.Duration;

/**
 * Is told what a client does, by the threads that do it: it must return at once. What it throws is logged, and goes no
 * further.
 */
public interface ClientListener {

    /** How a request for an access token ended. */
    enum TokenFetch {
        /** The service gave one. */
        fetched,
        /** The service does not take the credential. */
        refused,
        /** There was no answer, or one that can pass. */
        unavailable
    }

    /**
     * An upload that has ended, once for each.
     *
     * @param operation what it was uploaded as
     * @param outcome how it ended
     * @param partId the machine part it was meant for
     * @param bytes payload bytes stored, 0 where it failed
     * @param took the time since the upload was handed to the client, all waits and attempts included
     * @param failure what went wrong, or null where it is stored
     */
    record UploadEnd(
            ViamDataOperation operation,
            UploadOutcome outcome,
            String partId,
            long bytes,
            Duration took,
            UploadFailure failure) {}

    /** An upload has ended. Told before its own callback is. */
    default void uploadEnded(UploadEnd end) {}

    /** Another attempt at an upload begins, after one that failed. */
    default void triedAgain() {}

    /** A request for an access token has ended. */
    default void tokenRequested(TokenFetch outcome) {}
}
