// Copyright the camel-viamdata authors. SPDX-License-Identifier: Apache-2.0
package io.github.camelviamdata.client;

import io.github.camelviamdata.transport.Http2Tls;
import io.github.camelviamdata.transport.Loopback;
import io.github.camelviamdata.transport.WireLog;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;
import io.grpc.stub.MetadataUtils;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Properties;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLContext;

/** Makes gRPC channels. A channel connects when it is first used, and again when its connection was lost. */
final class Channels {

    private static final Properties VERSIONS = versions();
    private static final Metadata.Key<String> VIAM_CLIENT =
            Metadata.Key.of("viam_client", Metadata.ASCII_STRING_MARSHALLER);

    private Channels() {}

    /**
     * @param sslContext TLS, or null for that of the Java runtime
     * @param executor where names are resolved, and tokens arrive; it must not throw
     */
    static ManagedChannel open(ClientSettings settings, SSLContext sslContext, Executor executor) {
        WireLog.redact();
        NettyChannelBuilder channel = NettyChannelBuilder.forAddress(settings.host(), settings.port())
                .executor(executor)
                // A channel whose executor throws is in panic mode for ever.
                .offloadExecutor(executor)
                .userAgent("camel-viamdata/" + VERSIONS.getProperty("client"))
                .intercept(MetadataUtils.newAttachHeadersInterceptor(viamClient()))
                .keepAliveTime(settings.keepAliveTime().toNanos(), TimeUnit.NANOSECONDS)
                .keepAliveTimeout(settings.keepAliveTimeout().toNanos(), TimeUnit.NANOSECONDS);
        if (settings.plaintext() || Loopback.isLoopback(settings.host())) {
            // A proxy would see the credential in plaintext, and cannot reach the loopback interface of this machine.
            channel.proxyDetector(target -> null);
        }
        if (settings.plaintext()) {
            channel.usePlaintext();
        } else if (sslContext != null) {
            channel.sslContext(Http2Tls.forClient(sslContext));
        }
        return channel.build();
    }

    private static Metadata viamClient() {
        Metadata headers = new Metadata();
        headers.put(VIAM_CLIENT, "java;v" + VERSIONS.getProperty("client") + ";v" + VERSIONS.getProperty("api"));
        return headers;
    }

    private static Properties versions() {
        try (InputStream stream = Channels.class.getResourceAsStream("versions.properties")) {
            Properties versions = new Properties();
            versions.load(stream);
            return versions;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
