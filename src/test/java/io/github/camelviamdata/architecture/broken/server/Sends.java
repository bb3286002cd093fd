// Copyright the camel-viamdata authors. SPDX-License-Identifier: Apache-2.0
package io.github.camelviamdata.architecture.broken.server;

import io.github.camelviamdata.architecture.broken.client.Reads;

/** Breaks SERVER. */
public final class Sends {

    Reads client;
}
