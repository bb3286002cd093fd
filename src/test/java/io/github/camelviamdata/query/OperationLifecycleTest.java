// Copyright the camel-viamdata authors. SPDX-License-Identifier: Apache-2.0
package io.github.camelviamdata.query;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.github.camelviamdata.ViamDataComponent;
import io.github.camelviamdata.ViamDataConstants;
import io.github.camelviamdata.ViamDataDelivery;
import io.github.camelviamdata.ViamDataUnavailableException;
import io.github.camelviamdata.support.Shows;
import io.grpc.Status;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.camel.Exchange;
import org.apache.camel.builder.RouteBuilder;
import org.junit.jupiter.api.Test;

/** Operations use the threads and the permits of uploads, and end as they do. */
class OperationLifecycleTest extends OperationTestSupport {

    private static final String TAG = "tags=seen";

    private void route(String from, String to, AtomicReference<Thread> thread) throws Exception {
        context.addRoutes(new RouteBuilder() {
            @Override
            public void configure() {
                from(from).routeId("tagging").to(to).process(exchange -> thread.set(Thread.currentThread()));
            }
        });
    }

    private CompletableFuture<Exchange> begin(String uri) {
        return template.asyncSend(uri, exchange -> exchange.getMessage().setBody(itemId(0)));
    }

    @Test
    void theRouteContinuesOnAWorker() throws Exception {
        AtomicReference<Thread> thread = new AtomicReference<>();
        route("direct:tag", operation("addTags", TAG), thread);

        upload("direct:tag", itemId(0), Map.of());

        assertThat(thread.get().getName()).contains("ViamDataWorker");
    }

    @Test
    @Shows("synchronous")
    void theCallerContinues() throws Exception {
        AtomicReference<Thread> thread = new AtomicReference<>();
        route("direct:tag", operation("addTags", TAG, "synchronous=true"), thread);

        upload("direct:tag", itemId(0), Map.of());

        assertThat(thread.get()).isSameAs(Thread.currentThread());
    }

    @Test
    @Shows({"maxInFlight", "maxInFlightWait"})
    void anOperationHoldsAPermit() {
        service.answeringQueries(call -> null);
        String uri = operation("addTags", TAG, "maxInFlight=1", "maxInFlightWait=100", "requestTimeout=60s");
        CompletableFuture<Exchange> first = begin(uri);
        await().until(() -> service.queries().size() == 1);

        assertThat(refused(ViamDataUnavailableException.class, uri, itemId(1), Map.of()))
                .hasMessageContaining("maxInFlight");
        assertThat(first).isNotDone();
        assertThat(service.queries()).hasSize(1);
    }

    @Test
    void permitsAreReleased() {
        store(0, 1, 5);
        String uri = operation("addTags", TAG, "maxInFlight=1", "maxInFlightWait=30s", "maxAttempts=1");
        for (int i = 0; i < 5; i++) {
            upload(uri, itemId(0), Map.of());
            service.answeringQueries(call -> Status.UNAVAILABLE);
            refused(ViamDataUnavailableException.class, uri, itemId(0), Map.of());
            service.answeringQueries(call -> Status.OK);
        }
        assertThat(stored.tags()).containsExactly("seen");
    }

    @Test
    void aPoolThatTakesNothingDoesNotKeepTheEnd() throws Exception {
        store(0, 1, 5);
        ExecutorService shutDown = Executors.newSingleThreadExecutor();
        shutDown.shutdown();
        context.getComponent("viamdata", ViamDataComponent.class).setWorkerPool(shutDown);

        for (int i = 0; i < 3; i++) {
            upload(operation("addTags", TAG, "maxInFlight=1", "maxInFlightWait=10s"), itemId(0), Map.of());
        }

        assertThat(queryNames()).hasSize(3);
    }

    /** The only worker waits for the operation: another thread ends it. */
    @Test
    void aRouteThatWaitsForAnOperationDoesNotHang() throws Exception {
        store(0, 1, 5);
        ExecutorService one = Executors.newSingleThreadExecutor();
        try {
            context.getComponent("viamdata", ViamDataComponent.class).setWorkerPool(one);
            String tag = operation("addTags", TAG, "maxInFlight=1", "maxInFlightWait=10s");
            context.addRoutes(new RouteBuilder() {
                @Override
                public void configure() {
                    from("direct:nested")
                            .to(tag)
                            .process(exchange -> upload(tag, itemId(0), Map.of()))
                            .to(tag);
                }
            });

            CompletableFuture<Exchange> nested = begin("direct:nested");

            assertThat(nested.get(30, TimeUnit.SECONDS).getException()).isNull();
            assertThat(queryNames()).hasSize(3);
        } finally {
            one.shutdownNow();
        }
    }

    @Test
    void aStopThatIsForcedEndsWhatIsInFlight() throws Exception {
        service.answeringQueries(call -> null);
        context.getShutdownStrategy().setTimeout(1);
        route("direct:tag", operation("addTags", TAG, "requestTimeout=60s"), new AtomicReference<>());
        CompletableFuture<Exchange> tagging = begin("direct:tag");
        await().until(() -> service.queries().size() == 1);

        context.getRouteController().stopRoute("tagging", 100, TimeUnit.MILLISECONDS);

        Exception failure = tagging.get(30, TimeUnit.SECONDS).getException();
        assertThat(failure)
                .isInstanceOf(ViamDataUnavailableException.class)
                .hasMessageContaining("may have done all the same, failed: CANCELLED: the route was stopped");
        assertThat(((ViamDataUnavailableException) failure).getDelivery()).isEqualTo(ViamDataDelivery.unknown);
    }

    /** The service may be slow: no further batch begins after the end. */
    @Test
    void aStopThatIsForcedBeginsNoFurtherBatch() throws Exception {
        store(0, 1000, 1);
        CompletableFuture<Void> answered = new CompletableFuture<>();
        service.answeringQueries(call -> {
            answered.join();
            return Status.OK;
        });
        route("direct:tag", operation("addTags", TAG), new AtomicReference<>());
        CompletableFuture<Exchange> tagging = template.asyncSend(
                "direct:tag", exchange -> exchange.getMessage().setBody(itemIds(1000)));
        await().until(() -> service.queries().size() == 1);
        context.getRouteController().stopRoute("tagging", 100, TimeUnit.MILLISECONDS);
        tagging.get(30, TimeUnit.SECONDS);

        answered.complete(null);
        upload(operation("addTags", TAG), itemId(0), Map.of());

        await().until(() -> stored.tags().size() == 100);
        assertThat(service.queries()).hasSize(2);
    }

    @Test
    void aRouteIsStoppedAndStartedAgain() throws Exception {
        store(0, 1, 5);
        route("direct:tag", operation("addTags", TAG), new AtomicReference<>());
        upload("direct:tag", itemId(0), Map.of());

        context.getRouteController().stopRoute("tagging");
        context.getRouteController().startRoute("tagging");
        Exchange exchange = upload("direct:tag", itemId(0), Map.of());

        assertThat(exchange.getMessage().getHeader(ViamDataConstants.CHANGED_COUNT))
                .isEqualTo(1);
    }

    @Test
    void noTextHoldsACredential() {
        service.answeringQueries(call -> Status.NOT_FOUND.withDescription(
                "key secret-key, token " + call.header("authorization").replace("Bearer ", "")));

        Exchange exchange = send(operation("addTags", TAG), itemId(0), Map.of());

        assertThat(exchange.getException())
                .hasMessageContaining("key xxxxxx, token xxxxxx")
                .hasRootCauseMessage("NOT_FOUND: key xxxxxx, token xxxxxx");
    }
}
