// Copyright the camel-viamdata authors. SPDX-License-Identifier: Apache-2.0
package io.github.camelviamdata.faults;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.camelviamdata.ViamDataDelivery;
import io.github.camelviamdata.ViamDataException;
import io.github.camelviamdata.service.FaultyProxy;
import io.grpc.Status;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Batches of readings, each in several requests, under faults: no reading is lost without a word. */
@Tag("faults")
@Timeout(120)
class ReadingsIT {

    private static final int BATCHES = 400;
    private static final int READINGS = 20;
    private static final String OPTIONS =
            "operation=tabular&wrapReadings=false&maxRequestSize=2048&maxAttempts=20&maxRetryDelay=1000";

    private record Fault(String name, Script script, boolean resets) {
        @Override
        public String toString() {
            return name;
        }
    }

    static Stream<Fault> faults() {
        return Stream.of(
                new Fault("connections are reset (TCP RST) after 50 to 200 KB", new Script(), true),
                new Fault("5 % of answers are lost", new Script().losesAnswer(call -> chance(call, 0.05)), false),
                new Fault(
                        "bursts of UNAVAILABLE and INTERNAL",
                        new Script()
                                .status(call -> call / 20 % 4 != 1
                                        ? null
                                        : call % 3 == 0 ? Status.UNAVAILABLE : Status.INTERNAL),
                        false),
                new Fault(
                        "GOAWAY every second; the connection is closed 20 ms later",
                        new Script()
                                .answerDelay(call -> 1 + Script.random(call).nextInt(100))
                                .settings(server -> server.maxConnectionAge(1, TimeUnit.SECONDS)
                                        .maxConnectionAgeGrace(20, TimeUnit.MILLISECONDS)),
                        false));
    }

    private static boolean chance(int call, double share) {
        return Script.random(call).nextDouble() < share;
    }

    /** Of which four make a request. */
    private static List<Map<String, Object>> batch(int number) {
        return IntStream.range(0, READINGS)
                .mapToObj(i -> Map.<String, Object>of("id", number + "/" + i, "text", "x".repeat(400)))
                .toList();
    }

    @ParameterizedTest
    @MethodSource("faults")
    void noReadingIsLost(Fault fault) throws Exception {
        Ledger ledger = new Ledger();
        try (FaultService service = new FaultService(fault.script(), ledger);
                FaultyProxy proxy = fault.resets()
                        ? new FaultyProxy(service.port(), new Random(Script.SEED).longs(50_000, 200_000))
                        : null;
                Uploads uploads = new Uploads(proxy == null ? service.port() : proxy.port(), OPTIONS)) {
            for (int i = 0; i < BATCHES; i++) {
                uploads.offer("batch-" + i, batch(i));
            }
            uploads.await(Duration.ofSeconds(60));

            assertThat(uploads.failed()).isEmpty();
            assertThat(uploads.ended()).isEqualTo(BATCHES);
            assertThat(ledger.faults() + ledger.reconnections())
                    .as("something went wrong")
                    .isPositive();
            assertThat(ledger.readings()).hasSize(BATCHES * READINGS);
        }
    }

    @Test
    void whatIsLeftAfterAFailureForGoodIsTold() throws Exception {
        Ledger ledger = new Ledger();
        // In one connection's order: the second request of the only batch.
        Script script = new Script().status(call -> call == 1 ? Status.INVALID_ARGUMENT : null);
        try (FaultService service = new FaultService(script, ledger);
                Uploads uploads = new Uploads(service.port(), OPTIONS)) {
            uploads.offer("batch", batch(0));
            uploads.await(Duration.ofSeconds(20));

            assertThat(uploads.acknowledged()).isEmpty();
            assertThat(uploads.failed().get("batch"))
                    .isInstanceOfSatisfying(
                            ViamDataException.class,
                            failure -> assertThat(failure.getDelivery()).isEqualTo(ViamDataDelivery.partial));
            assertThat(ledger.readings()).isNotEmpty().hasSizeLessThan(READINGS);
            assertThat(ledger.calls()).isEqualTo(2);
        }
    }
}
