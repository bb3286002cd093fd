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
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.io.TempDir;

/** A source, the service, the programs that upload from one to the other, and what has to have arrived in the end. */
abstract class FieldSupport {

    private static final Report.Suite SUITE = new Report.Suite("field-suite", 4, isWhole(), """
            # The field suite

            How the sources of the jar do with brokers, folders and networks as users have them. Messages of 1 to 20 KB go from mosquitto as Debian
            ships it (with `max_queued_messages 0`), Artemis, Kafka with 4 partitions, and a folder, by the routes of `examples/mqtt`,
            `examples/kafka` and `examples/file`, and by those of [README.md](../../../README.md) as they stand there, in a Java runtime
            of its own. These commands write this page:

            ```
            mvn -q install -DskipTests
            mvn -B -f verification/field/pom.xml verify -Dfield=whole
            ```

            Without the option the suite is shorter in all parts, and leaves this page as it is. *Lost or stuck* is what the source had, and
            what is neither stored bit for bit nor put aside after two minutes in which the source and the service run. *Poison* is what
            can never be stored: all of it has to be put aside, and nothing else. *At most* is how many duplicates the table in the
            [README](../../../README.md#what-these-three-promise) allows.

            | Promise | Shown by |
            | --- | --- |
            | A lost connection, however short, never ends an MQTT route | the route's connection is away; a proxy resets the connection; the broker is suspended |
            | A broker that was told to keep messages keeps all of an outage | the service is down; messages wait at the start |
            | No topic, name or header stops a source, nor leads out of the folder for what is put aside | names and topics that are no file names |
            | A reconnection repeats nothing that is in flight | the broker restarts 5 times while the service is down |
            | A member of a shared subscription has to come back for what it was dealt | a member of a shared subscription is killed |
            | Nothing that is put aside replaces anything | empty messages; `KafkaRecordsIT` and `SourceKameletsTest`: 100 of one name, with 100 reasons |
            | Empty files, and clocks that are ahead, hold up nothing | empty messages; files from a clock that is ahead |
            | A folder from which nothing can be moved is not uploaded again and again | a folder that the program may not write to; `SourceKameletsTest` |
            | One folder, one process: a second one does not start, and a killed one leaves no lock | a second program on the folder |
            | No half file is stored | a file is written in 20 pieces; each recipe with files in `RecipesIT` |
            | A file in the inbox itself has a camera, and the service is called with growing pauses | names and topics that are no file names; `FileExampleIT`, `SourceKameletsTest` |
            | Kafka's offsets are committed while the route runs | the program is killed; `KafkaRecordsIT`, with each version of Camel in the matrix |
            | Records are known by either spelling of Kafka's headers | `KafkaRecordsIT`, with each version of Camel in the matrix |
            | A tombstone or a strange header never repeats its batch | empty messages, and a tombstone; names and topics that are no file names |
            | What is refused, or aborted by its producer, does not stop the topic | empty messages; transactions of 10 records |
            """);

    /** Seconds of an outage, and how many messages; {@code -Dfield=whole} has the long form. */
    static final boolean WHOLE = isWhole();

    static final int OUTAGE_SECONDS = WHOLE ? 60 : 8;
    static final int STOPPED_SECONDS = WHOLE ? 100 : 8;
    static final int MESSAGES = WHOLE ? 300 : 100;
    static final int BACKLOG = WHOLE ? 3_000 : 1_500;

    /** Seconds. */
    static final int PATIENCE = Integer.getInteger("field.patience", 120);

    /** For a program, a broker or a member of a group to be there, on a machine that is busy. */
    static final Duration STARTUP = Duration.ofMinutes(3);

    /** What a route has in flight at once. */
    static final int IN_FLIGHT = 64;

    enum Kind {
        MOSQUITTO,
        ARTEMIS,
        KAFKA,
        FOLDER,
        /** The routes of {@code README.md}. */
        README_MQTT,
        README_KAFKA,
        README_FOLDER,
        README_OWN_ERRORS;

        FieldSource in(Path directory) throws IOException {
            return switch (this) {
                case MOSQUITTO -> new MqttSource.OfMosquitto(directory);
                case ARTEMIS -> new MqttSource.OfArtemis(directory);
                case KAFKA -> new KafkaSource(directory);
                case FOLDER -> new FolderSource(directory);
                case README_MQTT -> new ReadmeSources.Mqtt(directory);
                case README_KAFKA -> new ReadmeSources.Kafka(directory);
                case README_FOLDER -> new ReadmeSources.Folder(directory);
                case README_OWN_ERRORS -> new ReadmeSources.OwnErrors(directory);
            };
        }

        boolean isKafka() {
            return this == KAFKA || this == README_KAFKA;
        }
    }

    @TempDir
    Path directory;

    final Ledger ledger = new Ledger();
    final Set<String> good = new LinkedHashSet<>();
    final Random random = new Random(16);
    int number;
    int poison;
    FieldSource source;
    /** The file with the route, if not the source's own. */
    String routes;

