// Copyright the camel-viamdata authors. SPDX-License-Identifier: Apache-2.0
package io.github.camelviamdata.architecture.broken.client;

import io.github.camelviamdata.architecture.broken.ViamDataEndpoint;
import io.github.camelviamdata.architecture.broken.message.Connects;
import io.github.camelviamdata.architecture.broken.observe.Takes;
import io.github.camelviamdata.architecture.broken.server.Sends;
import io.github.camelviamdata.architecture.broken.springboot.Starts;
import org.apache.camel.Exchange;

/** Breaks CLIENT, FACE and, with the message, CYCLES. */
public final class Reads {

    Exchange exchange;
    Connects message;
    Sends server;
    Takes observe;
    Starts springboot;
    ViamDataEndpoint endpoint;
}
