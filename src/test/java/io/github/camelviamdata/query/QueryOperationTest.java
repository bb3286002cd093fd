// Copyright the camel-viamdata authors. SPDX-License-Identifier: Apache-2.0
package io.github.camelviamdata.query;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.camelviamdata.ViamDataAuthenticationException;
import io.github.camelviamdata.ViamDataConstants;
import io.github.camelviamdata.ViamDataOperation;
import io.github.camelviamdata.ViamDataRejectedException;
import io.github.camelviamdata.ViamDataUnavailableException;
import io.github.camelviamdata.proto.data.v1.BinaryDataByFilterRequest;
import io.github.camelviamdata.service.TestCall;
import io.github.camelviamdata.support.Shows;
import io.grpc.Status;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.camel.Exchange;
import org.apache.camel.builder.RouteBuilder;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code operation=query}. */
class QueryOperationTest extends OperationTestSupport {

    private static final Instant FIRST = Instant.parse("2026-03-01T06:00:00.250Z");

    @SuppressWarnings("unchecked")
    private static List<Map<String, Object>> items(Exchange exchange) {
        return exchange.getMessage().getBody(List.class);
    }

    private static List<Object> ids(Exchange exchange) {
        return items(exchange).stream()
                .map(item -> item.get(ViamDataConstants.BINARY_DATA_ID))
                .toList();
    }

    private List<Long> limits() throws Exception {
        List<Long> limits = new java.util.ArrayList<>();
        for (TestCall call : service.queries()) {
            limits.add(BinaryDataByFilterRequest.parseFrom(call.messages().get(0))
                    .getDataRequest()
                    .getLimit());
        }
        return limits;
    }

    @Test
    @Shows({"operation", "CamelViamDataMore"})
    void givesTheMetadataOfAllPages() throws Exception {
        store(0, 250, 3);

        Exchange exchange = upload(operation("query", "datasetId=" + DATASET), "before", Map.of());

        assertThat(ids(exchange)).isEqualTo(itemIds(250));
        assertThat(items(exchange).get(0))
                .containsEntry(ViamDataConstants.COMPONENT_NAME, "gate")
                .containsEntry(ViamDataConstants.TIME_REQUESTED, FIRST)
                .containsEntry(ViamDataConstants.FILE_SIZE, 3L)
                .containsEntry(ViamDataConstants.PART_ID, PART);
        assertThat(exchange.getMessage().getHeader(ViamDataConstants.MORE)).isEqualTo(false);
        assertThat(limits()).containsExactly(100L, 100L, 100L, 100L);
        assertThat(downloads()).isZero();
    }

    @Test
    @Shows("maxResults")
    void listsNoMoreThanMaxResults() throws Exception {
        store(0, 250, 3);

        Exchange exchange = upload(operation("query", "datasetId=" + DATASET, "maxResults=120"), null, Map.of());

        assertThat(ids(exchange)).isEqualTo(itemIds(120));
        assertThat(exchange.getMessage().getHeader(ViamDataConstants.MORE)).isEqualTo(true);
        assertThat(limits()).containsExactly(100L, 21L);
    }

    @Test
    void asManyAsMaxResultsAreAll() throws Exception {
        store(0, 120, 3);

        Exchange exchange = upload(operation("query", "datasetId=" + DATASET, "maxResults=120"), null, Map.of());

        assertThat(ids(exchange)).hasSize(120);
        assertThat(exchange.getMessage().getHeader(ViamDataConstants.MORE)).isEqualTo(false);
    }

