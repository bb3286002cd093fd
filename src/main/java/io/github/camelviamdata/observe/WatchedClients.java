// Copyright the camel-viamdata authors. SPDX-License-Identifier: Apache-2.0
package io.github.camelviamdata.observe;

import io.github.camelviamdata.client.SharedClients;
import io.github.camelviamdata.client.ViamDataClient;
import java.util.stream.Stream;
import org.apache.camel.CamelContext;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Meters for the clients of a component, while they are used. */
public final class WatchedClients implements SharedClients.Watcher {

    private static final Logger LOG = LoggerFactory.getLogger(WatchedClients.class);

    private final CamelContext context;
    private SharedClients.Watcher meters;

    public WatchedClients(CamelContext context) {
        this.context = context;
    }

    /** The clients of all components of a context: there may be several, under different names. */
    public static Stream<ViamDataClient> of(CamelContext context) {
        return context.getComponentNames().stream()
                .map(context::hasComponent)
                .filter(SharedClients.Owner.class::isInstance)
                .flatMap(component -> ((SharedClients.Owner) component).clients().stream())
                .distinct();
    }

    @Override
    public synchronized void add(ViamDataClient client) {
        try {
            if (meters == null) {
                meters = MicrometerMeters.find(context);
            }
            if (meters != null) {
                meters.add(client);
            }
        } catch (NoClassDefFoundError e) {
            LOG.debug("No meters, because Micrometer is not on the class path", e);
        } catch (Throwable e) {
            // A registry may reject a meter. Uploads continue without it.
            LOG.warn("No meters for the uploads to {}", client.target(), e);
        }
    }

    @Override
    public synchronized void remove(ViamDataClient client) {
        try {
            if (meters != null) {
                meters.remove(client);
            }
        } catch (Throwable e) {
            LOG.warn("Cannot remove the meters for the uploads to {}", client.target(), e);
        }
    }
}
