// Copyright the camel-viamdata authors. SPDX-License-Identifier: Apache-2.0
package io.github.camelviamdata.server;

import java.io.IOException;
import org.apache.camel.Exchange;

/** The body of an upload that has arrived. */
@FunctionalInterface
interface UploadBody {

    /** The message body. Files that it reads from exist for as long as the exchange. */
    Object handOver(Exchange exchange) throws IOException;

    /** Deletes what was not handed over. */
    default void discard() {}

    /** Deletes what was handed over too: the exchange cannot do it. */
    default void delete() {}
}
