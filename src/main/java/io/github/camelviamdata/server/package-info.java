// Copyright the camel-viamdata authors. SPDX-License-Identifier: Apache-2.0

/**
 * Receives uploads: {@code viamdata-server} checks them, spools them, runs the route and answers. It begins at
 * {@link io.github.camelviamdata.server.ViamDataServerConsumer}, and does not know {@code client}.
 *
 * <p>Parameters and results are not null unless their description says so.
 */
package io.github.camelviamdata.server;
