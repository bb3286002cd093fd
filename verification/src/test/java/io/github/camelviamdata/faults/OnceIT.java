// Copyright the camel-viamdata authors. SPDX-License-Identifier: Apache-2.0
package io.github.camelviamdata.faults;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.github.camelviamdata.ViamDataConstants;
import io.github.camelviamdata.once.LedgerFile;
import io.github.camelviamdata.service.StoredData;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.impl.DefaultCamelContext;
import org.h2.tools.Server;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The option {@code once}: answers are lost, programs are killed, and nothing is stored twice. */
@Tag("field")
@Timeout(3_600)
class OnceIT extends FieldSupport {

    private static final int UPLOADS = WHOLE ? 10_000 : 500;
    private static final int KILLS = WHOLE ? 20 : 2;
    private static final int FULL_DISK_UPLOADS = 3_000;
    private static final long ROOM_BYTES = 20_000;
    // A batch of Kafka waits for its lost answers to be listed.
    private static final Duration LIMIT = Duration.ofMinutes(20);
    private static final int LOST_PERCENT = 5;
    private static final Duration LAG = Duration.ofSeconds(WHOLE ? 10 : 3);
    // More than the lag, for a machine that is busy.
    private static final String PATIENCE_OPTION = "15s";

    private static Report report;

    @BeforeAll
    static void startReport() {
        report = new Report(
                new Report.Suite("once-suite", 1, WHOLE, """
                        # Stored once

                        How often data is stored with `once=lookback` when answers are lost and programs are killed. Pictures of 1 to 20 KB
                        go from a folder, a Kafka topic with 4 partitions, and mosquitto as Debian ships it (with
                        `max_queued_messages 0`), by the routes of `examples` with this option, in a Java runtime of its own, to a
                        service that lists what it has after a random time. These commands write this page:

                        ```
                        mvn -q install -DskipTests
                        mvn -B -f verification/field/pom.xml verify -Dfield=whole -Dit.test=OnceIT
                        ```

                        Without `-Dfield=whole` the suite is shorter in all parts, and leaves this page as it is.
                        """),
                "1-once",
                "Answers that are lost, and `kill -9`",
                """
                The service stores %d uploads of each source, withholds the answer to %d %% of them, and lists each after 0 to %d
                seconds; `lookBackPatience` is %s. Meanwhile the program is killed %d times (its MQTT route has
                `onceKey=content`). *Asked* counts the requests to the data service.
                """.formatted(UPLOADS, LOST_PERCENT, LAG.toSeconds(), PATIENCE_OPTION, KILLS),
                "Case",
                "Source",
                "Offered",
                "Stored",
                "Lost or stuck",
                "Answers lost",
                "Kills",
                "Asked",
                "Duplicates",
                "At most");
    }

    @AfterAll
    static void writeReport() throws IOException {
        report.sort();
        report.write();
    }

    private static String option(String name, Object value) {
        return "camel.component.viamdata." + name + "=" + value;
    }

    private List<String> once(Kind kind) throws IOException {
        List<String> options = new ArrayList<>(List.of(
                option("lookBackPatience", PATIENCE_OPTION),
                option("lookBackInterval", "1s"),
                "ledger.file=" + directory.resolve("ledger.db")));
        if (kind == Kind.MOSQUITTO) {
            options.addAll(settings("once-mqtt"));
        } else {
            // The routes of the examples have both.
            options.add("once=lookback");
        }
        return options;
    }

    /** The properties of a block of the page. */
    private static List<String> settings(String block) throws IOException {
        String page = Files.readString(Path.of("src/main/docs/viamdata-once.adoc"));
        Matcher matcher = Pattern.compile("\\[source#" + block + ",properties]\n----\n(.*?)\n----", Pattern.DOTALL)
                .matcher(page);
        assertThat(matcher.find()).as(block).isTrue();
        return matcher.group(1)
                .lines()
                .map(line -> line.replaceFirst(" = ", "="))
                .toList();
    }

    private FaultService lossy(Duration leastLag, Duration mostLag) {
        return new FaultService(
                new Script()
                        .byContent()
                        .answerDelay(call -> 2 + Script.random(call).nextInt(19))
                        .losesAnswer(call -> Script.random(call).nextInt(100) < LOST_PERCENT)
                        .lists(new StoredData(leastLag, mostLag)),
                ledger);
    }

