// Copyright the camel-viamdata authors. SPDX-License-Identifier: Apache-2.0
package io.github.camelviamdata.client;

import io.github.camelviamdata.ViamDataDelivery;
import io.grpc.Metadata;
import io.grpc.Status;

/**
 * How one call ended.
 *
 * @param status the status, as the service or the connection gave it
 * @param pushBack what the service asks for before the next attempt
 * @param ids the IDs in the answer, or null without an answer
 * @param bytesSent payload bytes handed to the connection
 * @param sentAll whether all of the request may have left, so that the service may have stored it
 * @param answered whether the status came in gRPC trailers of the service, not from a connection or a proxy's HTTP status
 * @param readError why the payload could not be read, or null
 */
record CallOutcome(
        Status status,
        PushBack pushBack,
        UploadIds ids,
        long bytesSent,
        boolean sentAll,
        boolean answered,
        Exception readError) {

    /** The IDs in an answer, each empty where the service gives none. */
    record UploadIds(String fileId, String binaryDataId) {}

    /** A call that was never made. */
    static CallOutcome notMade(Status status) {
        return cancelled(status, 0, false);
    }

    /** A call that was never made because this side failed, such as for lack of memory. */
    static CallOutcome notMade(Throwable error) {
        return broken(error, 0, false);
    }

    /** A call that was cancelled because this side failed. */
    static CallOutcome broken(Throwable error, long bytesSent, boolean sentAll) {
        Status status = Status.fromThrowable(error);
        return cancelled(
                status.getCode() == Status.Code.UNKNOWN
                        ? Status.INTERNAL
                                .withDescription("the call could not be made: " + error)
                                .withCause(error)
                        : status,
                bytesSent,
                sentAll);
    }

    /** A call that was cancelled, or never made, because the payload could not be read. */
    static CallOutcome unreadable(Exception error, long bytesSent) {
        return new CallOutcome(Status.ABORTED.withCause(error), PushBack.NONE, null, bytesSent, false, false, error);
    }

    /** A call that this side cancelled. */
    static CallOutcome cancelled(Status status, long bytesSent, boolean sentAll) {
        return new CallOutcome(status, PushBack.NONE, null, bytesSent, sentAll, false, null);
    }

    /** A call that the service or the connection ended with an error. */
    static CallOutcome failed(Status status, Metadata trailers, long bytesSent, boolean sentAll, boolean answered) {
        return new CallOutcome(
                status, PushBack.of(status.asRuntimeException(trailers)), null, bytesSent, sentAll, answered, null);
    }

    /** A call over HTTP that a server ended with an error, or that got no answer. */
    static CallOutcome failed(Status status, PushBack pushBack) {
        return new CallOutcome(status, pushBack, null, 0, false, true, null);
    }

    /** A call that the service ended with status OK. It succeeded only if all was sent and there is an answer. */
    static CallOutcome completed(UploadIds ids, long bytesSent, boolean sentAll) {
        Status status = Status.OK;
        if (!sentAll) {
            status = Status.INTERNAL.withDescription("the service answered before all of the payload was sent");
        } else if (ids == null) {
            status = Status.INTERNAL.withDescription("the service ended the call without an answer");
        }
        return new CallOutcome(status, PushBack.NONE, ids, bytesSent, sentAll, false, null);
    }

    /**
     * Whether another attempt may succeed. gRPC also maps HTTP 404 to UNIMPLEMENTED, such as from an ingress without a back end.
     */
    boolean isTransient() {
        return Failures.isTransient(status) || status.getCode() == Status.Code.UNIMPLEMENTED && !answered;
    }

    /** Where this call left the data. */
    ViamDataDelivery delivery() {
        if (status.isOk()) {
            return ViamDataDelivery.stored;
        } else if (isRefusal()) {
            return ViamDataDelivery.refused;
        }
        return sentAll ? ViamDataDelivery.unknown : ViamDataDelivery.notSent;
    }

    /** Whether the status itself says that nothing was stored. UNAVAILABLE does not: a proxy may send it when an answer is lost. */
    private boolean isRefusal() {
        return switch (status.getCode()) {
            case UNAUTHENTICATED, PERMISSION_DENIED, UNIMPLEMENTED -> true;
            case RESOURCE_EXHAUSTED -> answered;
            default -> answered && (!isTransient() || !pushBack.equals(PushBack.NONE));
        };
    }
}
