// Copyright the camel-viamdata authors. SPDX-License-Identifier: Apache-2.0
package io.github.camelviamdata.faults;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * What users' brokers, folders and networks do to the routes of the examples, which are the Kamelets of the jar and a few
 * steps more. Lost and stuck have to be 0, what is put aside is what can never be stored, and of duplicates there are no more
 * than the reference promises.
 */
@Tag("field")
@Timeout(600)
class FieldIT {

    /** Seconds of an outage, and how many messages; {@code -Dfield=whole} has the long form. */
    private static final boolean WHOLE = System.getProperty("field", "").equals("whole");

    private static final int OUTAGE_SECONDS = WHOLE ? 60 : 8;
    private static final int STOPPED_SECONDS = WHOLE ? 100 : 8;
    private static final int MESSAGES = WHOLE ? 300 : 100;
    private static final int BACKLOG = WHOLE ? 3_000 : 1_500;

    /** Seconds. */
    private static final int PATIENCE = Integer.getInteger("field.patience", 120);

    /** What a route has under way at once. */
    private static final int IN_FLIGHT = 64;

    private static Report report;

    enum Kind {
        MOSQUITTO,
        ARTEMIS,
        KAFKA,
        FOLDER;

        FieldSource in(Path directory) throws IOException {
            return switch (this) {
                case MOSQUITTO -> new FieldSource.OfMosquitto(directory);
                case ARTEMIS -> new FieldSource.OfArtemis(directory);
                case KAFKA -> new FieldSource.Kafka(directory);
                case FOLDER -> new FieldSource.Folder(directory);
            };
        }
    }

    @TempDir
    Path directory;

    private final Ledger ledger = new Ledger();
    private final Set<String> good = new LinkedHashSet<>();
    private final Random random = new Random(16);
    private int number;
    private int poison;
    private FieldSource source;
    private FaultService service;
    private final List<Child> programs = new ArrayList<>();

    @BeforeAll
    static void startReport() {
        report = new Report(
                "field-suite",
                "The field suite",
                """
                Messages of 1 to 20 KB go from mosquitto as Debian ships it (with `max_queued_messages 0`), Artemis, Kafka with 4
                partitions, and a folder, by the routes of `examples/mqtt`, `examples/kafka` and `examples/file`, in a Java
                runtime of its own. *Lost* is what the source had and is neither stored bit for bit nor put aside; *stuck*, what
                is neither after two minutes in which the source and the service run. Written by
                `mvn -B verify -Pfield -Dfield=whole`; without the option it is shorter in all parts, and leaves this page as it is.
                """,
                "Case",
                "Source",
                "Offered",
                "Stored",
                "Lost or stuck",
                "Put aside",
                "Poison",
                "Duplicates");
    }

    @AfterAll
    static void writeReport() throws IOException {
        report.writeAlone(
                "field-suite.md", WHOLE && System.getProperty("it.test", "").isEmpty());
    }

    @AfterEach
    void end() throws Exception {
        programs.forEach(Child::close);
        if (service != null) {
            service.close();
        }
        if (source != null) {
            source.stop();
        }
    }

    private void start(Kind kind) throws Exception {
        assumeTrue(
                kind != Kind.MOSQUITTO || Mosquitto.isInstalled(),
                "mosquitto is not installed: apt-get install mosquitto");
        source = kind.in(directory);
        source.start();
        source.announce();
        service = service(0);
    }

    private FaultService service(int port) {
        return new FaultService(
                new Script()
                        .byContent()
                        .answerDelay(call -> 2 + Script.random(call).nextInt(19)),
                ledger,
                port);
    }

    private Child program(int port, String... more) throws IOException {
        List<String> arguments = new ArrayList<>(List.of(
                source.routes(),
                "viam.part-id=part",
                "rejected=" + directory.resolve("rejected"),
                "camel.component.viamdata.host=localhost",
                "camel.component.viamdata.port=" + port,
                "camel.component.viamdata.plaintext=true"));
        arguments.addAll(source.properties());
        arguments.addAll(Arrays.asList(more));
        Child child = new Child(
                Files.createDirectories(Report.DIRECTORY).resolve("field-" + source.name() + ".log"),
                RouteProgram.class,
                List.of("-Xmx256m", "-XX:TieredStopAtLevel=1"),
                arguments.toArray(String[]::new));
        programs.add(child);
        return child;
    }

    private void publish(int messages) throws Exception {
        for (int i = 0; i < messages; i++) {
            publish(source.place());
        }
    }

    private void publish(String place) throws Exception {
        byte[] body = new byte[1_000 + random.nextInt(19_000)];
        random.nextBytes(body);
        ByteBuffer.wrap(body).putInt(number);
        source.publish(number++, place, body);
        good.add(Bodies.name(body));
    }

    private void publishPoison(byte[] body) throws Exception {
        source.publish(number++, source.place(), body);
        poison++;
    }

