// Copyright the camel-viamdata authors. SPDX-License-Identifier: Apache-2.0
package io.github.camelviamdata.faults;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.github.camelviamdata.ViamDataConstants;
import io.github.camelviamdata.ViamDataOperation;
import io.github.camelviamdata.server.Received;
import io.github.camelviamdata.server.TestServer;
import io.github.camelviamdata.service.FileTree;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.camel.Exchange;
import org.apache.camel.ProducerTemplate;
import org.apache.camel.impl.DefaultCamelContext;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * The gateway of {@code examples/offline}, the file itself in a process of its own, is killed again and again while the service
 * behind it is down, and its clients upload all four kinds. {@code -Dfaults.uploads=10000}, which is the default, makes it a run
 * of minutes.
 */
@Tag("faults")
@Timeout(900)
class OfflineGatewayIT {

    private static final int UPLOADS = FaultSuiteIT.WHOLE ? 500 : 60;
    private static final int KILLS = FaultSuiteIT.WHOLE ? 5 : 2;
    private static final Duration OUTAGE = Duration.ofSeconds(FaultSuiteIT.WHOLE ? 60 : 10);
    private static final int IN_FLIGHT = 16;
    private static final int MAX_LOG = 1_000_000;

    /** A client that uploads one after another, of one component. */
    private enum Kind {
        UNARY(ViamDataOperation.binary, "&uploadMode=unary"),
        STREAM(ViamDataOperation.binary, "&uploadMode=streaming"),
        READINGS(ViamDataOperation.tabular, ""),
        FILE(ViamDataOperation.file, "");

        private final ViamDataOperation operation;
        private final String options;

        Kind(ViamDataOperation operation, String options) {
            this.operation = operation;
            this.options = options;
        }

        /** Some are large enough for a file of their own in the outbox. */
        Object body(int number) {
            if (this == READINGS) {
                return List.of(Map.of("number", (double) number), Map.of("nested", List.of("x", true)));
            }
            byte[] body = new byte[number % 5 == 0 ? 100_000 : 2_000];
            new Random(31L * ordinal() + number).nextBytes(body);
            return body;
        }

        /** What is sent is what has to arrive. */
        Map<String, Object> headers(int number) {
            Map<String, Object> headers = new TreeMap<>();
            headers.put(ViamDataConstants.VERBATIM, true);
            headers.put(ViamDataConstants.OPERATION, operation);
            headers.put(ViamDataConstants.PART_ID, "part-of-the-client");
            headers.put(ViamDataConstants.COMPONENT_TYPE, "rdk:component:camera");
            headers.put(ViamDataConstants.COMPONENT_NAME, name());
            headers.put(ViamDataConstants.METHOD_NAME, "GetImages");
            headers.put(ViamDataConstants.TAGS, List.of("b", "a", "b"));
            headers.put(ViamDataConstants.DATASET_IDS, List.of("set"));
            headers.put(ViamDataConstants.METHOD_PARAMETERS, Map.of("number", (double) number));
            if (this == READINGS) {
                headers.put(ViamDataConstants.WRAP_READINGS, false);
            } else {
                headers.put(ViamDataConstants.FILE_NAME, "../" + number + ".jpg");
                headers.put(ViamDataConstants.MIME_TYPE, "no type");
            }
            if (this == FILE) {
                headers.put(ViamDataConstants.FILE_CREATE_TIME, Instant.ofEpochSecond(number, 1));
                headers.put(ViamDataConstants.FILE_MODIFY_TIME, Instant.ofEpochSecond(number, 2));
            } else {
                headers.put(ViamDataConstants.TIME_REQUESTED, Instant.ofEpochSecond(number, 1));
                headers.put(ViamDataConstants.TIME_RECEIVED, Instant.ofEpochSecond(number, 2));
            }
            return headers;
        }
    }

    @TempDir
    Path directory;

    private final List<Received> received = new CopyOnWriteArrayList<>();
    private final AtomicInteger acknowledged = new AtomicInteger();
    private final DefaultCamelContext client = new DefaultCamelContext();
    private Path log;
    private int viamPort;
    private int gatewayPort;
    private TestServer viam;
    private Child gateway;

    @BeforeEach
    void start() throws Exception {
        log = directory.resolve("gateway.log");
        viamPort = Ports.free();
        gatewayPort = Ports.free();
        startViam();
        startGateway();
        client.start();
    }

