// Copyright the camel-viamdata authors. SPDX-License-Identifier: Apache-2.0

/**
 * Uploads to the service: connections, access tokens, calls, attempts, time limits, and the permits that bound what is in
 * flight. It begins at {@link io.github.camelviamdata.client.ViamDataClient}, and knows neither an exchange nor a route. What
 * it sends is in {@code upload}.
 *
 * <p>Parameters and results are not null unless their description says so.
 */
package io.github.camelviamdata.client;
