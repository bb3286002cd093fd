// Copyright the camel-viamdata authors. SPDX-License-Identifier: Apache-2.0
package io.github.camelviamdata.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import io.github.camelviamdata.ViamDataComponent;
import io.github.camelviamdata.support.CaptureFile;
import io.github.camelviamdata.support.ViamDataTestSupport;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.ThreadPoolExecutor.AbortPolicy;
import java.util.concurrent.ThreadPoolExecutor.CallerRunsPolicy;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.apache.camel.Exchange;
import org.apache.camel.builder.RouteBuilder;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What follows an upload in its route takes its time, and the pool for it has no thread left. */
class WorkerPoolTest extends ViamDataTestSupport {

    private static final int IN_FLIGHT = 4;

    private final CountDownLatch slowStep = new CountDownLatch(1);
    private final Set<String> threads = ConcurrentHashMap.newKeySet();
    private ExecutorService pool;

    static List<ExecutorService> pools() {
        return List.of(
                new ThreadPoolExecutor(1, 1, 1, TimeUnit.MINUTES, new SynchronousQueue<>(), new AbortPolicy()),
                new ThreadPoolExecutor(1, 1, 1, TimeUnit.MINUTES, new SynchronousQueue<>(), new CallerRunsPolicy()));
    }

    @AfterEach
    void shutDown() {
        slowStep.countDown();
        pool.shutdown();
    }

    @ParameterizedTest
    @MethodSource("pools")
    void doesNotHoldUpTheConnectionButTheSource(ExecutorService pool) throws Exception {
        this.pool = pool;
        context.getComponent("viamdata", ViamDataComponent.class).setWorkerPool(pool);
        context.addRoutes(new RouteBuilder() {
            @Override
            public void configure() {
                from("seda:in?concurrentConsumers=20&pollTimeout=50")
                        .to(uri(CAMERA, "maxInFlight=" + IN_FLIGHT))
                        .process(exchange -> {
                            threads.add(Thread.currentThread().getName());
                            slowStep.await();
                        });
            }
        });
        // One of them in the pool, which counts no longer as in flight.
        int most = IN_FLIGHT + 1;

        Stream.generate(() -> "a picture").limit(10).forEach(body -> template.sendBody("seda:in", body));

        await().until(() -> threads.size() == most);
        await().during(Duration.ofMillis(200)).until(() -> service.uploads().size() == most);
        assertThat(threads).noneMatch(name -> name.contains("worker-ELG"));

        slowStep.countDown();
        await().until(() -> service.uploads().size() == 10);
    }

    static Stream<Arguments> furtherUploads() {
        return Stream.of(
                // It ends at once, on the thread that has begun it.
                arguments(pool(1, new LinkedBlockingQueue<>()), "operation=capture"),
                // All threads wait, and what they wait for stands in their queue.
                arguments(pool(2, new LinkedBlockingQueue<>()), CAMERA + "&synchronous=true"),
                // The route goes on where it counts as an upload in flight.
                arguments(pool(1, new SynchronousQueue<>()), CAMERA),
                arguments(pool(1, new SynchronousQueue<>()), CAMERA + "&synchronous=true"));
    }

    private static ExecutorService pool(int threads, BlockingQueue<Runnable> queue) {
        return new ThreadPoolExecutor(threads, threads, 1, TimeUnit.MINUTES, queue, new AbortPolicy());
    }

    @ParameterizedTest
    @MethodSource("furtherUploads")
    void aSecondUploadOfARouteNeverWaitsForTheFirst(ExecutorService pool, String second) throws Exception {
        this.pool = pool;
        context.getComponent("viamdata", ViamDataComponent.class).setWorkerPool(pool);
        context.addRoutes(new RouteBuilder() {
            @Override
            public void configure() {
                from("direct:in")
                        .to(uri(CAMERA, "maxInFlight=" + IN_FLIGHT))
                        .setBody(exchange -> CaptureFile.ofPictures().bytes())
                        .to(uri(second, "maxInFlight=" + IN_FLIGHT));
            }
        });

        List<CompletableFuture<Exchange>> all = Stream.generate(() -> template.asyncSend(
                        "direct:in", exchange -> exchange.getMessage().setBody("a picture")))
                .limit(40)
                .toList();

        for (CompletableFuture<Exchange> one : all) {
            assertThat(one.get(20, TimeUnit.SECONDS).getException()).isNull();
        }
        assertThat(service.uploads()).hasSize(second.startsWith(CAMERA) ? 80 : 40);
    }
}
