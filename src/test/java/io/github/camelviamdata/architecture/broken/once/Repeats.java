// Copyright the camel-viamdata authors. SPDX-License-Identifier: Apache-2.0
package io.github.camelviamdata.architecture.broken.once;

import io.github.camelviamdata.architecture.broken.observe.Takes;
import io.github.camelviamdata.architecture.broken.server.Sends;
import io.github.camelviamdata.architecture.broken.springboot.Starts;
import io.github.camelviamdata.architecture.broken.transport.Knows;

/** Breaks ONCE. */
public final class Repeats {

    Sends server;
    Takes observe;
    Knows transport;
    Starts springboot;
}
