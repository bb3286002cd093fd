// Copyright the camel-viamdata authors. SPDX-License-Identifier: Apache-2.0
package io.github.camelviamdata;

import io.github.camelviamdata.client.UploadResult;
import io.github.camelviamdata.client.ViamDataClient;
import io.github.camelviamdata.observe.ViamDataHealthCheck;
import java.util.List;
import org.apache.camel.AsyncCallback;
import org.apache.camel.Exchange;
import org.apache.camel.Message;
import org.apache.camel.health.HealthCheck;
import org.apache.camel.health.HealthCheckHelper;
import org.apache.camel.health.WritableHealthCheckRepository;
import org.apache.camel.spi.RouteIdAware;
import org.apache.camel.support.DefaultAsyncProducer;

/** Uploads messages, and puts what the service answers into their headers. */
public class ViamDataProducer extends DefaultAsyncProducer implements RouteIdAware {

    // Those of an upload earlier in the route must not pass for those of this one.
    private static final List<String> RESULT_HEADERS = List.of(
            ViamDataConstants.FILE_ID,
            ViamDataConstants.FILE_IDS,
            ViamDataConstants.BINARY_DATA_ID,
            ViamDataConstants.UPLOADED_BYTES,
            ViamDataConstants.ATTEMPTS,
            ViamDataConstants.DELIVERY,
            ViamDataConstants.CAPTURE_COUNT,
            ViamDataConstants.CAPTURE_LEFT,
            ViamDataConstants.CAPTURE_DAMAGE);

    private String routeId;
    private volatile ViamDataClient client;
    private WritableHealthCheckRepository healthChecks;
    private HealthCheck healthCheck;

    ViamDataProducer(ViamDataEndpoint endpoint) {
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

    @Override
    protected void doStart() throws Exception {
        super.doStart();
        client = getEndpoint().acquireClient();
        // Null where camel-health is not on the class path.
        healthChecks = HealthCheckHelper.getHealthCheckRepository(
                getEndpoint().getCamelContext(), "producers", WritableHealthCheckRepository.class);
        if (healthChecks != null) {
            healthCheck = new ViamDataHealthCheck(
                    getEndpoint()::client, getEndpoint().getConfiguration().getPartId(), routeId);
            healthCheck.setEnabled(getEndpoint().getComponent().isHealthCheckProducerEnabled());
            healthChecks.addHealthCheck(healthCheck);
        }
    }

    @Override
    protected void doStop() throws Exception {
        if (healthChecks != null) {
            healthChecks.removeHealthCheck(healthCheck);
        }
        if (getEndpoint().getCamelContext().getShutdownStrategy().isTimeoutOccurred()) {
            // Camel waited for the uploads under way and lost patience. Their exchanges fail, so the source keeps the
            // data.
            client.cancel(this);
        }
        getEndpoint().getComponent().release(client);
        super.doStop();
    }

    @Override
    public boolean process(Exchange exchange, AsyncCallback callback) {
        RESULT_HEADERS.forEach(exchange.getMessage()::removeHeader);
        try {
            client.upload(
                    getEndpoint().uploadMapper().map(exchange),
                    getEndpoint().uploadSettings(),
                    this,
                    getEndpoint().getComponent().workers(),
                    (results, failure) -> {
                        setHeaders(exchange.getMessage(), results);
                        if (failure != null) {
                            fail(exchange, failure);
                        } else if (!results.isEmpty()) {
                            exchange.getMessage().setHeader(ViamDataConstants.DELIVERY, ViamDataDelivery.stored);
                        }
                        callback.done(false);
                    });
            return false;
        } catch (ViamDataException e) {
            fail(exchange, e);
        } catch (RuntimeException e) {
            exchange.setException(e);
        }
        callback.done(true);
        return true;
    }

    private static void fail(Exchange exchange, ViamDataException failure) {
        exchange.getMessage().setHeader(ViamDataConstants.DELIVERY, failure.getDelivery());
        exchange.setException(failure);
    }

    private static void setHeaders(Message message, List<UploadResult> results) {
        if (results.isEmpty()) {
            return;
        }
        UploadResult first = results.get(0);
        setIfPresent(message, ViamDataConstants.FILE_ID, id(first));
        setIfPresent(message, ViamDataConstants.BINARY_DATA_ID, first.binaryDataId());
        message.setHeader(
                ViamDataConstants.FILE_IDS,
                results.size() == 1
                        ? List.of(id(first))
                        : results.stream().map(ViamDataProducer::id).toList());
        long bytes = 0;
        int attempts = 0;
        for (UploadResult result : results) {
            bytes += result.uploadedBytes();
            attempts += result.attempts();
        }
        message.setHeader(ViamDataConstants.UPLOADED_BYTES, bytes);
        message.setHeader(ViamDataConstants.ATTEMPTS, attempts);
    }

    private static String id(UploadResult result) {
        return result.binaryDataId().isEmpty() ? result.fileId() : result.binaryDataId();
    }

    private static void setIfPresent(Message message, String header, String id) {
        if (!id.isEmpty()) {
            message.setHeader(header, id);
        }
    }
}
