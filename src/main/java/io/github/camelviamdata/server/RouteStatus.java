// Copyright the camel-viamdata authors. SPDX-License-Identifier: Apache-2.0
package io.github.camelviamdata.server;

import io.github.camelviamdata.ViamDataAuthenticationException;
import io.github.camelviamdata.ViamDataException;
import io.grpc.Metadata;
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
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The gRPC status for the client, by how the route ended. */
final class RouteStatus {

    private static final Logger LOG = LoggerFactory.getLogger(RouteStatus.class);

    /** The status for failures outside of the route. */
    static final Status INTERNAL = Status.INTERNAL.withDescription("The server failed to process the upload");

    /** The trailer of gRPC's retry design (gRFC A6). */
    private static final Metadata.Key<String> PUSH_BACK =
            Metadata.Key.of("grpc-retry-pushback-ms", Metadata.ASCII_STRING_MARSHALLER);

    // The default period of Camel's Throttler. Its exception does not say what timePeriodMillis is set to.
    private static final String PUSH_BACK_MILLIS = "1000";

    private RouteStatus() {}

    /** A push-back of one second. With any status, it also tells {@code viamdata} that the upload was not stored. */
    static Metadata pushBack() {
        Metadata trailers = new Metadata();
        trailers.put(PUSH_BACK, PUSH_BACK_MILLIS);
        return trailers;
    }

    /** The trailers for an exchange: a push-back, if the route or the next service asks for one. */
    static Metadata trailers(Exchange exchange) {
        Metadata trailers = new Metadata();
        try {
            Metadata all = Status.trailersFromThrowable(exchange.getException());
            if (all != null && all.containsKey(PUSH_BACK)) {
                trailers.put(PUSH_BACK, all.get(PUSH_BACK));
            } else if (isThrottled(exchange.getException())) {
                return pushBack();
            }
        } catch (Throwable e) {
            LOG.debug("Cannot read the failure of a route", e);
        }
        return trailers;
    }

    /** The status for an exchange that the route has finished. Its description holds only texts that are meant for clients. */
    static Status of(Exchange exchange) {
        try {
            return read(exchange);
        } catch (Throwable e) {
            // An exception of foreign code may throw from its getters.
            LOG.warn("Cannot read the failure of a route", e);
            return describe(Status.INTERNAL, exchange);
        }
    }

    private static Status read(Exchange exchange) {
        Exception failure = exchange.getException();
        if (failure == null) {
            boolean rolledBack = exchange.isRollbackOnly() || exchange.isRollbackOnlyLast();
            return rolledBack ? describe(Status.ABORTED, exchange) : Status.OK;
        }
        // Camel's list begins with the root cause. The outermost exception counts: it was made from those inside of it.
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
            // The next service refused the credential of this relay, not that of the client, so the client must keep
            // its data.
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
            // A wrong option of an endpoint is a fault of the route, even if its cause is a type conversion.
            return Status.Code.INTERNAL;
        } else if (has(failure, TypeConversionException.class) || has(failure, ValidationException.class)) {
            // Clients drop an upload after this status, so the upload must certainly be at fault.
            return Status.Code.INVALID_ARGUMENT;
        } else if (isThrottled(failure)) {
            return Status.Code.RESOURCE_EXHAUSTED;
        } else if (has(failure, RejectedExecutionException.class) || has(failure, InterruptedException.class)) {
            // Both occur in a shutdown: the client's next attempt may reach the restarted service.
            return Status.Code.UNAVAILABLE;
        } else if (has(failure, RollbackExchangeException.class)) {
            return Status.Code.ABORTED;
        }
        return Status.Code.INTERNAL;
    }

    /** By name, because the exception of Camel's Throttler is in camel-core-processor, which is not needed otherwise. */
    private static boolean isThrottled(Exception failure) {
        Exception rejected = ObjectHelper.getException(RejectedExecutionException.class, failure);
        return rejected != null && rejected.getClass().getSimpleName().equals("ThrottlerRejectedExecutionException");
    }

    private static boolean has(Exception failure, Class<? extends Exception> type) {
        return ObjectHelper.getException(type, failure) != null;
    }

    private static Status describe(Status status, Exchange exchange) {
        return status.withDescription("The route failed to process the upload; exchange " + exchange.getExchangeId());
    }
}
