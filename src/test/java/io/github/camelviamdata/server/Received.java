// Copyright the camel-viamdata authors. SPDX-License-Identifier: Apache-2.0
package io.github.camelviamdata.server;

import java.util.Map;
import java.util.TreeMap;
import org.apache.camel.Exchange;
import org.apache.camel.StreamCache;

/** An exchange as the route saw it; a stream cache read to its end. */
public record Received(Map<String, Object> headers, Object body, boolean streamed) {

    public static Received of(Exchange exchange) {
        Object body = exchange.getMessage().getBody();
        boolean streamed = body instanceof StreamCache;
        if (streamed) {
            body = exchange.getMessage().getBody(byte[].class);
        }
        return new Received(new TreeMap<>(exchange.getMessage().getHeaders()), body, streamed);
    }

    public byte[] bytes() {
        return (byte[]) body;
    }
}
