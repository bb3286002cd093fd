// Copyright the camel-viamdata authors. SPDX-License-Identifier: Apache-2.0
package io.github.camelviamdata;

import io.github.camelviamdata.query.DataOperation;
import io.github.camelviamdata.query.DataOperations;
import io.github.camelviamdata.query.DataOutcome;
import java.util.concurrent.CompletableFuture;
import org.apache.camel.AsyncCallback;
import org.apache.camel.Exchange;

/** Reads or changes what is stored. No header of a message chooses its operation: the consumer sets that header for uploads. */
final class ViamDataOperationProducer extends ViamDataProducerSupport {

    private volatile DataOperation operation;

    ViamDataOperationProducer(ViamDataEndpoint endpoint) {
        super(endpoint);
    }

    @Override
    protected void doStart() throws Exception {
        super.doStart();
        try {
            operation = DataOperations.of(
                    new DataOperations.Settings(
                            getEndpoint().partToRead(),
                            getEndpoint().getConfiguration(),
                            getEndpoint().getFilter(),
                            getEndpoint().getPolling()),
                    client(),
                    getEndpoint().uploadSettings(),
                    getEndpoint().getCamelContext());
        } catch (Throwable e) {
            // Camel does not stop what has failed to start.
            doStop();
            throw e;
        }
    }

    @Override
    public boolean process(Exchange exchange, AsyncCallback callback) {
        CompletableFuture<DataOutcome> outcome;
        try {
            outcome = client().call(
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
        outcome.whenComplete((result, error) ->
                complete(exchange, () -> setResult(exchange, result, error), () -> callback.done(sync)));
        return sync;
    }

    private void setResult(Exchange exchange, DataOutcome outcome, Throwable error) throws Exception {
        if (error != null) {
            throw operation.failure(error);
        }
        outcome.applyTo(exchange);
    }
}
