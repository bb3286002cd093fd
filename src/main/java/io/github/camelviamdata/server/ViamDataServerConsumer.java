// Copyright the camel-viamdata authors. SPDX-License-Identifier: Apache-2.0
package io.github.camelviamdata.server;

import io.github.camelviamdata.observe.MeteredServer;
import io.github.camelviamdata.observe.ServerHealthCheck;
import io.github.camelviamdata.observe.ServerStatistics;
import io.github.camelviamdata.transport.PeerLog;
import io.github.camelviamdata.transport.WireLog;
import java.io.IOException;
import java.util.concurrent.ExecutorService;
import org.apache.camel.CamelContext;
import org.apache.camel.Processor;
import org.apache.camel.Suspendable;
import org.apache.camel.support.DefaultConsumer;
import org.apache.camel.util.ObjectHelper;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Runs a gRPC server whose uploads become exchanges. A suspended one keeps listening and answers {@code UNAVAILABLE}. */
public class ViamDataServerConsumer extends DefaultConsumer implements Suspendable {

    private static final Logger LOG = LoggerFactory.getLogger(ViamDataServerConsumer.class);

    private ExecutorService executor;
    private volatile UploadServer server;
    private MeteredServer meters;

    public ViamDataServerConsumer(ViamDataServerEndpoint endpoint, Processor processor) {
        super(endpoint, processor);
    }

    @Override
    public ViamDataServerEndpoint getEndpoint() {
        return (ViamDataServerEndpoint) super.getEndpoint();
    }

    /** The port the server listens on, which is the free one it found where the endpoint's is 0; -1 while stopped. */
    public int getPort() {
        UploadServer running = server;
        return running == null ? -1 : running.getPort();
    }

    /** What the server has done since its last start, or null while stopped. */
    ServerStatistics statistics() {
        UploadServer running = server;
        return running == null ? null : running.statistics();
    }

    @Override
    public boolean isHostedService() {
        return true;
    }

    @Override
    protected void doStart() throws Exception {
        super.doStart();
        WireLog.redact();
        PeerLog.limit();
        // One thread per call in progress, so a call that waits in its route never holds up another one.
        executor = context().getExecutorServiceManager().newCachedThreadPool(this, "ViamDataServer");
        try {
            server = startServer();
        } catch (Exception | Error e) {
            shutdownExecutor();
            throw e;
        }
        // With the port of the endpoint, not the actual one: a free port would make other meters after each start.
        meters = MeteredServer.start(context(), getEndpoint().getServiceUrl(), server.statistics());
        setHealthCheck(new ServerHealthCheck(
                getEndpoint().getServiceUrl(),
                getRouteId(),
                () -> isStarted() && !isSuspendingOrSuspended(),
                server.statistics()));
        if (context().getStreamCachingStrategy().getSpoolCipher() != null) {
            LOG.warn(
                    "Uploaded streams are spooled to disk unencrypted: the spool cipher of stream caching is not applied");
        }
        LOG.info("Receiving uploads on {} (port {})", getEndpoint().getServiceUrl(), server.getPort());
    }

    private UploadServer startServer() throws Exception {
        UploadServer built;
        try {
            ServerRules.check(getEndpoint());
            built = new UploadServer(this, executor, UploadServer.Liveness.DEFAULT);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(
                    "Cannot start viamdata-server:" + getEndpoint().getServiceUrl() + ": " + e.getMessage(), e);
        }
        try {
            built.start();
        } catch (IOException e) {
            // Camel's list begins with the root cause.
            Throwable root = ObjectHelper.createExceptionIterable(e).iterator().next();
            throw new IOException("Cannot listen on " + getEndpoint().getServiceUrl() + ": " + root.getMessage(), e);
        }
        return built;
    }

    private CamelContext context() {
        return getEndpoint().getCamelContext();
    }

    @Override
    protected void doSuspend() throws Exception {
        // A stop of the whole application suspends its consumers first.
        if (context().isStopping()) {
            server.drain();
        } else {
            server.setServing(false);
        }
        super.doSuspend();
    }

    @Override
    protected void doResume() throws Exception {
        super.doResume();
        server.setServing(true);
    }

    @Override
    protected void doStop() throws Exception {
        // The route goes on until the calls in progress are through.
        if (server != null) {
            try {
                server.stop();
            } finally {
                server = null;
                meters.close();
                shutdownExecutor();
            }
        }
        super.doStop();
    }

    private void shutdownExecutor() {
        context().getExecutorServiceManager().shutdownGraceful(executor, 1000);
        executor = null;
    }
}
