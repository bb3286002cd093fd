// Copyright the camel-viamdata authors. SPDX-License-Identifier: Apache-2.0
package io.github.camelviamdata.transport;

import io.grpc.netty.shaded.io.netty.handler.ssl.ApplicationProtocolConfig;
import io.grpc.netty.shaded.io.netty.handler.ssl.ApplicationProtocolConfig.Protocol;
import io.grpc.netty.shaded.io.netty.handler.ssl.ApplicationProtocolConfig.SelectedListenerFailureBehavior;
import io.grpc.netty.shaded.io.netty.handler.ssl.ApplicationProtocolConfig.SelectorFailureBehavior;
import io.grpc.netty.shaded.io.netty.handler.ssl.ApplicationProtocolNames;
import io.grpc.netty.shaded.io.netty.handler.ssl.ClientAuth;
import io.grpc.netty.shaded.io.netty.handler.ssl.IdentityCipherSuiteFilter;
import io.grpc.netty.shaded.io.netty.handler.ssl.JdkSslContext;
import io.grpc.netty.shaded.io.netty.handler.ssl.SslContext;
import javax.net.ssl.SSLContext;

/**
 * HTTP/2 over the JDK's TLS, so that all of Camel's {@code SSLContextParameters} (key and trust stores, protocols,
 * cipher suites, client authentication) hold for gRPC. Camel applies them inside the {@code SSLContext} it creates.
 */
public final class Http2Tls {

    // RFC 7540, section 3.3: HTTP/2 over TLS is agreed upon by ALPN.
    private static final ApplicationProtocolConfig HTTP2 = new ApplicationProtocolConfig(
            Protocol.ALPN,
            SelectorFailureBehavior.NO_ADVERTISE,
            SelectedListenerFailureBehavior.ACCEPT,
            ApplicationProtocolNames.HTTP_2);

    private Http2Tls() {}

    public static SslContext forClient(SSLContext context) {
        return http2(context, true);
    }

    public static SslContext forServer(SSLContext context) {
        return http2(context, false);
    }

    private static SslContext http2(SSLContext context, boolean client) {
        // ClientAuth.NONE leaves the engine as Camel configured it.
        return new JdkSslContext(
                context, client, null, IdentityCipherSuiteFilter.INSTANCE, HTTP2, ClientAuth.NONE, null, false);
    }
}
