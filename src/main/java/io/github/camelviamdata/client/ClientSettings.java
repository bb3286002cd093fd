// Copyright the camel-viamdata authors. SPDX-License-Identifier: Apache-2.0
package io.github.camelviamdata.client;

import java.time.Duration;
import org.apache.camel.support.jsse.SSLContextParameters;

/**
 * The settings of a client. Endpoints with equal settings share one. There are no defaults. The options of an endpoint, from which
 * it takes these values, have defaults and narrower ranges. No value is null unless its description says so.
 *
 * @param host name or address of the service, not blank
 * @param port port of the service, from 1 to 65535
 * @param plaintext whether to do without TLS
 * @param sslContextParameters TLS settings, or null for those of the Java runtime
 * @param credential what to authenticate with
 * @param connections number of parallel connections, from 1
 * @param maxInFlight uploads in flight at once for each connection, from 1
 * @param keepAliveTime silence after which a connection in use is probed, above zero
 * @param keepAliveTimeout how long to wait for the answer to such a probe, above zero
 * @param shutdownTimeout how long {@link ViamDataClient#close()} waits for uploads in flight, from zero
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

    /**
     * @throws IllegalArgumentException if a value is null or out of range; the text names it
     */
    public ClientSettings {
        check("host", host, host != null && !host.isBlank());
        check("port", port, port >= 1 && port <= 65535);
        check("credential", credential, credential != null);
        check("connections", connections, connections >= 1);
        check("maxInFlight", maxInFlight, maxInFlight >= 1);
        check("keepAliveTime", keepAliveTime, isPositive(keepAliveTime));
        check("keepAliveTimeout", keepAliveTimeout, isPositive(keepAliveTimeout));
        check("shutdownTimeout", shutdownTimeout, isNotNegative(shutdownTimeout));
    }

    static void check(String name, Object value, boolean valid) {
        if (!valid) {
            throw new IllegalArgumentException(name + " cannot be " + value);
        }
    }

    static boolean isPositive(Duration duration) {
        return isNotNegative(duration) && !duration.isZero();
    }

    static boolean isNotNegative(Duration duration) {
        return duration != null && !duration.isNegative();
    }

    String target() {
        return host + ":" + port;
    }
}
