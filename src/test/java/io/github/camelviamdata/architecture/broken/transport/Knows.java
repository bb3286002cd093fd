// Copyright the camel-viamdata authors. SPDX-License-Identifier: Apache-2.0
package io.github.camelviamdata.architecture.broken.transport;

import io.github.camelviamdata.architecture.broken.server.Sends;

/** Breaks TRANSPORT. */
public final class Knows {

    Sends server;
}
