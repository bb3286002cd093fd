// Copyright the camel-viamdata authors. SPDX-License-Identifier: Apache-2.0
package io.github.camelviamdata;

import io.github.camelviamdata.client.UploadResult;
import io.github.camelviamdata.client.ViamDataClient.Results;
import io.github.camelviamdata.once.Once;
import io.github.camelviamdata.upload.Uploads;
import io.grpc.Status;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.apache.camel.AsyncCallback;
import org.apache.camel.CamelContext;
import org.apache.camel.Exchange;
import org.apache.camel.Message;
import org.apache.camel.model.Model;
import org.apache.camel.model.RouteDefinition;

/** Uploads messages, and sets the answer of the service as headers. */
public class ViamDataProducer extends ViamDataProducerSupport {

    // Removed before the upload: an earlier upload of the route may have set them.
    private static final List<String> RESULT_HEADERS = List.of(
            ViamDataConstants.FILE_ID,
            ViamDataConstants.FILE_IDS,
            ViamDataConstants.BINARY_DATA_ID,
            ViamDataConstants.UPLOADED_BYTES,
            ViamDataConstants.ATTEMPTS,
            ViamDataConstants.DELIVERY,
            ViamDataConstants.DUPLICATE,
            ViamDataConstants.CAPTURE_COUNT,
            ViamDataConstants.CAPTURE_LEFT,
            ViamDataConstants.CAPTURE_DAMAGE);

    ViamDataProducer(ViamDataEndpoint endpoint) {
        super(endpoint);
    }

    @Override
    protected void doStart() throws Exception {
        checkIdentity();
        super.doStart();
    }

    /** Fails the start of a route whose messages have no key for {@code once}. Without a route, each message fails. */
    private void checkIdentity() {
        Once once = getEndpoint().once();
        CamelContext context = getEndpoint().getCamelContext();
        // The definition, because Camel registers the route itself after its producers have started.
        RouteDefinition route = once == null || getRouteId() == null
                ? null
                : context.getCamelContextExtension()
                        .getContextPlugin(Model.class)
                        .getRouteDefinition(getRouteId());
        if (route != null) {
            once.checkSource(
                    context.resolvePropertyPlaceholders(route.getInput().getEndpointUri()));
        }
    }

    @Override
    public boolean process(Exchange exchange, AsyncCallback callback) {
        CompletableFuture<Results> results;
        Uploads uploads;
        try {
            removeResults(exchange.getMessage());
            Once once = getEndpoint().once();
            uploads = getEndpoint().uploadMapper().map(exchange);
            results = client().upload(
                            uploads,
                            getEndpoint().uploadSettings(),
                            this,
                            getEndpoint().getComponent().workers(),
                            once == null ? null : once.guard(exchange))
                    .toCompletableFuture();
        } catch (Throwable e) {
            // Foreign code may throw anything: a converter, a body, a header.
            fail(
                    exchange,
                    e instanceof ViamDataException known
                            ? known
                            : new ViamDataUnavailableException(
                                    "Nothing was uploaded. The message could not be mapped: " + e,
                                    e,
                                    ViamDataException.Progress.none(Status.Code.INTERNAL, null)));
            callback.done(true);
            return true;
        }
        boolean sync = results.isDone();
        Uploads uploaded = uploads;
        results.thenAccept(
                ended -> complete(exchange, () -> setResults(exchange, uploaded, ended), () -> callback.done(sync)));
        return sync;
    }

    static void removeResults(Message message) {
        RESULT_HEADERS.forEach(message::removeHeader);
    }

    private static void setResults(Exchange exchange, Uploads uploads, Results results) {
        exchange.getMessage().getHeaders().putAll(uploads.headers());
        setHeaders(exchange.getMessage(), results.stored());
        if (results.failure() != null) {
            fail(exchange, results.failure());
        } else if (!results.stored().isEmpty()) {
            exchange.getMessage().setHeader(ViamDataConstants.DELIVERY, ViamDataDelivery.stored);
        }
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
        if (results.stream().allMatch(UploadResult::isDuplicate)) {
            message.setHeader(ViamDataConstants.DUPLICATE, true);
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
