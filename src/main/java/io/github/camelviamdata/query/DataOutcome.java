// Copyright the camel-viamdata authors. SPDX-License-Identifier: Apache-2.0
package io.github.camelviamdata.query;

import org.apache.camel.Exchange;

/** What an operation has led to. */
@FunctionalInterface
public interface DataOutcome {

    /** Sets the body and the headers of the message. What it throws is the failure of the exchange. */
    void applyTo(Exchange exchange) throws Exception;

    /** Releases what no exchange has got. */
    default void discard() {}
}
