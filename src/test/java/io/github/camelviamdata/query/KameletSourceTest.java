// Copyright the camel-viamdata authors. SPDX-License-Identifier: Apache-2.0
package io.github.camelviamdata.query;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.github.camelviamdata.ViamDataConstants;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.support.processor.idempotent.MemoryIdempotentRepository;
import org.junit.jupiter.api.Test;

/** Routes that begin with the Kamelet {@code viamdata-source}. */
class KameletSourceTest extends ReadTestSupport {

    private String kamelet(String properties) {
        return "kamelet:viamdata-source?apiKeyId=id-of-key&apiKey=secret-key&initialDelay=0&delay=50&retryDelay=1"
                + "&maxRetryDelay=5&" + service.options() + "&" + properties;
    }

    @Test
    void readsADatasetAsAQueue() throws Exception {
        store(1, 2, 5);
        store(3, 1, LARGE);
        route(kamelet("datasetId=" + DATASET + "&onDone=removeFromDataset"));

        await().until(() -> stored.inDataset(DATASET).isEmpty());

        assertThat(receivedIds()).containsExactly(itemId(1), itemId(2), itemId(3));
        assertThat(received.get(2).bytes()).isEqualTo(payload(3, LARGE));
        assertThat(received.get(0).headers())
                .containsEntry(ViamDataConstants.PART_ID, PART)
                .containsEntry(ViamDataConstants.SOURCE_PART_ID, PART)
                .containsEntry(ViamDataConstants.VERBATIM, true);
        assertThat(stored.ids()).hasSize(3);
    }

    @Test
    void readsAPartWithoutBytesAndRemembersWhatItHasRead() throws Exception {
        context.getRegistry().bind("seen", MemoryIdempotentRepository.memoryIdempotentRepository());
        store(1, 2, 5);
        stored.add(itemId(9), upload(9).setPartId("another-part").build(), sensor(9), payload(9, 5));
        route(kamelet("partId=" + PART + "&download=none&idempotentRepository=#seen"));

        await().until(() -> received.size() == 2);
        store(3, 1, 5);
        await().until(() -> received.size() == 3);

        assertThat(receivedIds()).containsExactly(itemId(1), itemId(2), itemId(3));
        assertThat(received)
                .allMatch(
                        message -> message.body() == null && !message.headers().containsKey(ViamDataConstants.PART_ID));
    }

    /** Whatever the route after the Kamelet does with the failure. */
    @Test
    void anItemWhoseRouteFailsStays() throws Exception {
        List<String> tried = new CopyOnWriteArrayList<>();
        store(1, 2, 5);
        context.addRoutes(new RouteBuilder() {
            @Override
            public void configure() {
                from(kamelet("datasetId=" + DATASET + "&onDone=removeFromDataset"))
                        .process(exchange -> {
                            String id = exchange.getMessage().getHeader(ViamDataConstants.BINARY_DATA_ID, String.class);
                            tried.add(id);
                            if (id.equals(itemId(1)) && tried.size() < 4) {
                                throw new IllegalStateException("not now");
                            }
                            received.add(received(exchange));
                        });
            }
        });

        await().until(() -> stored.inDataset(DATASET).isEmpty());

        assertThat(receivedIds()).containsExactlyInAnyOrder(itemId(1), itemId(2));
        assertThat(tried.get(0)).isEqualTo(itemId(1));
        assertThat(tried).filteredOn(itemId(1)::equals).hasSizeGreaterThan(1);
    }
}
