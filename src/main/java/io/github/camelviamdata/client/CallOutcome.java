// Copyright the camel-viamdata authors. SPDX-License-Identifier: Apache-2.0
package io.github.camelviamdata.client;

import io.github.camelviamdata.ViamDataDelivery;
import io.grpc.Status;

/**
 * How one call ended.
 *
 * @param status the status, as the service or the connection gave it
 * @param pushBack what the service asks for before the next attempt
 * @param ids the IDs in the answer, or null without an answer
 * @param bytesSent payload bytes handed to the connection
 * @param sentAll whether everything was handed to the connection, so that the service may have stored it
 * @param readError why the payload could not be read, or null
 */
record CallOutcome(
        Status status, PushBack pushBack, UploadIds ids, long bytesSent, boolean sentAll, Exception readError) {

    /** The IDs in an answer, each empty where the service gives none. */
    record UploadIds(String fileId, String binaryDataId) {}

    /** A call that was never made. */
    static CallOutcome notMade(Status status) {
        return ended(status, 0, false);
    }

    /** A call that was never made, for a reason that lies on this side, such as that there is no memory. */
    static CallOutcome notMade(Throwable error) {
        Status status = Status.fromThrowable(error);
        return notMade(
                status.getCode() == Status.Code.UNKNOWN
                        ? Status.INTERNAL
                                .withDescription("the call could not be made: " + error)
                                .withCause(error)
                        : status);
    }

    /** A call that was given up, or never made, because the payload could not be read. */
    static CallOutcome unreadable(Exception error, long bytesSent) {
        return new CallOutcome(Status.ABORTED.withCause(error), PushBack.NONE, null, bytesSent, false, error);
    }

    /** A call that this side ended. */
    static CallOutcome ended(Status status, long bytesSent, boolean sentAll) {
        return new CallOutcome(status, PushBack.NONE, null, bytesSent, sentAll, null);
    }

    /** A call that the service or the connection ended. */
    static CallOutcome failed(Throwable error, long bytesSent, boolean sentAll) {
        return new CallOutcome(Status.fromThrowable(error), PushBack.of(error), null, bytesSent, sentAll, null);
    }

    /** A call that the service ended without an error, which is a success only if it saw all and answered. */
    static CallOutcome completed(UploadIds ids, long bytesSent, boolean sentAll) {
        Status status = Status.OK;
        if (!sentAll) {
            status = Status.INTERNAL.withDescription("the service answered before all of the payload was sent");
        } else if (ids == null) {
            status = Status.INTERNAL.withDescription("the service ended the call without an answer");
        }
        return new CallOutcome(status, PushBack.NONE, ids, bytesSent, sentAll, null);
    }

    /** Where this call left the data. A status that does not rule it out may be that of a connection, not the service's. */
    ViamDataDelivery delivery() {
        if (status.isOk()) {
            return ViamDataDelivery.stored;
        } else if (!Failures.isTransient(status)) {
            return ViamDataDelivery.refused;
        }
        return sentAll ? ViamDataDelivery.unknown : ViamDataDelivery.notSent;
    }
}
