// Copyright the camel-viamdata authors. SPDX-License-Identifier: Apache-2.0
package io.github.camelviamdata.benchmark;

import io.github.camelviamdata.examples.KafkaBroker;
import java.net.InetAddress;
import java.net.ServerSocket;

/** A Kafka broker, in a program of its own. Prints its port; ends when its input ends. */
public final class Broker {

    private Broker() {}

    /** Argument: the directory for its logs. */
    public static void main(String[] arguments) throws Exception {
        int port;
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = socket.getLocalPort();
        }
        KafkaBroker broker = new KafkaBroker();
        broker.setPort(port);
        broker.setPartitions(4);
        broker.setDirectory(arguments[0]);
        broker.start();
        System.out.println("PORT " + port);
        while (System.in.read() >= 0) {
            // Until whoever started this ends.
        }
        System.exit(0);
    }
}
