// Copyright the camel-viamdata authors. SPDX-License-Identifier: Apache-2.0
package io.github.camelviamdata.query;

import org.apache.camel.Exchange;

/** What becomes a message. */
interface Fetched {

    /** Sets the body and the headers of the message. What it throws puts the item back. */
    void applyTo(Exchange exchange) throws Exception;

    /** How many bytes were downloaded, as far as that is known before a stream is read. */
    long length();

    /** Releases what no exchange has got. */
    void discard();
}
