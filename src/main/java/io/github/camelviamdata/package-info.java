// Copyright the camel-viamdata authors. SPDX-License-Identifier: Apache-2.0

/**
 * What Camel sees of the component: the component, its endpoints and producers, their options, the message headers, and the
 * exceptions. Calls and fields of the wire belong to {@code client} and {@code message}. Headers, enums and exceptions know no
 * other package, and every package may use them. Component, endpoint and producer use the other packages; packages that upload,
 * receive or observe may not use them.
 *
 * <p>An option that is not set is null or has its documented default. Parameters and results are not null unless their
 * description says so.
 */
package io.github.camelviamdata;
