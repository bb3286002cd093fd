// Copyright the camel-viamdata authors. SPDX-License-Identifier: Apache-2.0
package io.github.camelviamdata.client;

import io.github.camelviamdata.ViamDataException;
import io.github.camelviamdata.ViamDataRejectedException;
import io.github.camelviamdata.ViamDataUnavailableException;
import io.github.camelviamdata.message.Upload;
import io.github.camelviamdata.message.Uploads;
import io.grpc.Channel;
import io.grpc.ConnectivityState;
import io.grpc.Status;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executor;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import javax.net.ssl.SSLContext;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Uploads to one service with one credential. Connects when it is first used. Safe for use by many threads.
 *
 * <p>It makes attempts until the service has stored an upload, refuses it for good, or all attempts are used up.
 */
public final class ViamDataClient implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(ViamDataClient.class);

    private final ClientSettings settings;
    private final Executor executor;
    private final ScheduledExecutorService timer;
    private final Failures failures;
    private final Connections connections;
    private final AccessTokens tokens;
    private final Semaphore permits;
    private final Set<UploadSeries> active = ConcurrentHashMap.newKeySet();
    private final ClientStatistics statistics = new ClientStatistics();
    private final List<ClientListener> listeners = new CopyOnWriteArrayList<>(List.of(statistics));
    private volatile boolean closed;

    /**
     * @param settings where to upload to, and as whom
     * @param sslContext TLS, or null for that of the Java runtime; unused where the settings say plaintext
     * @param executor where payloads are read; it must neither reject nor queue, and is not shut down
     * @param timer for the waits between attempts; not shut down
     */
    public ViamDataClient(
            ClientSettings settings, SSLContext sslContext, Executor executor, ScheduledExecutorService timer) {
        this.settings = settings;
        this.executor = executor;
        this.timer = timer;
        this.failures = new Failures(settings);
        this.connections = new Connections(settings.connections(), () -> Channels.open(settings, sslContext, executor));
        this.tokens = new AccessTokens(
                connections::next, settings.credential(), fetch -> tell(listener -> listener.tokenRequested(fetch)));
        this.permits = new Semaphore(totalPermits(), true);
    }

    /**
     * Uploads. Returns as soon as the first upload is under way; holds the calling thread while too many are.
     *
     * @param owner on whose behalf, for {@link #cancel(Object)}
     * @param listeners where {@code done} is told. As long as they take no more, the client's own executor tells it, and
     *     the upload counts as one under way until that returns, so that the source slows down. Where {@code done} of one
     *     upload begins another, the executor tells of that one
     * @param done told once of the results of all that are stored, and of the failure that ended the uploads, or null
     * @throws ViamDataRejectedException if there is nothing that could be uploaded; {@code done} is not told
     */
    public void upload(
            Uploads uploads,
            UploadSettings how,
            Object owner,
            Executor listeners,
            BiConsumer<List<UploadResult>, ViamDataException> done) {
        long began = System.nanoTime();
        Upload first;
        try {
            first = uploads.next();
        } catch (RuntimeException | Error e) {
            uploads.close();
            throw e;
        }
        // A thread of the listeners may wait for what it begins. If all of them do, none is left to tell of it.
        Executor telling = UploadSeries.leavePrevious() ? null : listeners;
        UploadSeries series = new UploadSeries(this, uploads, how, owner, telling, done);
        if (first == null) {
            series.finish(null);
            return;
        }
        String obstacle = acquire(how.maxInFlightWait());
        if (obstacle != null) {
            String partId = first.metadata().getPartId();
            ViamDataException failure = new ViamDataUnavailableException(
                    "Upload to " + settings.target() + " for part " + partId + " was not begun: " + obstacle,
                    null,
                    ViamDataException.Progress.none(Status.Code.UNAVAILABLE, partId));
            report(first, null, failure, began);
            series.finish(failure);
            return;
        }
        active.add(series);
        series.start(first, began);
        if (closed) {
            series.cancel("the client was closed");
        }
    }

    private String acquire(Duration wait) {
        try {
            if (closed) {
                return "the client is closed";
            } else if (!permits.tryAcquire(wait.toNanos(), TimeUnit.NANOSECONDS)) {
                return totalPermits() + " uploads were under way for " + wait.toMillis()
                        + " ms (maxInFlight, maxInFlightWait)";
            }
            return null;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return "the thread was interrupted while " + totalPermits() + " uploads were under way";
        }
    }

    void ended(UploadSeries series) {
        if (active.remove(series)) {
            permits.release();
        }
    }

    void report(Upload upload, UploadResult result, ViamDataException failure, long began) {
        ClientListener.UploadEnd end = new ClientListener.UploadEnd(
                upload.operation(),
                UploadOutcome.of(failure),
                upload.metadata().getPartId(),
                result == null ? 0 : result.uploadedBytes(),
                Duration.ofNanos(System.nanoTime() - began),
                UploadFailure.of(failure));
        tell(listener -> listener.uploadEnded(end));
    }

    void tell(Consumer<ClientListener> what) {
        for (ClientListener listener : listeners) {
            try {
                what.accept(listener);
            } catch (RuntimeException e) {
                LOG.warn("A listener of the client of {} failed", settings.target(), e);
            }
        }
    }

    /** Tells somebody of everything that the client does from now on. */
    public void addListener(ClientListener listener) {
        listeners.add(listener);
    }

    public void removeListener(ClientListener listener) {
        listeners.remove(listener);
    }

    /** What the client has done since it was made. */
    public ClientStatistics statistics() {
        return statistics;
    }

    /** Host and port of the service. */
    public String target() {
        return settings.target();
    }

    /** What there is to authenticate with. Asks nobody. */
    public TokenState tokenState() {
        return tokens.state();
    }

    /**
     * The state of the connection, which is not made for that. Of several connections the best counts, but a broken one
     * more than one that is not in use.
     */
    public ConnectivityState connectivity() {
        return connections.state();
    }

    /** Number of uploads under way. */
    public int getInFlight() {
        return active.size();
    }

    /** Largest number of uploads under way at once. */
    public int getMaxInFlight() {
        return totalPermits();
    }

    /**
     * Waits for the uploads under way, at most for {@link ClientSettings#shutdownTimeout()}, then cancels the rest and
     * disconnects.
     */
    @Override
    public void close() {
        close(settings.shutdownTimeout());
    }

    /** Cancels the uploads under way and disconnects. */
    public void closeNow() {
        close(Duration.ZERO);
    }

    private void close(Duration wait) {
        closed = true;
        try {
            if (permits.tryAcquire(totalPermits(), wait.toNanos(), TimeUnit.NANOSECONDS)) {
                // For whoever closes it once more.
                permits.release(totalPermits());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        active.forEach(series -> series.cancel("the client was closed"));
        connections.close();
    }

    private int totalPermits() {
        return settings.connections() * settings.maxInFlight();
    }

    Channel channel() {
        return connections.next();
    }

    /** Cancels the uploads under way that this owner began. They fail as unavailable. */
    public void cancel(Object owner) {
        active.stream()
                .filter(series -> series.owner() == owner)
                .forEach(series -> series.cancel("the route was stopped"));
    }

    /** Lets broken connections be made again while an upload waits for its next attempt. */
    void reconnect() {
        connections.reconnect();
    }

    AccessTokens tokens() {
        return tokens;
    }

    Failures failures() {
        return failures;
    }

    Executor executor() {
        return executor;
    }

    ScheduledExecutorService timer() {
        return timer;
    }
}
