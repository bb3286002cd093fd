// Copyright the camel-viamdata authors. SPDX-License-Identifier: Apache-2.0
package io.github.camelviamdata.architecture.broken.files;

import io.github.camelviamdata.architecture.broken.server.Sends;
import java.io.IOException;
import java.nio.channels.FileChannel;
import org.apache.camel.CamelContext;

/** Breaks FILES and LOCKS. */
public final class Locks {

    CamelContext camel;
    Sends server;

    void lock(FileChannel channel) throws IOException {
        channel.lock();
        channel.tryLock();
    }
}
