// Copyright the camel-viamdata authors. SPDX-License-Identifier: Apache-2.0
package io.github.camelviamdata.architecture.broken;

import io.github.camelviamdata.architecture.broken.client.Reads;

/** Breaks CYCLES, with the message that it configures and the client of a user. */
public final class ViamDataConfiguration {

    Reads client;
}
