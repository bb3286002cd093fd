// Copyright the camel-viamdata authors. SPDX-License-Identifier: Apache-2.0
package io.github.camelviamdata.observe;

import io.github.camelviamdata.ViamDataComponent;
import io.github.camelviamdata.client.ViamDataClient;
import java.util.Collection;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArraySet;
import java.util.stream.Stream;
import org.apache.camel.CamelContext;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The clients of a component, for all that watches them. Its meters exist while it does. */
public final class WatchedClients {

    private static final Logger LOG = LoggerFactory.getLogger(WatchedClients.class);

    private final CamelContext context;
    private final Set<ViamDataClient> clients = new CopyOnWriteArraySet<>();
    private Meters meters;

    /** Stands before the class that needs Micrometer, which can be loaded only where Micrometer is. */
    interface Meters {

        void add(ViamDataClient client);

        void remove(ViamDataClient client);
    }

    public WatchedClients(CamelContext context) {
        this.context = context;
    }

    /** The clients of all components of a context, be there one of them or several under different names. */
    public static Stream<ViamDataClient> of(CamelContext context) {
        return context.getComponentNames().stream()
                .map(context::hasComponent)
                .filter(ViamDataComponent.class::isInstance)
                .map(component -> ((ViamDataComponent) component).watchedClients())
                .flatMap(Collection::stream)
                .distinct();
    }

    public Collection<ViamDataClient> get() {
        return clients;
    }

    /** Watches a client, if it is not watched yet. */
    public synchronized void add(ViamDataClient client) {
        if (clients.add(client)) {
            try {
                measure(client);
            } catch (RuntimeException e) {
                // A registry may refuse a meter. That is no reason not to upload.
                LOG.warn("No meters for the uploads to {}", client.target(), e);
            }
        }
    }

    private void measure(ViamDataClient client) {
        if (meters == null) {
            meters = meters();
        }
        if (meters != null) {
            meters.add(client);
        }
    }

    /** Watches a client no more. */
    public synchronized void remove(ViamDataClient client) {
        if (clients.remove(client) && meters != null) {
            try {
                meters.remove(client);
            } catch (RuntimeException e) {
                LOG.warn("Cannot remove the meters for the uploads to {}", client.target(), e);
            }
        }
    }

    /** Watches no client any more. */
    public synchronized void clear() {
        clients.forEach(this::remove);
        meters = null;
    }

    private Meters meters() {
        try {
            return MicrometerMeters.find(context);
        } catch (LinkageError e) {
            LOG.debug("No meters, because Micrometer is not on the class path", e);
            return null;
        }
    }
}
