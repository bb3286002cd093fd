// Copyright the camel-viamdata authors. SPDX-License-Identifier: Apache-2.0
package io.github.camelviamdata.benchmark;

import com.sun.management.UnixOperatingSystemMXBean;
import io.github.camelviamdata.ViamDataEndpoint;
import java.lang.management.ManagementFactory;
import java.util.concurrent.TimeUnit;
import org.apache.camel.CamelContext;
import org.apache.camel.main.Main;

/**
 * A program that runs a file of routes until they have uploaded a backlog, in slices of one size. For each slice it prints
 * uploads, nanoseconds, bytes in use on the heap after a full collection, and the most file handles and threads.
 */
public final class Drain {

    private static final long PATIENCE = TimeUnit.SECONDS.toNanos(120);

    private Drain() {}

    /** Arguments: the file, the number of slices, the uploads of a slice, and properties as {@code key=value}. */
    public static void main(String[] arguments) throws Exception {
        int slices = Integer.parseInt(arguments[1]);
        int size = Integer.parseInt(arguments[2]);
        // Camel's threads would keep a failed run up.
        Thread.setDefaultUncaughtExceptionHandler((thread, error) -> {
            error.printStackTrace();
            Runtime.getRuntime().halt(1);
        });
        Main main = new Main();
        main.addInitialProperty("camel.main.routesIncludePattern", "file:" + arguments[0]);
        for (int i = 3; i < arguments.length; i++) {
            String[] property = arguments[i].split("=", 2);
            main.addInitialProperty(property[0], property[1]);
        }
        main.start();
        UnixOperatingSystemMXBean system = (UnixOperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
        long before = 0;
        for (int slice = 1; slice <= slices; slice++) {
            long handles = 0;
            long threads = 0;
            long start = System.nanoTime();
            long stored = before;
            while (stored < (long) slice * size) {
                TimeUnit.MILLISECONDS.sleep(50);
                if (System.nanoTime() - start > PATIENCE) {
                    throw new IllegalStateException("Only " + stored + " stored");
                }
                stored = stored(main.getCamelContext());
                handles = Math.max(handles, system.getOpenFileDescriptorCount());
                threads = Math.max(threads, ManagementFactory.getThreadMXBean().getThreadCount());
            }
            long nanos = System.nanoTime() - start;
            System.gc();
            long heap = ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
            System.out.println("SLICE " + (stored - before) + " " + nanos + " " + heap + " " + handles + " " + threads);
            before = stored(main.getCamelContext());
        }
        // Waits for what the route does after the last upload.
        main.stop();
        System.out.println("END");
        System.exit(0);
    }

    private static long stored(CamelContext context) {
        return context.getEndpoints().stream()
                .filter(ViamDataEndpoint.class::isInstance)
                .mapToLong(endpoint -> ((ViamDataEndpoint) endpoint).getUploadsStored())
                .sum();
    }
}
