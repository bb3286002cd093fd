// Copyright the camel-viamdata authors. SPDX-License-Identifier: Apache-2.0
package io.github.camelviamdata;

/**
 * The service does not accept the credentials, or does not allow them to upload to this part. Redelivery helps once the
 * credentials, or their permissions, are corrected.
 */
public final class ViamDataAuthenticationException extends ViamDataException {

    private static final long serialVersionUID = 1L;

    public ViamDataAuthenticationException(String message, Throwable cause, Progress progress) {
        super(message, cause, progress);
    }
}
