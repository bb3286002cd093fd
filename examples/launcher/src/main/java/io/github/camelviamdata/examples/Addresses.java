// Copyright the camel-viamdata authors. SPDX-License-Identifier: Apache-2.0
package io.github.camelviamdata.examples;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.camel.CamelContext;
import org.apache.camel.main.Main;

/** Where an example listens and connects to, for its errors: "Connection refused" alone is no help. */
final class Addresses {

    private static final List<String> BROKERS = List.of("mqtt.broker", "kafka.brokers");
    private static final List<String> PORTS =
            List.of("viam.port", "relay.port", "gateway.port", "gallery.port", "mqtt.port", "kafka.port");

    private Addresses() {}

    /** As {@code free.port} and {@code free.port.2}. */
    static void addFreePorts(Main main) throws IOException {
        InetAddress loopback = InetAddress.getLoopbackAddress();
        try (ServerSocket first = new ServerSocket(0, 1, loopback);
                ServerSocket second = new ServerSocket(0, 1, loopback)) {
            main.addInitialProperty("free.port", String.valueOf(first.getLocalPort()));
            main.addInitialProperty("free.port.2", String.valueOf(second.getLocalPort()));
        }
    }

    /** Such as " (mqtt.broker=tcp://localhost:1883)": the broker of the example; empty if it has none. */
    static String broker(CamelContext camel) {
        return settings(camel, BROKERS);
    }

    /** The broker, and the ports that were chosen on the command line: the others are free ones. */
    static String all(CamelContext camel) {
        return settings(
                camel,
                Stream.concat(BROKERS.stream(), PORTS.stream().filter(port -> System.getProperty(port) != null))
                        .toList());
    }

    /** For brokers that would start, or wait for ever, beside whatever listens there. */
    static void requireFree(int port) throws IOException {
        try (ServerSocket socket = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
            assert socket.isBound();
        }
    }

    private static String settings(CamelContext camel, List<String> names) {
        String settings = names.stream()
                .flatMap(name ->
                        camel.getPropertiesComponent().resolveProperty(name).map(value -> name + "=" + value).stream())
                .collect(Collectors.joining(", "));
        return settings.isEmpty() ? "" : " (" + settings + ")";
    }
}
