// Copyright the camel-viamdata authors. SPDX-License-Identifier: Apache-2.0
package io.github.camelviamdata.client;

import io.github.camelviamdata.ViamDataOperation;
import java.time.Duration;

/**
 * Receives the events of a client, on the threads that cause them, so it must return at once. The client logs what a listener
 * throws, and ignores it otherwise.
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

    /** What the ledger, or the service, says about an upload that is to be stored once. */
    enum OnceCheck {
        /** It was not made: an earlier one is noted as stored. */
        skipped,
        /** The answer to it, or the end of an earlier one, was missing, and the service lists it. */
        found,
        /** The same, and the service does not list it, so it is sent again, or fails as not sent. */
        absent,
        /** The same, and the service could not be asked, so it fails as unknown. */
        unanswered,
        /** An earlier one began, and the service cannot be asked for such data, so it is sent again. It may be stored twice. */
        repeated
    }

    /** How the exchange of an item that was read from the service ended. */
    enum ItemEnd {
        /** Without a failure. */
        done,
        /** With a failure, or the item could not be downloaded. The item is delivered again. */
        failed
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

    /** An upload has ended. Called before the callback of the upload itself; not for one that was skipped. */
    default void uploadEnded(UploadEnd end) {}

    /** Another attempt at an upload begins, after one that failed. */
    default void uploadRetried() {}

    /** The ledger, or the service, was asked about an upload that is to be stored once. */
    default void onceChecked(OnceCheck check) {}

    /**
     * The exchange of an item that was read has ended, or was not begun because the download failed.
     *
     * @param bytes that were downloaded for it; 0 where none were
     */
    default void itemEnded(ItemEnd end, long bytes) {}

    /** A request for an access token has ended, once for each. */
    default void tokenRequested(TokenFetch outcome) {}
}
