// Copyright the camel-viamdata authors. SPDX-License-Identifier: Apache-2.0
package io.github.camelviamdata.support;

import io.github.camelviamdata.ViamDataEndpoint;
import org.apache.camel.CamelContext;

/** Counts the uploads in flight. */
public final class InFlight {

    private InFlight() {}

    public static int of(CamelContext context, String uri) {
        return context.getEndpoint(uri, ViamDataEndpoint.class).getInFlight();
    }
}
