// Copyright the camel-viamdata authors. SPDX-License-Identifier: Apache-2.0
package io.github.camelviamdata.examples;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Properties;
import kafka.server.KafkaConfig;
import kafka.server.KafkaRaftServer;
import kafka.tools.StorageTool;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.utils.Time;

/**
 * A Kafka broker in this process, on loopback: one node, which is its own KRaft controller. Topics and offsets lie on disk,
 * so they outlive a restart. A bean of the examples.
 */
public final class KafkaBroker {

    private int port;
    private int advertisedPort;
    private int controllerPort;
    private int partitions = 1;
    private String directory;
    private KafkaRaftServer broker;

    public void setPort(int port) {
        this.port = port;
    }

    /** Where clients are told to connect to, if not to the port. */
    public void setAdvertisedPort(int advertisedPort) {
        this.advertisedPort = advertisedPort;
    }

    /** Partitions of a topic that is created by its first use. */
    public void setPartitions(int partitions) {
        this.partitions = partitions;
    }

    /** Where the broker keeps its logs. */
    public void setDirectory(String directory) {
        this.directory = directory;
    }

    public void start() throws IOException {
        Addresses.requireFree(port);
        if (controllerPort == 0) {
            controllerPort = freePort();
        }
        Path data = Path.of(directory).toAbsolutePath();
        Properties properties = new Properties();
        properties.put("process.roles", "broker,controller");
        properties.put("node.id", "1");
        properties.put("controller.quorum.voters", "1@localhost:" + controllerPort);
        properties.put("controller.listener.names", "CONTROLLER");
        properties.put("listeners", "PLAINTEXT://localhost:" + port + ",CONTROLLER://localhost:" + controllerPort);
        properties.put(
                "advertised.listeners", "PLAINTEXT://localhost:" + (advertisedPort == 0 ? port : advertisedPort));
        properties.put("listener.security.protocol.map", "PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT");
        properties.put("log.dirs", data.resolve("logs").toString());
        properties.put("num.partitions", String.valueOf(partitions));
        properties.put("offsets.topic.replication.factor", "1");
        properties.put("offsets.topic.num.partitions", "1");
        properties.put("transaction.state.log.replication.factor", "1");
        properties.put("transaction.state.log.min.isr", "1");
        // A group starts as soon as its first member is there.
        properties.put("group.initial.rebalance.delay.ms", "0");
        // Members may ask for a short session, so that others take over soon when one is killed.
        properties.put("group.min.session.timeout.ms", "1000");
        properties.put("message.max.bytes", "16777216");
        if (!Files.exists(data.resolve("logs/meta.properties"))) {
            format(data, properties);
        }
        broker = new KafkaRaftServer(new KafkaConfig(properties, false), Time.SYSTEM);
        broker.startup();
    }

    /** How many records a group has committed. */
    public long committed(String group) throws Exception {
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", "localhost:" + port))) {
            return admin.listConsumerGroupOffsets(group).partitionsToOffsetAndMetadata().get().values().stream()
                    .filter(Objects::nonNull)
                    .mapToLong(OffsetAndMetadata::offset)
                    .sum();
        }
    }

    public void stop() {
        broker.shutdown();
        broker.awaitShutdown();
    }

    private static void format(Path data, Properties properties) throws IOException {
        Path file = Files.createDirectories(data).resolve("server.properties");
        try (var writer = Files.newBufferedWriter(file)) {
            properties.store(writer, null);
        }
        ByteArrayOutputStream output = new ByteArrayOutputStream();
        int status = StorageTool.execute(
                List.of("format", "-t", Uuid.randomUuid().toString(), "-c", file.toString())
                        .toArray(String[]::new),
                new PrintStream(output, true, StandardCharsets.UTF_8));
        if (status != 0) {
            throw new IOException(output.toString(StandardCharsets.UTF_8));
        }
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }
}
