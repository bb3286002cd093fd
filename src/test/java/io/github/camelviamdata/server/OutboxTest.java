// Copyright the camel-viamdata authors. SPDX-License-Identifier: Apache-2.0
package io.github.camelviamdata.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.google.protobuf.UnknownFieldSet;
import io.github.camelviamdata.ViamDataConstants;
import io.github.camelviamdata.ViamDataException;
import io.github.camelviamdata.ViamDataOperation;
import io.github.camelviamdata.ViamDataRejectedException;
import io.github.camelviamdata.message.OtherFields;
import io.github.camelviamdata.proto.datasync.v1.DataCaptureUploadRequest;
import io.github.camelviamdata.proto.datasync.v1.SensorData;
import io.github.camelviamdata.service.FileTree;
import io.github.camelviamdata.support.LockProbe;
import io.github.camelviamdata.support.LogCollector;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import org.apache.camel.Exchange;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.impl.DefaultCamelContext;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

@Timeout(60)
class OutboxTest {

    private static final int LARGE = OutboxFolder.MAX_EMBEDDED + 1;

    @TempDir
    Path folder;

    private final List<Received> forwarded = new CopyOnWriteArrayList<>();
    private final List<DefaultCamelContext> contexts = new ArrayList<>();
    private volatile Consumer<Received> target = forwarded::add;
    private Outbox outbox;

    @AfterEach
    void stop() {
        contexts.forEach(DefaultCamelContext::stop);
    }

    private DefaultCamelContext start(Consumer<Outbox> options) throws Exception {
        outbox = new Outbox();
        outbox.setDirectory(folder.toString());
        outbox.setTarget("direct:forward");
        outbox.setRetryDelay(10);
        outbox.setMaxRetryDelay(20);
        options.accept(outbox);
        DefaultCamelContext context = new DefaultCamelContext();
        contexts.add(context);
        context.getRegistry().bind("outbox", outbox);
        context.getShutdownStrategy().setTimeout(5);
        context.addRoutes(new RouteBuilder() {
            @Override
            public void configure() {
                errorHandler(noErrorHandler());
                from("direct:store").process("outbox");
                from("direct:forward").process(exchange -> target.accept(received(exchange)));
            }
        });
        context.start();
        return context;
    }

    /** The files of large payloads go when they are forwarded. */
    private static Received received(Exchange exchange) {
        Received received = Received.of(exchange);
        Object body = received.body() instanceof byte[] || received.body() instanceof List
                ? received.body()
                : exchange.getMessage().getBody(byte[].class);
        return new Received(received.headers(), body, received.body() != body);
    }

    private static Exchange store(DefaultCamelContext context, Object body, Map<String, Object> headers) {
        return context.createProducerTemplate().send("direct:store", exchange -> {
            exchange.getMessage().setBody(body);
            exchange.getMessage().setHeaders(new TreeMap<>(headers));
        });
    }

    private static Map<String, Object> headers(ViamDataOperation operation, String component) {
        Map<String, Object> headers = new TreeMap<>(Map.of(
                ViamDataConstants.OPERATION,
                operation,
                ViamDataConstants.VERBATIM,
                true,
                ViamDataConstants.PART_ID,
                "part",
                ViamDataConstants.COMPONENT_NAME,
                component,
                ViamDataConstants.TAGS,
                List.of("b", "a", "b"),
                ViamDataConstants.FILE_NAME,
                "../x.jpg",
                ViamDataConstants.MIME_TYPE,
                "no type"));
        if (operation == ViamDataOperation.tabular) {
            headers.put(ViamDataConstants.WRAP_READINGS, false);
        }
        if (operation != ViamDataOperation.file) {
            headers.put(ViamDataConstants.TIME_REQUESTED, Instant.ofEpochSecond(5, 7));
        }
        return headers;
    }

    private void storeNumbers(DefaultCamelContext context, String component, int first, int end) {
        for (int i = first; i < end; i++) {
            Map<String, Object> headers = headers(ViamDataOperation.binary, component);
            assertThat(store(context, String.valueOf(i).getBytes(StandardCharsets.UTF_8), headers)
                            .getException())
                    .isNull();
        }
    }

