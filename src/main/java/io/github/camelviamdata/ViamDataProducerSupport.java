// Copyright the camel-viamdata authors. SPDX-License-Identifier: Apache-2.0
package io.github.camelviamdata;

import io.github.camelviamdata.client.ViamDataClient;
import io.github.camelviamdata.observe.ViamDataHealthCheck;
import io.github.camelviamdata.query.DataOperation;
import io.github.camelviamdata.query.DataOperations;
import io.github.camelviamdata.query.DataOutcome;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.apache.camel.AsyncCallback;
import org.apache.camel.Exchange;
import org.apache.camel.health.HealthCheck;
import org.apache.camel.health.HealthCheckHelper;
import org.apache.camel.health.WritableHealthCheckRepository;
import org.apache.camel.spi.RouteIdAware;
import org.apache.camel.support.DefaultAsyncProducer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The client and the health check of a producer, from its start to its stop, and the calls of what uploads nothing. */
abstract class ViamDataProducerSupport extends DefaultAsyncProducer implements RouteIdAware {

    private static final Logger LOG = LoggerFactory.getLogger(ViamDataProducerSupport.class);

    private String routeId;
    private volatile ViamDataClient client;
    private WritableHealthCheckRepository healthChecks;
    private HealthCheck healthCheck;

    ViamDataProducerSupport(ViamDataEndpoint endpoint) {
        super(endpoint);
    }

    @Override
    public ViamDataEndpoint getEndpoint() {
        return (ViamDataEndpoint) super.getEndpoint();
    }

    @Override
    public String getRouteId() {
        return routeId;
    }

    @Override
    public void setRouteId(String routeId) {
        this.routeId = routeId;
    }

    /** Not null once the producer has started. */
    ViamDataClient client() {
        return client;
    }

    @Override
    protected void doStart() throws Exception {
        super.doStart();
        client = getEndpoint().acquireClient();
        // Null where camel-health is not on the class path.
        healthChecks = HealthCheckHelper.getHealthCheckRepository(
                getEndpoint().getCamelContext(), "producers", WritableHealthCheckRepository.class);
        if (healthChecks != null) {
            addHealthCheck();
        }
    }

    private void addHealthCheck() {
        synchronized (healthChecks) {
            healthCheck = new ViamDataHealthCheck(
                    getEndpoint()::client,
                    getEndpoint().getConfiguration().getPartId(),
                    routeId,
                    () -> getEndpoint().once() == null
                            ? Optional.empty()
                            : getEndpoint().once().failure(),
                    id -> healthChecks.stream().anyMatch(check -> check.getId().equals(id)));
            healthCheck.setEnabled(getEndpoint().getComponent().isHealthCheckProducerEnabled());
            healthChecks.addHealthCheck(healthCheck);
        }
    }

    @Override
    protected void doStop() throws Exception {
        if (healthChecks != null) {
            healthChecks.removeHealthCheck(healthCheck);
        }
        if (ViamDataComponent.isForcedStop(getEndpoint().getCamelContext(), routeId)) {
            // Their exchanges fail, so that the source keeps the data.
            client.cancel(this);
        }
        getEndpoint().getComponent().sharedClients().release(client);
        super.doStop();
    }

    /** Ends an exchange with what an operation leads to for it. Processes it as {@link #process} does. */
    boolean run(DataOperation operation, Exchange exchange, AsyncCallback callback) {
        CompletableFuture<DataOutcome> outcome;
        try {
            outcome = client.call(
                            operation.prepare(exchange),
                            getEndpoint().uploadSettings(),
                            this,
                            getEndpoint().getComponent().workers())
                    .toCompletableFuture();
        } catch (Throwable e) {
            // Foreign code may throw anything: a converter, a body, a header.
            exchange.setException(DataOperations.unsent(e));
            callback.done(true);
            return true;
        }
        boolean sync = outcome.isDone();
        outcome.whenComplete((result, error) -> complete(
                exchange,
                () -> {
                    if (error != null) {
                        throw operation.failure(error);
                    }
                    result.applyTo(exchange);
                },
                () -> callback.done(sync)));
        return sync;
    }

    /** Sets what an exchange has led to; may throw anything. */
    interface Ending {
        void set() throws Exception;
    }

    /** Ends an exchange, whatever its results or its route throw. */
    static void complete(Exchange exchange, Ending ending, Runnable callback) {
        try {
            ending.set();
        } catch (Throwable e) {
            exchange.setException(e);
        }
        try {
            callback.run();
        } catch (Throwable e) {
            LOG.error("The route failed outside of its error handler after {}", exchange, e);
        }
    }
}