    private void verifyOnce(String title, int kills, int duplicates) {
        try {
            await().atMost(LIMIT)
                    .pollInterval(Duration.ofMillis(200))
                    .until(() -> ledger.ids().size() >= good.size());
            awaitQuiet();
        } finally {
            report.row(
                    title,
                    source.name(),
                    good.size(),
                    ledger.ids().size(),
                    good.size() - ledger.ids().size(),
                    ledger.answersLost(),
                    kills,
                    ledger.queries(),
                    ledger.duplicates(),
                    duplicates);
        }
        assertThat(ledger.ids()).containsExactlyInAnyOrderElementsOf(good);
        assertThat(ledger.duplicates()).as("duplicates").isLessThanOrEqualTo(duplicates);
    }

    @ParameterizedTest
    @EnumSource(names = {"FOLDER", "KAFKA", "MOSQUITTO"})
    void nothingIsStoredTwice(Kind kind) throws Exception {
        start(kind);
        service.close();
        service = lossy(Duration.ZERO, LAG);
        String[] options = once(kind).toArray(String[]::new);
        Child child = program(service.port(), options);
        CompletableFuture<Void> published = publishing();
        for (int i = 1; i <= KILLS; i++) {
            int enough = i * UPLOADS / (KILLS + 1);
            await().atMost(LIMIT).until(() -> ledger.ids().size() >= enough);
            child.kill();
            child = program(service.port(), options);
        }
        published.join();
        verifyOnce("answers are lost, the program is killed", KILLS, 0);
        assertThat(ledger.answersLost()).isGreaterThan(UPLOADS * LOST_PERCENT / 200);
    }

    private CompletableFuture<Void> publishing() {
        return CompletableFuture.runAsync(() -> {
            try {
                publish(UPLOADS);
            } catch (Exception e) {
                throw new IllegalStateException(e);
            }
        });
    }

    /** Then only those are stored twice whose answers were lost, and each is told. */
    @Test
    void whatIsListedTooLateIsStoredTwiceAndReported() throws Exception {
        start(Kind.FOLDER);
        service.close();
        service = lossy(Duration.ofMinutes(30), Duration.ofMinutes(31));
        List<String> options = once(Kind.FOLDER);
        options.add(option("lookBackPatience", "0"));
        program(service.port(), options.toArray(String[]::new));
        publish(UPLOADS / 5);
        await().atMost(LIMIT).until(() -> ledger.ids().size() >= good.size());
        awaitQuiet();
        report.row(
                "listed later than `lookBackPatience`",
                source.name(),
                good.size(),
                ledger.ids().size(),
                good.size() - ledger.ids().size(),
                ledger.answersLost(),
                0,
                ledger.queries(),
                ledger.duplicates(),
                ledger.answersLost());
        assertThat(ledger.ids()).containsExactlyInAnyOrderElementsOf(good);
        assertThat(ledger.duplicates()).isBetween(1, ledger.answersLost());
    }

    /** Two members of a consumer group have one ledger in a database. One is killed in the middle. */
    @Test
    void membersOfAGroupShareADatabase() throws Exception {
        start(Kind.KAFKA);
        service.close();
        service = lossy(Duration.ZERO, LAG);
        int port = Ports.free();
        try (Child database = new Child(
                Files.createDirectories(Report.DIRECTORY).resolve("once-h2.log"),
                Server.class,
                List.of("-Xmx256m"),
                "-tcp",
                "-tcpPort",
                String.valueOf(port),
                "-ifNotExists",
                "-baseDir",
                directory.toString())) {
            await().atMost(STARTUP).until(() -> Ports.isOpen(port));
            List<String> options = new ArrayList<>(settings("once-jdbc"));
            options.addAll(List.of(
                    "once=lookback",
                    "ledger=#ledger",
                    "ledger.url=jdbc:h2:tcp://localhost:" + port + "/ledger",
                    option("lookBackPatience", PATIENCE_OPTION),
                    option("lookBackInterval", "1s")));
            String[] arguments = options.toArray(String[]::new);
            Child first = program(service.port(), arguments);
            publish(1);
            awaitStored(1);
            program(service.port(), arguments);
            CompletableFuture<Void> published = publishing();
            await().atMost(LIMIT).until(() -> ledger.ids().size() >= UPLOADS / 2);
            first.kill();
            published.join();
            verifyOnce("two members with one JDBC ledger, one is killed", 1, 0);
            assertThat(database.isAlive()).isTrue();
        }
    }

