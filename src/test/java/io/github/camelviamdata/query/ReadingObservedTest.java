// Copyright the camel-viamdata authors. SPDX-License-Identifier: Apache-2.0
package io.github.camelviamdata.query;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.github.camelviamdata.ViamDataEndpoint;
import io.grpc.Status;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.camel.console.DevConsole;
import org.apache.camel.console.DevConsoleRegistry;
import org.apache.camel.health.HealthCheck;
import org.apache.camel.health.HealthCheckHelper;
import org.apache.camel.health.HealthCheckRegistry;
import org.apache.camel.health.HealthCheckRepository;
import org.junit.jupiter.api.Test;

/** What an operator sees of a route that reads. */
class ReadingObservedTest extends ReadTestSupport {

    private final SimpleMeterRegistry registry = new SimpleMeterRegistry();

    private double items(String outcome) {
        return registry.get("viamdata.items").tag("outcome", outcome).counter().count();
    }

    @Test
    void metersConsoleAndAttributesCountItems() throws Exception {
        context.getRegistry().bind("metricsRegistry", registry);
        store(0, 3, 5);
        store(3, 1, LARGE);
        AtomicInteger attempts = new AtomicInteger();
        route(queue(), exchange -> {
            if (attempts.incrementAndGet() == 1) {
                throw new IllegalStateException("not now");
            }
        });
        await().until(() -> stored.inDataset(DATASET).isEmpty());

        await().until(() -> items("done") == 4);
        assertThat(items("failed")).isEqualTo(1);
        double bytes = 4 * 5 + LARGE;
        assertThat(registry.get("viamdata.downloaded.bytes").counter().count()).isEqualTo(bytes);
        ViamDataEndpoint endpoint =
                (ViamDataEndpoint) context.getRoute("reader").getEndpoint();
        assertThat(endpoint.getItemsDone()).isEqualTo(4);
        assertThat(endpoint.getItemsFailed()).isEqualTo(1);
        assertThat(endpoint.getDownloadedBytes()).isEqualTo((long) bytes);
        String console = context.getCamelContextExtension()
                .getContextPlugin(DevConsoleRegistry.class)
                .resolveById("viamdata")
                .call(DevConsole.MediaType.TEXT, Map.of())
                .toString();
        assertThat(console).contains("Items done: 4", "Items failed: 1", "Downloaded bytes: " + (long) bytes);
    }

    /** Camel's own check of pollers, which the user switches on. */
    @Test
    void camelsCheckOfConsumersIsDownWhileThePollFails() throws Exception {
        HealthCheckRegistry checks = HealthCheckRegistry.get(context);
        HealthCheckRepository consumers = (HealthCheckRepository) checks.resolveById("consumers");
        consumers.setEnabled(true);
        checks.register(consumers);
        AtomicBoolean refuse = new AtomicBoolean();
        service.answeringQueries(call -> refuse.get() ? Status.PERMISSION_DENIED : Status.OK);
        route(queue());
        await().until(() -> state() == HealthCheck.State.UP);

        refuse.set(true);

        await().until(() -> state() == HealthCheck.State.DOWN);
        refuse.set(false);
        await().until(() -> state() == HealthCheck.State.UP);
    }

    private HealthCheck.State state() {
        return HealthCheckHelper.invokeReadiness(context).stream()
                .filter(result -> result.getCheck().getId().equals("consumer:reader"))
                .findFirst()
                .orElseThrow()
                .getState();
    }
}
