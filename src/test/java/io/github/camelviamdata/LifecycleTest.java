// Copyright the camel-viamdata authors. SPDX-License-Identifier: Apache-2.0
package io.github.camelviamdata;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.github.camelviamdata.service.TestCall;
import io.github.camelviamdata.service.TestService;
import io.github.camelviamdata.support.ViamDataTestSupport;
import io.grpc.Status;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.camel.AsyncProducer;
import org.apache.camel.CamelContext;
import org.apache.camel.Endpoint;
import org.apache.camel.Exchange;
import org.apache.camel.ServiceStatus;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.camel.model.RouteDefinition;
import org.apache.camel.support.DefaultExchange;
import org.apache.camel.support.service.ServiceHelper;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Uploads do not block, end once each, and work again after a stop of anything that can be stopped. */
@Timeout(60)
class LifecycleTest extends ViamDataTestSupport {

    private static final byte[] BODY = {1};

    private final AtomicInteger failures = new AtomicInteger();

    private void addRoute() throws Exception {
        context.addRoutes(new RouteBuilder() {
            @Override
            public void configure() {
                from("direct:in").routeId("route").to(uri(CAMERA)).to("mock:out");
            }
        });
    }

    private void uploads() {
        Exchange exchange =
                template.send("direct:in", message -> message.getMessage().setBody(BODY));
        assertThat(exchange.getException()).isNull();
        assertThat(exchange.getMessage().getHeader(ViamDataConstants.FILE_ID, String.class))
                .startsWith(TestService.BINARY_DATA_ID);
    }

    /** Camel starts what stands in these before it starts components, in routes that are there before it starts. */
    @ParameterizedTest
    @ValueSource(strings = {"split", "multicast", "recipientList"})
    void startsInsideOfABlockThatCamelStartsEarly(String block) throws Exception {
        try (CamelContext early = new DefaultCamelContext()) {
            early.addRoutes(new RouteBuilder() {
                @Override
                public void configure() {
                    RouteDefinition route = from("direct:in");
                    switch (block) {
                        case "split" -> route.split(body()).to(uri(CAMERA));
                        case "multicast" -> route.multicast().to(uri(CAMERA), uri(CAMERA, "tags=second"));
                        default -> route.recipientList(constant(uri(CAMERA)));
                    }
                }
            });
            early.start();

            Exchange exchange = early.createProducerTemplate()
                    .send(
                            "direct:in",
                            message -> message.getMessage().setBody(block.equals("split") ? List.of("a", "b") : "a"));

            assertThat(exchange.getException()).isNull();
            assertThat(service.uploads()).hasSize(block.equals("recipientList") ? 1 : 2);
        }
    }

    @Test
    void processReturnsBeforeTheAnswer() throws Exception {
        CountDownLatch answer = new CountDownLatch(1);
        service.answering(call -> {
            await().until(() -> answer.getCount() == 0);
            return Status.OK;
        });
        Endpoint endpoint = context.getEndpoint(uri(CAMERA));
        AsyncProducer producer = endpoint.createAsyncProducer();
        ServiceHelper.startService(endpoint, producer);
        AtomicInteger ends = new AtomicInteger();
        Exchange exchange = new DefaultExchange(context);
        exchange.getMessage().setBody(BODY);

        boolean synchronously = producer.process(exchange, doneSync -> {
            assertThat(doneSync).isFalse();
            ends.incrementAndGet();
        });

        assertThat(synchronously).isFalse();
        assertThat(ends).hasValue(0);
        answer.countDown();
        await().untilAtomic(ends, org.hamcrest.Matchers.is(1));
        await().during(Duration.ofMillis(200)).untilAtomic(ends, org.hamcrest.Matchers.is(1));
        assertThat(exchange.getMessage().getHeader(ViamDataConstants.FILE_ID)).isNotNull();
        ServiceHelper.stopService(producer);
    }

    @Test
    void theRouteNeverGoesOnInAnEventLoop() throws Exception {
        List<String> threads = new ArrayList<>();
        context.addRoutes(new RouteBuilder() {
            @Override
            public void configure() {
                from("direct:threads")
                        .to(uri(CAMERA, "uploadMode=streaming", "maxAttempts=1"))
                        .process(exchange -> threads.add(Thread.currentThread().getName()))
                        .to(uri(CAMERA))
                        .process(exchange -> threads.add(Thread.currentThread().getName()));
            }
        });
        template.sendBody("direct:threads", BODY);

        assertThat(threads).hasSize(2);
        assertThat(threads.get(0)).endsWith("ViamDataWorker");
        // The workers may all wait for such uploads.
        assertThat(threads.get(1)).endsWith("ViamDataCall");
    }

