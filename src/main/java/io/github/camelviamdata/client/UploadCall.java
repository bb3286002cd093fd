// Copyright the camel-viamdata authors. SPDX-License-Identifier: Apache-2.0
package io.github.camelviamdata.client;

import io.github.camelviamdata.message.Payload;
import io.grpc.Status;
import java.util.concurrent.CompletableFuture;

/** One attempt of an upload. */
interface UploadCall {

    /** Completes once, normally, with how the call ended. */
    CompletableFuture<CallOutcome> outcome();

    /** Ends the call if it has not ended; the service learns that it was cancelled. Never throws or blocks. */
    void cancel(Status reason);

    /** Completes when the attempt reads the body no more. */
    CompletableFuture<Void> released();

    /** Frees a thread that is blocked in the body. */
    void abandonBody();

    /** The payload for another attempt. */
    Payload payload();
}
