// Copyright the camel-viamdata authors. SPDX-License-Identifier: Apache-2.0
package io.github.camelviamdata.testing;

import io.github.camelviamdata.ViamDataConstants;
import io.github.camelviamdata.server.ViamDataServerConsumer;
import io.github.camelviamdata.server.ViamDataServerEndpoint;
import io.github.camelviamdata.testing.service.ByteHosts;
import io.github.camelviamdata.testing.service.DataStore;
import io.github.camelviamdata.testing.service.InMemoryDataService;
import java.io.IOException;
import org.apache.camel.CamelContext;
import org.apache.camel.LoggingLevel;
import org.apache.camel.Processor;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.camel.support.LoggingExceptionHandler;

/**
 * A {@code viamdata-server} with a route, behind a relay that can break its connections; a data service on the same port; and the hosts
 * of its bytes.
 */
final class LocalServer implements AutoCloseable {

    private static final String ROUTE = "viamdata-server-extension";

    private final DefaultCamelContext context = new DefaultCamelContext();
    private final ByteHosts byteHosts;
    private final LoopbackRelay relay;

    /**
     * Starts on a free port.
     *
     * @param host by which clients reach it: a name or address of the loopback interface
     * @param keys of clients, as the option {@code apiKey}
     * @param uploads gets each upload
     * @param faults of calls of the data service
     * @throws IllegalStateException if it cannot start
     */
    LocalServer(String host, String keys, Processor uploads, DataStore store, InMemoryDataService.Faults faults) {
        byteHosts = new ByteHosts(store.items(), host);
        try {
            context.disableJMX();
            // At the end of the tests, calls in flight may be cancelled.
            context.getShutdownStrategy().setTimeout(1);
            context.getShutdownStrategy().setSuppressLoggingOnTimeout(true);
            // The test has asked for the faults, so they are not logged as errors.
            context.getRegistry().bind("quiet", new LoggingExceptionHandler(context, getClass(), LoggingLevel.DEBUG));
            ViamDataServerEndpoint endpoint = context.getEndpoint(
                    ViamDataConstants.SERVER_SCHEME + ":" + host + ":0?apiKey=" + keys
                            + "&exceptionHandler=#quiet&shutdownTimeout=0",
                    ViamDataServerEndpoint.class);
            endpoint.addService(new InMemoryDataService(store, byteHosts, faults));
            context.addRoutes(new RouteBuilder() {
                @Override
                public void configure() {
                    errorHandler(noErrorHandler());
                    from(endpoint).routeId(ROUTE).process(uploads);
                }
            });
            context.start();
            relay = new LoopbackRelay(
                    ((ViamDataServerConsumer) context.getRoute(ROUTE).getConsumer()).getPort());
        } catch (Exception | Error e) {
            context.stop();
            byteHosts.close();
            throw new IllegalStateException("The server in the place of Viam cannot start: " + e.getMessage(), e);
        }
    }

    int port() {
        return relay.port();
    }

    CamelContext context() {
        return context;
    }

    ByteHosts byteHosts() {
        return byteHosts;
    }

    void breakConnections() {
        relay.breakConnections();
    }

    @Override
    public void close() throws IOException {
        relay.close();
        context.stop();
        byteHosts.close();
    }
}
