// Copyright the camel-viamdata authors. SPDX-License-Identifier: Apache-2.0

/**
 * What Camel sees of the component: the component, its endpoints and producers, their options, the message headers, and
 * the exceptions. Calls and fields of the wire belong to {@code client} and {@code message}.
 *
 * <p>An option that is not set is null or has its documented default. Parameters and results are not null unless their
 * description says so.
 */
package io.github.camelviamdata;
