// Copyright the camel-viamdata authors. SPDX-License-Identifier: Apache-2.0
package io.github.camelviamdata.server;

import io.github.camelviamdata.ViamDataConstants;
import io.github.camelviamdata.proto.datasync.v1.DataSyncServiceGrpc;
import io.github.camelviamdata.proto.rpc.v1.AuthServiceGrpc;
import io.grpc.BindableService;
import io.grpc.health.v1.HealthGrpc;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import org.apache.camel.AsyncEndpoint;
import org.apache.camel.Category;
import org.apache.camel.Consumer;
import org.apache.camel.Processor;
import org.apache.camel.Producer;
import org.apache.camel.spi.EndpointServiceLocation;
import org.apache.camel.spi.Metadata;
import org.apache.camel.spi.UriEndpoint;
import org.apache.camel.spi.UriParam;
import org.apache.camel.spi.UriPath;
import org.apache.camel.support.DefaultEndpoint;
import org.apache.camel.support.jsse.SSLContextParameters;

/**
 * Receive captured data and files from Viam's clients and other `viamdata` routes.
 *
 * <p>The route runs once the whole upload has arrived, and the client has its answer once the route has finished: with the
 * ID the route set or one of the server's own, or with the gRPC status that matches the failure.
 */
@UriEndpoint(
        firstVersion = "0.1.0",
        scheme = ViamDataConstants.SERVER_SCHEME,
        title = "Viam Data Server",
        syntax = "viamdata-server:host:port",
        category = {Category.CLOUD, Category.IOT},
        consumerOnly = true,
        headersClass = ViamDataServerConstants.class)
public class ViamDataServerEndpoint extends DefaultEndpoint implements AsyncEndpoint, EndpointServiceLocation {

    @UriPath
    @Metadata(
            required = true,
            description = "Name or address of the interface to listen on: `0.0.0.0` for all, `localhost` "
                    + "for this machine only. An IPv6 address stands in brackets.")
    private String host;

    @UriPath
    @Metadata(required = true, description = "Port to listen on, from 1 to 65535, or 0 for any free one.")
    private int port;

    // A map as well. Documented as text, because tools offer no text for an option of type Object.
    @UriParam(
            label = "security",
            secret = true,
            javaType = "java.lang.String",
            description = "API keys that clients may authenticate with: text of the form `id=key,id=key`, "
                    + "or a `java.util.Map` of keys by ID. Mandatory unless the host is a loopback "
                    + "address, where without this option any credential is accepted and calls need no "
                    + "token.")
    private Object apiKey;

    @UriParam(
            label = "security",
            javaType = "java.lang.String",
            description = "Which API key may upload for which parts, by the IDs of both: text of the form "
                    + "`id=part,id=part`, where an ID may come several times and `*` is any part; a "
                    + "`java.util.Map` of a part or a collection of parts by the ID of a key; or a "
                    + "`java.util.function.BiPredicate` that is asked with the ID of the key and the "
                    + "part. A key that is not named may upload for no part. What is not allowed is "
                    + "refused with PERMISSION_DENIED before anything of it is stored. Needs `apiKey`. "
                    + "By default each key may upload for any part.")
    private Object allowedParts;

    @UriParam(
            label = "security",
            description = "TLS with this key store; client authentication is set here too. Without it the "
                    + "server speaks plaintext, which needs a loopback host or the option `plaintext`.")
    private SSLContextParameters sslContextParameters;

    @UriParam(
            label = "security",
            defaultValue = "false",
            description =
                    "Whether to speak plaintext on any host, for a server behind a reverse proxy that ends TLS. Anyone"
                            + " on the way between the proxy and this server can read the API keys and the data. Contradicts"
                            + " `sslContextParameters`.")
    private boolean plaintext;

    @UriParam(
            label = "security",
            javaType = "java.time.Duration",
            defaultValue = "3600000",
            description = "How long an access token is valid, to the second; at least 1 second. Clients "
                    + "have to authenticate again after that. Viam's SDKs do so only when they connect. "
                    + "Tokens are valid on each server that has the key that they were issued for, and "
                    + "after a restart.")
    private long tokenLifetime = 3_600_000;

    @UriParam(
            defaultValue = "33554432",
            description =
                    "Size in bytes of the largest message accepted, above 0. It limits data sent in a single message,"
                            + " which is held in memory, and each chunk of a stream, but not the stream, which is written to disk."
                            + " A larger message is refused with RESOURCE_EXHAUSTED. The default, 32 MiB, is the limit of Viam's"
                            + " own server library.")
    private int maxInboundMessageSize = 32 * 1024 * 1024;

    @UriParam(
            description =
                    "Size in bytes of the largest stream accepted, above 0. Streams are kept on disk until the route has"
                            + " finished; a larger one is refused with INVALID_ARGUMENT as soon as it exceeds the limit, and what"
                            + " had arrived of it is deleted. By default only the disk limits it.")
    private long maxUploadSize = Long.MAX_VALUE;

    @UriParam(
            defaultValue = "64",
            description =
                    "Maximum number of uploads in progress on one connection, above 0. Clients delay further ones until"
                            + " an earlier one has its answer.")
    private int maxConcurrentCalls = 64;

