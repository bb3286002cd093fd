// Copyright the camel-viamdata authors. SPDX-License-Identifier: Apache-2.0
package io.github.camelviamdata.query;

import org.apache.camel.Exchange;

/** An item with its bytes, as a message of a consumer. */
record ItemMessage(FetchedItem fetched, ReadSettings settings) implements Fetched {

    @Override
    public void applyTo(Exchange exchange) throws Exception {
        String leaving = settings.isQueue() ? settings.datasetId() : null;
        exchange.getMessage().setHeaders(ItemHeaders.of(fetched.item(), leaving, settings.ofPart()));
        exchange.getMessage().setBody(fetched.body(exchange));
    }

    @Override
    public long length() {
        return fetched.length();
    }

    @Override
    public void discard() {
        fetched.discard();
    }
}
