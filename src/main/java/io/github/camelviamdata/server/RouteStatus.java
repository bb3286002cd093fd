// Copyright the camel-viamdata authors. SPDX-License-Identifier: Apache-2.0
package io.github.camelviamdata.server;

import io.github.camelviamdata.ViamDataAuthenticationException;
import io.github.camelviamdata.ViamDataException;
import io.grpc.Status;
import io.grpc.StatusException;
import io.grpc.StatusRuntimeException;
import java.util.concurrent.RejectedExecutionException;
import org.apache.camel.Exchange;
import org.apache.camel.FailedToCreateProducerException;
import org.apache.camel.ResolveEndpointFailedException;
import org.apache.camel.RollbackExchangeException;
import org.apache.camel.TypeConversionException;
import org.apache.camel.ValidationException;
import org.apache.camel.util.ObjectHelper;

/** The gRPC status that tells a client how its upload fared in the route. */
final class RouteStatus {

    private RouteStatus() {}

    /** The status of an exchange that the route has finished. Only texts meant for clients go into its description. */
    static Status of(Exchange exchange) {
        Exception failure = exchange.getException();
        if (failure == null) {
            boolean rolledBack = exchange.isRollbackOnly() || exchange.isRollbackOnlyLast();
            return rolledBack ? describe(Status.ABORTED, exchange) : Status.OK;
        }
        // Camel begins with the root. The outermost says it best: it has read the ones below.
        Status status = null;
        for (Throwable cause : ObjectHelper.createExceptionIterable(failure)) {
            Status outer = statusOf(cause);
            status = outer == null ? status : outer;
        }
        return status == null ? describe(Status.fromCode(codeOf(failure)), exchange) : status;
    }

    private static Status statusOf(Throwable cause) {
        Status status = null;
        if (cause instanceof ViamDataAuthenticationException) {
            // It is the relay's credential that was refused, not the client's: the client shall keep its data and come
            // back.
            status = Status.UNAVAILABLE.withDescription("The next service refuses the credentials of this one");
        } else if (cause instanceof ViamDataException e) {
            status = e.getStatus().toStatus().withDescription(e.getMessage());
        } else if (cause instanceof StatusException e) {
            status = e.getStatus();
        } else if (cause instanceof StatusRuntimeException e) {
            status = e.getStatus();
        }
        // A failure must never look like success.
        return status == null || status.isOk() ? null : status;
    }

    private static Status.Code codeOf(Exception failure) {
        if (has(failure, ResolveEndpointFailedException.class) || has(failure, FailedToCreateProducerException.class)) {
            // What is wrong with an endpoint of the route is no fault of the upload's, though it be a type conversion.
            return Status.Code.INTERNAL;
        } else if (has(failure, TypeConversionException.class) || has(failure, ValidationException.class)) {
            // Clients give an upload up by this one, so it is for what is certainly about the upload.
            return Status.Code.INVALID_ARGUMENT;
        } else if (has(failure, RejectedExecutionException.class) || has(failure, InterruptedException.class)) {
            // Both come with a shutdown: the client's next attempt may find the service back.
            return Status.Code.UNAVAILABLE;
        } else if (has(failure, RollbackExchangeException.class)) {
            return Status.Code.ABORTED;
        }
        return Status.Code.INTERNAL;
    }

    private static boolean has(Exception failure, Class<? extends Exception> type) {
        return ObjectHelper.getException(type, failure) != null;
    }

    private static Status describe(Status status, Exchange exchange) {
        return status.withDescription("The route failed to process the upload; exchange " + exchange.getExchangeId());
    }
}
