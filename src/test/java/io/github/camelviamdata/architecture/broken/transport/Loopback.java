// Copyright the camel-viamdata authors. SPDX-License-Identifier: Apache-2.0
package io.github.camelviamdata.architecture.broken.transport;

import io.grpc.netty.shaded.io.netty.util.internal.SocketUtils;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;

/** Breaks LOOPBACK: each of these asks a name server. */
final class Loopback {

    boolean isLoopback(String host) throws UnknownHostException {
        return InetAddress.getByName(host).isLoopbackAddress()
                || InetAddress.getAllByName(host)[0].isLoopbackAddress()
                || SocketUtils.addressByName(host).isLoopbackAddress()
                || !new InetSocketAddress(host, 0).isUnresolved();
    }
}
