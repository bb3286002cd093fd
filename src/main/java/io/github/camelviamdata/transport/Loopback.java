// Copyright the camel-viamdata authors. SPDX-License-Identifier: Apache-2.0
package io.github.camelviamdata.transport;

import io.grpc.netty.shaded.io.netty.util.NetUtil;
import java.net.InetAddress;

/** Recognizes hosts on this machine, the only ones that need neither TLS nor credentials. */
public final class Loopback {

    private Loopback() {}

    /**
     * Whether a host is {@code localhost} or a literal loopback address ({@code 127.0.0.0/8}, {@code ::1}, with or without
     * brackets). Resolves no name, because the answer of DNS may change.
     *
     * @param host name or address, or null
     */
    public static boolean isLoopback(String host) {
        if (host == null || host.isEmpty()) {
            return false;
        }
        if (host.equalsIgnoreCase("localhost")) {
            return true;
        }
        InetAddress literal = NetUtil.createInetAddressFromIpAddressString(host);
        return literal != null && literal.isLoopbackAddress();
    }
}