    @Test
    void slowStepsAfterAnUploadDoNotHoldUpOthers() throws Exception {
        CountDownLatch slow = new CountDownLatch(1);
        context.addRoutes(new RouteBuilder() {
            @Override
            public void configure() {
                from("seda:slow?concurrentConsumers=5")
                        .to(uri(CAMERA, "maxInFlight=1"))
                        .process(exchange -> slow.await());
            }
        });
        for (int i = 0; i < 5; i++) {
            template.sendBody("seda:slow", BODY);
        }
        await().until(() -> service.uploads().size() == 5);

        upload(uri(CAMERA, "maxInFlight=1", "tags=other"), BODY, Map.of());
        slow.countDown();
    }

    @Test
    void uploadsAfterTheRouteWasRestarted() throws Exception {
        addRoute();
        uploads();
        context.getRouteController().stopRoute("route");
        context.getRouteController().startRoute("route");
        uploads();
        context.getRouteController().suspendRoute("route");
        context.getRouteController().resumeRoute("route");
        uploads();
    }

    @Test
    void uploadsAfterTheEndpointWasRestarted() throws Exception {
        addRoute();
        uploads();
        Endpoint endpoint = context.getEndpoint(uri(CAMERA));
        endpoint.stop();
        endpoint.start();
        uploads();
    }

    @Test
    void uploadsAfterTheContextWasRestarted() throws Exception {
        addRoute();
        uploads();
        context.stop();
        context.start();
        // The old template keeps endpoints from before the stop.
        template = context.createProducerTemplate();
        uploads();
        context.suspend();
        context.resume();
        uploads();
        assertThat(service.uploads().stream().map(TestCall::connection).distinct())
                .hasSize(2);
    }

    private ViamDataComponent component() {
        return context.getComponent("viamdata", ViamDataComponent.class);
    }

    /** An upload may count as in flight for a moment after its exchange has ended. */
    private void closeIdle() {
        await().until(() -> component().clients().stream().allMatch(client -> client.getInFlight() == 0));
        component().sharedClients().closeIdle();
    }

    @Test
    void whatRemovedRoutesUsedIsGivenUp() throws Exception {
        MeterRegistry registry = new SimpleMeterRegistry();
        context.getRegistry().bind("metricsRegistry", registry);
        for (int i = 0; i < 3; i++) {
            String token = "accessToken=token" + i;
            context.addRoutes(new RouteBuilder() {
                @Override
                public void configure() {
                    from("direct:in").routeId("route").to(uri(CAMERA, token));
                }
            });
            uploads();
            context.getRouteController().stopRoute("route");
            context.removeRoute("route");
        }
        assertThat(component().clients()).hasSize(3);
        assertThat(registry.getMeters()).isNotEmpty();

        closeIdle();
        assertThat(service.connections()).isEqualTo(3);
        closeIdle();

        await().until(() -> service.connections() == 0);
        assertThat(component().clients()).isEmpty();
        assertThat(registry.getMeters()).isEmpty();

        addRoute();
        uploads();
        assertThat(registry.get("viamdata.uploads")
                        .tag("outcome", "stored")
                        .tag("operation", "binary")
                        .timer()
                        .count())
                .isOne();
    }

    @Test
    void whatAnotherRouteStillUsesIsKept() throws Exception {
        addRoute();
        context.addRoutes(new RouteBuilder() {
            @Override
            public void configure() {
                from("direct:other").routeId("other").to(uri(CAMERA, "tags=other"));
            }
        });
        uploads();
        template.sendBody("direct:other", BODY);
        context.getRouteController().stopRoute("other");
        context.removeRoute("other");

        closeIdle();
        closeIdle();
        uploads();

        assertThat(service.uploads().stream().map(TestCall::connection).distinct())
                .hasSize(1);
    }

    @Test
    void whatARouteUsesAgainInTimeIsKept() throws Exception {
        addRoute();
        uploads();
        for (int i = 0; i < 3; i++) {
            restartAfterOneLook();
        }
        uploads();

        closeIdle();
        closeIdle();
        uploads();
        assertThat(service.uploads().stream().map(TestCall::connection).distinct())
                .hasSize(1);
    }

    /** A second look that finds a client idle gives it up. */
    private void restartAfterOneLook() throws Exception {
        context.getRouteController().stopRoute("route");
        closeIdle();
        context.getRouteController().startRoute("route");
    }

