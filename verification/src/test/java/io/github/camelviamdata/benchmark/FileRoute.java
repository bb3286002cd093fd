// Copyright the camel-viamdata authors. SPDX-License-Identifier: Apache-2.0
package io.github.camelviamdata.benchmark;

import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.camel.Exchange;
import org.apache.camel.Processor;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.camel.support.SynchronizationAdapter;

/**
 * A program with a route from a folder, which stays as it is, to an endpoint or to none. For each line of its input it sends
 * all files once, and prints how many there were and the nanoseconds from the start of the route to the end of the last
 * exchange.
 */
public final class FileRoute {

    private static final String ROUTE = "files";

    private static final long PATIENCE_SECONDS = 120;

    private final DefaultCamelContext context = new DefaultCamelContext();
    private final AtomicReference<Exception> failure = new AtomicReference<>();
    private final int files;
    private volatile CountDownLatch left = new CountDownLatch(0);

    private FileRoute(int files) {
        this.files = files;
    }

    /** Arguments: the folder, how many files there are in it, and the endpoint, if there is one. */
    public static void main(String[] arguments) throws Exception {
        FileRoute route = new FileRoute(Integer.parseInt(arguments[1]));
        try (BufferedReader lines = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8))) {
            route.start(arguments[0], arguments.length > 2 ? arguments[2] : null);
            System.out.println("READY");
            while (lines.readLine() != null) {
                System.out.println("RESULT " + route.files + " " + route.pass());
            }
        }
        System.exit(0);
    }

    private void start(String folder, String endpoint) throws Exception {
        Processor counting = exchange -> exchange.getExchangeExtension().addOnCompletion(new Counting());
        context.addRoutes(new RouteBuilder() {
            @Override
            public void configure() {
                var route = from("file:" + folder + "?noop=true&idempotent=false&initialDelay=0&repeatCount=1")
                        .routeId(ROUTE)
                        .autoStartup(false)
                        .process(counting);
                if (endpoint != null) {
                    route.to(endpoint);
                }
            }
        });
        context.start();
    }

    private long pass() throws Exception {
        left = new CountDownLatch(files);
        long start = System.nanoTime();
        context.getRouteController().startRoute(ROUTE);
        if (!left.await(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
            throw new IllegalStateException(left.getCount() + " of " + files + " files are left");
        }
        long nanos = System.nanoTime() - start;
        context.getRouteController().stopRoute(ROUTE);
        if (failure.get() != null) {
            throw new IllegalStateException("An upload failed", failure.get());
        }
        return nanos;
    }

    private final class Counting extends SynchronizationAdapter {

        @Override
        public void onFailure(Exchange exchange) {
            failure.compareAndSet(null, exchange.getException());
        }

        @Override
        public void onDone(Exchange exchange) {
            super.onDone(exchange);
            left.countDown();
        }
    }
}
