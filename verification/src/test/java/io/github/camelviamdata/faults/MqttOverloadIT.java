// Copyright the camel-viamdata authors. SPDX-License-Identifier: Apache-2.0
package io.github.camelviamdata.faults;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.github.camelviamdata.examples.MqttBroker;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.activemq.artemis.core.server.MessageReference;
import org.apache.activemq.artemis.core.server.Queue;
import org.eclipse.paho.mqttv5.client.MqttAsyncClient;
import org.eclipse.paho.mqttv5.client.persist.MemoryPersistence;
import org.eclipse.paho.mqttv5.common.MqttMessage;
import org.eclipse.paho.mqttv5.common.packet.MqttProperties;
import org.eclipse.paho.mqttv5.common.packet.UserProperty;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** An MQTT broker is sent two hundred times more than the service takes; the program in between has 128 MB of heap. */
@Tag("faults")
@Timeout(300)
class MqttOverloadIT {

    private static final int PER_SECOND = 200;
    private static final int OFFERED = FaultSuiteIT.WHOLE ? Integer.getInteger("faults.mqtt", 3_000) : 500;
    private static final int SIZE = 1_000_000;
    private static final int SECONDS = FaultSuiteIT.WHOLE ? 60 : 20;
    private static final int RECEIVE_MAXIMUM = 16;
    private static final String NUMBER = "number";

    private static Report report;

    @TempDir
    Path directory;

    @BeforeAll
    static void startReport() {
        report = new Report(
                "2b-mqtt",
                "Overload by an MQTT broker",
                """
                Cameras publish %3$,d messages of %2$,d bytes, up to %1$d per second as the broker's disk allows, by QoS 1 to
                Artemis, which keeps them. (60 s of 200 per second would be 12 GB: `-Dfaults.mqtt=12000`. For the uploading program that is
                the same, because a broker sends at most `receiveMaximum` at once.) A Java runtime of its own with `-Xmx128m`
                uploads them by a route `MqttSessionComponent` -> `viamdata`, with `manualAcksEnabled=true&receiveMaximum=%4$d`, to a service that answers one upload per second, and is stopped
                %5$d s after the first message. *Lost* is what is neither stored bit for bit nor still at the broker.
                """.formatted(PER_SECOND, SIZE, OFFERED, RECEIVE_MAXIMUM, SECONDS),
                "Offered",
                "In seconds",
                "Acknowledged to the broker",
                "Still at the broker",
                "Stored",
                "Lost",
                "Duplicates",
                "Heap");
    }

    @AfterAll
    static void writeReport() throws IOException {
        report.write();
    }

