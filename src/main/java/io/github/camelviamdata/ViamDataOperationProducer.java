// Copyright the camel-viamdata authors. SPDX-License-Identifier: Apache-2.0
package io.github.camelviamdata;

import io.github.camelviamdata.query.DataOperation;
import io.github.camelviamdata.query.DataOperations;
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
        return run(operation, exchange, callback);
    }
}