    @Test
    void aDynamicEndpointThatIsNotCachedKeepsItsConnection() throws Exception {
        context.addRoutes(new RouteBuilder() {
            @Override
            public void configure() {
                from("direct:in").toD(uri(CAMERA), -1);
            }
        });
        for (int i = 0; i < 3; i++) {
            closeIdle();
            uploads();
        }

        assertThat(service.uploads().stream().map(TestCall::connection).distinct())
                .hasSize(1);
        closeIdle();
        closeIdle();
        await().until(() -> service.connections() == 0);
    }

    /** Camel stops the producer that it drops from its cache, whatever is in flight, and leaves the endpoint as it is. */
    @Test
    void whatDynamicEndpointsUsedIsGivenUpOnceTheirUploadsHaveEnded() throws Exception {
        CountDownLatch answer = new CountDownLatch(1);
        service.answering(call -> {
            await().until(() -> answer.getCount() == 0);
            return Status.OK;
        });
        context.addRoutes(new RouteBuilder() {
            @Override
            public void configure() {
                from("direct:in").toD(uri(CAMERA, "accessToken=${body}"), 1);
            }
        });
        List<CompletableFuture<Exchange>> uploads = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            String token = "token" + i;
            uploads.add(template.asyncSend(
                    "direct:in", exchange -> exchange.getMessage().setBody(token)));
            int begun = i + 1;
            await().until(() -> service.uploads().size() == begun);
        }
        component().sharedClients().closeIdle();
        component().sharedClients().closeIdle();
        assertThat(component().clients()).hasSize(3);
        answer.countDown();
        for (CompletableFuture<Exchange> upload : uploads) {
            assertThat(upload.get(10, TimeUnit.SECONDS).getException()).isNull();
        }