    @Test
    void theBrokerKeepsWhatTheServiceDoesNotTake() throws Exception {
        Ledger ledger = new Ledger();
        Script script = new Script().byContent().oneAnswerPerSecond();
        int port = Ports.free();
        MqttBroker broker = new MqttBroker();
        broker.setPort(port);
        broker.setDirectory(directory.toString());
        broker.start();
        Path log = Files.createDirectories(Report.DIRECTORY).resolve("overload-mqtt.log");
        Files.deleteIfExists(log);
        long start;
        double seconds;
        Set<Integer> waiting;
        try (FaultService service = new FaultService(script, ledger);
                Child child = new Child(
                        log,
                        RouteProgram.class,
                        List.of("-Xmx128m", "-XX:+ExitOnOutOfMemoryError"),
                        "src/test/resources/routes/mqtt.camel.yaml",
                        "mqtt.broker=tcp://localhost:" + port,
                        "mqtt.client-id=uploader",
                        "viam.part-id=part",
                        "rejected=" + directory.resolve("rejected"),
                        "camel.component.viamdata.host=localhost",
                        "camel.component.viamdata.port=" + service.port(),
                        "camel.component.viamdata.plaintext=true",
                        "camel.main.shutdownTimeout=1")) {
            await().atMost(Duration.ofSeconds(60)).until(() -> queue(broker) != null);
            start = System.nanoTime();
            publish(port);
            seconds = (System.nanoTime() - start) / 1e9;
            TimeUnit.NANOSECONDS.sleep(start + TimeUnit.SECONDS.toNanos(SECONDS) - System.nanoTime());
            assertThat(child.isAlive()).as("still runs").isTrue();
            assertThat(child.terminate(20)).as("exit code").isEqualTo(143);
            await().until(() -> queue(broker).getConsumerCount() == 0);
            waiting = waiting(broker);
        } finally {
            broker.stop();
        }

        Matcher heap = Pattern.compile("HEAP (\\d+)").matcher(Files.readString(log));
        assertThat(heap.find()).as("heap in " + log).isTrue();
        List<Integer> acknowledged = new ArrayList<>();
        int lost = 0;
        for (int i = 0; i < OFFERED; i++) {
            if (!waiting.contains(i)) {
                acknowledged.add(i);
                lost += ledger.ids().contains(Bodies.name(body(i))) ? 0 : 1;
            }
        }
        report.row(
                OFFERED,
                String.format(Locale.ROOT, "%.1f", seconds),
                acknowledged.size(),
                waiting.size(),
                ledger.ids().size(),
                lost,
                ledger.duplicates(),
                Long.parseLong(heap.group(1)) / (1 << 20) + " MiB");

        assertThat(lost).as("lost").isZero();
        assertThat(acknowledged).as("acknowledged").hasSizeBetween(SECONDS / 2, SECONDS + 1);
        assertThat(ledger.ids())
                .as("stored")
                .hasSizeBetween(acknowledged.size(), acknowledged.size() + RECEIVE_MAXIMUM);
        assertThat(ledger.duplicates()).as("duplicates").isZero();
    }

    private static void publish(int port) throws Exception {
        MqttAsyncClient cameras = new MqttAsyncClient("tcp://localhost:" + port, "cameras", new MemoryPersistence());
        cameras.connect().waitForCompletion();
        long start = System.nanoTime();
        List<org.eclipse.paho.mqttv5.client.IMqttToken> published = new ArrayList<>();
        for (int i = 0; i < OFFERED; i++) {
            TimeUnit.NANOSECONDS.sleep(start + TimeUnit.SECONDS.toNanos(i) / PER_SECOND - System.nanoTime());
            MqttMessage message = new MqttMessage(body(i));
            message.setQos(1);
            MqttProperties properties = new MqttProperties();
            properties.setUserProperties(new ArrayList<>(List.of(new UserProperty(NUMBER, String.valueOf(i)))));
            message.setProperties(properties);
            published.add(cameras.publish("cameras/gate/GetImages", message));
            if (i >= 20) {
                published.get(i - 20).waitForCompletion();
                published.set(i - 20, null);
            }
        }
        for (int i = OFFERED - 20; i < OFFERED; i++) {
            published.get(i).waitForCompletion();
        }
        cameras.disconnect().waitForCompletion();
        cameras.close();
    }

    private static byte[] body(int number) {
        byte[] body = new byte[SIZE];
        ByteBuffer.wrap(body).putInt(number);
        return body;
    }

    private static Queue queue(MqttBroker broker) {
        return broker.server().locateQueue("uploader.cameras.*.*");
    }

    /** The numbers of the messages that the broker holds for the session. */
    private static Set<Integer> waiting(MqttBroker broker) {
        Set<Integer> numbers = new HashSet<>();
        try (var messages = queue(broker).browserIterator()) {
            for (Iterator<MessageReference> i = messages; i.hasNext(); ) {
                var message = i.next().getMessage();
                message.getPropertyNames().stream()
                        .filter(name -> name.toString().endsWith(NUMBER))
                        .forEach(name -> numbers.add(Integer.parseInt(message.getStringProperty(name))));
            }
        }
        return numbers;
    }
}
