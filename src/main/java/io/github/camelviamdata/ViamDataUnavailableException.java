// Copyright the camel-viamdata authors. SPDX-License-Identifier: Apache-2.0
package io.github.camelviamdata;

/**
 * The upload failed for a transient reason: the service was out of reach, overloaded or too slow, the connection
 * broke, or the payload could not be read to its end. Worth redelivering, unless the body can be read only once.
 */
public final class ViamDataUnavailableException extends ViamDataException {

    private static final long serialVersionUID = 1L;

    public ViamDataUnavailableException(String message, Throwable cause, Progress progress) {
        super(message, cause, progress);
    }
}
