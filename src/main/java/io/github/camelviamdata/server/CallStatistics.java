// Copyright the camel-viamdata authors. SPDX-License-Identifier: Apache-2.0
package io.github.camelviamdata.server;

import io.github.camelviamdata.observe.ServerStatistics;
import io.grpc.Attributes;
import io.grpc.Metadata;
import io.grpc.ServerStreamTracer;
import io.grpc.ServerTransportFilter;
import io.grpc.Status;
import io.grpc.health.v1.HealthGrpc;
import java.util.concurrent.atomic.AtomicBoolean;

/** Counts calls and connections, including calls that reach no interceptor, and without health checks. */
final class CallStatistics extends ServerStreamTracer.Factory {

    private static final ServerStreamTracer NONE = new ServerStreamTracer() {};

    private final ServerStatistics statistics;

    CallStatistics(ServerStatistics statistics) {
        this.statistics = statistics;
    }

    @Override
    public ServerStreamTracer newServerStreamTracer(String fullMethodName, Metadata headers) {
        if (fullMethodName.startsWith(HealthGrpc.SERVICE_NAME + "/")) {
            return NONE;
        }
        ServerStatistics.Call call = ServerStatistics.Call.of(fullMethodName);
        statistics.callStarted();
        return new ServerStreamTracer() {
            private final AtomicBoolean closed = new AtomicBoolean();

            @Override
            public void inboundUncompressedSize(long bytes) {
                statistics.received(bytes);
            }

            @Override
            public void streamClosed(Status status) {
                if (closed.compareAndSet(false, true)) {
                    statistics.callEnded(call, status.getCode());
                }
            }
        };
    }

    /** Counts connections. */
    ServerTransportFilter connections() {
        return new ServerTransportFilter() {
            @Override
            public Attributes transportReady(Attributes attributes) {
                statistics.connectionOpened();
                return attributes;
            }

            @Override
            public void transportTerminated(Attributes attributes) {
                // Null where the connection closed before it was ready.
                if (attributes != null) {
                    statistics.connectionClosed();
                }
            }
        };
    }
}
