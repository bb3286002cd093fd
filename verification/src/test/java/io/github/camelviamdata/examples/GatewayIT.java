// Copyright the camel-viamdata authors. SPDX-License-Identifier: Apache-2.0
package io.github.camelviamdata.examples;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.github.camelviamdata.ViamDataConstants;
import io.github.camelviamdata.faults.Ports;
import io.github.camelviamdata.server.Received;
import io.github.camelviamdata.server.TestServer;
import io.github.camelviamdata.service.ViamSdk;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.apache.camel.CamelContext;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.camel.main.Main;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestReporter;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Two servers with the same keys behind a balancer, with the settings of examples/gateway, while one after the other is
 * restarted. Clients are this component and Viam's TypeScript SDK.
 */
@Tag("examples")
@Timeout(300)
class GatewayIT {

    private static final int UPLOADS = 200;
    private static final Path EXAMPLE = Path.of("examples/gateway");

    @TempDir
    static Path sdkFolder;

    @TempDir
    Path directory;

    private final Replica one = new Replica();
    private final Replica two = new Replica();
    private final List<Process> processes = new ArrayList<>();
    private String balancer;

    enum Balancer {
        HAPROXY_TCP("haproxy", "haproxy-tcp.cfg"),
        HAPROXY_HTTP2("haproxy", "haproxy-http2.cfg"),
        NGINX("nginx", "nginx.conf");

        private final String program;
        private final String settings;

        Balancer(String program, String settings) {
            this.program = program;
            this.settings = settings;
        }
    }

    /** A gateway that can be restarted as a process is: with a new context. */
    private static final class Replica {

        private int port;
        private final List<Received> received = new ArrayList<>();
        private TestServer server;
        private long broken;

        synchronized void start() throws Exception {
            port = port == 0 ? Ports.free() : port;
            server = new TestServer();
            server.context.getShutdownStrategy().setTimeout(20);
            server.start(
                    "viamdata-server:localhost:" + port + "?apiKey=id=key,other=one&allowedParts=id=part",
                    route -> route.process(exchange -> {
                        Received upload = Received.of(exchange);
                        synchronized (received) {
                            received.add(upload);
                        }
                    }));
        }

        synchronized void stop() {
            broken += server.connections();
            server.close();
        }

        /** Number of connections that were open when it stopped. Checks of a balancer are not among them but by chance. */
        synchronized long broken() {
            return broken;
        }

        List<Received> received() {
            synchronized (received) {
                return List.copyOf(received);
            }
        }
    }

    @BeforeEach
    void startReplicas() throws Exception {
        one.start();
        two.start();
        balancer = "127.0.0.1:" + Ports.free();
    }

    @AfterEach
    void stop() {
        processes.forEach(Process::destroyForcibly);
        one.stop();
        two.stop();
    }

    private Process start(Path log, Map<String, String> environment, String... command) throws IOException {
        ProcessBuilder builder =
                new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(log.toFile());
        builder.environment().putAll(environment);
        Process process = builder.start();
        processes.add(process);
        return process;
    }

    private void start(Balancer kind) throws Exception {
        assumeTrue(ViamSdk.isOnThePath(kind.program), "Skipped: " + kind.program + " is not on the PATH");
        Map<String, String> addresses = Map.of(
                "BALANCER", balancer, "GATEWAY_ONE", "127.0.0.1:" + one.port, "GATEWAY_TWO", "127.0.0.1:" + two.port);
        Path log = directory.resolve("balancer.log");
        if (kind == Balancer.NGINX) {
            String settings = Files.readString(EXAMPLE.resolve(kind.settings));
            for (Map.Entry<String, String> address : addresses.entrySet()) {
                settings = settings.replaceAll("\\b" + address.getKey() + "\\b(?=[ ;])", address.getValue());
            }
            Path file = Files.writeString(directory.resolve("nginx.conf"), settings);
            start(log, Map.of(), "nginx", "-p", directory.toString(), "-c", file.toString(), "-g", "daemon off;");
        } else {
            start(
                    log,
                    addresses,
                    "haproxy",
                    "-db",
                    "-f",
                    EXAMPLE.resolve(kind.settings).toString());
        }
        String[] address = balancer.split(":");
        await().ignoreExceptions()
                .failFast(
                        "the balancer has ended: " + log,
                        () -> !processes.get(0).isAlive())
                .until(() -> {
                    try (Socket socket = new Socket(InetAddress.getByName(address[0]), Integer.parseInt(address[1]))) {
                        return socket.isConnected();
                    }
                });
    }

    /** Each stops once it has done some of the work, and is back before the other one stops. */
    private void restartOneAfterTheOther() throws Exception {
        for (Replica replica : List.of(one, two)) {
            int total = one.received().size() + two.received().size();
            await().atMost(Duration.ofSeconds(60))
                    .until(() -> one.received().size() + two.received().size() > total + 20);
            replica.stop();
            replica.start();
            // As a balancer needs to see that it is back.
            await().pollDelay(Duration.ofSeconds(3)).until(() -> true);
        }
    }

    @ParameterizedTest
    @EnumSource(Balancer.class)
    void noUploadOfViamdataFails(Balancer kind) throws Exception {
        start(kind);
        try (CamelContext client = new DefaultCamelContext()) {
            client.start();
            CompletableFuture<Void> uploads = CompletableFuture.runAsync(() -> {
                for (int i = 0; i < UPLOADS; i++) {
                    client.createProducerTemplate()
                            .sendBodyAndHeader(
                                    "viamdata:part?host=" + balancer.split(":")[0] + "&port=" + balancer.split(":")[1]
                                            + "&plaintext=true&apiKeyId=id&apiKey=key&operation=file",
                                    "file " + i,
                                    ViamDataConstants.FILE_NAME,
                                    i + ".txt");
                    pause(60);
                }
            });
            restartOneAfterTheOther();
            uploads.get(200, TimeUnit.SECONDS);
        }
        assertThat(names()).containsAll(expected());
        assertThat(one.received()).isNotEmpty();
        assertThat(two.received()).isNotEmpty();
    }