        await().until(() -> {
            component().sharedClients().closeIdle();
            return service.connections() == 1;
        });
        assertThat(component().clients()).hasSize(1);
    }

    @Test
    void startingNeedsNoService() throws Exception {
        String uri = uri(CAMERA, "apiKeyId=i", "apiKey=k");
        service.close();

        context.getEndpoint(uri).createProducer().start();

        assertThat(context.getStatus()).isEqualTo(ServiceStatus.Started);
    }

    @Test
    void uploadsWorkAgainWhenTheServiceIsBack() throws Exception {
        upload(uri(CAMERA), BODY, Map.of());
        int port = service.port();
        service.close();
        String uri = "viamdata:p?host=localhost&plaintext=true&port=" + port + "&" + CAMERA;
        refused(ViamDataUnavailableException.class, uri + "&maxAttempts=1", BODY, Map.of());

        CompletableFuture<Exchange> patient = template.asyncSend(
                uri + "&maxAttempts=100&retryDelay=50&maxRetryDelay=100",
                exchange -> exchange.getMessage().setBody(BODY));
        try (TestService again = TestService.plaintext(port)) {
            assertThat(patient.get(30, TimeUnit.SECONDS).getException()).isNull();
            assertThat(again.onlyUpload().payload()).isEqualTo(BODY);
        }
    }

    @Test
    void everyAttemptTriesToConnect() throws Exception {
        String uri = uri(CAMERA, "maxAttempts=10", "retryDelay=40", "maxRetryDelay=40");
        int port = service.port();
        service.close();
        AtomicInteger connections = new AtomicInteger();
        try (ServerSocket listener = new ServerSocket(port, 50, InetAddress.getLoopbackAddress())) {
            Thread hangUp = new Thread(() -> {
                while (true) {
                    try (Socket connection = listener.accept()) {
                        connections.incrementAndGet();
                    } catch (IOException e) {
                        return;
                    }
                }
            });
            hangUp.start();

            refused(ViamDataUnavailableException.class, uri, BODY, Map.of());
        }

        // Left to itself, gRPC would make one attempt in the first second, later one every two minutes.
        assertThat(connections.get()).isGreaterThanOrEqualTo(5);
    }

    @ParameterizedTest
    @ValueSource(strings = {"unary", "streaming"})
    void anUploadThatAStopCutsOffMayHaveBeenStored(String mode) throws Exception {
        service.answering(call -> null);
        CompletableFuture<Exchange> upload = template.asyncSend(
                uri(CAMERA, "uploadMode=" + mode, "shutdownTimeout=0"),
                exchange -> exchange.getMessage().setBody(BODY));
        await().until(() -> service.uploads().stream().anyMatch(TestCall::isHalfClosed));

        context.stop();

        assertThat(upload.get(10, TimeUnit.SECONDS).getException())
                .isInstanceOfSatisfying(ViamDataUnavailableException.class, exception -> {
                    assertThat(exception).hasMessageContaining("the client was closed");
                    assertThat(exception.getDelivery()).isEqualTo(ViamDataDelivery.unknown);
                });
    }

    @Test
    void aStopEndsUploadsThatWaitForTheirNextAttempt() throws Exception {
        service.answering(call -> Status.UNAVAILABLE);
        CompletableFuture<Exchange> upload = template.asyncSend(
                uri(CAMERA, "retryDelay=3600000", "maxRetryDelay=3600000", "shutdownTimeout=100"),
                exchange -> exchange.getMessage().setBody(BODY));
        await().until(() -> service.uploads().size() == 1);

        context.stop();

        assertThat(upload.get(10, TimeUnit.SECONDS).getException())
                .isInstanceOf(ViamDataUnavailableException.class)
                .hasMessageContaining("the client was closed");
    }

    @Test
    void nothingRunsOnceTheContextHasStopped() throws Exception {
        addRoute();
        uploads();

        context.stop();

        await().untilAsserted(() -> assertThat(Thread.getAllStackTraces().keySet().stream()
                        .map(Thread::getName)
                        .filter(name -> name.contains("ViamData")))
                .isEmpty());
        await().until(() -> service.connections() == 0);
    }

    @Test
    void uploadsInFlightEndWhenAShutdownIsForced() throws Exception {
        service.answering(call -> null);
        addRoute();
        CompletableFuture<Exchange> upload = template.asyncSend(
                "direct:in", exchange -> exchange.getMessage().setBody(BODY));
        await().until(() -> service.uploads().size() == 1);
        context.getShutdownStrategy().setTimeout(1);

        long start = System.nanoTime();
        context.stop();

        // Not the further 30 s of shutdownTimeout.
        assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(15));
        assertThat(upload.get(10, TimeUnit.SECONDS).getException()).isInstanceOf(ViamDataUnavailableException.class);
        await().until(() -> service.onlyUpload().isCancelled());
    }

    @Test
    void noFurtherAttemptIsMadeOnceAShutdownIsForced() throws Exception {
        service.answering(call -> Status.UNAVAILABLE);
        context.addRoutes(new RouteBuilder() {
            @Override
            public void configure() {
                from("direct:in")
                        .routeId("route")
                        .to(uri(CAMERA, "maxAttempts=100", "retryDelay=300", "maxRetryDelay=300"));
            }
        });
        CompletableFuture<Exchange> upload = template.asyncSend(
                "direct:in", exchange -> exchange.getMessage().setBody(BODY));
        await().until(() -> service.uploads().size() > 2);

        context.getRouteController().stopRoute("route", 100, TimeUnit.MILLISECONDS);

        assertThat(upload.get(10, TimeUnit.SECONDS).getException()).isInstanceOf(ViamDataUnavailableException.class);
        assertThat(service.uploads()).hasSizeLessThan(100);
    }

    @Test
    void anUploadThatWaitsForItsTokenWhenAStopIsForcedIsNotMade() throws Exception {
        CountDownLatch token = new CountDownLatch(1);
        service.giving(request -> {
            await().until(() -> token.getCount() == 0);
            return "token";
        });
        context.addRoutes(new RouteBuilder() {
            @Override
            public void configure() {
                from("direct:in").routeId("route").to(uri(CAMERA, "apiKeyId=i", "apiKey=k"));
            }
        });
        CompletableFuture<Exchange> stopped = template.asyncSend(
                "direct:in", exchange -> exchange.getMessage().setBody("stopped"));
        await().until(() -> service.authentications().size() == 1);

        context.getRouteController().stopRoute("route", 100, TimeUnit.MILLISECONDS);

        assertThat(stopped.get(10, TimeUnit.SECONDS).getException()).isInstanceOf(ViamDataUnavailableException.class);
        token.countDown();
        context.getRouteController().startRoute("route");
        template.sendBody("direct:in", BODY);
        await().during(Duration.ofMillis(300))
                .untilAsserted(() -> assertThat(service.onlyUpload().payload()).isEqualTo(BODY));
    }

    @Test
    void aServiceThatWasAwayForLongIsFoundAgainAtOnce() throws Exception {
        String uri = uri(CAMERA, "maxAttempts=10", "retryDelay=500", "maxRetryDelay=500");
        String hasty = uri(CAMERA, "maxAttempts=2", "retryDelay=1");
        int port = service.port();
        service.close();
        // Each failure to connect makes gRPC wait longer before it tries again by itself.
        await().atMost(Duration.ofSeconds(20)).untilAsserted(() -> {
            refused(ViamDataUnavailableException.class, hasty, BODY, Map.of());
            assertThat(failures.incrementAndGet()).isGreaterThan(20);
        });

        try (TestService again = TestService.plaintext(port)) {
            upload(uri, BODY, Map.of());
            assertThat(again.uploads()).hasSize(1);
        }
    }
}
