// Copyright the camel-viamdata authors. SPDX-License-Identifier: Apache-2.0
package io.github.camelviamdata.architecture.broken.query;

import io.github.camelviamdata.architecture.broken.observe.Takes;
import io.github.camelviamdata.architecture.broken.once.Repeats;
import io.github.camelviamdata.architecture.broken.server.Sends;
import io.github.camelviamdata.architecture.broken.springboot.Starts;
import io.github.camelviamdata.architecture.broken.transport.Knows;

/** Breaks QUERY. */
public final class Lists {

    Sends server;
    Repeats once;
    Takes observe;
    Knows transport;
    Starts springboot;
}
