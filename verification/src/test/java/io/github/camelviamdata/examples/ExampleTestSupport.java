// Copyright the camel-viamdata authors. SPDX-License-Identifier: Apache-2.0
package io.github.camelviamdata.examples;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.github.camelviamdata.ViamDataConstants;
import io.github.camelviamdata.ViamDataOperation;
import io.github.camelviamdata.faults.Ports;
import io.github.camelviamdata.server.Received;
import io.github.camelviamdata.server.TestServer;
import io.grpc.Status;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CountDownLatch;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.camel.main.Main;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Runs the routes of the examples, the files themselves, with a {@code viamdata-server} for Viam: each byte and each header
 * that arrives there is compared with what was sent.
 */
@Tag("examples")
@Timeout(120)
abstract class ExampleTestSupport {

    static final int MESSAGES = 500;
    static final String PART = "11111111-2222-3333-4444-555555555555";
    static final String ID = "0f0e0d0c-0b0a-0908-0706-050403020100/location/";

    final Instant begin = Instant.now().truncatedTo(ChronoUnit.MILLIS);
    final TestServer viam = new TestServer();
    final List<AutoCloseable> running = new ArrayList<>();

    /** What the server does with an upload before it answers. */
    volatile Consumer<Received> answer = upload -> {};

    /** What a source held, and the headers that have to arrive with it. */
    record Sent(byte[] body, Map<String, Object> headers) {}

    @TempDir
    Path directory;

    @BeforeEach
    void startViam() throws Exception {
        // As many at once as there are messages, so that it is not the server that holds them back.
        viam.start(
                "viamdata-server:localhost:0?maxConcurrentCalls=" + MESSAGES,
                route -> route.process(exchange -> {
                    Received upload = Received.of(exchange);
                    viam.received.add(upload);
                    answer.accept(upload);
                    exchange.getMessage().setHeader(ViamDataConstants.FILE_ID, ID + exchange.getExchangeId());
                }));
    }

    @AfterEach
    void stop() throws Exception {
        for (int i = running.size() - 1; i >= 0; i--) {
            running.get(i).close();
        }
        viam.close();
    }

    record Example(Main main) implements AutoCloseable {

        String property(String name) {
            return main.getCamelContext().resolvePropertyPlaceholders("{{" + name + "}}");
        }

        @Override
        public void close() {
            main.stop();
        }
    }

    /** Some of the files of an example, with its properties, but for those given, and with the server for Viam. */
    Example start(String name, Map<String, String> properties, String... files) throws Exception {
        Main main = new Main();
        main.setPropertyPlaceholderLocations("file:examples/" + name + "/application.properties");
        main.addInitialProperty("example.folder", "examples/" + name);
        main.addInitialProperty("example.output", directory.toString());
        main.addInitialProperty("free.port.2", String.valueOf(Ports.free()));
        Map<String, String> ours = new HashMap<>(Map.of(
                "viam.part-id",
                PART,
                "camel.component.viamdata.host",
                "localhost",
                "camel.component.viamdata.port",
                String.valueOf(viam.port()),
                "camel.component.viamdata.plaintext",
                "true",
                "camel.main.routesIncludePattern",
                Stream.of(files)
                        .map(file -> "file:examples/" + name + "/" + file + ".camel.yaml")
                        .collect(Collectors.joining(","))));
        ours.putAll(properties);
        ours.forEach(main::addOverrideProperty);
        main.configure().setAutoConfigurationLogSummary(false);
        main.configure().setShutdownTimeout(5);
        main.start();
        Example example = new Example(main);
        running.add(example);
        return example;
    }

    /** All uploads so far, and those to come, get no answer before the count down. */
    CountDownLatch holdAnswers() {
        CountDownLatch latch = new CountDownLatch(1);
        answer = upload -> {
            try {
                latch.await();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        };
        running.add(latch::countDown);
        return latch;
    }

    void refuse(Predicate<Received> refused) {
        answer = upload -> {
            if (refused.test(upload)) {
                throw Status.INVALID_ARGUMENT.asRuntimeException();
            }
        };
    }

    /** Some 6 kB each, but each hundredth so large that it is streamed. */
    static byte[] picture(int number) {
        byte[] body = new byte[number % 100 == 99 ? 1_100_000 : 1_000 + number * 20];
        new Random(number).nextBytes(body);
        return body;
    }

    /** When a picture was captured, where the source says so. */
    static Instant captured(int number) {
        return Instant.ofEpochSecond(1_790_000_000L + number);
    }

    static Map<String, Object> headers(String component, String method, String extension) {
        return new TreeMap<>(Map.of(
                ViamDataConstants.OPERATION,
                ViamDataOperation.binary,
                ViamDataConstants.VERBATIM,
                true,
                ViamDataConstants.PART_ID,
                PART,
                ViamDataConstants.COMPONENT_TYPE,
                "camera",
                ViamDataConstants.COMPONENT_NAME,
                component,
                ViamDataConstants.METHOD_NAME,
                method,
                ViamDataConstants.FILE_EXTENSION,
                extension));
    }

    /** Each at least once, and nothing else; of the times named, only that they are of this test. */
    void arrive(Map<String, Sent> sent, String... times) {
        await().atMost(Duration.ofSeconds(60)).until(() -> keys().containsAll(sent.keySet()));
        for (Received upload : viam.received) {
            Sent one = sent.get(key(upload.bytes()));
            assertThat(one).as("known").isNotNull();
            assertThat(upload.bytes()).isEqualTo(one.body());
            Map<String, Object> headers = new TreeMap<>(upload.headers());
            for (String time : times) {
                assertThat(headers.remove(time))
                        .asInstanceOf(InstanceOfAssertFactories.INSTANT)
                        .isBetween(begin, Instant.now());
            }
            assertThat(headers).isEqualTo(one.headers());
            assertThat(upload.streamed()).isEqualTo(one.body().length > 1_000_000);
        }
    }

    Set<String> keys() {
        return viam.received.stream().map(upload -> key(upload.bytes())).collect(Collectors.toSet());
    }

    static String component(Received upload) {
        return upload.headers().get(ViamDataConstants.COMPONENT_NAME).toString();
    }

    static String key(byte[] body) {
        return body.length + "-" + java.util.Arrays.hashCode(body);
    }
}
