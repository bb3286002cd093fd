// Copyright the camel-viamdata authors. SPDX-License-Identifier: Apache-2.0
package io.github.camelviamdata.benchmark;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.impl.DefaultCamelContext;

/**
 * How long a context takes to start whose one route ends at the component, over one whose route ends at {@code log:}. As a
 * program of its own, starts contexts with a route to an endpoint, and prints what each start took.
 */
public final class Startup {

    private static final int RUNTIMES = Benchmarks.QUICK ? 5 : 15;
    private static final int WARM_UP = 20;
    private static final int STARTS = 100;

    private Startup() {}

    static void run(Section section) throws Exception {
        Map<String, List<Long>> cold = new LinkedHashMap<>();
        Map<String, List<Long>> warm = new LinkedHashMap<>();
        try (ServerSocketChannel service =
                ServerSocketChannel.open().bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))) {
            service.configureBlocking(false);
            int port = service.socket().getLocalPort();
            Map<String, String> endpoints = new LinkedHashMap<>();
            endpoints.put("log", "log:upload");
            endpoints.put(
                    "viamdata",
                    "viamdata:part?componentType=camera&componentName=gate&methodName=GetImages&fileExtension=.jpg"
                            + "&apiKeyId=key&apiKey=secret&plaintext=true&host=localhost&port=" + port);
            for (int i = 0; i < RUNTIMES; i++) {
                for (Map.Entry<String, String> endpoint : endpoints.entrySet()) {
                    try (Worker worker = new Worker(List.of(), Startup.class, endpoint.getValue())) {
                        long[] nanos = worker.await("STARTS");
                        cold.computeIfAbsent(endpoint.getKey(), name -> new ArrayList<>())
                                .add(nanos[0]);
                        for (int start = WARM_UP; start < nanos.length; start++) {
                            warm.computeIfAbsent(endpoint.getKey(), name -> new ArrayList<>())
                                    .add(nanos[start]);
                        }
                    }
                }
            }
            // The kernel takes connections, and keeps them for whoever accepts.
            if (service.accept() != null) {
                throw new IOException("A start has connected to the service");
            }
        }
        section.title("Start of a context");
        section.text(Section.format("""
                How long it takes to make, configure and start a context with one route, from `direct:` to the endpoint:
                medians, and the middle half in brackets. *First* is the first context of a new Java runtime, of which there
                were %d for each; *further* are %d more starts in each, after %d. A socket listened in place of the service:
                no start made a connection to it.
                """, RUNTIMES, STARTS - WARM_UP, WARM_UP));
        section.head(List.of("Start", "log, ms", "viamdata, ms", "adds, ms"));
        row(section, "first", cold);
        row(section, "further", warm);
    }

    private static void row(Section section, String start, Map<String, List<Long>> nanos) {
        double log = Measurement.quantile(millis(nanos.get("log")), 0.5);
        double viamdata = Measurement.quantile(millis(nanos.get("viamdata")), 0.5);
        section.row(List.of(
                start,
                spread(log, nanos.get("log")),
                spread(viamdata, nanos.get("viamdata")),
                Section.format("%.1f", viamdata - log)));
    }

    private static String spread(double median, List<Long> nanos) {
        return Section.format(
                "%.1f (%.1f-%.1f)",
                median, Measurement.quantile(millis(nanos), 0.25), Measurement.quantile(millis(nanos), 0.75));
    }

    private static List<Double> millis(List<Long> nanos) {
        return nanos.stream().map(time -> time / 1e6).toList();
    }

    /** Argument: the endpoint that the route ends at. */
    public static void main(String[] arguments) throws Exception {
        StringBuilder starts = new StringBuilder("STARTS");
        for (int i = 0; i < STARTS; i++) {
            long start = System.nanoTime();
            DefaultCamelContext context = new DefaultCamelContext();
            context.addRoutes(new RouteBuilder() {
                @Override
                public void configure() {
                    from("direct:upload").to(arguments[0]);
                }
            });
            context.start();
            starts.append(' ').append(System.nanoTime() - start);
            context.close();
        }
        System.out.println(starts);
    }
}
