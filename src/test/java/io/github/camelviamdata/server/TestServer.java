// Copyright the camel-viamdata authors. SPDX-License-Identifier: Apache-2.0
package io.github.camelviamdata.server;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import org.apache.camel.Exchange;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.camel.model.RouteDefinition;

/** A context with one route, {@value #ROUTE}, from a real server. */
public final class TestServer implements AutoCloseable {

    static final String ROUTE = "uploads";

    public final DefaultCamelContext context = new DefaultCamelContext();

    /** What reached the route, as {@link Received} shows it. */
    public final List<Received> received = new CopyOnWriteArrayList<>();

    /** A server on a free loopback port that records what it gets. */
    static TestServer recording(String options) throws Exception {
        TestServer server = new TestServer();
        return server.start("viamdata-server:localhost:0" + options, route -> route.process(server::record));
    }

    /** A server on a free loopback port with any route. */
    static TestServer routing(Consumer<RouteDefinition> steps) throws Exception {
        return new TestServer().start("viamdata-server:localhost:0", steps);
    }

    public TestServer start(String uri, Consumer<RouteDefinition> steps) throws Exception {
        add(uri, steps, ROUTE);
        context.start();
        return this;
    }

    void add(String uri, Consumer<RouteDefinition> steps, String id) throws Exception {
        context.addRoutes(new RouteBuilder() {
            @Override
            public void configure() {
                steps.accept(from(uri).routeId(id));
            }
        });
    }

    void record(Exchange exchange) {
        received.add(Received.of(exchange));
    }

    ViamDataServerConsumer consumer() {
        return (ViamDataServerConsumer) context.getRoute(ROUTE).getConsumer();
    }

    /** Number of connections that clients have open. */
    public long connections() {
        return consumer().statistics().connections();
    }

    public int port() {
        return consumer().getPort();
    }

    TestClient client() {
        return TestClient.plaintext(port());
    }

    @Override
    public void close() {
        context.stop();
    }
}
