// Copyright the camel-viamdata authors. SPDX-License-Identifier: Apache-2.0
package io.github.camelviamdata.server;

import java.io.IOException;
import org.apache.camel.Exchange;

/** The body of an upload that has arrived. */
@FunctionalInterface
interface UploadBody {

    /** Makes the message body. The exchange deletes its files when it is done. */
    Object handOver(Exchange exchange) throws IOException;

    /** Deletes the files, unless they were handed over. */
    default void discard() {}

    /** Deletes the files, even if they were handed over: for an exchange that failed to. */
    default void delete() {}
}
