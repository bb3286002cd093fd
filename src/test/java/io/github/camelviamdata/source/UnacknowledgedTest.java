// Copyright the camel-viamdata authors. SPDX-License-Identifier: Apache-2.0
package io.github.camelviamdata.source;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.camelviamdata.source.Unacknowledged.Arrival;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.eclipse.paho.mqttv5.common.MqttMessage;
import org.junit.jupiter.api.Test;

/** What an MQTT session does with messages that the broker sends again. */
class UnacknowledgedTest {

    private final AtomicLong nanos = new AtomicLong();
    private final Unacknowledged session = new Unacknowledged(nanos::get);

    private static MqttMessage message(int id, String payload, boolean again) {
        MqttMessage message = new MqttMessage(payload.getBytes(StandardCharsets.UTF_8));
        message.setId(id);
        message.setQos(1);
        message.setDuplicate(again);
        return message;
    }

    private void reconnect() {
        session.connectionLost();
        session.connectionBack();
    }

    @Test
    void anUploadGoesOnForAMessageThatIsSentAgainUnderAnotherId() {
        MqttMessage first = message(7, "a", false);
        assertThat(session.arrived("t", first)).isEqualTo(Arrival.NEW);
        reconnect();

        assertThat(session.arrived("t", message(9, "a", true))).isEqualTo(Arrival.IN_FLIGHT);

        assertThat(session.completed(first.getId())).isEqualTo(9);
        assertThat(session.size()).isZero();
    }

    @Test
    void whatIsDoneBeforeItIsSentAgainIsAcknowledgedThen() {
        MqttMessage first = message(7, "a", false);
        session.arrived("t", first);
        session.connectionLost();

        // By its old ID it could mean another message.
        assertThat(session.completed(first.getId())).isEqualTo(-1);

        session.connectionBack();
        assertThat(session.arrived("t", message(7, "a", true))).isEqualTo(Arrival.DONE);
        assertThat(session.size()).isZero();
    }

    @Test
    void twoMessagesOfTheSameContentAreTwo() {
        MqttMessage one = message(1, "a", false);
        MqttMessage two = message(2, "a", false);

        assertThat(session.arrived("t", one)).isEqualTo(Arrival.NEW);
        assertThat(session.arrived("t", two)).isEqualTo(Arrival.NEW);
        reconnect();
        assertThat(session.arrived("t", message(3, "a", true))).isEqualTo(Arrival.IN_FLIGHT);
        assertThat(session.arrived("t", message(4, "a", true))).isEqualTo(Arrival.IN_FLIGHT);
        assertThat(session.arrived("t", message(5, "a", false))).isEqualTo(Arrival.NEW);

        assertThat(session.completed(one.getId())).isEqualTo(3);
        assertThat(session.completed(two.getId())).isEqualTo(4);
    }

    @Test
    void whatTheClientHandsOnAfterItHasLostTheConnectionIsKnownToo() {
        session.connectionLost();
        MqttMessage late = message(7, "a", false);
        session.arrived("t", late);
        session.connectionBack();

        assertThat(session.arrived("t", message(9, "a", true))).isEqualTo(Arrival.IN_FLIGHT);
        assertThat(session.completed(late.getId())).isEqualTo(9);
    }

    @Test
    void anUploadThatHasFailedStandsForNothing() {
        MqttMessage first = message(7, "a", false);
        session.arrived("t", first);
        reconnect();
        session.failed(first.getId());

        assertThat(session.arrived("t", message(7, "a", true))).isEqualTo(Arrival.NEW);
    }

    @Test
    void aBrokerNeedNotMarkWhatItSendsAgainAtOnce() {
        session.arrived("t", message(7, "a", false));
        reconnect();

        assertThat(session.arrived("t", message(8, "a", false))).isEqualTo(Arrival.IN_FLIGHT);
        assertThat(session.arrived("t", message(9, "a", false))).isEqualTo(Arrival.NEW);
    }

    @Test
    void aMessageOfTheSameContentThatComesLaterIsAnother() {
        session.arrived("t", message(7, "a", false));
        reconnect();
        nanos.addAndGet(TimeUnit.MINUTES.toNanos(1));

        assertThat(session.arrived("t", message(8, "a", false))).isEqualTo(Arrival.NEW);
        assertThat(session.arrived("t", message(9, "a", true))).isEqualTo(Arrival.IN_FLIGHT);
    }

    @Test
    void anotherTopicIsAnotherMessage() {
        session.arrived("t", message(7, "a", false));
        reconnect();

        assertThat(session.arrived("u", message(7, "a", true))).isEqualTo(Arrival.NEW);
    }

    @Test
    void whatABrokerHasForgottenIsNotKeptForEver() {
        for (int i = 0; i < 5_000; i++) {
            session.arrived("t", message(i, "a" + i, false));
        }
        session.connectionLost();

        assertThat(session.size()).isEqualTo(1_000);
    }
}
