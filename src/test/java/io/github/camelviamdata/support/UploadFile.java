// Copyright the camel-viamdata authors. SPDX-License-Identifier: Apache-2.0
package io.github.camelviamdata.support;

import io.github.camelviamdata.ViamDataConstants;
import io.grpc.netty.shaded.io.netty.util.internal.PlatformDependent;
import java.io.File;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryMXBean;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.camel.Exchange;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.impl.DefaultCamelContext;

/** A program that uploads one file and prints its ID and what memory that took. Its arguments are endpoint and file. */
public final class UploadFile {

    private UploadFile() {}

    public static void main(String[] arguments) throws Exception {
        AtomicLong peakHeap = new AtomicLong();
        AtomicLong peakDirect = new AtomicLong();
        MemoryMXBean memory = ManagementFactory.getMemoryMXBean();
        ScheduledExecutorService watch = Executors.newSingleThreadScheduledExecutor();
        watch.scheduleAtFixedRate(
                () -> {
                    peakHeap.accumulateAndGet(memory.getHeapMemoryUsage().getUsed(), Math::max);
                    peakDirect.accumulateAndGet(PlatformDependent.usedDirectMemory(), Math::max);
                },
                0,
                20,
                TimeUnit.MILLISECONDS);
        long start = System.nanoTime();
        try (DefaultCamelContext context = new DefaultCamelContext()) {
            context.addRoutes(new RouteBuilder() {
                @Override
                public void configure() {
                    from("direct:in").to(arguments[0]);
                }
            });
            context.start();
            Exchange exchange = context.createProducerTemplate()
                    .send("direct:in", e -> e.getMessage().setBody(new File(arguments[1])));
            if (exchange.getException() != null) {
                throw exchange.getException();
            }
            System.out.println("stored as " + exchange.getMessage().getHeader(ViamDataConstants.FILE_ID));
            System.out.println("bytes " + exchange.getMessage().getHeader(ViamDataConstants.UPLOADED_BYTES));
        } finally {
            watch.shutdownNow();
        }
        System.out.println("seconds " + TimeUnit.NANOSECONDS.toSeconds(System.nanoTime() - start));
        System.out.println("peak heap MiB " + (peakHeap.get() >> 20));
        System.out.println("peak direct MiB " + (peakDirect.get() >> 20));
    }
}
