// Copyright the camel-viamdata authors. SPDX-License-Identifier: Apache-2.0
package io.github.camelviamdata.client;

/** A call under way. */
interface UploadCall {

    /** Ends the call, if it has not ended; the service is told that it was cancelled. */
    void cancel(String reason);
}
