// Copyright the camel-viamdata authors. SPDX-License-Identifier: Apache-2.0
package io.github.camelviamdata.server;

import io.github.camelviamdata.ViamDataConfiguration;
import io.github.camelviamdata.message.UploadMapper;
import io.github.camelviamdata.transport.LogLimit;
import io.github.camelviamdata.upload.Upload;
import io.github.camelviamdata.upload.Uploads;
import io.grpc.Status;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.apache.camel.CamelContext;
import org.apache.camel.CamelContextAware;
import org.apache.camel.Endpoint;
import org.apache.camel.Exchange;
import org.apache.camel.Processor;
import org.apache.camel.ProducerTemplate;
import org.apache.camel.StartupListener;
import org.apache.camel.support.service.ServiceSupport;
import org.apache.camel.util.IOHelper;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Stores uploads on the disk, and forwards them when the next service can be reached: the last step of a route from
 * {@code viamdata-server}, which so answers its client once the upload is stored. A bean, and a step by {@code process}.
 *
 * <p>It forwards the oldest first, and the uploads of a component one after another. What the next service refuses for good is
 * put aside in the folder {@code refused}, with the reason beside it; moved back, it is forwarded after the next start. An
 * upload is forwarded twice only if its answer was lost, if it was in flight when the process was killed, or if the power
 * failed within seconds after it.
 *
 * <p>Clients are told {@code RESOURCE_EXHAUSTED} while the folder is full, and {@code UNAVAILABLE} while the disk fails: they
 * keep their data, and try again.
 */
public final class Outbox extends ServiceSupport implements Processor, CamelContextAware {

    private static final Logger LOG = LoggerFactory.getLogger(Outbox.class);

    private CamelContext camelContext;
    private String directory;
    private String target;
    // One thread may set them, and another one read them.
    private volatile long maxBytes = 1024L * 1024 * 1024;
    private volatile int maxInFlight = 16;
    private volatile long retryDelay = 1000;
    private volatile long maxRetryDelay = 30_000;

    private UploadMapper mapper;
    private volatile OutboxFolder folder;
    private OutboxForwarder forwarder;
    private ExecutorService workers;
    private ScheduledExecutorService timer;
    private ProducerTemplate template;
    private final LogLimit diskLog = new LogLimit();

    @Override
    public CamelContext getCamelContext() {
        return camelContext;
    }

    @Override
    public void setCamelContext(CamelContext camelContext) {
        this.camelContext = camelContext;
    }

    public String getDirectory() {
        return directory;
    }

    /** The folder for the uploads; mandatory. It is created where it is missing, and one process at a time can use it. */
    public void setDirectory(String directory) {
        this.directory = directory;
    }

    public String getTarget() {
        return target;
    }

    /**
     * URI of the endpoint to forward to; mandatory. {@code viamdata:part}, or a {@code direct} route without an error handler
     * that ends there. The uploads have the headers that {@code viamdata-server} sets.
     */
    public void setTarget(String target) {
        this.target = target;
    }

    public long getMaxBytes() {
        return maxBytes;
    }

    /** How many bytes the folder may hold, what was put aside included; above 0, 1 GiB by default. */
    public void setMaxBytes(long maxBytes) {
        this.maxBytes = maxBytes;
    }

    public int getMaxInFlight() {
        return maxInFlight;
    }

    /** How many uploads are forwarded at once, each by a thread of its own; above 0, 16 by default. */
    public void setMaxInFlight(int maxInFlight) {
        this.maxInFlight = maxInFlight;
    }

    public long getRetryDelay() {
        return retryDelay;
    }

    /** Milliseconds from the first failure of an upload to the next attempt; above 0, 1000 by default. It doubles each time. */
    public void setRetryDelay(long retryDelay) {
        this.retryDelay = retryDelay;
    }

    public long getMaxRetryDelay() {
        return maxRetryDelay;
    }

    /** Longest delay between two attempts, in milliseconds; not below {@code retryDelay}, 30000 by default. */
    public void setMaxRetryDelay(long maxRetryDelay) {
        this.maxRetryDelay = maxRetryDelay;
    }

