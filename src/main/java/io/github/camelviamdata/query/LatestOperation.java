// Copyright the camel-viamdata authors. SPDX-License-Identifier: Apache-2.0
package io.github.camelviamdata.query;

import io.github.camelviamdata.ViamDataConfiguration;
import io.github.camelviamdata.ViamDataException;
import io.github.camelviamdata.client.Calls;
import io.github.camelviamdata.message.HeaderValues;
import java.util.Map;
import org.apache.camel.Exchange;

/** Gets the latest reading of a component. */
final class LatestOperation implements DataOperation {

    private final ViamDataConfiguration options;
    private final DataReader reader;

    LatestOperation(DataOperations.Settings settings, DataReader reader) {
        this.options = settings.options();
        this.reader = reader;
    }

    @Override
    public Calls<DataOutcome> prepare(Exchange exchange) {
        Resource resource = Resource.of(options, new HeaderValues(exchange, options.getTimeUnit()));
        DataCalls calls = ended -> reader.latest(resource).thenApply(reading -> {
            Map<String, Object> row = Row.of(reading);
            return done -> done.getMessage().setBody(row);
        });
        return calls;
    }

    @Override
    public ViamDataException failure(Throwable error) {
        return ReadFailures.exception("Getting the latest reading from " + reader.target(), error);
    }
}
