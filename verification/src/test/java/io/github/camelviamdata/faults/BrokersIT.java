// Copyright the camel-viamdata authors. SPDX-License-Identifier: Apache-2.0
package io.github.camelviamdata.faults;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.github.camelviamdata.examples.KafkaBroker;
import io.github.camelviamdata.examples.MqttBroker;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import org.apache.activemq.artemis.core.server.Queue;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.eclipse.paho.mqttv5.client.MqttClient;
import org.eclipse.paho.mqttv5.client.MqttConnectionOptions;
import org.eclipse.paho.mqttv5.client.persist.MemoryPersistence;
import org.eclipse.paho.mqttv5.common.MqttException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What flows from real brokers, and from a folder, survives the end of each part of the way. */
@Tag("faults")
@Timeout(600)
class BrokersIT {

    private static final long SEED = 21;
    private static final int PER_SECOND = 100;
    private static final int KILLS = 3;
    private static final int PARTITIONS = 4;
    private static final int OUTAGE_SECONDS = FaultSuiteIT.WHOLE ? 20 : 8;

    private static Report report;

    @TempDir
    Path directory;

    private final List<Source> sources = new ArrayList<>();

    @BeforeAll
    static void startReport() {
        report = new Report(
                "4-brokers",
                "Brokers",
                """
                Messages of 1 to 20 KB, %d per second, flow from a real broker (Artemis for MQTT, Kafka with %d partitions) or
                into a folder while things end: by the routes of `examples/mqtt`, `examples/kafka` and `examples/file`
                (`watch.camel.yaml`), in a Java runtime of its own, to a service that answers after 2 to 20 ms. *Lost* is what was published and is not stored bit for bit at the end.
                """.formatted(PER_SECOND, PARTITIONS),
                "Case",
                "Source",
                "Messages",
                "Ends",
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

    @AfterEach
    void stopSources() throws Exception {
        for (Source source : sources) {
            source.stop();
        }
    }

    @Test
    void aKilledProgramLosesNothing() throws Exception {
        together(new Mqtt(), new Kafka(), new Folder(), source -> {
            int messages = 1_000;
            Random random = new Random(SEED);
            try (FaultService service = source.service(0)) {
                source.start();
                Child child = source.program(service.port());
                try {
                    source.publish(messages);
                    for (int i = 1; i <= KILLS; i++) {
                        int moment = messages * i / (KILLS + 1) + random.nextInt(messages / 10);
                        await().atMost(Duration.ofMinutes(3))
                                .pollDelay(Duration.ZERO)
                                .pollInterval(Duration.ofMillis(1))
                                .until(() -> source.ledger.ids().size() >= moment);
                        child.kill();
                        child = source.program(service.port());
                    }
                    source.allStored();
                } finally {
                    child.close();
                }
            }
            source.report("the program is killed (kill -9)", KILLS);
        });
    }

    @Test
    void aKilledMemberOfAGroupIsReplacedByTheOther() throws Exception {
        together(new Kafka(), source -> {
            int messages = 5_000;
            try (FaultService service = source.service(0)) {
                source.start();
                try (Child one = source.program(service.port(), "ledger-1");
                        Child two = source.program(service.port(), "ledger-2")) {
                    source.perSecond = 1_000;
                    source.publish(messages);
                    await().atMost(Duration.ofMinutes(3))
                            .until(() -> source.ledger.ids().size() >= messages / 2);
                    assertThat(one.isAlive()).isTrue();
                    one.kill();
                    source.allStored();
                    assertThat(two.isAlive()).isTrue();
                }
            }
            source.report("one of two programs in a group is killed", 1);
        });
    }

    @Test
    void aBrokerThatRestartsLosesNothing() throws Exception {
        together(new Mqtt(), new Kafka(), source -> {
            int messages = 1_000;
            try (FaultService service = source.service(0)) {
                source.start();
                try (Child child = source.program(service.port())) {
                    source.publish(messages);
                    for (int i = 1; i <= 2; i++) {
                        int moment = messages * i / 3;
                        await().atMost(Duration.ofMinutes(3))
                                .until(() -> source.ledger.ids().size() >= moment);
                        source.restart();
                    }
                    source.allStored();
                    assertThat(child.isAlive()).isTrue();
                }
            }
            source.report("the broker restarts", 2);
        });
    }

    @Test
    void aServiceThatIsAwayLosesNothing() throws Exception {
        together(new Mqtt(), new Kafka(), new Folder(), source -> {
            int messages = 1_000;
            FaultService service = source.service(0);
            try {
                source.start();
                try (Child child = source.program(service.port())) {
                    source.publish(messages);
                    await().atMost(Duration.ofMinutes(3))
                            .until(() -> source.ledger.ids().size() >= messages / 3);
                    int port = service.port();
                    service.close();
                    TimeUnit.SECONDS.sleep(OUTAGE_SECONDS);
                    service = source.service(port);
                    source.allStored();
                    assertThat(child.isAlive()).isTrue();
                }
            } finally {
                service.close();
            }
            source.report("the service is down for " + OUTAGE_SECONDS + " s", 1);
        });
    }

    private interface Case {
        void with(Source source) throws Exception;
    }

    private void together(Source one, Case test) throws Exception {
        together(List.of(one), test);
    }

    private void together(Source one, Source two, Case test) throws Exception {
        together(List.of(one, two), test);
    }

    private void together(Source one, Source two, Source three, Case test) throws Exception {
        together(List.of(one, two, three), test);
    }

    private void together(List<Source> parallel, Case test) throws Exception {
        sources.addAll(parallel);
        List<CompletableFuture<Void>> runs =
                parallel.stream().map(source -> run(() -> test.with(source))).toList();
        for (CompletableFuture<Void> run : runs) {
            run.get(220, TimeUnit.SECONDS);
        }
    }

    private interface Action {
        void run() throws Exception;
    }

    private static CompletableFuture<Void> run(Action action) {
        CompletableFuture<Void> end = new CompletableFuture<>();
        Thread thread = new Thread(() -> {
            try {
                action.run();
                end.complete(null);
            } catch (Throwable e) {
                end.completeExceptionally(e);
            }
        });
        thread.setDaemon(true);
        thread.start();
        return end;
    }

    /** Where messages come from, and all that is to become of them. */
    private abstract class Source {

        final Ledger ledger = new Ledger();
        final Set<String> published = ConcurrentHashMap.newKeySet();
        final long begin = System.nanoTime();
        int perSecond = PER_SECOND;
        private final String name;
        private final String routes;
        private CompletableFuture<Void> publisher;

        Source(String name, String routes) {
            this.name = name;
            this.routes = routes;
        }

        abstract void start() throws Exception;

        /** The same broker on the same port. */
        abstract void restart() throws Exception;

        /** Gives a message to the source; after that it must not get lost. */
        abstract void publish(int number, byte[] body) throws Exception;

        /** Whether the program is there to hear of messages. */
        abstract boolean isReady() throws Exception;

        /** Whether the source gives nothing more to the program, because all is acknowledged. */
        abstract boolean isDone() throws Exception;

        abstract List<String> properties();

        FaultService service(int port) {
            return new FaultService(
                    new Script()
                            .byContent()
                            .answerDelay(call -> 2 + Script.random(call).nextInt(19)),
                    ledger,
                    port);
        }

        Child program(int port) throws IOException {
            return program(port, "ledger-" + name);
        }

        /** @param ledgerName of a file that no other program uses at the same time */
        Child program(int port, String ledgerName) throws IOException {
            List<String> arguments = new ArrayList<>(List.of(
                    routes,
                    "viam.part-id=part",
                    "rejected=" + directory.resolve("rejected"),
                    "ledger=file:" + directory.resolve(ledgerName),
                    "camel.component.viamdata.host=localhost",
                    "camel.component.viamdata.port=" + port,
                    "camel.component.viamdata.plaintext=true"));
            arguments.addAll(properties());
            return new Child(
                    Files.createDirectories(Report.DIRECTORY).resolve("brokers-" + name + ".log"),
                    RouteProgram.class,
                    List.of("-Xmx256m", "-XX:TieredStopAtLevel=1"),
                    arguments.toArray(String[]::new));
        }

        void publish(int messages) throws Exception {
            await().atMost(Duration.ofMinutes(3)).until(this::isReady);
            publisher = run(() -> {
                Random random = new Random(SEED);
                long start = System.nanoTime();
                for (int i = 0; i < messages; i++) {
                    TimeUnit.NANOSECONDS.sleep(start + TimeUnit.SECONDS.toNanos(i) / perSecond - System.nanoTime());
                    byte[] body = new byte[1_000 + random.nextInt(19_000)];
                    random.nextBytes(body);
                    ByteBuffer.wrap(body).putInt(i);
                    publish(i, body);
                    published.add(Bodies.name(body));
                }
            });
        }

        void allStored() throws Exception {
            publisher.get(120, TimeUnit.SECONDS);
            await().atMost(Duration.ofMinutes(3))
                    .pollInterval(Duration.ofMillis(200))
                    .until(() -> ledger.ids().containsAll(published) && isDone());
        }

        void report(String title, int ends) {
            long lost =
                    published.stream().filter(id -> !ledger.ids().contains(id)).count();
            report.row(
                    title,
                    name,
                    published.size(),
                    ends,
                    ledger.ids().size(),
                    lost,
                    ledger.duplicates(),
                    String.format(Locale.ROOT, "%.4f", ledger.resent()),
                    TimeUnit.NANOSECONDS.toSeconds(System.nanoTime() - begin));
            assertThat(lost).as("lost").isZero();
            assertThat(ledger.ids()).as("stored").isEqualTo(published);
        }

        abstract void stop() throws Exception;
    }

    private final class Mqtt extends Source {

        private final MqttBroker broker = new MqttBroker();
        private final int port;
        private MqttClient cameras;

        Mqtt() throws IOException {
            super("mqtt", "examples/mqtt/upload.camel.yaml");
            port = Ports.free();
        }

        @Override
        void start() throws Exception {
            broker.setPort(port);
            broker.setDirectory(directory.resolve("mqtt").toString());
            broker.start();
        }

        @Override
        void restart() throws Exception {
            broker.stop();
            broker.start();
        }

        @Override
        List<String> properties() {
            return List.of("mqtt.broker=tcp://localhost:" + port, "mqtt.client-id=uploader");
        }

        /** By QoS 1: the broker has it when this returns. */
        @Override
        void publish(int number, byte[] body) throws InterruptedException {
            await().pollDelay(Duration.ZERO).atMost(Duration.ofMinutes(3)).until(() -> {
                try {
                    if (cameras == null || !cameras.isConnected()) {
                        cameras = new MqttClient("tcp://localhost:" + port, "cameras", new MemoryPersistence());
                        cameras.setTimeToWait(5_000);
                        cameras.connect(new MqttConnectionOptions());
                    }
                    cameras.publish("cameras/camera-" + number % 3 + "/GetImages", body, 1, false);
                    return true;
                } catch (MqttException e) {
                    return false;
                }
            });
        }

        private Queue queue() {
            return broker.server().locateQueue("uploader.cameras.*.*");
        }

        @Override
        boolean isReady() {
            return queue() != null;
        }

        @Override
        boolean isDone() {
            return queue() != null && queue().getMessageCount() == 0;
        }

        @Override
        void stop() throws Exception {
            broker.stop();
        }
    }

    private final class Kafka extends Source {

        private final KafkaBroker broker = new KafkaBroker();
        private final int port;
        private KafkaProducer<byte[], byte[]> producer;

        Kafka() throws IOException {
            super("kafka", "examples/kafka/upload.camel.yaml");
            port = Ports.free();
        }

        @Override
        void start() throws Exception {
            broker.setPort(port);
            broker.setPartitions(PARTITIONS);
            broker.setDirectory(directory.resolve("kafka").toString());
            broker.start();
            producer = new KafkaProducer<>(
                    Map.of("bootstrap.servers", "localhost:" + port, "acks", "all", "max.block.ms", "60000"),
                    new ByteArraySerializer(),
                    new ByteArraySerializer());
        }

        @Override
        void restart() throws Exception {
            broker.stop();
            broker.start();
        }

        @Override
        List<String> properties() {
            return List.of(
                    "kafka.brokers=localhost:" + port,
                    "kafka.topic=frames",
                    "kafka.group=uploader",
                    // Others take over soon when a member of the group is killed.
                    "camel.component.kafka.configuration.sessionTimeoutMs=3000",
                    "camel.component.kafka.configuration.heartbeatIntervalMs=500");
        }

        @Override
        void publish(int number, byte[] body) throws Exception {
            byte[] key = String.valueOf(number).getBytes(StandardCharsets.UTF_8);
            ProducerRecord<byte[], byte[]> record = new ProducerRecord<>("frames", key, body);
            Map.of("camera", "gate", "method", "GetImages", "extension", ".jpg")
                    .forEach((header, value) -> record.headers().add(header, value.getBytes(StandardCharsets.UTF_8)));
            producer.send(record).get(60, TimeUnit.SECONDS);
        }

        @Override
        boolean isReady() {
            return true;
        }

        @Override
        boolean isDone() {
            return true;
        }

        @Override
        void stop() {
            if (producer != null) {
                producer.close(Duration.ZERO);
                broker.stop();
            }
        }
    }

    private final class Folder extends Source {

        private final Path inbox = directory.resolve("inbox");
        private final Path camera = inbox.resolve("gate");

        Folder() {
            super("file", "examples/file/watch.camel.yaml");
        }

        @Override
        void start() throws IOException {
            Files.createDirectories(camera);
        }

        @Override
        void restart() {
            throw new UnsupportedOperationException();
        }

        @Override
        List<String> properties() {
            return List.of("inbox=" + inbox);
        }

        @Override
        void publish(int number, byte[] body) throws IOException {
            Path file = Files.write(directory.resolve("part"), body);
            Files.move(file, camera.resolve("file-" + number + ".jpg"), StandardCopyOption.ATOMIC_MOVE);
        }

        @Override
        boolean isReady() {
            return true;
        }

        @Override
        boolean isDone() {
            return Arrays.stream(camera.toFile().list()).allMatch(name -> name.equals(".done"));
        }

        @Override
        void stop() {}
    }
}
