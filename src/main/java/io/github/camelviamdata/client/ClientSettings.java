// Copyright the camel-viamdata authors. SPDX-License-Identifier: Apache-2.0
package io.github.camelviamdata.client;

import java.time.Duration;
import org.apache.camel.support.jsse.SSLContextParameters;

/**
 * All that makes a connection what it is. Endpoints with equal settings share a client.
 *
 * @param host host name of the service
 * @param port port of the service
 * @param plaintext whether to do without TLS
 * @param sslContextParameters TLS settings, or null for those of the Java runtime
 * @param credential what to authenticate with
 * @param connections number of parallel connections, from 1
 * @param maxInFlight uploads under way at once for each connection, from 1
 * @param keepAliveTime silence after which a connection in use is probed
 * @param keepAliveTimeout how long to wait for the answer to such a probe
 * @param shutdownTimeout how long {@link ViamDataClient#close()} waits for uploads under way
 */
public record ClientSettings(
        String host,
        int port,
        boolean plaintext,
        SSLContextParameters sslContextParameters,
        Credential credential,
        int connections,
        int maxInFlight,
        Duration keepAliveTime,
        Duration keepAliveTimeout,
        Duration shutdownTimeout) {

    String target() {
        return host + ":" + port;
    }
}
