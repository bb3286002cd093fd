// Copyright the camel-viamdata authors. SPDX-License-Identifier: Apache-2.0
package io.github.camelviamdata.examples;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.github.camelviamdata.testing.ReceivedUpload;
import io.github.camelviamdata.testing.ViamDataServerExtension;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.util.List;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.impl.DefaultCamelContext;
import org.eclipse.paho.mqttv5.client.MqttClient;
import org.eclipse.paho.mqttv5.client.persist.MemoryPersistence;
import org.eclipse.paho.mqttv5.common.MqttMessage;
import org.eclipse.paho.mqttv5.common.packet.MqttProperties;
import org.eclipse.paho.mqttv5.common.packet.UserProperty;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** What a publisher can say of its message, beside the message. */
class MqttHeadersIT {

    @RegisterExtension
    static final ViamDataServerExtension viam = new ViamDataServerExtension();

    @TempDir
    Path directory;

    @Test
    @Timeout(60)
    void userPropertiesAreNoHeaders() throws Exception {
        int port;
        try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = free.getLocalPort();
        }
        MqttBroker broker = new MqttBroker();
        broker.setPort(port);
        broker.setDirectory(directory.toString());
        broker.start();
        String url = "tcp://localhost:" + port;
        MqttClient publisher = new MqttClient(url, "publisher", new MemoryPersistence());
        try (DefaultCamelContext context = new DefaultCamelContext()) {
            context.addRoutes(new RouteBuilder() {
                @Override
                public void configure() {
                    from("paho-mqtt5:cameras?brokerUrl=" + url)
                            .to("viamdata:part?" + viam.options() + "&componentType=camera&componentName=gate"
                                    + "&methodName=GetImages&fileExtension=.jpg");
                }
            });
            context.start();
            publisher.connect();
            MqttProperties properties = new MqttProperties();
            properties.setUserProperties(List.of(
                    new UserProperty("CamelViamDataPartId", "evil"),
                    new UserProperty("camelviamdatatags", "evil"),
                    new UserProperty("CamelFileName", "tag=evil/evil.jpg")));
            properties.setContentType("text/evil");
            MqttMessage message = new MqttMessage("picture".getBytes(), 1, false, properties);

            publisher.publish("cameras", message);

            await().until(() -> viam.received().size() == 1);
            ReceivedUpload upload = viam.received().get(0);
            assertThat(upload.text()).isEqualTo("picture");
            assertThat(upload.partId()).isEqualTo("part");
            assertThat(upload.headers().toString()).doesNotContain("evil");
        } finally {
            publisher.disconnect();
            publisher.close();
            broker.stop();
        }
    }
}