    private List<String> forwardedOf(String component) {
        return forwarded.stream()
                .filter(upload -> component.equals(upload.headers().get(ViamDataConstants.COMPONENT_NAME)))
                .map(upload -> new String(upload.bytes(), StandardCharsets.UTF_8))
                .toList();
    }

    private static List<String> numbers(int end) {
        return IntStream.range(0, end).mapToObj(String::valueOf).toList();
    }

    private List<String> files() throws IOException {
        return FileTree.files(folder).keySet().stream()
                .filter(name -> !name.equals(".lock"))
                .toList();
    }

    private void awaitForwarded(int count) {
        await().atMost(Duration.ofSeconds(30)).untilAsserted(() -> {
            assertThat(forwarded).hasSize(count);
            assertThat(files()).isEmpty();
        });
    }

    @Test
    void forwardsAllKindsAsTheyWere() throws Exception {
        DefaultCamelContext context = start(outbox -> {});
        byte[] large = new byte[LARGE];
        large[LARGE - 1] = 1;
        List<Received> stored = List.of(
                new Received(headers(ViamDataOperation.binary, "small"), new byte[] {1, 2}, false),
                new Received(headers(ViamDataOperation.binary, "empty"), new byte[0], false),
                new Received(headers(ViamDataOperation.binary, "large"), large, true),
                new Received(headers(ViamDataOperation.file, "small file"), new byte[] {3}, false),
                new Received(headers(ViamDataOperation.file, "large file"), large, true),
                new Received(
                        headers(ViamDataOperation.tabular, "readings"),
                        List.of(Map.of("a", 1.0, "b", List.of("x", true)), Map.of()),
                        false));

        for (Received upload : stored) {
            assertThat(store(context, upload.body(), upload.headers()).getException())
                    .isNull();
        }

        awaitForwarded(stored.size());
        for (Received upload : stored) {
            Received arrived = forwarded.stream()
                    .filter(other -> other.headers()
                            .get(ViamDataConstants.COMPONENT_NAME)
                            .equals(upload.headers().get(ViamDataConstants.COMPONENT_NAME)))
                    .findFirst()
                    .orElseThrow();
            assertThat(arrived.headers()).isEqualTo(upload.headers());
            assertThat(arrived.body()).isEqualTo(upload.body());
            assertThat(arrived.streamed()).as("in a file").isEqualTo(upload.streamed());
        }
        assertThat(outbox.getSize()).isZero();
    }

    @ParameterizedTest
    @EnumSource(names = {"binary", "tabular"})
    void forwardsFieldsThatHaveNoHeader(ViamDataOperation operation) throws Exception {
        DefaultCamelContext context = start(outbox -> {});
        UnknownFieldSet later = UnknownFieldSet.newBuilder()
                .addField(4711, UnknownFieldSet.Field.newBuilder().addVarint(1).build())
                .build();
        byte[] others = OtherFields.header(DataCaptureUploadRequest.newBuilder()
                .setUnknownFields(later)
                .addSensorContents(SensorData.newBuilder().setUnknownFields(later))
                .build());
        Map<String, Object> headers = headers(operation, "gate");
        headers.put(ViamDataConstants.OTHER_FIELDS, others);

        store(context, operation == ViamDataOperation.tabular ? List.of(Map.of("a", 1)) : new byte[LARGE], headers);

        awaitForwarded(1);
        assertThat(forwarded.get(0).headers().get(ViamDataConstants.OTHER_FIELDS))
                .isEqualTo(others);
    }

    /** Forwarded whole, they would be refused for as long as they are stored. */
    @Test
    void forwardsReadingsAboveWhatViamAcceptsInSeveralRequests() throws Exception {
        DefaultCamelContext context = start(outbox -> {});
        List<Map<String, Object>> readings = IntStream.range(0, 5)
                .mapToObj(i -> Map.<String, Object>of("number", i, "text", "x".repeat(1_500_000)))
                .toList();

        store(context, readings, headers(ViamDataOperation.tabular, "tank"));

        awaitForwarded(3);
        assertThat(forwarded.stream()
                        .flatMap(upload -> ((List<Map<String, Object>>) upload.body()).stream())
                        .map(reading -> reading.get("number")))
                .containsExactly(0.0, 1.0, 2.0, 3.0, 4.0);
    }

