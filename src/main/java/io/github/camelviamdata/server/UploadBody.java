// Copyright the camel-viamdata authors. SPDX-License-Identifier: Apache-2.0
package io.github.camelviamdata.server;

import java.io.IOException;
import org.apache.camel.Exchange;

/** What an upload brings besides its headers. */
@FunctionalInterface
interface UploadBody {

    /** The message body. Whatever it holds on to lasts as long as the exchange. */
    Object handOver(Exchange exchange) throws IOException;

    /** Lets go of what was not handed over. */
    default void discard() {}
}
