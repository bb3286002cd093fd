// Copyright the camel-viamdata authors. SPDX-License-Identifier: Apache-2.0
package io.github.camelviamdata.architecture.broken.source;

import io.github.camelviamdata.architecture.broken.client.Reads;
import io.github.camelviamdata.architecture.broken.message.Connects;
import io.github.camelviamdata.architecture.broken.observe.Takes;
import io.github.camelviamdata.architecture.broken.server.Sends;

/** Breaks SOURCE. */
public final class Delivers {

    Reads client;
    Connects message;
    Sends server;
    Takes observe;
}
