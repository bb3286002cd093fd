// Copyright the camel-viamdata authors. SPDX-License-Identifier: Apache-2.0
package io.github.camelviamdata.faults;

import java.lang.management.ManagementFactory;
import java.lang.management.MemoryMXBean;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.camel.main.Main;

/**
 * A program that runs a file of routes until it is ended, and then tells how much of its heap was in use at the most. Its
 * arguments are the file and the properties of Camel Main, as {@code key=value}.
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
        main.addInitialProperty("camel.main.routesIncludePattern", "file:" + arguments[0]);
        for (int i = 1; i < arguments.length; i++) {
            String[] property = arguments[i].split("=", 2);
            main.addInitialProperty(property[0], property[1]);
        }
        main.run();
    }
}
