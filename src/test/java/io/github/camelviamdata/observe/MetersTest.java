// Copyright the camel-viamdata authors. SPDX-License-Identifier: Apache-2.0
package io.github.camelviamdata.observe;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.github.camelviamdata.client.ClientSettings;
import io.github.camelviamdata.client.Credential;
import io.github.camelviamdata.client.ViamDataClient;
import io.github.camelviamdata.support.ViamDataTestSupport;
import io.grpc.Status;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tag;
import io.micrometer.core.instrument.config.MeterFilter;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import org.apache.camel.Exchange;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The meters in a Micrometer registry. */
@Timeout(60)
class MetersTest extends ViamDataTestSupport {

    private static final byte[] BODY = {1, 2, 3};
    private static final String KEY = "apiKeyId=my-id&apiKey=my-key";

    private final MeterRegistry registry = new SimpleMeterRegistry();

    @BeforeEach
    void bindRegistry() {
        context.getRegistry().bind("metricsRegistry", registry);
    }

    private long uploads(String operation, String outcome) {
        return registry.get("viamdata.uploads")
                .tag("operation", operation)
                .tag("outcome", outcome)
                .tag("target", "localhost:" + service.port())
                .timer()
                .count();
    }

    private double counter(String name, String... tags) {
        return registry.get(name).tags(tags).counter().count();
    }

    private double inFlight() {
        return registry.get("viamdata.in.flight").gauge().value();
    }

    @Test
    void countUploadsByOperationAndOutcome() {
        String uri = uri(CAMERA, KEY, "maxAttempts=3&retryDelay=1");
        upload(uri, BODY, Map.of());
        upload(uri, BODY, Map.of());
        upload(uri(CAMERA, KEY, "operation=file"), BODY, Map.of());
        for (Status status : List.of(Status.UNAVAILABLE, Status.INVALID_ARGUMENT, Status.PERMISSION_DENIED)) {
            service.answering(call -> status);
            send(uri, BODY, Map.of());
        }

        assertThat(uploads("binary", "stored")).isEqualTo(2);
        assertThat(uploads("file", "stored")).isEqualTo(1);
        assertThat(uploads("binary", "unavailable")).isEqualTo(1);
        assertThat(uploads("binary", "rejected")).isEqualTo(1);
        assertThat(uploads("binary", "authentication")).isEqualTo(1);
        assertThat(uploads("file", "rejected")).isZero();
        assertThat(counter("viamdata.uploaded.bytes", "operation", "binary")).isEqualTo(6);
        assertThat(counter("viamdata.uploaded.bytes", "operation", "file")).isEqualTo(3);
        assertThat(counter("viamdata.retries")).isEqualTo(2);
        await().untilAsserted(() -> assertThat(counter("viamdata.token.fetches", "outcome", "fetched"))
                .isEqualTo(1));
        assertThat(counter("viamdata.token.fetches", "outcome", "refused")).isZero();
    }

    @Test
    void countRequestsOfWhichAMessageMayTakeSeveral() {
        String reading = "{\"text\":\"" + "x".repeat(600) + "\"}\n";
        upload(
                uri("operation=tabular&maxRequestSize=1024&componentType=s&componentName=n&methodName=Readings"),
                reading.repeat(3),
                Map.of());

        assertThat(uploads("tabular", "stored")).isEqualTo(3);
    }

