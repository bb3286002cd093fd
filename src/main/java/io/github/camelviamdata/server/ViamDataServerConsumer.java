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

/** Runs a gRPC server, and makes an exchange of each upload. While suspended, it listens and answers {@code UNAVAILABLE}. */
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

    /** The port that the server listens on, also if that of the endpoint is 0, which means any free one; -1 while stopped. */
    public int getPort() {
        UploadServer running = server;
        return running == null ? -1 : running.getPort();
    }

    /** The counters of the server since its last start, or null while stopped. */
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
        // One thread for each call in progress, so that a call whose route blocks does not delay others.
        executor = context().getExecutorServiceManager().newCachedThreadPool(this, "ViamDataServer");
        try {
            server = startServer();
        } catch (Exception | Error e) {
            shutdownExecutor();
            throw e;
        }
        // Tagged with the port of the endpoint, even if it is 0: with the actual one, each start would make new meters.
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
        // Camel suspends consumers before it stops the application.
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
        // The route continues until the calls in progress have ended.
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
