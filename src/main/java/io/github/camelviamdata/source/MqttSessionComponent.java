// Copyright the camel-viamdata authors. SPDX-License-Identifier: Apache-2.0
package io.github.camelviamdata.source;

import java.util.List;
import java.util.Map;
import org.apache.camel.Consumer;
import org.apache.camel.Endpoint;
import org.apache.camel.Exchange;
import org.apache.camel.Processor;
import org.apache.camel.component.paho.mqtt5.PahoMqtt5Component;
import org.apache.camel.component.paho.mqtt5.PahoMqtt5Configuration;
import org.apache.camel.component.paho.mqtt5.PahoMqtt5Consumer;
import org.apache.camel.component.paho.mqtt5.PahoMqtt5Endpoint;
import org.apache.camel.support.DefaultComponent;
import org.apache.camel.support.SynchronizationAdapter;
import org.eclipse.paho.mqttv5.client.IMqttToken;
import org.eclipse.paho.mqttv5.client.MqttCallback;
import org.eclipse.paho.mqttv5.client.MqttClient;
import org.eclipse.paho.mqttv5.client.MqttConnectionOptions;
import org.eclipse.paho.mqttv5.client.MqttDisconnectResponse;
import org.eclipse.paho.mqttv5.common.MqttException;
import org.eclipse.paho.mqttv5.common.MqttMessage;
import org.eclipse.paho.mqttv5.common.MqttSubscription;
import org.eclipse.paho.mqttv5.common.packet.MqttProperties;

/**
 * Camel's MQTT 5 consumer for sessions that outlive their connection. Its options, and what the component paho-mqtt5 is
 * configured with, are those of Camel; the topic is an option too, written as {@code RAW(cameras/+/jpg)}. Camel's own consumer has
 * these faults, whatever its options:
 *
 * <ul>
 *   <li>It connects first and listens then. What the broker sends in between is dropped unseen, not acknowledged, and comes
 *       again only after the next connection; until then it takes up places of receiveMaximum, all of them at the worst.
 *       This one listens first.
 *   <li>After a reconnection it waits for the answer to its subscription in the thread that takes messages. When the broker
 *       sends more than ten before that answer, the client never goes on. This one does not wait.
 *   <li>What it has under way when the connection is lost, it uploads a second time when the broker sends it again, and an
 *       acknowledgement of the first may then mean another message. See {@link Unacknowledged}.
 *   <li>It is sent all retained messages anew at each start and each reconnection. This one only with a new session.
 * </ul>
 */
public final class MqttSessionComponent extends DefaultComponent {

    private static final String CAMEL_COMPONENT = "paho-mqtt5";

    @Override
    protected Endpoint createEndpoint(String uri, String remaining, Map<String, Object> parameters) throws Exception {
        PahoMqtt5Component paho = getCamelContext().getComponent(CAMEL_COMPONENT, PahoMqtt5Component.class);
        PahoMqtt5Configuration configuration = paho.getConfiguration().copy();
        String topic = topic(getAndRemoveParameter(parameters, "topic", String.class));
        setProperties(configuration, parameters);
        return new SessionEndpoint(uri, topic, paho, configuration);
    }

    /** In a URI a + is a space, unless the value is raw: nothing would ever arrive. */
    private static String topic(String topic) {
        if (topic == null || topic.isEmpty()) {
            throw new IllegalArgumentException("The option topic is missing, such as topic=RAW(cameras/+/jpg)");
        }
        if (List.of(topic.split("/")).contains(" ")) {
            throw new IllegalArgumentException(
                    "A level of the option topic is a space, which Camel makes of a + in a URI."
                            + " Write it as topic=RAW(" + topic.replace(' ', '+') + ")");
        }
        return topic;
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

        SessionClient createClient() throws MqttException {
            PahoMqtt5Configuration configuration = getConfiguration();
            SessionClient client = new SessionClient(configuration, createMqttConnectionOptions());
            client.setManualAcks(configuration.isManualAcksEnabled());
            return client;
        }

        /** Gives the nested class access to a protected method. */
        static org.eclipse.paho.mqttv5.client.MqttClientPersistence persistence(PahoMqtt5Configuration configuration) {
            return createMqttClientPersistence(configuration);
        }
    }

