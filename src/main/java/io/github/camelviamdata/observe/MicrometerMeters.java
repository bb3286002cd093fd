// Copyright the camel-viamdata authors. SPDX-License-Identifier: Apache-2.0
package io.github.camelviamdata.observe;

import io.github.camelviamdata.ViamDataOperation;
import io.github.camelviamdata.client.ClientListener;
import io.github.camelviamdata.client.ClientListener.ItemEnd;
import io.github.camelviamdata.client.SharedClients;
import io.github.camelviamdata.client.UploadOutcome;
import io.github.camelviamdata.client.ViamDataClient;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.Timer;
import io.micrometer.core.instrument.composite.CompositeMeterRegistry;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.ToIntFunction;
import org.apache.camel.CamelContext;
import org.apache.camel.spi.Registry;

/**
 * Meters of clients, in the registry that Camel's own meters use. Clients with the same target share them. All are registered at
 * once, so that the first failure shows as a change from 0 to 1.
 */
final class MicrometerMeters implements SharedClients.Watcher {

    // The names that camel-micrometer uses.
    private static final String REGISTRY = "metricsRegistry";
    static final String CONTEXT = "camelContext";

    private final CamelContext context;
    private final MeterRegistry registry;
    private final Map<ViamDataClient, TargetMeters> clients = new HashMap<>();

    private MicrometerMeters(CamelContext context, MeterRegistry registry) {
        this.context = context;
        this.registry = registry;
    }

    /** Meters in the registry of the context; null where it has none. Fails to link without Micrometer. */
    static SharedClients.Watcher find(CamelContext context) {
        MeterRegistry registry = registry(context.getRegistry());
        return registry == null ? null : new MicrometerMeters(context, registry);
    }

    /** The registry that Camel's own meters use, or null. */
    static MeterRegistry registry(Registry beans) {
        MeterRegistry registry = find(beans, CompositeMeterRegistry.class);
        return registry == null ? find(beans, MeterRegistry.class) : registry;
    }

    private static MeterRegistry find(Registry beans, Class<? extends MeterRegistry> type) {
        MeterRegistry named = beans.lookupByNameAndType(REGISTRY, type);
        return named != null ? named : beans.findSingleByType(type);
    }

    @Override
    public void add(ViamDataClient client) {
        TargetMeters meters = clients.values().stream()
                .filter(shared -> shared.target.equals(client.target()))
                .findFirst()
                .orElseGet(() -> new TargetMeters(client.target()));
        clients.put(client, meters);
        client.addListener(meters);
    }

    @Override
    public void remove(ViamDataClient client) {
        TargetMeters meters = clients.remove(client);
        if (meters == null) {
            // The client was added before there was a registry.
            return;
        }
        client.removeListener(meters);
        if (WatchedClients.of(context).noneMatch(other -> other.target().equals(client.target()))) {
            meters.all.forEach(registry::remove);
        }
    }

    private final class TargetMeters implements ClientListener {

        private final String target;
        private final List<Meter> all = new ArrayList<>();
        private final Map<ViamDataOperation, Map<UploadOutcome, Timer>> uploads =
                new EnumMap<>(ViamDataOperation.class);
        private final Map<ViamDataOperation, Counter> bytes = new EnumMap<>(ViamDataOperation.class);
        private final Map<TokenFetch, Counter> tokens = new EnumMap<>(TokenFetch.class);
        private final Map<OnceCheck, Counter> onceChecks = new EnumMap<>(OnceCheck.class);
        private final Map<ItemEnd, Counter> items = new EnumMap<>(ItemEnd.class);
        private final Counter downloadedBytes;
        private final Counter retries;

        TargetMeters(String target) {
            this.target = target;
            // The content of a capture file is uploaded, and counted, as binary or tabular.
            for (ViamDataOperation operation :
                    EnumSet.of(ViamDataOperation.binary, ViamDataOperation.tabular, ViamDataOperation.file)) {
                Map<UploadOutcome, Timer> timers = new EnumMap<>(UploadOutcome.class);
                for (UploadOutcome outcome : UploadOutcome.values()) {
                    timers.put(outcome, timer(operation, outcome));
                }
                uploads.put(operation, timers);
                bytes.put(operation, bytes(operation));
            }
            for (TokenFetch outcome : TokenFetch.values()) {
                tokens.put(outcome, tokens(outcome));
            }
            for (OnceCheck check : OnceCheck.values()) {
                onceChecks.put(check, onceChecks(check));
            }
            for (ItemEnd end : ItemEnd.values()) {
                items.put(end, items(end));
            }
            downloadedBytes = track(Counter.builder("viamdata.downloaded.bytes")
                    .description("Bytes of items that were read")
                    .baseUnit("bytes")
                    .tags(tags())
                    .register(registry));
            retries = track(Counter.builder("viamdata.retries")
                    .description("Attempts beyond the first of each request")
                    .tags(tags())
                    .register(registry));
            gauge("viamdata.in.flight", "Uploads in flight", ViamDataClient::getInFlight);
            gauge("viamdata.in.flight.max", "Largest number of uploads in flight", ViamDataClient::getMaxInFlight);
        }

        private <M extends Meter> M track(M meter) {
            all.add(meter);
            return meter;
        }

        private Tags tags(String... others) {
            return Tags.of(CONTEXT, context.getName(), "target", target).and(others);
        }

        private Timer timer(ViamDataOperation operation, UploadOutcome outcome) {
            return track(Timer.builder("viamdata.uploads")
                    .description(
                            "Requests, of which a message may take several, from when they were handed over to when they were stored or failed")
                    .tags(tags("operation", operation.name(), "outcome", outcome.name()))
                    .register(registry));
        }

        private Counter bytes(ViamDataOperation operation) {
            return track(Counter.builder("viamdata.uploaded.bytes")
                    .description("Payload bytes stored")
                    .baseUnit("bytes")
                    .tags(tags("operation", operation.name()))
                    .register(registry));
        }

        private Counter tokens(TokenFetch outcome) {
            return track(Counter.builder("viamdata.token.fetches")
                    .description("Requests for an access token")
                    .tags(tags("outcome", outcome.name()))
                    .register(registry));
        }

        private Counter onceChecks(OnceCheck check) {
            return track(Counter.builder("viamdata.once")
                    .description("Uploads that the ledger or the service was asked for")
                    .tags(tags("outcome", check.name()))
                    .register(registry));
        }

        private Counter items(ItemEnd end) {
            return track(Counter.builder("viamdata.items")
                    .description("Exchanges of items that were read")
                    .tags(tags("outcome", end.name()))
                    .register(registry));
        }

        private void gauge(String name, String description, ToIntFunction<ViamDataClient> value) {
            track(Gauge.builder(
                            name,
                            () -> WatchedClients.of(context)
                                    .filter(client -> client.target().equals(target))
                                    .mapToInt(value)
                                    .sum())
                    .description(description)
                    .tags(tags())
                    .register(registry));
        }

        @Override
        public void uploadEnded(UploadEnd end) {
            uploads.get(end.operation()).get(end.outcome()).record(end.took());
            bytes.get(end.operation()).increment(end.bytes());
        }

        @Override
        public void uploadRetried() {
            retries.increment();
        }

        @Override
        public void onceChecked(OnceCheck check) {
            onceChecks.get(check).increment();
        }

        @Override
        public void itemEnded(ItemEnd end, long bytes) {
            items.get(end).increment();
            downloadedBytes.increment(bytes);
        }

        @Override
        public void tokenRequested(TokenFetch outcome) {
            tokens.get(outcome).increment();
        }
    }
}