    /** Size in bytes of all that is stored, what was put aside included; 0 while stopped. */
    public long getSize() {
        OutboxFolder running = folder;
        return running == null ? 0 : running.size();
    }

    @Override
    protected void doStart() throws Exception {
        check();
        ViamDataConfiguration options = new ViamDataConfiguration();
        options.setAllowEmptyPayload(true);
        // What is stored is forwarded as it is. A request that the service always refuses would hold back all that come
        // later.
        mapper = new UploadMapper(options, options.getMaxRequestSize());
        Endpoint endpoint = camelContext.getEndpoint(target);
        folder = new OutboxFolder(Path.of(directory), maxBytes);
        List<OutboxEntry> stored = load();
        template = camelContext.createProducerTemplate();
        template.start();
        timer = camelContext.getExecutorServiceManager().newSingleThreadScheduledExecutor(this, "ViamDataOutbox");
        workers =
                camelContext.getExecutorServiceManager().newFixedThreadPool(this, "ViamDataOutboxForward", maxInFlight);
        forwarder = new OutboxForwarder(
                folder,
                entry -> template.send(endpoint, entry),
                new OutboxForwarder.Delays(Duration.ofMillis(retryDelay), Duration.ofMillis(maxRetryDelay)),
                maxInFlight,
                timer,
                workers,
                () -> !isRunAllowed() || camelContext.isStopping());
        LOG.info("{} uploads wait in the outbox {}", stored.size(), directory);
        OutboxForwarder started = forwarder;
        // Not before the route that they are forwarded to.
        camelContext.addStartupListener((StartupListener) (context, already) -> started.add(stored));
    }

    private List<OutboxEntry> load() throws IOException {
        try {
            return folder.load();
        } catch (IOException e) {
            // A service that did not start is not stopped.
            IOHelper.close(folder);
            throw e;
        }
    }

    private void check() {
        require(directory != null && !directory.isBlank(), "directory", "a folder");
        require(target != null && !target.isBlank(), "target", "the URI of an endpoint");
        require(maxBytes > 0, "maxBytes", "above 0");
        require(maxInFlight > 0, "maxInFlight", "above 0");
        require(retryDelay > 0, "retryDelay", "above 0");
        require(maxRetryDelay >= retryDelay, "maxRetryDelay", "not below retryDelay");
    }

    private static void require(boolean holds, String property, String range) {
        if (!holds) {
            throw new IllegalArgumentException("The property " + property + " of the outbox has to be " + range);
        }
    }

    /**
     * Stores the upload that a message is. When this returns, it is on the disk.
     *
     * @throws io.github.camelviamdata.ViamDataRejectedException if the message is no upload
     * @throws io.grpc.StatusRuntimeException {@code RESOURCE_EXHAUSTED} if the folder is full, {@code UNAVAILABLE} if it cannot
     *     be written
     */
    @Override
    public void process(Exchange exchange) {
        if (!isStarted()) {
            throw new IllegalStateException("The outbox is not started: use it as a step of a route, by process");
        }
        try (Uploads uploads = mapper.map(exchange)) {
            for (Upload upload = uploads.next(); upload != null; upload = uploads.next()) {
                forwarder.add(List.of(folder.store(upload)));
            }
        } catch (IOException e) {
            if (diskLog.tryAcquire().isPresent()) {
                LOG.warn("The outbox {} cannot be written: {}", directory, e.toString());
            }
            throw Status.UNAVAILABLE
                    .withDescription("The outbox cannot be written")
                    .withCause(e)
                    .asRuntimeException(RouteStatus.pushBack());
        }
    }

    @Override
    protected void doStop() throws Exception {
        if (workers != null) {
            // What is in flight ends first: else it would be forwarded again after the next start.
            camelContext.getExecutorServiceManager().shutdownGraceful(workers, TimeUnit.SECONDS.toMillis(30));
            camelContext.getExecutorServiceManager().shutdownNow(timer);
        }
        IOHelper.close(folder);
        if (template != null) {
            template.stop();
        }
        workers = null;
        timer = null;
        template = null;
        folder = null;
    }
}
