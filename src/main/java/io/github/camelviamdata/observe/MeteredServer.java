// Copyright the camel-viamdata authors. SPDX-License-Identifier: Apache-2.0
package io.github.camelviamdata.observe;

import org.apache.camel.CamelContext;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The meters of one server. They exist from its start to its stop, where the application has Micrometer. */
public final class MeteredServer implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(MeteredServer.class);

    private final Runnable remove;

    private MeteredServer(Runnable remove) {
        this.remove = remove;
    }

    /**
     * @param address host and port that the server listens on
     */
    public static MeteredServer start(CamelContext context, String address, ServerStatistics statistics) {
        try {
            return new MeteredServer(MicrometerServerMeters.register(context, address, statistics));
        } catch (NoClassDefFoundError e) {
            LOG.debug("No meters, because Micrometer is not on the class path", e);
        } catch (Throwable e) {
            // A registry may reject a meter. The server starts without it.
            LOG.warn("No meters for the server on {}", address, e);
        }
        return new MeteredServer(() -> {});
    }

    @Override
    public void close() {
        try {
            remove.run();
        } catch (Throwable e) {
            LOG.warn("Cannot remove the meters of a server", e);
        }
    }
}
