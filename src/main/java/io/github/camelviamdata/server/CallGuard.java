// Copyright the camel-viamdata authors. SPDX-License-Identifier: Apache-2.0
package io.github.camelviamdata.server;

import com.google.protobuf.InvalidProtocolBufferException;
import io.github.camelviamdata.transport.LogLimit;
import io.grpc.ForwardingServerCallListener.SimpleForwardingServerCallListener;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import java.util.OptionalLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Closes a call with a status when its handler throws anything. gRPC itself would close it with {@code UNKNOWN}, after which
 * clients retry, and log a stack trace each time.
 *
 * <p>It has to be the outermost interceptor, and its services have to read their messages from an {@code InputStream}, so that
 * they are parsed inside of it.
 */
final class CallGuard implements ServerInterceptor {

    private static final Logger LOG = LoggerFactory.getLogger(CallGuard.class);

    private final LogLimit logLimit = new LogLimit();

    @Override
    public <Q, R> ServerCall.Listener<Q> interceptCall(
            ServerCall<Q, R> call, Metadata headers, ServerCallHandler<Q, R> next) {
        try {
            return new GuardedListener<>(call, next.startCall(call, headers));
        } catch (Throwable failure) {
            close(call, failure);
            return new ServerCall.Listener<>() {};
        }
    }

    /** Closes a call without calling its handler. */
    static <Q> ServerCall.Listener<Q> reject(ServerCall<Q, ?> call, Status status, Metadata trailers) {
        call.close(status, trailers);
        return new ServerCall.Listener<>() {};
    }

    private void close(ServerCall<?, ?> call, Throwable failure) {
        try {
            call.close(status(failure), new Metadata());
        } catch (IllegalStateException e) {
            LOG.debug("The call was closed before its handler failed", e);
        }
    }

    private Status status(Throwable failure) {
        if (failure instanceof StatusRuntimeException e) {
            return e.getCause() instanceof InvalidProtocolBufferException
                    ? Status.INVALID_ARGUMENT.withDescription(
                            "The message cannot be parsed: " + e.getCause().getMessage())
                    : e.getStatus();
        }
        OptionalLong suppressed = logLimit.tryAcquire();
        if (suppressed.isPresent()) {
            LOG.error(
                    "A call failed in its handler ({} more since the last such line)", suppressed.getAsLong(), failure);
        }
        return Status.INTERNAL.withDescription("The server failed to handle the call");
    }

    private final class GuardedListener<Q> extends SimpleForwardingServerCallListener<Q> {

        private final ServerCall<Q, ?> call;
        private boolean failed;

        GuardedListener(ServerCall<Q, ?> call, ServerCall.Listener<Q> listener) {
            super(listener);
            this.call = call;
        }

        /** Runs an event of the listener. No lock is needed: gRPC calls a listener from one thread at a time. */
        private void guard(Runnable event) {
            if (failed) {
                return;
            }
            try {
                event.run();
            } catch (Throwable failure) {
                failed = true;
                close(call, failure);
                cancel();
            }
        }

        /** Lets the handler release what it holds: gRPC does not call onCancel after the server has closed the call. */
        private void cancel() {
            try {
                super.onCancel();
            } catch (Throwable failure) {
                LOG.debug("A handler that failed could not be cancelled either", failure);
            }
        }

        @Override
        public void onMessage(Q message) {
            guard(() -> super.onMessage(message));
        }

        @Override
        public void onHalfClose() {
            guard(super::onHalfClose);
        }

        @Override
        public void onCancel() {
            guard(super::onCancel);
        }

        @Override
        public void onComplete() {
            guard(super::onComplete);
        }

        @Override
        public void onReady() {
            guard(super::onReady);
        }
    }
}
