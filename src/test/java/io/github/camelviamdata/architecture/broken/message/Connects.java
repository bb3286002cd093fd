// Copyright the camel-viamdata authors. SPDX-License-Identifier: Apache-2.0
package io.github.camelviamdata.architecture.broken.message;

import io.github.camelviamdata.architecture.broken.ViamDataComponent;
import io.github.camelviamdata.architecture.broken.ViamDataConfiguration;
import io.github.camelviamdata.architecture.broken.ViamDataConstants;
import io.github.camelviamdata.architecture.broken.ViamDataEndpoint;
import io.github.camelviamdata.architecture.broken.ViamDataOptionsChecker;
import io.github.camelviamdata.architecture.broken.ViamDataProducer;
import io.github.camelviamdata.architecture.broken.client.Reads;
import io.github.camelviamdata.architecture.broken.observe.Takes;
import io.github.camelviamdata.architecture.broken.server.Sends;
import io.github.camelviamdata.architecture.broken.springboot.Starts;
import io.github.camelviamdata.architecture.broken.transport.Knows;
import io.grpc.Channel;

/** Breaks MESSAGE, FACE and, with the client, the configuration and the constants, CYCLES. */
public final class Connects {

    Channel channel;
    Reads client;
    Sends server;
    Knows transport;
    Takes observe;
    Starts springboot;

    ViamDataComponent component;
    ViamDataEndpoint endpoint;
    ViamDataProducer producer;
    ViamDataOptionsChecker settings;
    ViamDataConfiguration configuration;
    ViamDataConstants constants;
}