    FaultService service;
    final List<Child> programs = new ArrayList<>();

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

    private static boolean isWhole() {
        return System.getProperty("field", "").equals("whole");
    }

    /** A section of the page. */
    static Report report(String name, String title, String text) {
        return new Report(
                SUITE,
                name,
                title,
                text,
                "Case",
                "Source",
                "Offered",
                "Stored",
                "Lost or stuck",
                "Put aside",
                "Poison",
                "Duplicates",
                "At most");
    }

    void start(Kind kind) throws Exception {
        source = create(kind);
        begin();
    }

    FieldSource create(Kind kind) throws IOException {
        assumeTrue(
                kind != Kind.MOSQUITTO && kind != Kind.README_MQTT || Mosquitto.isInstalled(),
                "mosquitto is not installed: apt-get install mosquitto");
        return kind.in(directory);
    }

    void begin() throws Exception {
        source.start();
        source.announce();
        service = service(0);
    }

    FaultService service(int port) {
        return new FaultService(
                new Script()
                        .byContent()
                        .answerDelay(call -> 2 + Script.random(call).nextInt(19)),
                ledger,
                port);
    }

    /** Of a program that uploads. */
    List<String> arguments(int port) throws Exception {
        List<String> arguments = new ArrayList<>(List.of(
                routes == null ? source.routes() : routes,
                "viam.part-id=part",
                "rejected=" + directory.resolve("rejected"),
                "ledger=file:" + directory.resolve("ledger"),
                "camel.component.viamdata.host=localhost",
                "camel.component.viamdata.port=" + port,
                "camel.component.viamdata.plaintext=true"));
        arguments.addAll(source.properties());
        return arguments;
    }

    Child program(int port, String... more) throws Exception {
        List<String> arguments = arguments(port);
        arguments.addAll(Arrays.asList(more));
        Child child = new Child(
                Files.createDirectories(Report.DIRECTORY)
                        .resolve("field-" + source.name().replaceAll("\\W+", "-") + ".log"),
                RouteProgram.class,
                List.of("-Xmx256m", "-XX:TieredStopAtLevel=1"),
                arguments.toArray(String[]::new));
        programs.add(child);
        return child;
    }

    void publish(int messages) throws Exception {
        for (int i = 0; i < messages; i++) {
            publish(source.place());
        }
    }

    void publish(String place) throws Exception {
        byte[] body = picture();
        source.publish(number++, place, body);
        good.add(Bodies.name(body));
    }

    byte[] picture() {
        byte[] body = new byte[1_000 + random.nextInt(19_000)];
        random.nextBytes(body);
        ByteBuffer.wrap(body).putInt(number);
        return body;
    }

    void publishPoison(String place, byte[] body) throws Exception {
        source.publish(number++, place, body);
        poison++;
    }

    void awaitStored(int messages) {
        await().atMost(Duration.ofSeconds(PATIENCE)).until(() -> ledger.ids().size() >= messages);
    }

    /** All is where it has to be; then the row is written, and held to what the page promises. */
    void verify(Report report, String title, int duplicates) throws IOException {
        try {
            await().atMost(Duration.ofSeconds(PATIENCE))
                    .pollInterval(Duration.ofMillis(200))
                    .until(() -> ledger.ids().size() >= good.size() && source.putAside() >= poison);
            awaitQuiet();
        } finally {
            report.row(
                    title,
                    source.name(),
                    good.size() + poison,
                    ledger.ids().size(),
                    missing(),
                    source.putAside(),
                    poison,
                    ledger.duplicates(),
                    duplicates);
        }
        assertThat(ledger.ids()).containsExactlyInAnyOrderElementsOf(good);
        assertThat(source.putAside()).as("put aside").isEqualTo(poison);
        assertThat(ledger.duplicates()).as("duplicates").isLessThanOrEqualTo(duplicates);
    }

    private long missing() throws IOException {
        long unstored = good.stream().filter(id -> !ledger.ids().contains(id)).count();
        return unstored + Math.max(0, poison - source.putAside());
    }

    /** What comes a second time may come after all else. */
    void awaitQuiet() {
        int[] calls = {-1};
        await().atMost(Duration.ofSeconds(PATIENCE))
                .pollInterval(Duration.ofSeconds(3))
                .until(() -> {
                    int before = calls[0];
                    calls[0] = ledger.calls();
                    return calls[0] == before;
                });
    }

    /** None was begun before another that was offered so many places before it. A slow upload may end after later ones. */
    static void assertInOrder(List<String> offered, List<String> stored) {
        assertThat(stored).containsExactlyInAnyOrderElementsOf(offered);
        for (int i = 0; i < stored.size(); i++) {
            assertThat(offered.indexOf(stored.get(i)) - i)
                    .as("places ahead, at " + i)
                    .isLessThanOrEqualTo(IN_FLIGHT);
        }
    }
}
