// Copyright the camel-viamdata authors. SPDX-License-Identifier: Apache-2.0
package io.github.camelviamdata.client;

import io.github.camelviamdata.transport.Loopback;
import java.net.ProxySelector;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.http.HttpClient;
import java.time.Duration;
import java.util.concurrent.Executor;
import javax.net.ssl.SSLContext;

/**
 * Where bytes may be fetched from over HTTP, and where the access token may go: over TLS to the host of the service, and to no
 * other. Redirects are not followed here.
 */
final class Downloads {

    private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(20);

    private final ClientSettings settings;
    private final SSLContext sslContext;
    private final Executor executor;
    private HttpClient http;

    /**
     * @param sslContext TLS, or null for that of the Java runtime
     * @param executor where answers are read; it must not throw
     */
    Downloads(ClientSettings settings, SSLContext sslContext, Executor executor) {
        this.settings = settings;
        this.sslContext = sslContext;
        this.executor = executor;
    }

    synchronized HttpClient http() {
        if (http == null) {
            HttpClient.Builder builder = HttpClient.newBuilder()
                    .version(HttpClient.Version.HTTP_1_1)
                    .followRedirects(HttpClient.Redirect.NEVER)
                    .connectTimeout(CONNECT_TIMEOUT)
                    .executor(executor);
            if (sslContext != null) {
                builder.sslContext(sslContext);
            }
            if (!settings.plaintext() && !Loopback.isLoopback(settings.host()) && ProxySelector.getDefault() != null) {
                builder.proxy(ProxySelector.getDefault());
            }
            http = builder.build();
        }
        return http;
    }

    /**
     * A target that the service names, or null where nothing is fetched from it: it is no HTTP URI with a host, or it would show
     * the data to the network.
     *
     * @param base what a relative one counts from, or null
     */
    URI target(URI base, String text) {
        try {
            URI uri = base == null ? new URI(text) : base.resolve(new URI(text));
            boolean secure = "https".equalsIgnoreCase(uri.getScheme());
            boolean local = "http".equalsIgnoreCase(uri.getScheme())
                    && settings.plaintext()
                    && Loopback.isLoopback(uri.getHost());
            return uri.getHost() != null && (secure || local) ? uri : null;
        } catch (URISyntaxException | IllegalArgumentException e) {
            return null;
        }
    }

    /** Whether the access token may be sent to this target, which {@link #target} has let pass. */
    boolean isOwn(URI target) {
        return settings.host().equalsIgnoreCase(target.getHost());
    }
}
