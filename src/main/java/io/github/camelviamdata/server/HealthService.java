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

/** The service {@code grpc.health.v1}, for probes and balancers. It has one status, of the server and of the upload service. */
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

    /** Closes the watches, which clients keep open for ever: a stop would wait for them. */
    void stop() {
        statuses.enterTerminalState();
        for (ServerCall<?, ?> watch : watches) {
            try {
                watch.close(Status.UNAVAILABLE.withDescription("The server is stopping"), new Metadata());
            } catch (IllegalStateException e) {
                // The client has cancelled it at the same time.
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
