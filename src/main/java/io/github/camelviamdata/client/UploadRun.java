// Copyright the camel-viamdata authors. SPDX-License-Identifier: Apache-2.0
package io.github.camelviamdata.client;

import java.util.concurrent.CompletableFuture;

/** An upload of a series, with or without a guard. */
interface UploadRun {

    /** Completes once: with the result, or with a {@link io.github.camelviamdata.ViamDataException}. */
    CompletableFuture<UploadResult> result();

    void start();

    /** Ends the upload, if it has not ended. */
    void cancel(String reason);
}
