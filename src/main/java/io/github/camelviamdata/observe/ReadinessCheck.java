// Copyright the camel-viamdata authors. SPDX-License-Identifier: Apache-2.0
package io.github.camelviamdata.observe;

import java.util.Map;
import org.apache.camel.health.HealthCheck;
import org.apache.camel.health.HealthCheckResultBuilder;

/** The base class of the health checks. Camel's own is in camel-health, which is optional. */
abstract class ReadinessCheck implements HealthCheck {

    private final String id;
    private boolean enabled = true;

    ReadinessCheck(String id) {
        this.id = id;
    }

    /** Adds the state and the details. */
    abstract void check(HealthCheckResultBuilder result);

    @Override
    public final String getGroup() {
        return "camel";
    }

    @Override
    public final String getId() {
        return id;
    }

    @Override
    public final boolean isEnabled() {
        return enabled;
    }

    @Override
    public final void setEnabled(boolean enabled) {
        this.enabled = enabled;
    }

    @Override
    public final Result call(Map<String, Object> options) {
        HealthCheckResultBuilder result = HealthCheckResultBuilder.on(this)
                .detail(CHECK_KIND, Kind.READINESS)
                .detail(CHECK_ID, id)
                .detail(CHECK_GROUP, getGroup());
        if (enabled) {
            check(result);
        } else {
            result.unknown().message("Disabled").detail(CHECK_ENABLED, false);
        }
        return result.build();
    }
}