    @Test
    void timeUploadsFromStartToEnd() {
        service.answering(call -> {
            CountDownLatch never = new CountDownLatch(1);
            try {
                never.await(300, TimeUnit.MILLISECONDS);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
            return Status.OK;
        });
        upload(uri(CAMERA), BODY, Map.of());

        assertThat(registry.get("viamdata.uploads")
                        .tag("outcome", "stored")
                        .tag("operation", "binary")
                        .timer()
                        .totalTime(TimeUnit.MILLISECONDS))
                .isBetween(300.0, 30_000.0);
    }

    @Test
    void countRefusedKeys() {
        service.giving(request -> null);
        send(uri(CAMERA, KEY), BODY, Map.of());

        // A listener is notified after the uploads that wait for the token.
        await().untilAsserted(() -> assertThat(counter("viamdata.token.fetches", "outcome", "refused"))
                .isEqualTo(1));
        assertThat(uploads("binary", "authentication")).isEqualTo(1);
    }

    @Test
    void showWhatIsInFlightToOneTargetForAllItsClients() throws Exception {
        CountDownLatch answer = new CountDownLatch(1);
        service.answering(call -> {
            await().until(() -> answer.getCount() == 0);
            return Status.OK;
        });
        List<CompletableFuture<Exchange>> uploads = new ArrayList<>();
        for (String credential : new String[] {KEY, "accessToken=other"}) {
            uploads.add(template.asyncSend(
                    uri(CAMERA, credential), exchange -> exchange.getMessage().setBody(BODY)));
        }

        await().until(() -> inFlight() == 2);
        assertThat(registry.get("viamdata.in.flight.max").gauge().value()).isEqualTo(128);
        answer.countDown();
        for (CompletableFuture<Exchange> upload : uploads) {
            assertThat(upload.get(10, TimeUnit.SECONDS).getException()).isNull();
        }
        await().until(() -> inFlight() == 0);
        assertThat(uploads("binary", "stored")).isEqualTo(2);
    }

    @Test
    void haveTagsOfFewValuesAndNoSecrets() {
        upload(uri(CAMERA, KEY), BODY, Map.of());

        assertThat(registry.getMeters())
                .isNotEmpty()
                .allSatisfy(meter -> assertThat(meter.getId().getDescription()).isNotBlank())
                .extracting(Meter::getId)
                .flatExtracting(Meter.Id::getTags)
                .extracting(Tag::getKey)
                .containsOnly("camelContext", "target", "operation", "outcome");
        assertThat(registry.getMeters().toString()).doesNotContain(PART);
        assertThat(registry.getMeters())
                .flatExtracting(meter -> meter.getId().getTags())
                .extracting(Tag::getValue)
                .noneMatch(Predicate.<String>isEqual(PART).or(value -> value.contains("my-")));
    }

    @Test
    void goWithTheComponentAndComeBackWithIt() throws Exception {
        upload(uri(CAMERA), BODY, Map.of());
        assertThat(registry.getMeters()).isNotEmpty();

        context.stop();
        assertThat(registry.getMeters()).isEmpty();

        context.start();
        context.getRegistry().bind("metricsRegistry", registry);
        template = context.createProducerTemplate();
        upload(uri(CAMERA), BODY, Map.of());
        assertThat(uploads("binary", "stored")).isEqualTo(1);
    }

    @Test
    void comeFromAClientOfOnesOwnToo() throws Exception {
        ScheduledExecutorService threads = Executors.newScheduledThreadPool(2);
        ClientSettings settings = new ClientSettings(
                "localhost",
                service.port(),
                true,
                null,
                new Credential.None(),
                1,
                8,
                Duration.ofSeconds(20),
                Duration.ofSeconds(10),
                Duration.ofSeconds(5));
        try (ViamDataClient client = new ViamDataClient(settings, null, threads, threads)) {
            context.getRegistry().bind("mine", client);
            upload("viamdata:p?client=#mine&" + CAMERA, BODY, Map.of());
            upload("viamdata:p?client=#mine&tags=other&" + CAMERA, BODY, Map.of());
            assertThat(uploads("binary", "stored")).isEqualTo(2);

            context.stop();
            assertThat(registry.getMeters()).isEmpty();
        } finally {
            threads.shutdown();
        }
    }

    @Test
    void doNotStandInTheWayOfUploads() {
        registry.config().meterFilter(new MeterFilter() {
            @Override
            public Meter.Id map(Meter.Id id) {
                throw new IllegalStateException("no more meters");
            }
        });
        upload(uri(CAMERA), BODY, Map.of());

        assertThat(service.onlyUpload().payload()).isEqualTo(BODY);
    }
}