    @Test
    void keepsTheOrderOfAComponentWhenAttemptsFail() throws Exception {
        AtomicInteger calls = new AtomicInteger();
        target = upload -> {
            if (calls.incrementAndGet() % 3 != 0) {
                throw new IllegalStateException("down");
            }
            forwarded.add(upload);
        };
        DefaultCamelContext context = start(outbox -> {});

        storeNumbers(context, "gate", 0, 20);

        awaitForwarded(20);
        assertThat(forwardedOf("gate")).isEqualTo(numbers(20));
    }

    @Test
    void forwardsAsManyAtOnceAsItMay() throws Exception {
        Semaphore answers = new Semaphore(0);
        AtomicInteger inFlight = new AtomicInteger();
        target = upload -> {
            inFlight.incrementAndGet();
            answers.acquireUninterruptibly();
            inFlight.decrementAndGet();
            forwarded.add(upload);
        };
        DefaultCamelContext context = start(outbox -> outbox.setMaxInFlight(3));

        for (int i = 0; i < 10; i++) {
            storeNumbers(context, "camera-" + i, 0, 2);
        }

        await().untilAsserted(() -> assertThat(inFlight).hasValue(3));
        await().during(Duration.ofMillis(200))
                .untilAsserted(() -> assertThat(inFlight).hasValue(3));
        answers.release(20);
        awaitForwarded(20);
    }

    @Test
    void logsOneLineWhileTheTargetIsDown() throws Exception {
        AtomicInteger calls = new AtomicInteger();
        target = upload -> {
            calls.incrementAndGet();
            throw new IllegalStateException("down");
        };
        try (LogCollector log = new LogCollector()) {
            DefaultCamelContext context = start(outbox -> {});
            for (int i = 0; i < 5; i++) {
                storeNumbers(context, "camera-" + i, 0, 2);
            }
            await().atMost(Duration.ofSeconds(30)).until(() -> calls.get() > 50);

            assertThat(log.linesWithoutCamelsOwn())
                    .filteredOn(line -> line.startsWith("WARN") || line.startsWith("ERROR"))
                    .singleElement()
                    .asString()
                    .contains("uploads wait in the outbox", "down");
        }
    }

    @ParameterizedTest
    @CsvSource({"1,1", "2,2", "5,16", "6,30", "1000,30"})
    void theDelayDoublesUpToTheLongest(int failures, int seconds) {
        OutboxForwarder.Delays delays = new OutboxForwarder.Delays(Duration.ofSeconds(1), Duration.ofSeconds(30));

        assertThat(delays.nanos(failures)).isEqualTo(Duration.ofSeconds(seconds).toNanos());
    }

    @Test
    void putsAsideWhatIsRefusedForGood() throws Exception {
        target = upload -> {
            if (upload.bytes().length == LARGE) {
                throw new ViamDataRejectedException(
                        "no such part", null, ViamDataException.Progress.none(Status.Code.NOT_FOUND, "part"));
            }
            forwarded.add(upload);
        };
        DefaultCamelContext context = start(outbox -> {});

        store(context, new byte[LARGE], headers(ViamDataOperation.binary, "gate"));
        storeNumbers(context, "gate", 0, 2);

        await().atMost(Duration.ofSeconds(30)).until(() -> forwarded.size() == 2);
        await().untilAsserted(() -> assertThat(files()).hasSize(3));
        assertThat(files())
                .allMatch(name -> name.startsWith("refused/"))
                .anyMatch(name -> name.endsWith(".upload"))
                .anyMatch(name -> name.endsWith(".data"));
        String reason = files().stream()
                .filter(name -> name.endsWith(".reason.txt"))
                .findFirst()
                .orElseThrow();
        assertThat(folder.resolve(reason)).content().contains("no such part");
        assertThat(outbox.getSize()).isGreaterThan(LARGE);

        // The operator has made room, and mended what was wrong.
        context.stop();
        target = forwarded::add;
        for (Path file : FileTree.files(folder.resolve("refused")).values()) {
            Files.move(file, folder.resolve(file.getFileName()));
        }
        Files.delete(folder.resolve(Path.of(reason).getFileName()));
        start(outbox -> {});
        awaitForwarded(3);
    }

