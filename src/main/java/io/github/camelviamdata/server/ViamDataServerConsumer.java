// Copyright the camel-viamdata authors. SPDX-License-Identifier: Apache-2.0
package io.github.camelviamdata.server;

import io.github.camelviamdata.transport.Http2Tls;
import io.github.camelviamdata.transport.WireLog;
import io.grpc.Metadata;
import io.grpc.Server;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.grpc.Status;
import io.grpc.netty.shaded.io.grpc.netty.NettyServerBuilder;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Clock;
import java.time.Duration;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.TimeUnit;
import org.apache.camel.CamelContext;
import org.apache.camel.Processor;
import org.apache.camel.Suspendable;
import org.apache.camel.support.DefaultConsumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Runs a gRPC server whose uploads become exchanges. A suspended one keeps listening and answers {@code UNAVAILABLE}. */
public class ViamDataServerConsumer extends DefaultConsumer implements Suspendable {

    private static final Logger LOG = LoggerFactory.getLogger(ViamDataServerConsumer.class);

    private ExecutorService executor;
    private volatile Server server;

    public ViamDataServerConsumer(ViamDataServerEndpoint endpoint, Processor processor) {
        super(endpoint, processor);
    }

    @Override
    public ViamDataServerEndpoint getEndpoint() {
        return (ViamDataServerEndpoint) super.getEndpoint();
    }

    /** The port the server listens on, which is the free one it found where the endpoint's is 0; -1 while stopped. */
    public int getPort() {
        Server running = server;
        return running == null ? -1 : running.getPort();
    }

    @Override
    public boolean isHostedService() {
        return true;
    }

    @Override
    protected void doStart() throws Exception {
        super.doStart();
        WireLog.redact();
        NettyServerBuilder builder;
        try {
            ServerRules.check(getEndpoint());
            builder = newBuilder();
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(
                    "Cannot start viamdata-server:" + getEndpoint().getServiceUrl() + ": " + e.getMessage(), e);
        }
        // One thread per call in progress, so a call that waits in its route never holds up another one.
        executor = context().getExecutorServiceManager().newCachedThreadPool(this, "ViamDataServer");
        Server built = builder.executor(executor).build();
        try {
            server = built.start();
        } catch (IOException e) {
            shutdownExecutor();
            throw new IOException("Cannot listen on " + getEndpoint().getServiceUrl() + ": " + rootMessage(e), e);
        }
        if (context().getStreamCachingStrategy().getSpoolCipher() != null) {
            LOG.warn(
                    "Uploaded streams are spooled to disk unencrypted: the spool cipher of stream caching is not applied");
        }
        LOG.info("Receiving uploads on {} (port {})", getEndpoint().getServiceUrl(), server.getPort());
    }

    private NettyServerBuilder newBuilder() throws Exception {
        ViamDataServerEndpoint endpoint = getEndpoint();
        CamelContext context = context();
        InetSocketAddress address = new InetSocketAddress(endpoint.getHost(), endpoint.getPort());
        if (address.isUnresolved()) {
            throw new IOException("Cannot listen on " + endpoint.getServiceUrl() + ": unknown host");
        }
        ApiKeys apiKeys = endpoint.getApiKey() == null ? null : ApiKeys.of(endpoint.getApiKey());
        IssuedTokens tokens = new IssuedTokens(Clock.systemUTC(), Duration.ofMillis(endpoint.getTokenLifetime()));
        UploadRoute route = new UploadRoute(this, endpoint.getComponent().getFileIds());
        NettyServerBuilder builder = NettyServerBuilder.forAddress(address)
                .addService(new AuthService(apiKeys, tokens))
                .addService(new DataSyncService(route, () -> Spool.create(context), endpoint.isCaptureFiles()))
                // The one added last is called first.
                .intercept(new AuthInterceptor(tokens, apiKeys != null))
                .intercept(new SuspendInterceptor())
                .maxInboundMessageSize(endpoint.getMaxInboundMessageSize())
                .maxConcurrentCallsPerConnection(endpoint.getMaxConcurrentCalls())
                // Clients ping every 20 s, with and without calls; Viam's service takes offence at one in 5 s.
                .permitKeepAliveTime(5, TimeUnit.SECONDS)
                .permitKeepAliveWithoutCalls(true)
                // A machine that lost its power leaves a stream behind, which must not stay on disk for hours.
                .keepAliveTime(1, TimeUnit.MINUTES)
                .keepAliveTimeout(20, TimeUnit.SECONDS);
        if (endpoint.getSslContextParameters() != null) {
            builder.sslContext(
                    Http2Tls.forServer(endpoint.getSslContextParameters().createSSLContext(context)));
        }
        return builder;
    }

    private static String rootMessage(Throwable e) {
        Throwable root = e;
        while (root.getCause() != null) {
            root = root.getCause();
        }
        return root.getMessage();
    }

    private CamelContext context() {
        return getEndpoint().getCamelContext();
    }

    @Override
    protected void doStop() throws Exception {
        // The route goes on until the calls in progress are through.
        if (server != null) {
            try {
                shutdownServer();
            } finally {
                server = null;
                shutdownExecutor();
            }
        }
        super.doStop();
    }

    private void shutdownServer() throws InterruptedException {
        boolean drained = false;
        try {
            drained = server.shutdown().awaitTermination(getEndpoint().getShutdownTimeout(), TimeUnit.MILLISECONDS);
        } finally {
            if (!drained) {
                LOG.warn(
                        "Cancelling the uploads in progress on {}",
                        getEndpoint().getServiceUrl());
                server.shutdownNow();
            }
        }
        if (!drained) {
            // Cancelling takes a moment, and the streams that are cancelled have files to delete.
            server.awaitTermination(5, TimeUnit.SECONDS);
        }
    }

    private void shutdownExecutor() {
        context().getExecutorServiceManager().shutdownGraceful(executor, 1000);
        executor = null;
    }

    /** Turns new calls away while the consumer is suspended; those in progress go on. */
    private final class SuspendInterceptor implements ServerInterceptor {

        @Override
        public <Q, R> ServerCall.Listener<Q> interceptCall(
                ServerCall<Q, R> call, Metadata headers, ServerCallHandler<Q, R> next) {
            if (isSuspendingOrSuspended()) {
                call.close(Status.UNAVAILABLE.withDescription("The route is suspended"), new Metadata());
                return new ServerCall.Listener<>() {};
            }
            return next.startCall(call, headers);
        }
    }
}
