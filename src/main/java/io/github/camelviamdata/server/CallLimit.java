// Copyright the camel-viamdata authors. SPDX-License-Identifier: Apache-2.0
package io.github.camelviamdata.server;

import io.grpc.Attributes;
import io.grpc.ForwardingServerCall.SimpleForwardingServerCall;
import io.grpc.ForwardingServerCallListener.SimpleForwardingServerCallListener;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.grpc.ServerTransportFilter;
import io.grpc.Status;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Rejects calls above the limit of a connection. The limit of HTTP/2 itself binds only clients that have acknowledged the
 * server's settings.
 */
final class CallLimit extends ServerTransportFilter implements ServerInterceptor {

    private static final Attributes.Key<AtomicInteger> CALLS = Attributes.Key.create("viamdata-calls");

    private final long maxCalls;

    CallLimit(long maxCalls) {
        this.maxCalls = maxCalls;
    }

    @Override
    public Attributes transportReady(Attributes attributes) {
        return attributes.toBuilder().set(CALLS, new AtomicInteger()).build();
    }

    @Override
    public <Q, R> ServerCall.Listener<Q> interceptCall(
            ServerCall<Q, R> call, Metadata headers, ServerCallHandler<Q, R> next) {
        AtomicInteger calls = call.getAttributes().get(CALLS);
        if (calls.incrementAndGet() > maxCalls) {
            calls.decrementAndGet();
            Status status = Status.RESOURCE_EXHAUSTED.withDescription("Too many calls over one connection");
            return CallGuard.reject(call, status, RouteStatus.pushBack());
        }
        AtomicBoolean closed = new AtomicBoolean();
        Runnable end = () -> {
            if (closed.compareAndSet(false, true)) {
                calls.decrementAndGet();
            }
        };
        ServerCall<Q, R> counted = new SimpleForwardingServerCall<>(call) {
            @Override
            public void close(Status status, Metadata trailers) {
                end.run();
                super.close(status, trailers);
            }
        };
        return new SimpleForwardingServerCallListener<>(next.startCall(counted, headers)) {
            @Override
            public void onCancel() {
                end.run();
                super.onCancel();
            }
        };
    }
}