    /** It never tries again, and never authenticates again. */
    @ParameterizedTest
    @EnumSource(Balancer.class)
    void noUploadOfTheSdkFailsButWhereItsConnectionBreaks(Balancer kind, TestReporter reporter) throws Exception {
        ViamSdk sdk = ViamSdk.in(sdkFolder);
        start(kind);
        Path log = directory.resolve("sdk.log");
        Process uploads =
                sdk.run(log, "upload.mjs", "http://" + balancer, "id", "key", "part", String.valueOf(UPLOADS), "60");
        processes.add(uploads);
        restartOneAfterTheOther();
        assertThat(uploads.waitFor(200, TimeUnit.SECONDS)).isTrue();

        List<String> lines = Files.readAllLines(log);
        List<String> failed =
                lines.stream().filter(line -> !line.startsWith("stored ")).toList();
        long broken = one.broken() + two.broken();
        reporter.publishEntry(
                kind.name(),
                failed.size() + " of " + UPLOADS + " uploads failed, " + broken + " connections broke: " + failed);
        assertThat(lines).as("%s", lines).hasSize(UPLOADS);
        // Connect's codes: 14 is unavailable, 10 aborted, 1 canceled, 13 internal. 16 would be a token that is not
        // accepted.
        assertThat(failed)
                .as("one upload at a time, so one for each of the %s connections that broke, at most", broken)
                .hasSizeLessThanOrEqualTo((int) broken)
                .allMatch(line -> line.matches("failed \\d+ (14|10|1|13) .*"));
        assertThat(one.received().size() + two.received().size()).isGreaterThanOrEqualTo(UPLOADS - failed.size());
        assertThat(Stream.concat(one.received().stream(), two.received().stream()))
                .allSatisfy(upload -> assertThat(upload.headers())
                        .containsEntry("CamelViamDataApiKeyId", "id")
                        .containsEntry(ViamDataConstants.PART_ID, "part"));
    }

    /** The route and the properties of the example, with a server for Viam, and keys as the environment would give them. */
    @Test
    void theExamplePassesOnWhatItsKeysMayUpload() throws Exception {
        Main main = new Main();
        int port = Ports.free();
        main.setPropertyPlaceholderLocations("file:" + EXAMPLE.resolve("application.properties"));
        Map.of(
                        "example.folder", EXAMPLE.toString(),
                        "gateway.host", "localhost",
                        "gateway.port", String.valueOf(port),
                        "gateway.uploads-per-second", "1",
                        "camel.component.viamdata-server.api-key", "robot-1=one,robot-2=two",
                        "camel.component.viamdata-server.allowed-parts", "robot-1=part,robot-2=*",
                        "camel.component.viamdata.host", "localhost",
                        "camel.component.viamdata.port", String.valueOf(this.one.port),
                        "camel.component.viamdata.plaintext", "true",
                        "viam.part-id", "unused")
                .forEach(main::addOverrideProperty);
        main.addOverrideProperty("camel.component.viamdata.api-key-id", "id");
        main.addOverrideProperty("camel.component.viamdata.api-key", "key");
        main.configure().setAutoConfigurationLogSummary(false);
        main.start();
        try (CamelContext client = new DefaultCamelContext()) {
            client.start();
            assertThat(upload(client, port, "robot-1", "one", "part")).isNull();
            assertThat(upload(client, port, "robot-1", "one", "other")).hasMessageContaining("PERMISSION_DENIED");
            assertThat(upload(client, port, "robot-1", "two", "part")).hasMessageContaining("PERMISSION_DENIED");
            // Another key has its own amount. What Viam refuses reaches the client: there, the key is for one part
            // only.
            assertThat(upload(client, port, "robot-2", "two", "other")).hasMessageContaining("refuses");
            // Of several at once, no more than one a second.
            assertThat(Stream.of(1, 2, 3)
                            .map(n -> upload(client, port, "robot-1", "one", "part"))
                            .toList())
                    .anySatisfy(failure -> assertThat(failure).hasMessageContaining("RESOURCE_EXHAUSTED"));
        } finally {
            main.stop();
        }
        assertThat(one.received())
                .isNotEmpty()
                .allSatisfy(upload -> assertThat(upload.headers()).containsEntry(ViamDataConstants.PART_ID, "part"));
    }

    private static Exception upload(CamelContext client, int port, String keyId, String key, String part) {
        return client.createProducerTemplate()
                .send(
                        "viamdata:" + part + "?host=localhost&port=" + port + "&plaintext=true&apiKeyId=" + keyId
                                + "&apiKey=" + key + "&operation=file&maxAttempts=1",
                        exchange -> exchange.getMessage().setBody("file"))
                .getException();
    }

    private static void pause(long millis) {
        await().pollDelay(Duration.ofMillis(millis)).until(() -> true);
    }

    private List<Object> names() {
        return Stream.concat(one.received().stream(), two.received().stream())
                .map(upload -> upload.headers().get(ViamDataConstants.FILE_NAME))
                .toList();
    }

    private static List<Object> expected() {
        List<Object> names = new ArrayList<>();
        for (int i = 0; i < UPLOADS; i++) {
            names.add(i + ".txt");
        }
        return names;
    }
}
