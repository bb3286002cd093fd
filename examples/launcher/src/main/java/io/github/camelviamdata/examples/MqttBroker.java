// Copyright the camel-viamdata authors. SPDX-License-Identifier: Apache-2.0
package io.github.camelviamdata.examples;

import java.nio.file.Path;
import java.util.Map;
import org.apache.activemq.artemis.api.core.TransportConfiguration;
import org.apache.activemq.artemis.core.config.Configuration;
import org.apache.activemq.artemis.core.config.impl.ConfigurationImpl;
import org.apache.activemq.artemis.core.remoting.impl.netty.NettyAcceptorFactory;
import org.apache.activemq.artemis.core.remoting.impl.netty.TransportConstants;
import org.apache.activemq.artemis.core.server.ActiveMQServer;
import org.apache.activemq.artemis.core.server.embedded.EmbeddedActiveMQ;

/**
 * An MQTT broker in this process: Apache ActiveMQ Artemis on loopback. Sessions, subscriptions and messages of QoS 1 lie on
 * disk, so they outlive a restart. A bean of the examples.
 */
public final class MqttBroker {

    /** Artemis's own. */
    public static final int DEFAULT_MAXIMUM_PACKET_SIZE = 268_435_455;

    private int port;
    private int maximumPacketSize = DEFAULT_MAXIMUM_PACKET_SIZE;
    private String directory;
    private EmbeddedActiveMQ broker;

    public void setPort(int port) {
        this.port = port;
    }

    /** Size in bytes of the largest packet that the broker accepts. */
    public void setMaximumPacketSize(int maximumPacketSize) {
        this.maximumPacketSize = maximumPacketSize;
    }

    /** Where the broker keeps its journal. */
    public void setDirectory(String directory) {
        this.directory = directory;
    }

    public void start() throws Exception {
        Addresses.requireFree(port);
        Path data = Path.of(directory).toAbsolutePath();
        Configuration configuration = new ConfigurationImpl()
                .setSecurityEnabled(false)
                .setPersistenceEnabled(true)
                .setJMXManagementEnabled(false)
                .setJournalDirectory(data.resolve("journal").toString())
                .setBindingsDirectory(data.resolve("bindings").toString())
                .setLargeMessagesDirectory(data.resolve("large").toString())
                .setPagingDirectory(data.resolve("paging").toString())
                // Disks of developers are often nearly full; the broker would block its publishers.
                .setMaxDiskUsage(-1)
                .addAcceptorConfiguration(new TransportConfiguration(
                        NettyAcceptorFactory.class.getName(),
                        Map.of(
                                TransportConstants.HOST_PROP_NAME, "localhost",
                                TransportConstants.PORT_PROP_NAME, port,
                                TransportConstants.PROTOCOLS_PROP_NAME, "MQTT"),
                        "mqtt",
                        Map.of("maximumPacketSize", maximumPacketSize)));
        broker = new EmbeddedActiveMQ().setConfiguration(configuration);
        broker.start();
    }

    public ActiveMQServer server() {
        return broker.getActiveMQServer();
    }

    public void stop() throws Exception {
        broker.stop();
    }
}
