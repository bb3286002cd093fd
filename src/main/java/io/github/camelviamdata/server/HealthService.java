// Copyright the camel-viamdata authors. SPDX-License-Identifier: Apache-2.0
package io.github.camelviamdata.server;

import io.github.camelviamdata.proto.datasync.v1.DataSyncServiceGrpc;
import io.grpc.BindableService;
import io.grpc.ForwardingServerCallListener.SimpleForwardingServerCallListener;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.grpc.Status;
import io.grpc.health.v1.HealthCheckResponse.ServingStatus;
import io.grpc.health.v1.HealthGrpc;
import io.grpc.protobuf.services.HealthStatusManager;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** The service {@code grpc.health.v1}, for probes and balancers. It speaks for the whole server and for the uploads. */
final class HealthService implements ServerInterceptor {

    private final HealthStatusManager statuses = new HealthStatusManager();
    private final Set<ServerCall<?, ?>> watches = ConcurrentHashMap.newKeySet();

    BindableService service() {
        return statuses.getHealthService();
    }

    void setServing(boolean serving) {
        ServingStatus status = serving ? ServingStatus.SERVING : ServingStatus.NOT_SERVING;
        statuses.setStatus(HealthStatusManager.SERVICE_NAME_ALL_SERVICES, status);
        statuses.setStatus(DataSyncServiceGrpc.SERVICE_NAME, status);
    }

    /** Ends the watches: their clients keep them open for ever, and a stop would wait for them. */
    void stop() {
        statuses.enterTerminalState();
        for (ServerCall<?, ?> watch : watches) {
            try {
                watch.close(Status.UNAVAILABLE.withDescription("The server is stopping"), new Metadata());
            } catch (IllegalStateException e) {
                // The client has ended it in the same moment.
            }
        }
    }

    @Override
    public <Q, R> ServerCall.Listener<Q> interceptCall(
            ServerCall<Q, R> call, Metadata headers, ServerCallHandler<Q, R> next) {
        if (!call.getMethodDescriptor()
                .getFullMethodName()
                .equals(HealthGrpc.getWatchMethod().getFullMethodName())) {
            return next.startCall(call, headers);
        }
        watches.add(call);
        return new SimpleForwardingServerCallListener<>(next.startCall(call, headers)) {
            @Override
            public void onCancel() {
                watches.remove(call);
                super.onCancel();
            }

            @Override
            public void onComplete() {
                watches.remove(call);
                super.onComplete();
            }
        };
    }
}
