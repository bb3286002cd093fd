// Copyright the camel-viamdata authors. SPDX-License-Identifier: Apache-2.0
package io.github.camelviamdata.faults;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.github.camelviamdata.ViamDataException;
import io.github.camelviamdata.faults.Bodies.Body;
import io.github.camelviamdata.faults.FaultCase.Duplicates;
import io.github.camelviamdata.service.FaultyProxy;
import io.github.camelviamdata.support.InFlight;
import java.io.IOException;
import java.time.Duration;
import java.util.Arrays;
import java.util.Collection;
import java.util.Locale;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Thousands of uploads under each fault: none is lost, and none is stored twice but where an answer got lost. */
@Tag("faults")
@Timeout(600)
class FaultSuiteIT {

    static final int UPLOADS = Integer.getInteger("faults.uploads", 10_000);

    /** Whether the suite runs as its page tells it, rather than in a short form. */
    static final boolean WHOLE = UPLOADS >= 10_000;

    private static Bodies bodies;
    private static Report report;

    @BeforeAll
    static void makeBodies() throws IOException {
        bodies = new Bodies(UPLOADS, Report.DIRECTORY.resolve("bodies"));
        report = new Report(
                "1-faults",
                "Faults",
                """
                %,d uploads in each case, of 1 KB to 5 MB, %,d MB in all, in turn from arrays, files and streams (seeds %d and
                %d), by a route `seda -> viamdata` with 8 consumers and the options shown. *Lost* is what was acknowledged but
                not stored bit for bit, or neither acknowledged nor failed. *Failed* exchanges got an exception. *Re-sent* is what the
                service received and could not use, relative to what it stored first. Of failed calls, every other one
                fails before anything was read. *Faults* are calls, or connections where those are lost.
                """.formatted(UPLOADS, bodies.totalBytes() / 1_000_000, Bodies.SEED, Script.SEED),
                "Case",
                "Options",
                "Faults",
                "Offered",
                "Acknowledged",
                "Failed",
                "Stored",
                "Lost",
                "Duplicates",
                "Re-sent",
                "Seconds");
    }

    @AfterAll
    static void writeReport() throws IOException {
        report.write();
    }

    static Collection<FaultCase> cases() {
        return FaultCase.all()
                .filter(fault -> fault.name.contains(System.getProperty("faults.case", "")))
                .toList();
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("cases")
    void nothingIsLost(FaultCase fault) throws Exception {
        Ledger ledger = new Ledger();
        AtomicReference<FaultService> service = new AtomicReference<>(new FaultService(fault.script.get(), ledger));
        int port = service.get().port();
        FaultyProxy proxy = fault.lives == null ? null : new FaultyProxy(port, fault.lives);
        long start = System.nanoTime();
        try (proxy;
                Operator operator = new Operator(fault, ledger, service);
                Uploads uploads = new Uploads(proxy == null ? port : proxy.port(), fault.options)) {
            operator.start();
            for (Body body : bodies.all()) {
                uploads.offer(body.id(), bodies.open(body));
            }
            uploads.await(Duration.ofMinutes(5));
            report(fault, uploads, ledger, (System.nanoTime() - start) / 1e9);
            check(fault, uploads, ledger);
        } finally {
            if (service.get() != null) {
                service.get().close();
            }
        }
    }

    private static void report(FaultCase fault, Uploads uploads, Ledger ledger, double seconds) {
        report.row(
                fault.name,
                fault.options.isEmpty() ? "" : "`" + fault.options.replace("apiKeyId=id&apiKey=key", "apiKey") + "`",
                faults(fault, ledger),
                uploads.offered(),
                uploads.acknowledged().size(),
                uploads.failed().size(),
                ledger.ids().size(),
                lost(uploads, ledger),
                ledger.duplicates(),
                String.format(Locale.ROOT, "%.4f", ledger.resent()),
                String.format(Locale.ROOT, "%.1f", seconds));
    }

    private static int faults(FaultCase fault, Ledger ledger) {
        return fault.losesConnections ? ledger.reconnections() : ledger.faults();
    }

    private static void check(FaultCase fault, Uploads uploads, Ledger ledger) {
        assertThat(uploads.failed().values())
                .as("failures")
                .allMatch(error -> fault.told && error instanceof ViamDataException);
        assertThat(uploads.failed()).as("failed").hasSize(fault.told ? ledger.faults() : 0);
        assertThat(uploads.acknowledged())
                .as("acknowledged")
                .hasSize(UPLOADS - uploads.failed().size());
        assertThat(lost(uploads, ledger)).as("lost").isZero();
        assertThat(ledger.ids()).as("stored").isEqualTo(uploads.acknowledged());
        assertThat(ledger.ids())
                .as("copies")
                .allSatisfy(id -> assertThat(ledger.digests(id)).hasSizeBetween(1, fault.attempts));
        if (fault.duplicates == Duplicates.IN_FLIGHT) {
            assertThat(ledger.duplicates())
                    .as("duplicates")
                    .isLessThanOrEqualTo(ledger.reconnections() * FaultCase.IN_FLIGHT);
        } else {
            assertThat(ledger.duplicates()).as("duplicates").isEqualTo(ledger.answersLost());
        }
        boolean enough = WHOLE || !fault.losesConnections;
        assertThat(enough && faults(fault, ledger) == 0)
                .as("nothing went wrong")
                .isEqualTo(fault.name.equals("nothing"));
        await().untilAsserted(() -> assertThat(InFlight.of(uploads.context(), uploads.uri()))
                .as("in flight")
                .isZero());
        assertThat(uploads.ended()).as("every exchange ends once").isEqualTo(UPLOADS);
    }

    private static int lost(Uploads uploads, Ledger ledger) {
        int lost = 0;
        for (Body body : bodies.all()) {
            Collection<byte[]> copies = ledger.digests(body.id());
            boolean whole = copies.stream().allMatch(copy -> Arrays.equals(copy, body.digest()));
            boolean told = uploads.failed().containsKey(body.id());
            if (!whole || copies.isEmpty() && !told) {
                lost++;
            }
        }
        return lost;
    }
}
