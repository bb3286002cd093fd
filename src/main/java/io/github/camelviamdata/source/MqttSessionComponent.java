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
 * Camel's MQTT 5 consumer for sessions that outlive their connection. It has the options of Camel's component paho-mqtt5, with its
 * configuration, and the topic as an option, written as {@code RAW(cameras/+/jpg)}. Camel's own consumer has these faults, whatever
 * its options:
 *
 * <ul>
 *   <li>It connects before it sets its callback. Messages that arrive in between are dropped and not acknowledged. The broker
 *       re-sends them only after the next connection, and until then they count against receiveMaximum, up to all of it. This
 *       one sets the callback first.
 *   <li>After a reconnection it waits for the answer to its subscription on the thread that delivers messages. If the broker
 *       sends more than ten messages before that answer, the client deadlocks. This one does not wait.
 *   <li>A message that is in flight when the connection is lost is uploaded twice, because the broker re-sends it, and the first
 *       acknowledgement may then be that of another message. See {@link Unacknowledged}.
 *   <li>It gets all retained messages at each start and each reconnection. This one gets them only with a new session.
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

    /** Checks the topic. In a URI, a + is a space unless the value is RAW, and no message would ever match it. */
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

    /** Connects when the consumer subscribes for the first time, which it does after it has set its callback. */
    private static final class SessionClient extends MqttClient {

        /** Retain handling of MQTT 5. By default a broker sends retained messages at each subscription. */
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
                // A reconnection, on the thread that delivers the messages, which must not wait.
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
                case IN_FLIGHT -> {
                    // Its upload acknowledges it.
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

        /** Disconnects and closes the client: Camel's consumer does so only with clients that it has created. */
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
