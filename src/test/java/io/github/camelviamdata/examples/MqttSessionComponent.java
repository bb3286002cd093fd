// Copyright the camel-viamdata authors. SPDX-License-Identifier: Apache-2.0
package io.github.camelviamdata.examples;

import java.util.Map;
import org.apache.camel.Consumer;
import org.apache.camel.Endpoint;
import org.apache.camel.Processor;
import org.apache.camel.component.paho.mqtt5.PahoMqtt5Component;
import org.apache.camel.component.paho.mqtt5.PahoMqtt5Configuration;
import org.apache.camel.component.paho.mqtt5.PahoMqtt5Consumer;
import org.apache.camel.component.paho.mqtt5.PahoMqtt5Endpoint;
import org.apache.camel.spi.annotations.Component;
import org.eclipse.paho.mqttv5.client.IMqttToken;
import org.eclipse.paho.mqttv5.client.MqttClient;
import org.eclipse.paho.mqttv5.client.MqttConnectionOptions;
import org.eclipse.paho.mqttv5.common.MqttException;

/**
 * Camel's MQTT component for sessions that outlive their connection. Camel's consumer connects first and listens then. A
 * broker sends what it holds for a session as soon as the client is connected; what comes before the consumer listens is
 * dropped unseen, and comes again only after the next connection. Until then each such message takes up a place of
 * {@code receiveMaximum}, so a start could even leave the route with none. This consumer listens first.
 *
 * <p>Camel's consumer also waits, after a reconnection, for the answer to its subscription, in the thread that takes the
 * messages. When the broker sends more than ten before that answer, the client comes to a stand for good. This one does not
 * wait.
 *
 * <p>A bean of the examples. As the bean {@code paho-mqtt5} it takes the place of Camel's own.
 */
@Component("paho-mqtt5")
public final class MqttSessionComponent extends PahoMqtt5Component {

    @Override
    protected Endpoint createEndpoint(String uri, String remaining, Map<String, Object> parameters) throws Exception {
        SessionEndpoint endpoint =
                new SessionEndpoint(uri, remaining, this, getConfiguration().copy());
        setProperties(endpoint, parameters);
        return endpoint;
    }

    private static final class SessionEndpoint extends PahoMqtt5Endpoint {

        SessionEndpoint(String uri, String topic, PahoMqtt5Component component, PahoMqtt5Configuration configuration) {
            super(uri, topic, component, configuration);
        }

        @Override
        public Consumer createConsumer(Processor processor) throws Exception {
            SessionConsumer consumer = new SessionConsumer(this, processor);
            configureConsumer(consumer);
            return consumer;
        }

        MqttClient createClient() throws MqttException {
            PahoMqtt5Configuration configuration = getConfiguration();
            MqttClient client = new LateClient(
                    configuration.getBrokerUrl(),
                    configuration.getClientId() == null ? generateClientId() : configuration.getClientId(),
                    configuration,
                    createMqttConnectionOptions());
            client.setManualAcks(configuration.isManualAcksEnabled());
            return client;
        }

        /**
         * Connects when the consumer, which listens by then, subscribes for the first time. It subscribes again after each
         * reconnection, in the thread that brings it its messages, and must not wait for the answer there.
         */
        private static final class LateClient extends MqttClient {

            private final MqttConnectionOptions options;
            private boolean begun;

            LateClient(String broker, String id, PahoMqtt5Configuration configuration, MqttConnectionOptions options)
                    throws MqttException {
                super(broker, id, createMqttClientPersistence(configuration));
                this.options = options;
            }

            @Override
            public IMqttToken subscribe(String topicFilter, int qos) throws MqttException {
                if (begun) {
                    return aClient.subscribe(topicFilter, qos);
                }
                begun = true;
                connect(options);
                return super.subscribe(topicFilter, qos);
            }
        }
    }

    private static final class SessionConsumer extends PahoMqtt5Consumer {

        private final SessionEndpoint endpoint;

        SessionConsumer(SessionEndpoint endpoint, Processor processor) {
            super(endpoint, processor);
            this.endpoint = endpoint;
        }

        @Override
        protected void doStart() throws Exception {
            setClient(endpoint.createClient());
            super.doStart();
        }

        /** Camel's consumer leaves clients alone that it has not made. */
        @Override
        protected void doStop() throws Exception {
            MqttClient client = getClient();
            if (client != null && client.isConnected()) {
                client.disconnect();
            }
            super.doStop();
        }
    }
}
