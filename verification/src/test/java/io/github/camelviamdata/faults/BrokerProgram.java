// Copyright the camel-viamdata authors. SPDX-License-Identifier: Apache-2.0
package io.github.camelviamdata.faults;

import io.github.camelviamdata.examples.KafkaBroker;
import io.github.camelviamdata.examples.MqttBroker;

/**
 * A broker as a process of its own, which signals can stop. Its arguments are {@code artemis}, the port, the size of the
 * largest packet, and a folder; or {@code kafka}, the port, the port that its clients are told, and a folder.
 */
public final class BrokerProgram {

    private BrokerProgram() {}

    public static void main(String[] arguments) throws Exception {
        int port = Integer.parseInt(arguments[1]);
        if (arguments[0].equals("artemis")) {
            MqttBroker broker = new MqttBroker();
            broker.setPort(port);
            broker.setMaximumPacketSize(Integer.parseInt(arguments[2]));
            broker.setDirectory(arguments[3]);
            broker.start();
            onEnd(broker::stop);
        } else {
            KafkaBroker broker = new KafkaBroker();
            broker.setPort(port);
            broker.setAdvertisedPort(Integer.parseInt(arguments[2]));
            broker.setPartitions(4);
            broker.setDirectory(arguments[3]);
            broker.start();
            onEnd(broker::stop);
        }
        Thread.currentThread().join();
    }

    private interface End {
        void run() throws Exception;
    }

    private static void onEnd(End end) {
        Runtime.getRuntime().addShutdownHook(new Thread(() -> {
            try {
                end.run();
            } catch (Exception e) {
                e.printStackTrace();
            }
        }));
    }
}
