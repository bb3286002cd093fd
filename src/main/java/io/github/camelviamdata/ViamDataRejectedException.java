// Copyright the camel-viamdata authors. SPDX-License-Identifier: Apache-2.0
package io.github.camelviamdata;

/**
 * The upload can never succeed as it is: the message lacks something or holds something wrong, or the service refused it
 * for good. The same message will fail again.
 */
public final class ViamDataRejectedException extends ViamDataException {

    private static final long serialVersionUID = 1L;

    public ViamDataRejectedException(String message, Throwable cause, Progress progress) {
        super(message, cause, progress);
    }
}
