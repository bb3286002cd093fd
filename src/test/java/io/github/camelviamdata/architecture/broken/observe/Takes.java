// Copyright the camel-viamdata authors. SPDX-License-Identifier: Apache-2.0
package io.github.camelviamdata.architecture.broken.observe;

import io.github.camelviamdata.architecture.broken.ViamDataEndpoint;
import io.github.camelviamdata.architecture.broken.message.Connects;
import io.github.camelviamdata.architecture.broken.proto.Request;
import io.github.camelviamdata.architecture.broken.server.Sends;
import io.github.camelviamdata.architecture.broken.springboot.Starts;
import io.github.camelviamdata.architecture.broken.transport.Knows;

/** Breaks OBSERVE, PROTO, FACE and, with the endpoint, CYCLES. */
public final class Takes {

    Connects message;
    Sends server;
    Knows transport;
    Starts springboot;
    Request request;
    ViamDataEndpoint endpoint;
}
