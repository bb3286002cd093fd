// Copyright the camel-viamdata authors. SPDX-License-Identifier: Apache-2.0
package io.github.camelviamdata.server;

import io.github.camelviamdata.transport.Loopback;

/** The checks of options before a server starts. */
final class ServerRules {

    private ServerRules() {}

    /**
     * @throws IllegalArgumentException if the server would be open to strangers, or if an option is out of its range; the
     *     message names the option
     */
    static void check(ViamDataServerEndpoint endpoint) {
        boolean loopback = Loopback.isLoopback(endpoint.getHost());
        boolean tls = endpoint.getSslContextParameters() != null;
        require(
                loopback || endpoint.getApiKey() != null,
                "apiKey is mandatory, because " + endpoint.getHost() + " is no loopback address");
        require(
                loopback || tls || endpoint.isPlaintext(),
                "sslContextParameters is mandatory, because " + endpoint.getHost()
                        + " is no loopback address; where TLS ends in front of this server, set plaintext=true");
        require(!tls || !endpoint.isPlaintext(), "plaintext=true contradicts sslContextParameters: remove one of them");
        require(endpoint.getTokenLifetime() >= 1000, "tokenLifetime must be at least 1 second");
        require(endpoint.getMaxInboundMessageSize() > 0, "maxInboundMessageSize must be above 0");
        require(endpoint.getMaxUploadSize() > 0, "maxUploadSize must be above 0");
        require(endpoint.getMaxConcurrentCalls() > 0, "maxConcurrentCalls must be above 0");
        require(endpoint.getShutdownTimeout() >= 0, "shutdownTimeout must not be negative");
    }

    private static void require(boolean condition, String message) {
        if (!condition) {
            throw new IllegalArgumentException(message);
        }
    }
}
