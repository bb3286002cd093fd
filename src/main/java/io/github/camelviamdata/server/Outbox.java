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
 * Store and forward: stores uploads on the disk, and forwards them when the next service is reachable. It is the last step of a
 * route from {@code viamdata-server}, so that the client has its answer once the upload is on the disk. Use it as a bean, with
 * {@code process}.
 *
 * <p>It forwards the oldest upload first, and those of one component one after another. An upload that the next service refuses
 * for good is put aside in the folder {@code refused}, with the reason beside it. Moved back, it is forwarded after the next
 * start. An upload is forwarded twice only if its answer was lost, if the process was killed while it was in flight, or if the
 * power failed within seconds after it.
 *
 * <p>Clients get {@code RESOURCE_EXHAUSTED} while the folder is full, and {@code UNAVAILABLE} while the disk fails. They keep
 * their data, and retry.
 */
public final class Outbox extends ServiceSupport implements Processor, CamelContextAware {

    private static final Logger LOG = LoggerFactory.getLogger(Outbox.class);

    private CamelContext camelContext;
    private String directory;
    private String target;
    // Volatile, because the thread that sets them need not be the one that reads them.
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

    /** The folder for the uploads; mandatory. Created if it is missing. Only one process at a time can use it. */
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

    /** Largest size of all files in the folder, in bytes, those put aside included; from 1, 1 GiB by default. */
    public void setMaxBytes(long maxBytes) {
        this.maxBytes = maxBytes;
    }

    public int getMaxInFlight() {
        return maxInFlight;
    }

    /** How many uploads are forwarded at once, each on a thread of its own; from 1, 16 by default. */
    public void setMaxInFlight(int maxInFlight) {
        this.maxInFlight = maxInFlight;
    }

    public long getRetryDelay() {
        return retryDelay;
    }

    /** Delay after the first failure of an upload, in milliseconds; from 1, 1000 by default. It doubles with each failure. */
    public void setRetryDelay(long retryDelay) {
        this.retryDelay = retryDelay;
    }

    public long getMaxRetryDelay() {
        return maxRetryDelay;
    }

    /** Longest delay between two attempts, in milliseconds; from {@code retryDelay}, 30000 by default. */
    public void setMaxRetryDelay(long maxRetryDelay) {
        this.maxRetryDelay = maxRetryDelay;
    }

    /** Size of all files in the folder, in bytes, those put aside included; 0 while stopped. */
    public long getSize() {
        OutboxFolder running = folder;
        return running == null ? 0 : running.size();
    }

    @Override
    protected void doStart() throws Exception {
        check();
        ViamDataConfiguration options = new ViamDataConfiguration();
        options.setAllowEmptyPayload(true);
        // Uploads are forwarded unchanged. One that is too large for the service would block all later ones of its
        // component.
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
        // Not before the route that they are forwarded to has started.
        camelContext.addStartupListener((StartupListener) (context, already) -> started.add(stored));
    }

    private List<OutboxEntry> load() throws IOException {
        try {
            return folder.load();
        } catch (IOException e) {
            // Camel does not stop a service that failed to start.
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
     * Stores the upload in a message. It is on the disk when this returns.
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
            // Uploads in flight end first; otherwise they would be forwarded again after the next start.
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
