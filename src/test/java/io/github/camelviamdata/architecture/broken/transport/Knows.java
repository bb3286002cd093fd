// Copyright the camel-viamdata authors. SPDX-License-Identifier: Apache-2.0
package io.github.camelviamdata.architecture.broken.transport;

import io.github.camelviamdata.architecture.broken.ViamDataEndpoint;
import io.github.camelviamdata.architecture.broken.proto.Request;
import io.github.camelviamdata.architecture.broken.server.Sends;
import org.apache.camel.CamelContext;

/** Breaks TRANSPORT, FACE and PROTO. */
public final class Knows {

    CamelContext camel;
    Sends server;
    Request request;
    ViamDataEndpoint endpoint;
}
