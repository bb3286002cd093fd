// Copyright the camel-viamdata authors. SPDX-License-Identifier: Apache-2.0
package io.github.camelviamdata.faults;

import io.github.camelviamdata.docs.JavaRoute;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryMXBean;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.camel.main.Main;

/**
 * A program that runs a file of routes, or a {@link JavaRoute} that is compiled in a folder, until it is ended, and then tells
 * how much of its heap was in use at the most. Its arguments are the file or the folder, and the properties of Camel Main, as {@code key=value}.
 */
public final class RouteProgram {

    private RouteProgram() {}

    public static void main(String[] arguments) throws Exception {
        AtomicLong heap = new AtomicLong();
        MemoryMXBean memory = ManagementFactory.getMemoryMXBean();
        Executors.newSingleThreadScheduledExecutor(task -> {
                    Thread thread = new Thread(task);
                    thread.setDaemon(true);
                    return thread;
                })
                .scheduleAtFixedRate(
                        () -> heap.accumulateAndGet(memory.getHeapMemoryUsage().getUsed(), Math::max),
                        0,
                        10,
                        TimeUnit.MILLISECONDS);
        Runtime.getRuntime().addShutdownHook(new Thread(() -> System.out.println("HEAP " + heap.get())));
        Main main = new Main();
        Path routes = Path.of(arguments[0]);
        if (Files.isDirectory(routes)) {
            main.configure().addRoutesBuilder(JavaRoute.load(routes));
        } else {
            main.addInitialProperty("camel.main.routesIncludePattern", "file:" + routes);
        }
        for (int i = 1; i < arguments.length; i++) {
            String[] property = arguments[i].split("=", 2);
            main.addInitialProperty(property[0], property[1]);
        }
        main.run();
    }
}
