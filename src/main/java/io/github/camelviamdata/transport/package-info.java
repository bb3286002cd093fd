// Copyright the camel-viamdata authors. SPDX-License-Identifier: Apache-2.0

/**
 * What client and server share of the transport: TLS by the settings of Camel, recognizing loopback hosts, limits and
 * redaction of gRPC's log, and the oldest versions of libraries. It knows no other room. Internal.
 *
 * <p>Parameters and results are not null unless their description says so.
 */
package io.github.camelviamdata.transport;
