// Copyright the camel-viamdata authors. SPDX-License-Identifier: Apache-2.0
package io.github.camelviamdata;

import org.apache.camel.CamelContext;

/** Lets tests in other packages count the uploads under way. */
public final class InFlight {

    private InFlight() {}

    public static int of(CamelContext context, String uri) {
        return context.getEndpoint(uri, ViamDataEndpoint.class).client().getInFlight();
    }
}
