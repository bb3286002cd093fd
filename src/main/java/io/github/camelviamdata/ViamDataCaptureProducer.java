// Copyright the camel-viamdata authors. SPDX-License-Identifier: Apache-2.0
package io.github.camelviamdata;

import io.github.camelviamdata.message.SequenceFiles;
import io.github.camelviamdata.query.DataOperation;
import io.github.camelviamdata.query.DataOperations;
import org.apache.camel.AsyncCallback;
import org.apache.camel.Exchange;

/** Uploads the capture folder of a machine's own agent: the data of capture files, and then the sequences. */
final class ViamDataCaptureProducer extends ViamDataProducer {

    private volatile DataOperation sequences;

    ViamDataCaptureProducer(ViamDataEndpoint endpoint) {
        super(endpoint);
    }

    @Override
    protected void doStart() throws Exception {
        super.doStart();
        sequences = DataOperations.ofSequenceFiles(
                getEndpoint().getConfiguration(), client(), getEndpoint().uploadSettings());
    }

    @Override
    public boolean process(Exchange exchange, AsyncCallback callback) {
        if (!isSequence(exchange)) {
            return super.process(exchange, callback);
        }
        removeResults(exchange.getMessage());
        exchange.getMessage().removeHeader(ViamDataConstants.SEQUENCE_ID);
        return run(sequences, exchange, doneSync -> {
            setDelivery(exchange);
            callback.done(doneSync);
        });
    }

    private static boolean isSequence(Exchange exchange) {
        try {
            return SequenceFiles.isSequence(exchange);
        } catch (Throwable e) {
            // A header cannot be read. The upload is refused for it, and names it.
            return false;
        }
    }

    private static void setDelivery(Exchange exchange) {
        if (exchange.getException() == null) {
            exchange.getMessage().setHeader(ViamDataConstants.DELIVERY, ViamDataDelivery.stored);
        } else if (exchange.getException() instanceof ViamDataException failure) {
            exchange.getMessage().setHeader(ViamDataConstants.DELIVERY, failure.getDelivery());
        }
    }
}
