// Copyright the camel-viamdata authors. SPDX-License-Identifier: Apache-2.0
package io.github.camelviamdata.architecture.broken.message;

import io.github.camelviamdata.architecture.broken.ViamDataEndpoint;
import io.github.camelviamdata.architecture.broken.client.Reads;
import io.grpc.Channel;

/** Breaks MESSAGE, FACE and, with the client, CYCLES. */
public final class Connects {

    Channel channel;
    Reads client;
    ViamDataEndpoint endpoint;
}