    private void awaitStored(int messages) {
        await().atMost(Duration.ofSeconds(PATIENCE)).until(() -> ledger.ids().size() >= messages);
    }

    /** All is where it has to be; then the row is written, and held to what the page promises. */
    private void verify(String title, int duplicates) throws IOException {
        try {
            await().atMost(Duration.ofSeconds(PATIENCE))
                    .pollInterval(Duration.ofMillis(200))
                    .until(() -> ledger.ids().size() + source.putAside() >= good.size() + poison
                            && source.putAside() >= poison);
        } finally {
            long missing = good.size() + poison - ledger.ids().size() - source.putAside();
            report.row(
                    title,
                    source.name(),
                    good.size() + poison,
                    ledger.ids().size(),
                    Math.max(0, missing),
                    source.putAside(),
                    poison,
                    ledger.duplicates());
        }
        assertThat(ledger.ids().size() + source.putAside()).isEqualTo(good.size() + poison);
        assertThat(ledger.duplicates()).as("duplicates").isLessThanOrEqualTo(duplicates);
    }

    @ParameterizedTest
    @EnumSource
    void theServiceIsDown(Kind kind) throws Exception {
        start(kind);
        program(service.port());
        publish(MESSAGES / 2);
        awaitStored(MESSAGES / 4);
        int port = service.port();
        service.close();
        publish(MESSAGES / 2);
        TimeUnit.SECONDS.sleep(OUTAGE_SECONDS);
        service = service(port);
        assertThat(good).hasSize(MESSAGES);
        verify("the service is down for " + OUTAGE_SECONDS + " s", IN_FLIGHT);
        assertThat(source.putAside()).isZero();
    }

    @ParameterizedTest
    @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "FOLDER")
    void theBrokerRestartsFiveTimesWhileTheServiceIsDown(Kind kind) throws Exception {
        start(kind);
        program(service.port());
        publish(1);
        awaitStored(1);
        int port = service.port();
        service.close();
        publish(IN_FLIGHT);
        for (int i = 0; i < 5; i++) {
            TimeUnit.SECONDS.sleep(WHOLE ? 8 : 3);
            source.stop();
            source.start();
        }
        service = service(port);
        verify("the broker restarts 5 times while the service is down", kind == Kind.KAFKA ? 5 * IN_FLIGHT : IN_FLIGHT);
        assertThat(source.putAside()).isZero();
    }

    @ParameterizedTest
    @EnumSource(names = "MOSQUITTO")
    void theBrokerIsStopped(Kind kind) throws Exception {
        start(kind);
        program(service.port());
        publish(MESSAGES / 2);
        awaitStored(MESSAGES / 4);
        Mosquitto broker = ((FieldSource.OfMosquitto) source).broker;
        broker.signal("STOP");
        TimeUnit.SECONDS.sleep(STOPPED_SECONDS);
        broker.signal("CONT");
        publish(MESSAGES / 2);
        verify("the broker stands still (SIGSTOP) for " + STOPPED_SECONDS + " s", IN_FLIGHT);
    }

    @ParameterizedTest
    @EnumSource
    void theProgramIsKilled(Kind kind) throws Exception {
        start(kind);
        Child child = program(service.port());
        publish(1);
        awaitStored(1);
        for (int i = 0; i < 3; i++) {
            publish(MESSAGES);
            awaitStored(good.size() - MESSAGES / 2);
            child.kill();
            child = program(service.port());
        }
        verify("the program is killed (kill -9) 3 times", 3 * IN_FLIGHT);
        assertThat(source.putAside()).isZero();
    }

    @ParameterizedTest
    @EnumSource
    void poisonStopsNothing(Kind kind) throws Exception {
        start(kind);
        program(service.port());
        publish(MESSAGES / 2);
        publishPoison(new byte[0]);
        if (kind == Kind.KAFKA) {
            publishPoison(null);
        }
        for (int i = 0; i < 5; i++) {
            publish(MESSAGES / 10);
            publishPoison(new byte[0]);
        }
        verify("empty messages in the middle, and a tombstone", 0);
        assertThat(source.putAside()).isEqualTo(poison);
    }

    @ParameterizedTest
    @EnumSource
    void oddNamesStopNothing(Kind kind) throws Exception {
        start(kind);
        program(service.port());
        for (String place : source.oddPlaces()) {
            for (int i = 0; i < 20; i++) {
                publish(place);
            }
        }
        publish(50);
        verify("names and topics that are no file names, 20 of each", 0);
    }

    @ParameterizedTest
    @EnumSource
    void whatWaitsAtTheStartIsUploaded(Kind kind) throws Exception {
        start(kind);
        Child first = program(service.port());
        publish(1);
        awaitStored(1);
        first.terminate(60);
        publish(BACKLOG);
        program(service.port());
        verify(BACKLOG + " messages wait at the start", 1);
        assertThat(source.putAside()).isZero();
    }
}
