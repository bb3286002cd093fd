// Copyright the camel-viamdata authors. SPDX-License-Identifier: Apache-2.0
package io.github.camelviamdata.query;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.apache.camel.CamelContext;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.component.file.cluster.FileLockClusterService;
import org.apache.camel.impl.DefaultCamelContext;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A dataset that the processes of a cluster read, one at a time, with Camel's {@code master} component. */
@Timeout(120)
class MasterTest extends ReadTestSupport {

    private static final int ITEMS = 200;

    @TempDir
    Path locks;

    private final List<CamelContext> members = new CopyOnWriteArrayList<>();

    /** What was delivered, and by which member. */
    private record Delivery(int member, String id) {}

    private final List<Delivery> deliveries = new CopyOnWriteArrayList<>();

    @AfterEach
    void stopMembers() {
        members.forEach(CamelContext::stop);
    }

    @Test
    void theNextLeaderGoesOnAndNothingComesTwice() throws Exception {
        store(0, ITEMS, 100);
        start(0);
        await().until(() -> !deliveries.isEmpty());
        start(1);
        await().until(() -> deliveries.size() >= ITEMS / 4);

        members.get(0).stop();

        int before = deliveries.size();
        assertThat(before).as("stopped in the middle").isLessThan(ITEMS);
        assertThat(deliveries).extracting(Delivery::member).containsOnly(0);
        await().atMost(Duration.ofMinutes(1)).until(() -> deliveries.size() >= ITEMS);
        await().until(() -> stored.inDataset(DATASET).isEmpty());
        assertThat(deliveries)
                .extracting(Delivery::id)
                .containsExactlyInAnyOrderElementsOf(IntStream.range(0, ITEMS)
                        .mapToObj(ReadTestSupport::itemId)
                        .toList());
        assertThat(deliveries.subList(before, ITEMS))
                .extracting(Delivery::member)
                .containsOnly(1);
    }

    private void start(int member) throws Exception {
        DefaultCamelContext camel = new DefaultCamelContext();
        members.add(camel);
        FileLockClusterService cluster = new FileLockClusterService();
        cluster.setRoot(locks.toString());
        cluster.setAcquireLockDelay(10, TimeUnit.MILLISECONDS);
        cluster.setAcquireLockInterval(100, TimeUnit.MILLISECONDS);
        camel.addService(cluster);
        camel.addRoutes(new RouteBuilder() {
            @Override
            public void configure() {
                // A pause for each item, so that the stop comes in the middle.
                from("master:export:" + queue("maxMessagesPerPoll=10"))
                        .delay(5)
                        .process(exchange -> deliveries.add(
                                new Delivery(member, received(exchange).id())));
            }
        });
        camel.start();
    }
}
