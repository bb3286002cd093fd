// Copyright the camel-viamdata authors. SPDX-License-Identifier: Apache-2.0
package io.github.camelviamdata.client;

import io.github.camelviamdata.ViamDataOperation;
import java.time.Duration;

/**
 * Receives the events of a client, on the threads that cause them: it must return at once. What it throws is logged and
 * changes nothing else.
 */
public interface ClientListener {

    /** How a request for an access token ended. */
    enum TokenFetch {
        /** The service gave one. */
        fetched,
        /** The service rejected the credential. */
        refused,
        /** There was no answer, or a transient failure. */
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

    /** An upload has ended. Called before the callback of the upload itself. */
    default void uploadEnded(UploadEnd end) {}

    /** Another attempt at an upload begins, after one that failed. */
    default void uploadRetried() {}

    /** A request for an access token has ended. */
    default void tokenRequested(TokenFetch outcome) {}
}
