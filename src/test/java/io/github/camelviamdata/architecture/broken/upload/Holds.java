// Copyright the camel-viamdata authors. SPDX-License-Identifier: Apache-2.0
package io.github.camelviamdata.architecture.broken.upload;

import io.github.camelviamdata.architecture.broken.client.Reads;
import io.github.camelviamdata.architecture.broken.message.Connects;
import io.grpc.Channel;
import org.apache.camel.CamelContext;

/** Breaks UPLOAD. */
public final class Holds {

    Connects message;
    Reads client;
    CamelContext camel;
    Channel channel;
}