    @UriParam(
            label = "advanced",
            defaultValue = "false",
            description =
                    "Whether the body is a capture file, such as a machine's own agent keeps, rather than the uploaded"
                            + " data: to write to disk now, and to upload later with the operation `capture` of `viamdata`."
                            + " `CamelFileName` is a unique name. The part and the datasets are only in headers. Uploads of files"
                            + " arrive as they are.")
    private boolean captureFiles;

    @UriParam(
            label = "advanced",
            javaType = "java.time.Duration",
            defaultValue = "30000",
            description = "How long a stop waits for uploads in progress, in addition to the shutdown "
                    + "timeout of Camel, before it cancels them. 0 cancels them at once.")
    private long shutdownTimeout = 30_000;

    private static final Set<String> OWN_SERVICES =
            Set.of(AuthServiceGrpc.SERVICE_NAME, DataSyncServiceGrpc.SERVICE_NAME, HealthGrpc.SERVICE_NAME);

    private final List<BindableService> services = new CopyOnWriteArrayList<>();

    public ViamDataServerEndpoint(String uri, ViamDataServerComponent component) {
        super(uri, component);
    }

    @Override
    public ViamDataServerComponent getComponent() {
        return (ViamDataServerComponent) super.getComponent();
    }

    @Override
    public Producer createProducer() {
        throw new UnsupportedOperationException("viamdata-server only receives: send with to(\"viamdata:<part ID>\")");
    }

    @Override
    public Consumer createConsumer(Processor processor) throws Exception {
        ViamDataServerConsumer consumer = new ViamDataServerConsumer(this, processor);
        configureConsumer(consumer);
        return consumer;
    }

    /**
     * Adds a service to the server, beside those for uploads, from its next start on. It is for tests, which need more of Viam than a
     * server of uploads. Its calls have the same limits as uploads; where there are keys, they need the access token of any of them, and
     * {@code allowedParts} does not count. What it throws ends the call with the status of a {@link io.grpc.StatusRuntimeException}, else
     * with {@code INTERNAL}.
     *
     * @throws IllegalArgumentException if there is a service of that name already, as those for uploads
     */
    public void addService(BindableService service) {
        String name = service.bindService().getServiceDescriptor().getName();
        boolean isTaken = OWN_SERVICES.contains(name)
                || services.stream()
                        .anyMatch(other -> other.bindService()
                                .getServiceDescriptor()
                                .getName()
                                .equals(name));
        if (isTaken) {
            throw new IllegalArgumentException("The server has the service " + name + " already");
        }
        services.add(service);
    }

    List<BindableService> services() {
        return services;
    }

    @Override
    public String getServiceUrl() {
        return (host.indexOf(':') < 0 ? host : "[" + host + "]") + ":" + port;
    }

    @Override
    public String getServiceProtocol() {
        return "grpc";
    }

    public String getHost() {
        return host;
    }

    /** A name or an address without brackets; mandatory. */
    public void setHost(String host) {
        this.host = host;
    }

    public int getPort() {
        return port;
    }

    /** From 0 to 65535; mandatory. */
    public void setPort(int port) {
        this.port = port;
    }

    public Object getApiKey() {
        return apiKey;
    }

    /** A text or a map. Default null, for a loopback host only. */
    public void setApiKey(Object apiKey) {
        this.apiKey = apiKey;
    }

    public Object getAllowedParts() {
        return allowedParts;
    }

    /** A text, a map or a predicate. Default null: each key may upload for any part. */
    public void setAllowedParts(Object allowedParts) {
        this.allowedParts = allowedParts;
    }

    public SSLContextParameters getSslContextParameters() {
        return sslContextParameters;
    }

    /** Default null: plaintext. */
    public void setSslContextParameters(SSLContextParameters sslContextParameters) {
        this.sslContextParameters = sslContextParameters;
    }

    public boolean isPlaintext() {
        return plaintext;
    }

    /** Default false. */
    public void setPlaintext(boolean plaintext) {
        this.plaintext = plaintext;
    }

    public long getTokenLifetime() {
        return tokenLifetime;
    }

    /** Milliseconds, from 1000. Default 3600000. */
    public void setTokenLifetime(long tokenLifetime) {
        this.tokenLifetime = tokenLifetime;
    }

    public int getMaxInboundMessageSize() {
        return maxInboundMessageSize;
    }

    /** Bytes, from 1. Default 33554432. */
    public void setMaxInboundMessageSize(int maxInboundMessageSize) {
        this.maxInboundMessageSize = maxInboundMessageSize;
    }

    public long getMaxUploadSize() {
        return maxUploadSize;
    }

    /** Bytes, from 1. Default {@link Long#MAX_VALUE}. */
    public void setMaxUploadSize(long maxUploadSize) {
        this.maxUploadSize = maxUploadSize;
    }

    public int getMaxConcurrentCalls() {
        return maxConcurrentCalls;
    }

    /** Uploads, from 1. Default 64. */
    public void setMaxConcurrentCalls(int maxConcurrentCalls) {
        this.maxConcurrentCalls = maxConcurrentCalls;
    }

    public boolean isCaptureFiles() {
        return captureFiles;
    }

    /** Default false. */
    public void setCaptureFiles(boolean captureFiles) {
        this.captureFiles = captureFiles;
    }

    public long getShutdownTimeout() {
        return shutdownTimeout;
    }

    /** Milliseconds, from 0. Default 30000. */
    public void setShutdownTimeout(long shutdownTimeout) {
        this.shutdownTimeout = shutdownTimeout;
    }
}
