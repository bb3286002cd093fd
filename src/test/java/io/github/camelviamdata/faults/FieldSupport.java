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

    /** Seconds of an outage, and how many messages; {@code -Dfield=whole} has the long form. */
    static final boolean WHOLE = System.getProperty("field", "").equals("whole");

    static final int OUTAGE_SECONDS = WHOLE ? 60 : 8;
    static final int STOPPED_SECONDS = WHOLE ? 100 : 8;
    static final int MESSAGES = WHOLE ? 300 : 100;
    static final int BACKLOG = WHOLE ? 3_000 : 1_500;

    /** Seconds. */
    static final int PATIENCE = Integer.getInteger("field.patience", 120);

    /** What a route has under way at once. */
    static final int IN_FLIGHT = 64;

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

    void start(Kind kind) throws Exception {
        source = create(kind);
        begin();
    }

    FieldSource create(Kind kind) throws IOException {
        assumeTrue(
                kind != Kind.MOSQUITTO || Mosquitto.isInstalled(),
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

    Child program(int port, String... more) throws IOException {
        List<String> arguments = new ArrayList<>(List.of(
                routes == null ? source.routes() : routes,
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

    void publish(int messages) throws Exception {
        for (int i = 0; i < messages; i++) {
            publish(source.place());
        }
    }

    void publish(String place) throws Exception {
        byte[] body = new byte[1_000 + random.nextInt(19_000)];
        random.nextBytes(body);
        ByteBuffer.wrap(body).putInt(number);
        source.publish(number++, place, body);
        good.add(Bodies.name(body));
    }

    void publishPoison(byte[] body) throws Exception {
        source.publish(number++, source.place(), body);
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
}
