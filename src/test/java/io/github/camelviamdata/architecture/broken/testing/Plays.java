// Copyright the camel-viamdata authors. SPDX-License-Identifier: Apache-2.0
package io.github.camelviamdata.architecture.broken.testing;

import io.github.camelviamdata.architecture.broken.client.Reads;
import io.github.camelviamdata.architecture.broken.observe.Takes;
import io.github.camelviamdata.architecture.broken.once.Repeats;
import io.github.camelviamdata.architecture.broken.query.Lists;
import io.github.camelviamdata.architecture.broken.springboot.Starts;
import io.github.camelviamdata.architecture.broken.transport.Knows;

/** Breaks TESTING. */
public final class Plays {

    Reads client;
    Lists query;
    Repeats once;
    Knows transport;
    Takes observe;
    Starts springboot;
}
