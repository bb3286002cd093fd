// Copyright the camel-viamdata authors. SPDX-License-Identifier: Apache-2.0
package io.github.camelviamdata.observe;

import io.grpc.Status;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import java.util.ArrayList;
import java.util.List;
import java.util.function.ToDoubleFunction;
import org.apache.camel.CamelContext;

/** Meters of a server, in the registry that Camel's own meters use. All are registered at once. */
final class MicrometerServerMeters {

    private final MeterRegistry registry;
    private final ServerStatistics statistics;
    private final Tags tags;
    private final List<Meter> all = new ArrayList<>();

    private MicrometerServerMeters(MeterRegistry registry, Tags tags, ServerStatistics statistics) {
        this.registry = registry;
        this.tags = tags;
        this.statistics = statistics;
    }

    /** Registers the meters and returns a task that removes them. Throws a NoClassDefFoundError without Micrometer. */
    static Runnable register(CamelContext context, String address, ServerStatistics statistics) {
        MeterRegistry registry = MicrometerMeters.registry(context.getRegistry());
        if (registry == null) {
            return () -> {};
        }
        MicrometerServerMeters meters = new MicrometerServerMeters(
                registry, Tags.of(MicrometerMeters.CONTEXT, context.getName(), "server", address), statistics);
        try {
            meters.registerAll();
        } catch (RuntimeException | Error e) {
            meters.remove();
            throw e;
        }
        return meters::remove;
    }

    private void registerAll() {
        for (ServerStatistics.Call call : ServerStatistics.Call.values()) {
            for (Status.Code status : Status.Code.values()) {
                track(FunctionCounter.builder("viamdata.server.calls", statistics, counts -> counts.calls(call, status))
                        .description("Calls that ended, by method and gRPC status")
                        .tags(tags.and("method", call.name(), "status", status.name()))
                        .register(registry));
            }
        }
        track(FunctionCounter.builder("viamdata.server.received.bytes", statistics, ServerStatistics::receivedBytes)
                .description("Bytes of the messages that were received, after decompression")
                .baseUnit("bytes")
                .tags(tags)
                .register(registry));
        track(FunctionCounter.builder("viamdata.server.refused.keys", statistics, ServerStatistics::refusedKeys)
                .description("Wrong API keys")
                .tags(tags)
                .register(registry));
        gauge("viamdata.server.in.flight", "Calls in progress", null, ServerStatistics::inFlight);
        gauge("viamdata.server.connections", "Open connections", null, ServerStatistics::connections);
        gauge("viamdata.server.spooled", "Bytes of uploads in files", "bytes", ServerStatistics::spooledBytes);
    }

    private void gauge(String name, String description, String unit, ToDoubleFunction<ServerStatistics> value) {
        track(Gauge.builder(name, statistics, value)
                .description(description)
                .baseUnit(unit)
                .tags(tags)
                .register(registry));
    }

    private void track(Meter meter) {
        all.add(meter);
    }

    private void remove() {
        all.forEach(registry::remove);
    }
}