    @AfterEach
    void stop() {
        client.stop();
        gateway.close();
        viam.close();
    }

    private void startViam() throws Exception {
        viam = new TestServer()
                .start(
                        "viamdata-server:localhost:" + viamPort,
                        route -> route.process(exchange -> received.add(Received.of(exchange))));
    }

    private void startGateway() throws Exception {
        gateway = new Child(
                log,
                RouteProgram.class,
                List.of("-Xmx256m", "-XX:TieredStopAtLevel=1", "-Djava.io.tmpdir=" + directory),
                "examples/offline/gateway.camel.yaml",
                "gateway.host=localhost",
                "gateway.port=" + gatewayPort,
                "gateway.api-key-id=id",
                "gateway.api-key=key",
                "outbox=" + directory.resolve("outbox"),
                "outbox.max-bytes=1000000000",
                "outbox.max-in-flight=" + IN_FLIGHT,
                "viam.part-id=part-of-the-gateway",
                "camel.component.viamdata.host=localhost",
                "camel.component.viamdata.port=" + viamPort,
                "camel.component.viamdata.plaintext=true");
    }

    @Test
    void whatWasAcknowledgedArrives() throws Exception {
        List<CompletableFuture<Void>> clients = new ArrayList<>();
        for (Kind kind : Kind.values()) {
            clients.add(CompletableFuture.runAsync(() -> upload(kind)));
        }
        await().atMost(Duration.ofMinutes(2)).until(() -> received.size() > UPLOADS / 4);
        viam.close();
        Instant up = Instant.now().plus(OUTAGE);
        for (int i = 1; i <= KILLS; i++) {
            int moment = 4 * UPLOADS * i / (KILLS + 1);
            await().atMost(Duration.ofMinutes(5)).until(() -> acknowledged.get() >= moment);
            gateway.kill();
            startGateway();
        }
        await().atMost(Duration.ofMinutes(5)).until(() -> !Instant.now().isBefore(up));
        startViam();
        CompletableFuture.allOf(clients.toArray(CompletableFuture[]::new)).get();

        await().atMost(Duration.ofMinutes(5))
                .untilAsserted(() -> assertThat(
                                FileTree.files(directory.resolve("outbox")).keySet())
                        .containsExactly(".lock"));
        for (Kind kind : Kind.values()) {
            assertArrived(kind);
        }
        // Those of the gateway at a kill or when the service went down, and those whose clients had no answer.
        assertThat(received.size() - 4 * UPLOADS)
                .as("duplicates")
                .isBetween(0, (KILLS + 1) * (IN_FLIGHT + Kind.values().length));
        assertThat(Files.size(log)).as("log").isLessThan(MAX_LOG);
    }

    /** As a client does that has to deliver: again, until there is an answer. */
    private void upload(Kind kind) {
        String uri = "viamdata:part?host=localhost&plaintext=true&apiKeyId=id&apiKey=key&maxAttempts=1&port="
                + gatewayPort + kind.options;
        try (ProducerTemplate template = client.createProducerTemplate()) {
            for (int number = 0; number < UPLOADS; number++) {
                int current = number;
                await().atMost(Duration.ofMinutes(2))
                        .pollInterval(Duration.ofMillis(100))
                        .until(() -> isStored(template, uri, kind, current));
                acknowledged.incrementAndGet();
            }
        } catch (java.io.IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    private static boolean isStored(ProducerTemplate template, String uri, Kind kind, int number) {
        Exchange exchange = template.send(uri, sent -> {
            sent.getMessage().setBody(kind.body(number));
            sent.getMessage().setHeaders(new HashMap<>(kind.headers(number)));
        });
        return exchange.getException() == null;
    }

    private void assertArrived(Kind kind) {
        List<Integer> order = new ArrayList<>();
        for (Received upload : received) {
            if (upload.headers().get(ViamDataConstants.COMPONENT_NAME).equals(kind.name())) {
                Map<?, ?> parameters = (Map<?, ?>) upload.headers().get(ViamDataConstants.METHOD_PARAMETERS);
                int number = ((Double) parameters.get("number")).intValue();
                assertThat(upload.headers()).isEqualTo(kind.headers(number));
                assertThat(upload.body()).isEqualTo(kind.body(number));
                if (!order.contains(number)) {
                    order.add(number);
                }
            }
        }
        assertThat(order).as(kind.name()).hasSize(UPLOADS).isSorted();
    }
}
