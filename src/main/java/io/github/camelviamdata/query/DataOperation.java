// Copyright the camel-viamdata authors. SPDX-License-Identifier: Apache-2.0
package io.github.camelviamdata.query;

import io.github.camelviamdata.ViamDataException;
import io.github.camelviamdata.client.Calls;
import org.apache.camel.Exchange;

/** What a producer does with messages, other than to upload them. */
public interface DataOperation {

    /**
     * Reads what the message asks for. Makes no call.
     *
     * @throws IllegalArgumentException if something is missing or wrong; the text names the option or the header to change
     * @throws ViamDataException if a later attempt may find what is missing
     */
    Calls<DataOutcome> prepare(Exchange exchange);

    /** The exception for the failure of the calls. */
    ViamDataException failure(Throwable error);
}