    @Test
    void refusesWhatIsBeyondTheLimitOfTheDisk() throws Exception {
        target = upload -> {
            throw new IllegalStateException("down");
        };
        DefaultCamelContext context = start(outbox -> outbox.setMaxBytes(3L * LARGE));
        int stored = 0;
        Exchange exchange;
        do {
            exchange = store(context, new byte[LARGE], headers(ViamDataOperation.file, "gate"));
            stored += exchange.getException() == null ? 1 : 0;
        } while (exchange.getException() == null);

        assertThat(stored).isEqualTo(2);
        assertThat(exchange.getException()).isInstanceOfSatisfying(StatusRuntimeException.class, failure -> {
            assertThat(failure.getStatus().getCode()).isEqualTo(Status.Code.RESOURCE_EXHAUSTED);
            // With it a client knows that the upload was not taken.
            assertThat(failure.getTrailers().keys()).contains("grpc-retry-pushback-ms");
        });
        assertThat(files()).hasSize(4);
        assertThat(outbox.getSize()).isLessThanOrEqualTo(3L * LARGE);

        target = forwarded::add;
        awaitForwarded(2);
        assertThat(store(context, new byte[LARGE], headers(ViamDataOperation.file, "gate"))
                        .getException())
                .isNull();
    }

    @Test
    void forwardsAfterARestartWhatWasLeft() throws Exception {
        target = upload -> {
            throw new IllegalStateException("down");
        };
        DefaultCamelContext context = start(outbox -> {});
        storeNumbers(context, "gate", 0, 10);
        store(context, new byte[LARGE], headers(ViamDataOperation.binary, "yard"));
        context.stop();
        // What a process leaves that is killed while it stores.
        Files.write(folder.resolve("000000000000000090-000.data"), new byte[10]);
        Files.write(folder.resolve("000000000000000091-000.tmp"), new byte[10]);
        Files.write(folder.resolve("000000000000000092-000.upload"), new byte[10]);

        target = forwarded::add;
        context = start(outbox -> {});
        storeNumbers(context, "gate", 10, 20);

        await().atMost(Duration.ofSeconds(30)).until(() -> forwarded.size() == 21);
        await().untilAsserted(() -> assertThat(files())
                .as("what is no upload, with the reason")
                .containsExactly("refused/000000000000000092-000.reason.txt", "refused/000000000000000092-000.upload"));
        assertThat(forwardedOf("gate")).isEqualTo(numbers(20));
    }

    @Test
    @DisabledOnOs(OS.WINDOWS)
    void isForItsOwnerOnly() throws Exception {
        Path created = folder.resolve("created");

        start(outbox -> outbox.setDirectory(created.toString()));

        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(created)))
                .isEqualTo("rwx------");
    }

    @Test
    void belongsToOneProcess() throws Exception {
        start(outbox -> {});

        assertThatThrownBy(() -> start(outbox -> {})).rootCause().hasMessageContaining("in use by another outbox");
        assertThat(LockProbe.isLocked(folder.resolve(".lock"))).isTrue();
    }

    @ParameterizedTest
    @CsvSource({"directory,''", "target,''", "maxBytes,0", "maxInFlight,0", "retryDelay,0", "maxRetryDelay,9"})
    void namesThePropertyThatIsWrong(String property, String value) {
        assertThatThrownBy(() -> start(outbox -> {
                    switch (property) {
                        case "directory" -> outbox.setDirectory(value);
                        case "target" -> outbox.setTarget(value);
                        case "maxBytes" -> outbox.setMaxBytes(Long.parseLong(value));
                        case "maxInFlight" -> outbox.setMaxInFlight(Integer.parseInt(value));
                        case "retryDelay" -> outbox.setRetryDelay(Long.parseLong(value));
                        default -> outbox.setMaxRetryDelay(Long.parseLong(value));
                    }
                }))
                .rootCause()
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("The property " + property + " ");
    }
}
