// Copyright the camel-viamdata authors. SPDX-License-Identifier: Apache-2.0
package io.github.camelviamdata.faults;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.github.camelviamdata.ViamDataConstants;
import io.github.camelviamdata.server.Received;
import io.github.camelviamdata.server.TestServer;
import io.github.camelviamdata.service.FileTree;
import io.github.camelviamdata.service.ViamSdk;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.apache.camel.Exchange;
import org.apache.camel.ProducerTemplate;
import org.apache.camel.impl.DefaultCamelContext;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestReporter;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.opentest4j.TestAbortedException;

/**
 * The gateway of {@code examples/offline}, the file itself in a process of its own, is killed again and again while the service
 * behind it is down, and its clients upload all four kinds: this component, and Viam's TypeScript SDK, which has no streams of
 * binary data. {@code -Dfaults.uploads=10000}, which is the default, makes it a run
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
    private static final long DISK_LIMIT = 3_000_000;

    @TempDir
    static Path sdkFolder;

    @TempDir
    Path directory;

    private final List<Received> received = new CopyOnWriteArrayList<>();
    private final AtomicInteger acknowledged = new AtomicInteger();
    private final DefaultCamelContext client = new DefaultCamelContext();
    private final ProducerTemplate template = client.createProducerTemplate();
    private Path log;
    private int viamPort;
    private int gatewayPort;
    private TestServer viam;
    private Child gateway;
    private Process sdk;
    private final Set<OfflineUpload> kinds = EnumSet.allOf(OfflineUpload.class);

    @BeforeEach
    void start() throws Exception {
        log = directory.resolve("gateway.log");
        viamPort = Ports.free();
        gatewayPort = Ports.free();
        startViam();
        client.start();
    }

    @AfterEach
    void stop() {
        client.stop();
        if (sdk != null) {
            sdk.destroyForcibly();
        }
        gateway.close();
        viam.close();
    }

    private void startViam() throws Exception {
        viam = new TestServer()
                .start(
                        "viamdata-server:localhost:" + viamPort,
                        route -> route.process(exchange -> received.add(Received.of(exchange))));
    }

    private void startGateway(long maxBytes) throws Exception {
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
                "outbox.max-bytes=" + maxBytes,
                "outbox.max-in-flight=" + IN_FLIGHT,
                "viam.part-id=part-of-the-gateway",
                "camel.component.viamdata.host=localhost",
                "camel.component.viamdata.port=" + viamPort,
                "camel.component.viamdata.plaintext=true");
    }

    /** Uploads a number of each kind that the SDK has. Without the SDK, the rest of the test goes on. */
    private void startSdk(int uploads, int attempts, TestReporter reporter) throws Exception {
        try {
            sdk = ViamSdk.in(sdkFolder)
                    .run(
                            directory.resolve("sdk.log"),
                            "deliver.mjs",
                            "http://localhost:" + gatewayPort,
                            "id",
                            "key",
                            OfflineUpload.PART,
                            String.valueOf(uploads),
                            String.valueOf(attempts));
        } catch (TestAbortedException e) {
            reporter.publishEntry("Without Viam's SDK", e.getMessage());
            kinds.removeAll(OfflineUpload.OF_SDK);
        }
    }

    /** The lines of what was stored, after the last upload. */
    private List<String> endOfSdk() throws Exception {
        if (sdk == null) {
            return List.of();
        }
        assertThat(sdk.waitFor(5, TimeUnit.MINUTES)).isTrue();
        return storedBySdk();
    }

    private List<String> storedBySdk() throws IOException {
        return Files.readAllLines(directory.resolve("sdk.log")).stream()
                .filter(line -> line.startsWith("stored "))
                .toList();
    }

    @Test
    void whatWasAcknowledgedArrives(TestReporter reporter) throws Exception {
        startGateway(1_000_000_000);
        // The SDK is there from the beginning, and would give up if it could not connect.
        awaitGateway();
        startSdk(UPLOADS, Integer.MAX_VALUE, reporter);
        List<CompletableFuture<Void>> clients = new ArrayList<>();
        for (OfflineUpload kind : OfflineUpload.OF_VIAMDATA) {
            clients.add(CompletableFuture.runAsync(() -> upload(kind)));
        }
        await().atMost(Duration.ofMinutes(2)).until(() -> received.size() > UPLOADS / 4);
        viam.close();
        Instant up = Instant.now().plus(OUTAGE);
        for (int i = 1; i <= KILLS; i++) {
            int moment = OfflineUpload.OF_VIAMDATA.size() * UPLOADS * i / (KILLS + 1);
            await().atMost(Duration.ofMinutes(5)).until(() -> acknowledged.get() >= moment);
            gateway.kill();
            startGateway(1_000_000_000);
        }
        await().atMost(Duration.ofMinutes(5)).until(() -> !Instant.now().isBefore(up));
        startViam();
        CompletableFuture.allOf(clients.toArray(CompletableFuture[]::new)).get();
        assertThat(endOfSdk()).hasSize((kinds.size() - OfflineUpload.OF_VIAMDATA.size()) * UPLOADS);

        awaitForwarded();
        for (OfflineUpload kind : kinds) {
            assertThat(arrived(kind))
                    .as("%s", kind)
                    .isEqualTo(IntStream.range(0, UPLOADS).boxed().toList());
        }
        // Those of the gateway at a kill or when the service went down, and those whose clients had no answer.
        assertThat(received.size() - kinds.size() * UPLOADS)
                .as("duplicates")
                .isBetween(0, (KILLS + 1) * (IN_FLIGHT + kinds.size()));
        assertThat(Files.size(log)).as("log").isLessThan(MAX_LOG);
    }

    /** Each client goes on until it is told that there is no room. */
    @Test
    void theDiskHasItsLimit(TestReporter reporter) throws Exception {
        viam.close();
        startGateway(DISK_LIMIT);
        awaitGateway();
        startSdk(1000, 1, reporter);
        Map<OfflineUpload, Integer> stored = new EnumMap<>(OfflineUpload.class);
        for (OfflineUpload kind : OfflineUpload.OF_VIAMDATA) {
            int number = 0;
            Exchange exchange = send(kind, number);
            while (exchange.getException() == null) {
                exchange = send(kind, ++number);
            }
            stored.put(kind, number);
            assertThat(exchange.getException()).hasMessageContaining("The outbox is full");
            assertThat(exchange.getMessage().getHeader(ViamDataConstants.DELIVERY))
                    .hasToString("refused");
            assertThat(size(directory.resolve("outbox"))).isLessThanOrEqualTo(DISK_LIMIT);
        }
        List<String> storedBySdk = endOfSdk();
        for (OfflineUpload kind : OfflineUpload.OF_SDK) {
            if (kinds.contains(kind)) {
                stored.put(kind, (int) storedBySdk.stream()
                        .filter(line -> line.startsWith("stored " + kind + " "))
                        .count());
                // 8 is RESOURCE_EXHAUSTED.
                assertThat(directory.resolve("sdk.log"))
                        .content()
                        .containsPattern("failed " + kind + " " + stored.get(kind) + " 8 .*The outbox is full");
            }
        }
        assertThat(size(directory.resolve("outbox"))).isBetween(DISK_LIMIT / 2, DISK_LIMIT);

        startViam();
        awaitForwarded();
        stored.forEach((kind, count) -> assertThat(arrived(kind))
                .as("%s", kind)
                .isEqualTo(IntStream.range(0, count).boxed().toList()));
        assertThat(send(OfflineUpload.FILE, 0).getException()).isNull();
    }

    private static long size(Path folder) throws IOException {
        long size = 0;
        for (Path file : FileTree.files(folder).values()) {
            size += file.toFile().length();
        }
        return size;
    }

    private void awaitGateway() {
        await().atMost(Duration.ofMinutes(1)).ignoreExceptions().until(() -> {
            try (Socket socket = new Socket(InetAddress.getByName("localhost"), gatewayPort)) {
                return socket.isConnected();
            }
        });
    }

    private void awaitForwarded() {
        await().atMost(Duration.ofMinutes(5))
                .untilAsserted(() -> assertThat(
                                FileTree.files(directory.resolve("outbox")).keySet())
                        .containsExactly(".lock"));
    }

    /** As a client does that has to deliver: again, until there is an answer. */
    private void upload(OfflineUpload kind) {
        for (int number = 0; number < UPLOADS; number++) {
            int current = number;
            await().atMost(Duration.ofMinutes(2))
                    .pollInterval(Duration.ofMillis(100))
                    .until(() -> send(kind, current).getException() == null);
            acknowledged.incrementAndGet();
        }
    }

    private Exchange send(OfflineUpload kind, int number) {
        String uri = "viamdata:part?host=localhost&plaintext=true&apiKeyId=id&apiKey=key&maxAttempts=1&port="
                + gatewayPort + kind.options();
        return template.send(uri, sent -> {
            sent.getMessage().setBody(kind.body(number));
            sent.getMessage().setHeaders(new HashMap<>(kind.headers(number)));
        });
    }

    /** The numbers of what arrived, each once, in the order of their first arrival. All else of them is as it was sent. */
    private List<Integer> arrived(OfflineUpload kind) {
        Set<Integer> order = new LinkedHashSet<>();
        for (Received upload : received) {
            if (upload.headers().get(ViamDataConstants.COMPONENT_NAME).equals(kind.name())) {
                int number = OfflineUpload.number(upload.headers());
                assertThat(upload.headers()).isEqualTo(kind.headers(number));
                assertThat(upload.body()).isEqualTo(kind.body(number));
                order.add(number);
            }
        }
        return List.copyOf(order);
    }
}
