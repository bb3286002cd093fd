// Copyright the camel-viamdata authors. SPDX-License-Identifier: Apache-2.0
package io.github.camelviamdata.query;

import io.github.camelviamdata.ViamDataConfiguration;
import io.github.camelviamdata.ViamDataException;
import io.github.camelviamdata.client.Calls;
import io.github.camelviamdata.message.HeaderValues;
import io.github.camelviamdata.proto.data.v1.CaptureInterval;
import org.apache.camel.Exchange;
import org.apache.camel.support.SynchronizationAdapter;

/** Reads all readings of a component, as a stream. */
final class ExportOperation implements DataOperation {

    private final ViamDataConfiguration options;
    private final CaptureInterval interval;
    private final DataReader reader;

    /**
     * @throws IllegalArgumentException if an option is wrong; the text names it
     */
    ExportOperation(DataOperations.Settings settings, DataReader reader) {
        this.options = settings.options();
        this.interval = Filters.interval(settings.filter());
        this.reader = reader;
    }

    @Override
    public Calls<DataOutcome> prepare(Exchange exchange) {
        HeaderValues headers = new HeaderValues(exchange, options.getTimeUnit());
        Resource resource = Resource.of(options, headers);
        CaptureInterval span = Spans.of(headers, interval);
        String what = "Exporting readings of " + resource.name() + " from " + reader.target();
        DataCalls calls =
                ended -> reader.export(resource, span).thenApply(stream -> new Exported(new Rows(what, stream)));
        return calls;
    }

    @Override
    public ViamDataException failure(Throwable error) {
        return ReadFailures.exception("Exporting readings from " + reader.target(), error);
    }

    /** Readings that arrive while they are read. */
    private record Exported(Rows rows) implements DataOutcome {

        @Override
        public void applyTo(Exchange exchange) {
            exchange.getExchangeExtension().addOnCompletion(new SynchronizationAdapter() {
                @Override
                public void onDone(Exchange done) {
                    rows.close();
                }
            });
            exchange.getMessage().setBody(rows);
        }

        @Override
        public void discard() {
            rows.close();
        }
    }
}
