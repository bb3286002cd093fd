// Copyright the camel-viamdata authors. SPDX-License-Identifier: Apache-2.0
package io.github.camelviamdata.faults;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.eclipse.paho.mqttv5.client.MqttClient;
import org.eclipse.paho.mqttv5.client.MqttClientException;
import org.eclipse.paho.mqttv5.common.MqttException;
import org.eclipse.paho.mqttv5.common.MqttMessage;
import org.eclipse.paho.mqttv5.common.packet.MqttProperties;
import org.eclipse.paho.mqttv5.common.packet.UserProperty;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What brokers of MQTT offer that changes who gets a message, and how often. */
@Tag("field")
@Timeout(600)
class FieldMqttIT extends FieldSupport {

    private static final String ANY_TOPIC = "src/test/resources/routes/field-mqtt.camel.yaml";
    private static final byte[] PROBE = "is there a member?".getBytes(StandardCharsets.UTF_8);
    private static final int FEW = 40;

    private static Report report;

    @BeforeAll
    static void startReport() {
        report = report("2-mqtt", "MQTT", "Features of MQTT 5, once each with either broker.");
    }

    @AfterAll
    static void writeReport() throws IOException {
        report.sort();
        report.write();
    }

    @ParameterizedTest
    @EnumSource(names = {"MOSQUITTO", "ARTEMIS"})
    void aMemberOfASharedSubscriptionIsKilled(Kind kind) throws Exception {
        source = create(kind);
        routes = ANY_TOPIC;
        String topic = "mqtt.topic=$share/uploaders/cameras/+/+";
        source.start();
        service = service(0);
        program(service.port(), topic, "mqtt.client-id=one");
        Child two = program(service.port(), topic, "mqtt.client-id=two");
        // What is published before there is a member goes to nobody.
        awaitSubscription();
        publish(FEW);
        awaitStored(FEW / 2);
        two.kill();
        publish(FEW);
        // It may be dealt messages while it is away. Its client ID is back, on whatever machine.
        program(service.port(), topic, "mqtt.client-id=two");
        verify(report, "a member of a shared subscription is killed, and comes back", 120 + IN_FLIGHT);
    }

    private void awaitSubscription() {
        await().atMost(STARTUP).pollInterval(Duration.ofMillis(500)).until(() -> {
            source.publish(0, source.place(), PROBE);
            return !ledger.ids().isEmpty();
        });
        good.add(Bodies.name(PROBE));
    }

    @ParameterizedTest
    @EnumSource(names = {"MOSQUITTO", "ARTEMIS"})
    void aSessionIsTakenOver(Kind kind) throws Exception {
        source = create(kind);
        begin();
        Child one = program(service.port());
        publish(FEW);
        awaitStored(FEW / 2);
        Child two = program(service.port());
        publish(FEW);
        TimeUnit.SECONDS.sleep(3);
        publish(FEW);
        one.terminate(180);
        publish(FEW);
        assertThat(two.isAlive()).isTrue();
        verify(report, "another program takes the session over, by the same client ID", 4 * FEW);
    }

    @ParameterizedTest
    @EnumSource(names = {"MOSQUITTO", "ARTEMIS"})
    void retainedMessagesArrive(Kind kind) throws Exception {
        source = create(kind);
        source.start();
        service = service(0);
        await().atMost(STARTUP).until(() -> Ports.isOpen(((MqttSource) source).port));
        MqttClient cameras = ((MqttSource) source).client("retaining");
        for (int i = 0; i < 10; i++) {
            byte[] body = ("retained " + i).getBytes(StandardCharsets.UTF_8);
            cameras.publish("cameras/gate-" + i + "/GetImages", body, 1, true);
            good.add(Bodies.name(body));
        }
        Child first = program(service.port());
        awaitStored(10);
        // The broker gets its acknowledgements.
        TimeUnit.SECONDS.sleep(2);
        first.terminate(180);
        program(service.port());
        publish(FEW);
        verify(report, "10 messages are retained, and the route starts twice", 0);
        cameras.disconnect();
    }

    @ParameterizedTest
    @EnumSource(names = {"MOSQUITTO", "ARTEMIS"})
    void aMessageAboveTheBrokersLimitStopsNoOther(Kind kind) throws Exception {
        create(kind);
        source = kind == Kind.ARTEMIS
                ? new MqttSource.OfArtemis(directory, 100_000)
                : new MqttSource.OfMosquitto(directory, "message_size_limit 100000");
        begin();
        program(service.port());
        publish(FEW);
        MqttClient large = ((MqttSource) source).client("large");
        assertThatThrownBy(() -> large.publish("cameras/gate/GetImages", new byte[200_000], 1, false))
                .isInstanceOfSatisfying(
                        MqttException.class,
                        refused -> assertThat(refused.getReasonCode())
                                .isNotEqualTo(MqttClientException.REASON_CODE_CLIENT_TIMEOUT));
        publish(FEW);
        verify(report, "a message is above the broker's limit, which its publisher is told", 0);
    }

    @ParameterizedTest
    @EnumSource(names = {"MOSQUITTO", "ARTEMIS", "README_MQTT"})
    void messagesOfATopicAreUploadedInOrder(Kind kind) throws Exception {
        start(kind);
        publish(500);
        program(service.port());
        verify(report, "500 messages of one topic, in the order of the topic but for what is in flight at once", 0);
        assertInOrder(new ArrayList<>(good), ledger.order());
    }

    @ParameterizedTest
    @EnumSource(names = {"MOSQUITTO", "ARTEMIS"})
    void userPropertiesAreNoHeadersOfThisComponent(Kind kind) throws Exception {
        source = create(kind);
        begin();
        program(service.port());
        MqttClient cameras = ((MqttSource) source).client("properties");
        MqttProperties properties = new MqttProperties();
        properties.setUserProperties(List.of(
                new UserProperty("CamelViamDataPartId", "another"),
                new UserProperty("CamelViamDataFileExtension", "/../../x"),
                new UserProperty("", "ü".repeat(1_000))));
        byte[] body = "with properties".getBytes(StandardCharsets.UTF_8);
        cameras.publish("cameras/gate/GetImages", new MqttMessage(body, 1, false, properties));
        good.add(Bodies.name(body));
        publish(FEW);
        verify(report, "user properties that have the names of our headers", 0);
        cameras.disconnect();
    }
}