    /** Connects when the consumer, which listens by then, subscribes for the first time. */
    private static final class SessionClient extends MqttClient {

        /** Of MQTT 5. By default a broker sends them at each subscription, and so at each start and reconnection. */
        private static final int RETAINED_FOR_NEW_SUBSCRIPTIONS = 1;

        private final MqttConnectionOptions options;
        private final Unacknowledged unacknowledged = new Unacknowledged(System::nanoTime);
        private boolean hasConnected;

        SessionClient(PahoMqtt5Configuration configuration, MqttConnectionOptions options) throws MqttException {
            super(
                    configuration.getBrokerUrl(),
                    configuration.getClientId(),
                    SessionEndpoint.persistence(configuration));
            this.options = options;
        }

        @Override
        public IMqttToken subscribe(String topicFilter, int qos) throws MqttException {
            MqttSubscription subscription = new MqttSubscription(topicFilter, qos);
            subscription.setRetainHandling(RETAINED_FOR_NEW_SUBSCRIPTIONS);
            if (hasConnected) {
                // On the thread that delivers the messages, which must not wait.
                return aClient.subscribe(subscription);
            }
            hasConnected = true;
            connect(options);
            IMqttToken token = aClient.subscribe(subscription);
            token.waitForCompletion(getTimeToWait());
            return token;
        }

        @Override
        public void setCallback(MqttCallback callback) {
            super.setCallback(new SessionCallback(callback, this));
        }

        @Override
        public void messageArrivedComplete(int number, int qos) throws MqttException {
            int packetId = unacknowledged.completed(number);
            if (packetId >= 0) {
                super.messageArrivedComplete(packetId, qos);
            }
        }

        void acknowledge(MqttMessage message) throws MqttException {
            super.messageArrivedComplete(message.getId(), message.getQos());
        }
    }

    /** Drops messages that the consumer already has. */
    private record SessionCallback(MqttCallback consumer, SessionClient client) implements MqttCallback {

        @Override
        public void messageArrived(String topic, MqttMessage message) throws Exception {
            if (message.getQos() == 0) {
                consumer.messageArrived(topic, message);
                return;
            }
            switch (client.unacknowledged.arrived(topic, message)) {
                case NEW -> consumer.messageArrived(topic, message);
                case DONE -> client.acknowledge(message);
                case UNDER_WAY -> {
                    // The upload that goes on acknowledges it.
                }
            }
        }

        @Override
        public void disconnected(MqttDisconnectResponse response) {
            client.unacknowledged.connectionLost();
            consumer.disconnected(response);
        }

        @Override
        public void mqttErrorOccurred(MqttException exception) {
            consumer.mqttErrorOccurred(exception);
        }

        @Override
        public void deliveryComplete(IMqttToken token) {
            consumer.deliveryComplete(token);
        }

        @Override
        public void connectComplete(boolean reconnect, String serverUri) {
            client.unacknowledged.connectionBack();
            consumer.connectComplete(reconnect, serverUri);
        }

        @Override
        public void authPacketArrived(int reasonCode, MqttProperties properties) {
            consumer.authPacketArrived(reasonCode, properties);
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

        @Override
        public Exchange createExchange(MqttMessage message, String topic) {
            Exchange exchange = super.createExchange(message, topic);
            SessionClient client = (SessionClient) getClient();
            exchange.getExchangeExtension().addOnCompletion(new SynchronizationAdapter() {
                @Override
                public void onFailure(Exchange failed) {
                    client.unacknowledged.failed(message.getId());
                }
            });
            return exchange;
        }

        /** Camel's consumer neither connects nor closes clients that it has not created. */
        @Override
        protected void doStop() throws Exception {
            MqttClient client = getClient();
            super.doStop();
            if (client != null) {
                if (client.isConnected()) {
                    client.disconnect();
                }
                client.close(true);
            }
        }
    }
}
