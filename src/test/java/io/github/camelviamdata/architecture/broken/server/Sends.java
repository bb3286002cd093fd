// Copyright the camel-viamdata authors. SPDX-License-Identifier: Apache-2.0
package io.github.camelviamdata.architecture.broken.server;

import io.github.camelviamdata.architecture.broken.ViamDataEndpoint;
import io.github.camelviamdata.architecture.broken.client.Reads;
import io.github.camelviamdata.architecture.broken.observe.Takes;
import io.github.camelviamdata.architecture.broken.springboot.Starts;

/** Breaks SERVER and FACE. */
public final class Sends {

    Reads client;
    Takes observe;
    Starts springboot;
    ViamDataEndpoint endpoint;
}
