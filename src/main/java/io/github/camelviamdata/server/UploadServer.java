// Copyright the camel-viamdata authors. SPDX-License-Identifier: Apache-2.0
package io.github.camelviamdata.server;

import io.github.camelviamdata.message.SpoolFiles;
import io.github.camelviamdata.observe.ServerStatistics;
import io.github.camelviamdata.transport.Http2Tls;
import io.grpc.BindableService;
import io.grpc.Metadata;
import io.grpc.Server;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.grpc.ServerInterceptors;
import io.grpc.ServerServiceDefinition;
import io.grpc.Status;
import io.grpc.health.v1.HealthGrpc;
import io.grpc.netty.shaded.io.grpc.netty.NettyServerBuilder;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Clock;
import java.time.Duration;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import org.apache.camel.CamelContext;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A gRPC server with its services, its health, its spool folder and its limits. Each start of the consumer makes a new one. */
final class UploadServer {

    private static final Logger LOG = LoggerFactory.getLogger(UploadServer.class);

    // grpc-netty has no limit by default (CVE-2023-44487). Clients reset streams that are rejected before their end,
    // which are all attempts of all uploads while a route is suspended.
    private static final int MAX_RESETS = 10_000;
    private static final int RESET_WINDOW_SECONDS = 30;

    /**
     * When the server closes a connection. A machine that lost its power closes none, and its streams must not stay on the disk.
     *
     * @param pingAfter the time without a byte after which the peer is pinged
     * @param pingTimeout the time to wait for the answer to a ping
     * @param idleTimeout the time after which a connection without calls is closed. It also closes a connection whose peer did
     *     not answer a ping: gRPC only cancels its calls, because of a reset frame that it has not flushed
     */
    record Liveness(Duration pingAfter, Duration pingTimeout, Duration idleTimeout) {

        static final Liveness DEFAULT =
                new Liveness(Duration.ofMinutes(1), Duration.ofSeconds(20), Duration.ofMinutes(5));
    }

    private final ViamDataServerEndpoint endpoint;
    private final ViamDataServerConsumer consumer;
    private final HealthService health = new HealthService();
    private final SpoolFolder spools;
    private final ServerStatistics statistics;
    private final Server server;

    /**
     * @param liveness when a connection is closed
     * @throws IllegalArgumentException if an option has a wrong value; the message names the option
     */
    UploadServer(ViamDataServerConsumer consumer, Executor executor, Liveness liveness) throws Exception {
        this.endpoint = consumer.getEndpoint();
        this.consumer = consumer;
        CamelContext context = endpoint.getCamelContext();
        spools = new SpoolFolder(SpoolFiles.directory(context));
        statistics = new ServerStatistics(spools::size);
        ApiKeys apiKeys = ApiKeys.of(endpoint.getApiKey());
        IssuedTokens tokens =
                new IssuedTokens(apiKeys, Clock.systemUTC(), Duration.ofMillis(endpoint.getTokenLifetime()));
        NettyServerBuilder builder = limits(NettyServerBuilder.forAddress(address()), liveness)
                .executor(executor)
                .addService(guarded(new AuthService(apiKeys, tokens, statistics)))
                .addService(guarded(new DataSyncService(
                        consumer,
                        UploadRights.of(endpoint.getAllowedParts(), apiKeys),
                        () -> Spool.create(spools),
                        endpoint.isCaptureFiles() ? new CaptureFormat() : new UploadFormat(),
                        endpoint.getMaxUploadSize())))
                .addService(guarded(health.service()));
        endpoint.services().forEach(service -> builder.addService(guarded(service)));
        intercept(builder, new AuthInterceptor(tokens, apiKeys.areRequired()));
        if (endpoint.getSslContextParameters() != null) {
            builder.sslContext(
                    Http2Tls.forServer(endpoint.getSslContextParameters().createSSLContext(context)));
        }
        server = builder.build();
    }

    private InetSocketAddress address() throws IOException {
        InetSocketAddress address = new InetSocketAddress(endpoint.getHost(), endpoint.getPort());
        if (address.isUnresolved()) {
            throw new IOException("Cannot listen on " + endpoint.getServiceUrl() + ": unknown host");
        }
        return address;
    }

