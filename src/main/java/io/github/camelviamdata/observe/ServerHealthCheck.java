// Copyright the camel-viamdata authors. SPDX-License-Identifier: Apache-2.0
package io.github.camelviamdata.observe;

import java.util.Map;
import java.util.function.BooleanSupplier;
import org.apache.camel.health.HealthCheck;
import org.apache.camel.health.HealthCheckResultBuilder;

/**
 * Whether a server takes uploads. Camel asks it through the check {@code consumer:} and the ID of the route, where
 * camel-health is on the class path and the checks of consumers are on.
 */
public final class ServerHealthCheck implements HealthCheck {

    private final String address;
    private final String routeId;
    private final BooleanSupplier serving;
    private final ServerStatistics statistics;
    private boolean enabled = true;

    /**
     * @param address host and port that the server listens on
     * @param routeId the route of the server, or null
     * @param serving whether it takes uploads at this moment
     */
    public ServerHealthCheck(String address, String routeId, BooleanSupplier serving, ServerStatistics statistics) {
        this.address = address;
        this.routeId = routeId;
        this.serving = serving;
        this.statistics = statistics;
    }

    @Override
    public String getGroup() {
        return "camel";
    }

    @Override
    public String getId() {
        return "consumer:viamdata-server" + (routeId == null ? "" : "-" + routeId);
    }

    @Override
    public boolean isEnabled() {
        return enabled;
    }

    @Override
    public void setEnabled(boolean enabled) {
        this.enabled = enabled;
    }

    @Override
    public Result call(Map<String, Object> options) {
        HealthCheckResultBuilder result = HealthCheckResultBuilder.on(this)
                .detail(CHECK_KIND, Kind.READINESS)
                .detail(CHECK_ID, getId())
                .detail(CHECK_GROUP, getGroup());
        if (!enabled) {
            return result.unknown()
                    .message("Disabled")
                    .detail(CHECK_ENABLED, false)
                    .build();
        }
        if (serving.getAsBoolean()) {
            result.up();
        } else {
            result.down().message("The server turns uploads away: the route is suspended or stopping");
        }
        return result.detail("address", address)
                .detail("connections", statistics.connections())
                .detail("in.flight", statistics.inFlight())
                .detail("spooled.bytes", statistics.spooledBytes())
                .detail("refused.keys", statistics.refusedKeys())
                .build();
    }
}
