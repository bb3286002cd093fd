// Copyright the camel-viamdata authors. SPDX-License-Identifier: Apache-2.0
package io.github.camelviamdata.faults;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Two hundred times more is offered than the service takes, in 128 MB of heap. */
@Tag("faults")
@Timeout(300)
class SlowServiceIT {

    private static final int PER_SECOND = 200;
    private static final int SECONDS = FaultSuiteIT.WHOLE ? 60 : 8;
    private static final String OPTIONS = "maxInFlight=16&maxInFlightWait=50&requestTimeout=120000";

    private static Report report;

    @BeforeAll
    static void startReport() {
        report = new Report(
                "2-overload",
                "Overload",
                """
                The service answers one upload per second; a Java runtime of its own with `-Xmx128m -XX:+UseSerialGC` offers
                it %d per second for %d s, in new arrays from 24 threads by a route `direct -> viamdata` with
                `%s`. *Failed* exchanges got a `ViamDataUnavailableException`; what is larger than 1,000,000 bytes is
                streamed. The heap is the largest in use, garbage included, seen every 10 ms. (G1 gives each array of 1 MiB
                two regions of so small a heap, and runs out of it.)
                """.formatted(PER_SECOND, SECONDS, OPTIONS),
                "Size",
                "Offered",
                "In seconds",
                "Acknowledged",
                "Failed",
                "Stored",
                "Lost",
                "Duplicates",
                "Heap");
    }

    @AfterAll
    static void writeReport() throws IOException {
        report.write();
    }

    @ParameterizedTest
    @ValueSource(ints = {1_000_000, 1_048_576})
    void nothingIsDroppedSilently(int size) throws Exception {
        Ledger ledger = new Ledger();
        Script script = new Script().oneAnswerPerSecond();
        Path log = Files.createDirectories(Report.DIRECTORY).resolve("overload-" + size + ".log");
        Files.deleteIfExists(log);
        try (FaultService service = new FaultService(script, ledger);
                Child child = new Child(
                        log,
                        Overload.class,
                        List.of("-Xmx128m", "-XX:+UseSerialGC", "-XX:+ExitOnOutOfMemoryError"),
                        "viamdata:part?host=localhost&plaintext=true&port=" + service.port()
                                + "&componentType=camera&componentName=gate&methodName=GetImages&fileExtension=.jpg&"
                                + OPTIONS,
                        String.valueOf(PER_SECOND),
                        String.valueOf(SECONDS),
                        String.valueOf(size))) {
            assertThat(child.exit(240)).as("exit code").isZero();
        }

        Matcher result = Pattern.compile(
                        "RESULT offered=(\\d+) seconds=(\\S+) acknowledged=(\\d+) unavailable=(\\d+) otherwise=(\\d+)"
                                + " heap=(\\d+)")
                .matcher(Files.readString(log));
        assertThat(result.find()).as("result in " + log).isTrue();
        int offered = Integer.parseInt(result.group(1));
        int acknowledged = Integer.parseInt(result.group(3));
        int failed = Integer.parseInt(result.group(4));
        long lost =
                ledger.ids().stream().filter(id -> !isWhole(ledger, id, size)).count()
                        + Math.max(0, acknowledged - ledger.ids().size())
                        + offered
                        - acknowledged
                        - failed;
        report.row(
                size,
                offered,
                result.group(2),
                acknowledged,
                failed,
                ledger.ids().size(),
                lost,
                ledger.duplicates(),
                Long.parseLong(result.group(6)) / (1 << 20) + " MiB");

        assertThat(lost).as("lost").isZero();
        assertThat(offered).isEqualTo(PER_SECOND * SECONDS);
        // At the pace of the service it would take 200 times as long; a busy machine takes twice.
        assertThat(Double.parseDouble(result.group(2))).as("seconds").isLessThan(SECONDS * 4);
        assertThat(result.group(5)).as("other failures").isEqualTo("0");
        assertThat(ledger.ids()).as("stored").hasSize(acknowledged);
        assertThat(acknowledged).as("acknowledged").isGreaterThanOrEqualTo(SECONDS);
        assertThat(ledger.duplicates()).as("duplicates").isZero();
    }

    private static boolean isWhole(Ledger ledger, String id, int size) {
        byte[] body = new byte[size];
        Arrays.fill(body, (byte) Integer.parseInt(id.substring("offer-".length())));
        byte[] digest = Bodies.sha256().digest(body);
        return ledger.digests(id).stream().allMatch(copy -> Arrays.equals(copy, digest));
    }
}