    /** A service whose messages are parsed inside of the interceptors, so that {@link CallGuard} handles malformed ones. */
    private static ServerServiceDefinition guarded(BindableService service) {
        return ServerInterceptors.useInputStreamMessages(service.bindService());
    }

    private NettyServerBuilder limits(NettyServerBuilder builder, Liveness liveness) {
        return builder.maxInboundMessageSize(endpoint.getMaxInboundMessageSize())
                .maxConcurrentCallsPerConnection(endpoint.getMaxConcurrentCalls())
                .maxRstFramesPerWindow(MAX_RESETS, RESET_WINDOW_SECONDS)
                // Clients ping every 20 s, with and without calls. Viam's service allows a ping every 5 s.
                .permitKeepAliveTime(5, TimeUnit.SECONDS)
                .permitKeepAliveWithoutCalls(true)
                .keepAliveTime(liveness.pingAfter.toMillis(), TimeUnit.MILLISECONDS)
                .keepAliveTimeout(liveness.pingTimeout.toMillis(), TimeUnit.MILLISECONDS)
                .maxConnectionIdle(liveness.idleTimeout.toMillis(), TimeUnit.MILLISECONDS);
    }

    /** Adds the interceptors. gRPC calls the last one first. */
    private void intercept(NettyServerBuilder builder, AuthInterceptor auth) {
        CallStatistics callStatistics = new CallStatistics(statistics);
        // Twice the limit: a client may begin its next call before this server has counted the last one as ended.
        CallLimit callLimit = new CallLimit(2L * endpoint.getMaxConcurrentCalls());
        builder.intercept(health)
                .intercept(auth)
                .intercept(new SuspendInterceptor())
                .intercept(callLimit)
                .intercept(new CallGuard())
                .addTransportFilter(callLimit)
                .addTransportFilter(callStatistics.connections())
                .addStreamTracerFactory(callStatistics);
    }

    void start() throws IOException {
        try {
            spools.open();
        } catch (IOException e) {
            LOG.warn("Streams cannot be spooled to {} for now", SpoolFiles.directory(endpoint.getCamelContext()), e);
        }
        health.setServing(true);
        try {
            server.start();
        } catch (IOException e) {
            spools.close();
            throw e;
        }
    }

    int getPort() {
        return server.getPort();
    }

    ServerStatistics statistics() {
        return statistics;
    }

    void setServing(boolean serving) {
        health.setServing(serving);
    }

    /**
     * Tells clients and balancers to use another server, and accepts no new connections. Calls in progress continue.
     */
    void drain() {
        health.setServing(false);
        server.shutdown();
    }

    /** Drains, waits for the calls in progress, then cancels them. */
    void stop() throws InterruptedException {
        drain();
        health.stop();
        boolean drained = false;
        try {
            drained = server.awaitTermination(endpoint.getShutdownTimeout(), TimeUnit.MILLISECONDS);
        } finally {
            if (!drained) {
                LOG.warn("Cancelling the uploads in progress on {}", endpoint.getServiceUrl());
                server.shutdownNow();
            }
        }
        if (!drained) {
            // Streams that are cancelled have files to delete.
            server.awaitTermination(5, TimeUnit.SECONDS);
        }
        spools.close();
    }

    /** Rejects new calls, except health checks, while the consumer is suspended. Calls in progress continue. */
    private final class SuspendInterceptor implements ServerInterceptor {

        @Override
        public <Q, R> ServerCall.Listener<Q> interceptCall(
                ServerCall<Q, R> call, Metadata headers, ServerCallHandler<Q, R> next) {
            boolean healthCheck =
                    HealthGrpc.SERVICE_NAME.equals(call.getMethodDescriptor().getServiceName());
            if (consumer.isSuspendingOrSuspended() && !server.isShutdown() && !healthCheck) {
                Status status = Status.UNAVAILABLE.withDescription("The route is suspended");
                return CallGuard.reject(call, status, RouteStatus.pushBack());
            }
            return next.startCall(call, headers);
        }
    }
}
