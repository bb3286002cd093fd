// Copyright the camel-viamdata authors. SPDX-License-Identifier: Apache-2.0
package io.github.camelviamdata.client;

import io.github.camelviamdata.ViamDataAuthenticationException;
import io.github.camelviamdata.ViamDataException;
import io.github.camelviamdata.ViamDataRejectedException;

/** How an upload ended: one value for each exception that a route can get, and one for success. */
public enum UploadOutcome {
    /** The service has stored the data. */
    stored,
    /** It failed for a transient reason. */
    unavailable,
    /** The service does not accept the credential, or does not allow it to upload to the part. */
    authentication,
    /** The service refused it for good. */
    rejected;

    static UploadOutcome of(ViamDataException failure) {
        if (failure == null) {
            return stored;
        } else if (failure instanceof ViamDataAuthenticationException) {
            return authentication;
        }
        return failure instanceof ViamDataRejectedException ? rejected : unavailable;
    }
}