    @Test
    void nothingIsAnEmptyList() {
        Exchange exchange = upload(operation("query", "datasetId=" + DATASET), "before", Map.of());

        assertThat(items(exchange)).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"maxResults=0", "maxResults=100001"})
    void aWrongMaxResultsIsRefused(String option) {
        assertThatThrownBy(() -> template.sendBody(operation("query", "datasetId=" + DATASET, option), ""))
                .hasStackTraceContaining("The option maxResults is");
        nothingWasSent();
    }

    @Test
    void aFilterWithoutAnythingIsRefused() {
        assertThatThrownBy(() -> template.sendBody(operation("query"), ""))
                .hasStackTraceContaining("Nothing says which data to read");
        nothingWasSent();
    }

    @Test
    @Shows({"CamelViamDataFrom", "CamelViamDataUntil"})
    void theSpanOfTheMessageCounts() {
        store(0, 10, 3);

        Exchange exchange = upload(
                operation("query", "datasetId=" + DATASET, "from=2026-03-01T06:00:00Z", "until=2026-03-01T06:00:02Z"),
                null,
                Map.of(
                        ViamDataConstants.FROM,
                        FIRST.plusSeconds(3),
                        ViamDataConstants.UNTIL,
                        FIRST.plusSeconds(5).toString()));

        assertThat(ids(exchange)).containsExactly(itemId(3), itemId(4), itemId(5));
    }

    @Test
    void aHeaderThatIsNoTimeIsRefused() {
        assertThat(refused(
                        ViamDataRejectedException.class,
                        operation("query", "datasetId=" + DATASET),
                        null,
                        Map.of(ViamDataConstants.FROM, "yesterday")))
                .hasMessageContaining("Nothing was sent. CamelViamDataFrom is not a time");
        assertThat(refused(
                        ViamDataRejectedException.class,
                        operation("query", "datasetId=" + DATASET),
                        null,
                        Map.of(ViamDataConstants.FROM, FIRST, ViamDataConstants.UNTIL, FIRST.minusSeconds(1))))
                .hasMessageContaining("CamelViamDataUntil");
        nothingWasSent();
    }

    /** Messages of the consumer, and those of an upload, carry headers that mean something else here. */
    @Test
    void headersOfOtherStepsChangeNothing() {
        store(0, 2, 3);

        Exchange exchange = upload(
                operation("query", "datasetId=" + DATASET),
                "body",
                Map.of(
                        ViamDataConstants.OPERATION,
                        ViamDataOperation.binary,
                        ViamDataConstants.BINARY_DATA_ID,
                        "of-an-upload"));

        assertThat(ids(exchange)).hasSize(2);
        assertThat(service.uploads()).isEmpty();
        assertThat(exchange.getMessage().getHeaders()).doesNotContainKey(ViamDataConstants.BINARY_DATA_ID);
    }

    @Test
    void eachItemOfAListCanBeGot() throws Exception {
        store(0, 3, 5);
        context.addRoutes(new RouteBuilder() {
            @Override
            public void configure() {
                from("direct:all")
                        .to(operation("query", "datasetId=" + DATASET))
                        .split(body())
                        .to(operation("get"))
                        .process(exchange -> received.add(received(exchange)));
            }
        });

        template.sendBody("direct:all", "");

        assertThat(receivedIds()).isEqualTo(itemIds(3));
        assertThat(received.get(2).bytes()).isEqualTo(payload(2, 5));
    }

    @Test
    void aFailureThatPassesIsTriedAgain() {
        store(0, 3, 5);
        AtomicInteger calls = new AtomicInteger();
        service.answeringQueries(call -> calls.incrementAndGet() < 3 ? Status.UNAVAILABLE : Status.OK);

        assertThat(ids(upload(operation("query", "datasetId=" + DATASET), null, Map.of())))
                .hasSize(3);
    }

    @Test
    void aTokenThatCannotBeHadAtOnceIsAskedForAgain() {
        store(0, 3, 5);
        AtomicInteger requests = new AtomicInteger();
        service.refusing(request -> Status.UNAVAILABLE);
        service.giving(request -> requests.incrementAndGet() < 3 ? null : "token");

        assertThat(ids(upload(operation("query", "datasetId=" + DATASET), null, Map.of())))
                .hasSize(3);
    }

    @Test
    void aFailureSaysWhatToDo() {
        service.answeringQueries(call -> Status.PERMISSION_DENIED.withDescription("not with secret-key"));
        assertThat(refused(
                        ViamDataAuthenticationException.class,
                        operation("query", "datasetId=" + DATASET),
                        null,
                        Map.of()))
                .hasMessageContaining("Listing what localhost:" + service.port() + " stores failed: PERMISSION_DENIED")
                .hasMessageNotContaining("secret-key");

        service.answeringQueries(call -> Status.UNAVAILABLE);
        assertThat(refused(
                        ViamDataUnavailableException.class,
                        operation("query", "datasetId=" + DATASET, "maxAttempts=2"),
                        null,
                        Map.of()))
                .hasMessageContaining("UNAVAILABLE");
    }
}
