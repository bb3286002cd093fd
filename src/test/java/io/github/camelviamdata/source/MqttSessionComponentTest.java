// Copyright the camel-viamdata authors. SPDX-License-Identifier: Apache-2.0
package io.github.camelviamdata.source;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.apache.camel.CamelContext;
import org.apache.camel.component.paho.mqtt5.PahoMqtt5Endpoint;
import org.apache.camel.impl.DefaultCamelContext;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The topic, as URIs give it. What the sessions do is shown with brokers. */
class MqttSessionComponentTest {

    private final CamelContext camel = new DefaultCamelContext();

    @BeforeEach
    void register() {
        camel.getRegistry().bind("sessions", new MqttSessionComponent());
    }

    @AfterEach
    void close() throws Exception {
        camel.close();
    }

    private PahoMqtt5Endpoint endpoint(String topic) {
        return camel.getEndpoint(
                "sessions:session?brokerUrl=tcp://localhost:1&topic=" + topic, PahoMqtt5Endpoint.class);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"cameras/+/jpg", "+", "#", "cameras/#", "/", "/cameras/", "$share/group/a/+", "a b/%41?&=/\u00fc"
            })
    void aRawTopicIsTakenAsItIs(String topic) {
        assertThat(endpoint("RAW(" + topic + ")").getTopic()).isEqualTo(topic);
    }

    @Test
    void aPlusThatCamelHasMadeASpaceOfIsRefused() {
        assertThatThrownBy(() -> endpoint("cameras/+/+")).hasStackTraceContaining("Write it as topic=RAW(cameras/+/+)");
    }

    @Test
    void aMissingTopicIsRefused() {
        assertThatThrownBy(() -> camel.getEndpoint("sessions:session?brokerUrl=tcp://localhost:1"))
                .hasStackTraceContaining("The option topic is missing");
        assertThatThrownBy(() -> endpoint("")).hasStackTraceContaining("The option topic is missing");
    }
}
