// Copyright the camel-viamdata authors. SPDX-License-Identifier: Apache-2.0
package io.github.camelviamdata.client;

import io.github.camelviamdata.ViamDataDelivery;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;

/** A call that failed after its last attempt. Its text holds no credential. */
public final class CallFailedException extends StatusRuntimeException {

    private static final long serialVersionUID = 1L;

    private final ViamDataDelivery delivery;
    private final int attempts;

    CallFailedException(Status status, ViamDataDelivery delivery, int attempts) {
        super(status);
        this.delivery = delivery;
        this.attempts = attempts;
    }

    /** This failure, with a text after what the service says. */
    public CallFailedException withAdvice(String advice) {
        Status status = getStatus();
        return new CallFailedException(status.withDescription(status.getDescription() + advice), delivery, attempts);
    }

    /** Whether the service may have done what it was asked for: {@code unknown}, if the answer to any attempt is missing. */
    public ViamDataDelivery delivery() {
        return delivery;
    }

    /** Number of calls made. */
    public int attempts() {
        return attempts;
    }
}
