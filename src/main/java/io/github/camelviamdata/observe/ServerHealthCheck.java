// Copyright the camel-viamdata authors. SPDX-License-Identifier: Apache-2.0
package io.github.camelviamdata.observe;

import java.util.function.BooleanSupplier;
import org.apache.camel.health.HealthCheckResultBuilder;

/**
 * Whether a server accepts uploads. Camel calls it as the check {@code consumer:} and the ID of the route, if camel-health is on
 * the class path and health checks of consumers are enabled.
 */
public final class ServerHealthCheck extends ReadinessCheck {

    private final String address;
    private final BooleanSupplier serving;
    private final ServerStatistics statistics;

    /**
     * @param address host and port that the server listens on
     * @param routeId the route of the server, or null
     * @param serving asked at each check whether the server accepts uploads
     */
    public ServerHealthCheck(String address, String routeId, BooleanSupplier serving, ServerStatistics statistics) {
        super("consumer:viamdata-server" + (routeId == null ? "" : "-" + routeId));
        this.address = address;
        this.serving = serving;
        this.statistics = statistics;
    }

    @Override
    void check(HealthCheckResultBuilder result) {
        if (serving.getAsBoolean()) {
            result.up();
        } else {
            result.down().message("The server rejects uploads: the route is suspended or stopping");
        }
        result.detail("address", address)
                .detail("connections", statistics.connections())
                .detail("in.flight", statistics.inFlight())
                .detail("spooled.bytes", statistics.spooledBytes())
                .detail("refused.keys", statistics.refusedKeys());
    }
}