    /** A folder is uploaded again as a whole, by a program that knows nothing of the first one but the ledger. */
    @Test
    void aSecondRunOverAFolderUploadsNothing() throws Exception {
        source = create(Kind.FOLDER);
        service =
                new FaultService(new Script().byContent().lists(new StoredData(Duration.ZERO, Duration.ZERO)), ledger);
        publish(UPLOADS);
        long first = run();
        assertThat(first).isZero();
        int calls = ledger.calls();
        long second = run();
        report.row(
                "a second run over the same folder",
                source.name(),
                good.size(),
                ledger.ids().size(),
                good.size() - ledger.ids().size(),
                0,
                0,
                ledger.queries(),
                ledger.duplicates(),
                0);
        assertThat(second).isEqualTo(UPLOADS);
        assertThat(ledger.calls()).as("calls").isEqualTo(calls);
        assertThat(ledger.duplicates()).isZero();
    }

    /** Uploads all of the folder, and gives the number of files that were stored before. */
    private long run() throws Exception {
        AtomicInteger done = new AtomicInteger();
        AtomicInteger duplicates = new AtomicInteger();
        Path inbox = directory.resolve("inbox");
        try (DefaultCamelContext context = new DefaultCamelContext()) {
            context.addRoutes(new RouteBuilder() {
                @Override
                public void configure() {
                    from("file:" + inbox + "?noop=true&recursive=true&initialDelay=0")
                            .to("viamdata:part?host=localhost&plaintext=true&port=" + service.port()
                                    + "&componentType=camera&componentName=gate&methodName=GetImages"
                                    + "&once=lookback&ledger=file:" + directory.resolve("ledger.db"))
                            .process(exchange -> {
                                if (exchange.getMessage().getHeader(ViamDataConstants.DUPLICATE) != null) {
                                    duplicates.incrementAndGet();
                                }
                                done.incrementAndGet();
                            });
                }
            });
            context.start();
            await().atMost(LIMIT).until(() -> done.get() == UPLOADS);
        }
        return duplicates.get();
    }

    /** While its disk is full, nothing is uploaded; when there is room again, all of it is, once. */
    @Test
    void aFullDiskLosesNothing() throws Exception {
        start(Kind.FOLDER);
        service.close();
        service = lossy(Duration.ZERO, Duration.ZERO);
        String[] options = once(Kind.FOLDER).toArray(String[]::new);
        publish(FULL_DISK_UPLOADS);
        Files.deleteIfExists(log());
        // The size of its files is limited, which a program sees as a full disk. Its log has to stay below, too.
        long full = LedgerFile.fill(directory.resolve("inbox/.viamdata.ledger"), 1_200_000) + ROOM_BYTES;
        Child child = limited(full, options);
        await().atMost(Duration.ofMinutes(2))
                .until(() -> Files.readString(log()).contains("The ledger could not note the upload"));
        int stored = ledger.ids().size();
        assertThat(stored).isLessThan(FULL_DISK_UPLOADS);
        child.kill();
        program(service.port(), options);
        verifyOnce("the disk with the ledger is full for a while", 1, 0);
    }

    private Path log() {
        // The limit holds for this file, too.
        return Report.DIRECTORY.resolve("once-full-disk.log");
    }

    private Child limited(long bytes, String... options) throws Exception {
        List<String> arguments = new ArrayList<>(arguments(service.port()));
        arguments.addAll(Arrays.asList(options));
        Child child = new Child(
                List.of("prlimit", "--fsize=" + bytes),
                log(),
                RouteProgram.class,
                List.of("-Xmx256m", "-XX:TieredStopAtLevel=1"),
                arguments.toArray(String[]::new));
        programs.add(child);
        return child;
    }
}
