// Copyright the camel-viamdata authors. SPDX-License-Identifier: Apache-2.0
package io.github.camelviamdata.client;

import io.github.camelviamdata.upload.ReadProgress;
import io.github.camelviamdata.upload.Upload;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;

/**
 * Knows which uploads were made before, so that none is made twice. For one message.
 */
public interface UploadGuard {

    /**
     * Names an upload. May read the body.
     *
     * @param number the place of the upload in its message, from 0
     * @param progress where reads of the body are noted; null where it is in memory
     * @throws io.github.camelviamdata.ViamDataRejectedException if the upload has no name
     * @throws IOException if the body cannot be read
     */
    Guarded guard(Upload upload, int number, ReadProgress progress) throws IOException;

    /**
     * An upload with a key. What blocks runs on the executor that {@link #begin}, {@link #done} and {@link #forget} are given. Each of
     * them completes within {@code requestTimeout}.
     */
    interface Guarded {

        /** The upload as it is to be sent, with what lets the service find it again. */
        Upload upload();

        /**
         * Holds an upload back while another one of the same key is in flight.
         *
         * @param end completes when this upload has ended, in any way
         * @return completes, never with an error, when all earlier uploads of the key have ended
         */
        CompletionStage<?> enter(CompletionStage<?> end);

        /**
         * Notes that the upload begins, unless it began before. The note survives a crash once this has completed.
         *
         * @param starter where it completes, if not on the executor
         */
        CompletionStage<Standing> begin(UploadSettings how, Executor executor, Executor starter);

        /** Notes that the upload is stored. Is not called for one that was done before. */
        CompletionStage<?> done(ViamDataClient client, UploadSettings how, UploadResult result, Executor executor);

        /** Removes the note: the service has nothing of the upload. */
        CompletionStage<?> forget(UploadSettings how, Executor executor);

        /** Whether the service can be asked for the upload. */
        boolean isFindable();

        /** Asks the service for the upload, once. Empty if it does not list it. */
        CompletionStage<Optional<UploadResult>> find(ViamDataClient client, UploadSettings how);

        /** How long after a call has ended an upload that is not listed may still appear. */
        Duration patience();

        /** How long to wait before the service is asked again. */
        Duration interval();
    }

    /**
     * What is known of an upload.
     *
     * @param isBegun whether an earlier upload of this name began
     * @param stored the result of the earlier upload, or null if it is not known to be stored
     */
    record Standing(boolean isBegun, UploadResult stored) {

        /** No upload of this name began. */
        public static final Standing NEW = new Standing(false, null);

        /** An upload of this name began. How it ended is not known. */
        public static final Standing OPEN = new Standing(true, null);
    }
}
