// Copyright the camel-viamdata authors. SPDX-License-Identifier: Apache-2.0
package io.github.camelviamdata.query;

import io.github.camelviamdata.ViamDataConstants;
import io.github.camelviamdata.ViamDataException;
import io.github.camelviamdata.client.Calls;
import io.github.camelviamdata.proto.data.v1.CreateSequenceRequest;
import java.util.function.Function;
import org.apache.camel.Exchange;

/** Marks a span of time of a part as a sequence. It is created once: the call is repeated only if it surely did not arrive. */
final class SequenceOperation implements DataOperation {

    private final Function<Exchange, CreateSequenceRequest> sequences;
    private final DataChanges changes;

    /** @param sequences reads the sequence of a message, and throws what {@link #prepare} does */
    SequenceOperation(Function<Exchange, CreateSequenceRequest> sequences, DataChanges changes) {
        this.sequences = sequences;
        this.changes = changes;
    }

    @Override
    public Calls<DataOutcome> prepare(Exchange exchange) {
        CreateSequenceRequest request = sequences.apply(exchange);
        DataCalls calls = ended -> changes.createSequence(request)
                .thenApply(id -> done -> done.getMessage().setHeader(ViamDataConstants.SEQUENCE_ID, id));
        return calls;
    }

    @Override
    public ViamDataException failure(Throwable error) {
        return ReadFailures.change("Creating a sequence in " + changes.target(), error);
    }
}
