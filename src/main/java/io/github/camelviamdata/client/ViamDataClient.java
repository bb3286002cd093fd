// Copyright the camel-viamdata authors. SPDX-License-Identifier: Apache-2.0
package io.github.camelviamdata.client;

import io.github.camelviamdata.ViamDataException;
import io.github.camelviamdata.ViamDataOperation;
import io.github.camelviamdata.upload.Uploads;
import io.grpc.ConnectivityState;
import io.grpc.MethodDescriptor;
import io.grpc.Status;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executor;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Predicate;
import javax.net.ssl.SSLContext;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Uploads to one service with one credential. Connects when it is first used. Safe for use by many threads.
 *
 * <p>It makes attempts until the service has stored the upload, has refused it for good, or {@code maxAttempts} is reached.
 */
public final class ViamDataClient implements AutoCloseable {

    static final String CLOSED = "the client was closed";

    /**
     * How the uploads of a message ended.
     *
     * @param stored those that are stored, in their order
     * @param failure the failure that ended them, or null
     */
    public record Results(List<UploadResult> stored, ViamDataException failure) {}

    private static final Logger LOG = LoggerFactory.getLogger(ViamDataClient.class);

    private final ClientSettings settings;
    private final ClientThreads threads;
    private final Failures failures;
    private final Connections connections;
    private final AccessTokens tokens;
    private final Downloads downloads;
    private final Semaphore permits;
    private final Set<InFlight<?>> active = ConcurrentHashMap.newKeySet();
    private final ClientStatistics statistics = new ClientStatistics();
    private final List<ClientListener> listeners = new CopyOnWriteArrayList<>(List.of(statistics));
    private volatile boolean closed;

    /**
     * @param settings where to upload to, and as whom
     * @param sslContext TLS, or null for that of the Java runtime; unused where the settings say plaintext
     * @param executor where bodies are read. Its {@code execute} must neither block, queue nor run the task itself; it may
     *     throw. It is not shut down
     * @param timer one thread for timeouts and for the waits between attempts; not shut down
     */
    public ViamDataClient(
            ClientSettings settings, SSLContext sslContext, Executor executor, ScheduledExecutorService timer) {
        this.settings = settings;
        this.threads = new ClientThreads(executor, timer);
        this.failures = new Failures(settings);
        this.connections = new Connections(settings.connections(), () -> Channels.open(settings, sslContext, threads));
        this.tokens = new AccessTokens(
                connections::next,
                settings.credential(),
                fetch -> notifyListeners(listener -> listener.tokenRequested(fetch)));
        this.downloads = new Downloads(settings, sslContext, threads);
        this.permits = new Semaphore(getMaxInFlight(), true);
    }

    /**
     * Uploads a message. Blocks the calling thread while {@code maxInFlight} uploads are in flight. A body in memory is handed to
     * gRPC before this returns, unless a token has to be fetched first; the executor reads any other body.
     *
     * @param owner on whose behalf, for {@link #cancel(Object)}
     * @param workers where the result completes. While they reject it, the client's executor completes it, and the upload counts
     *     as in flight until its callbacks return, so that the source slows down. The result of an upload that is begun by a
     *     callback of another one also completes on the executor
     * @return completes normally, with the results of the uploads that are stored, and with the failure that ended them, if any
     */
    public CompletionStage<Results> upload(Uploads uploads, UploadSettings how, Object owner, Workers workers) {
        return upload(uploads, how, owner, workers, null);
    }

    /**
     * As {@link #upload(Uploads, UploadSettings, Object, Workers)}, but makes no upload that was made before.
     *
     * @param guard knows the uploads that were made before; null where each is made
     */
    public CompletionStage<Results> upload(
            Uploads uploads, UploadSettings how, Object owner, Workers workers, UploadGuard guard) {
        return begin(new UploadSeries(this, uploads, how, owner, workers, guard), how);
    }

    /**
     * Makes a unary call that is idempotent, with the token, the timeout and the retries of uploads.
     *
     * @return completes with the answer, or with a {@link CallFailedException}; on a thread that must not be blocked
     */
    public <Q, R> CompletionStage<R> call(MethodDescriptor<Q, R> method, Q request, UploadSettings how) {
        return call(method, request, how, status -> false);
    }

    /**
     * As {@link #call(MethodDescriptor, Object, UploadSettings)}, without further attempts after some statuses.
     *
     * @param lasting after which statuses another attempt would end in the same one, unless the service asks for a pause before it
     */
    public <Q, R> CompletionStage<R> call(
            MethodDescriptor<Q, R> method, Q request, UploadSettings how, Predicate<Status> lasting) {
        return new UnaryCall<>(this, method, request, how, true, lasting).begin();
    }

    /**
     * As {@link #call(MethodDescriptor, Object, UploadSettings)}, but for a call that is not idempotent: it is made again only while
     * the service surely has not done what it was asked for.
     */
    public <Q, R> CompletionStage<R> callOnce(MethodDescriptor<Q, R> method, Q request, UploadSettings how) {
        return new UnaryCall<>(this, method, request, how, false, status -> false).begin();
    }

    /**
     * Makes a call whose answer is a stream, with the token and the retries of uploads until its first message has arrived, at most
     * after {@code requestTimeout}. Later ones may take {@code idleTimeout} each.
     *
     * @return completes with a stream to be closed, or with a {@link CallFailedException}; on a thread that must not be blocked
     */
    public <Q, R> CompletionStage<ResponseStream<R>> stream(
            MethodDescriptor<Q, R> method, Q request, UploadSettings how) {
        return new StreamCall<>(this, method, request, how).begin();
    }

    /**
     * Makes the calls of a message under a permit, as {@link #upload(Uploads, UploadSettings, Object, Workers)} does: it blocks the
     * calling thread while {@code maxInFlight} messages are in flight.
     *
     * @param owner on whose behalf, for {@link #cancel(Object)}
     * @param workers where the result completes
     * @return completes with what the calls lead to, or with their failure
     */
    public <T> CompletionStage<T> call(Calls<T> calls, UploadSettings how, Object owner, Workers workers) {
        return begin(new CallSeries<>(this, calls, owner, workers), how);
    }

    private <T> CompletionStage<T> begin(InFlight<T> series, UploadSettings how) {
        InFlight.releaseCompleting();
        String obstacle = acquire(how.maxInFlightWait());
        if (obstacle != null) {
            return series.refuse(obstacle);
        }
        active.add(series);
        CompletionStage<T> result = series.start();
        if (closed) {
            series.cancel(CLOSED);
        }
        return result;
    }

    /**
     * Fetches bytes from a URI that the service has given, with the timeouts and the retries of uploads. The access token goes only
     * to the host of the service, and only over TLS, or on this machine where the settings say plaintext; redirects are followed
     * without it.
     *
     * @param reader runs on the client's executor
     * @return completes with what the reader returns, or with a {@link io.grpc.StatusRuntimeException}; on a thread that must not
     *     be blocked
     */
    public <T> CompletionStage<T> download(String uri, BytesReader<T> reader, UploadSettings how) {
        Download<T> download = new Download<>(this, downloads, uri, reader, how);
        download.start();
        return download.result;
    }

    private String acquire(Duration wait) {
        try {
            if (closed) {
                return "the client is closed";
            } else if (!permits.tryAcquire(wait.toNanos(), TimeUnit.NANOSECONDS)) {
                return getMaxInFlight() + " uploads were in flight for " + wait.toMillis()
                        + " ms (maxInFlight, maxInFlightWait)";
            }
            return null;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return "the thread was interrupted while " + getMaxInFlight() + " uploads were in flight";
        }
    }

    /** Releases the permit of what has ended, once. */
    void release(InFlight ended) {
        if (active.remove(ended)) {
            permits.release();
        }
    }

    /**
     * Notifies listeners of the end of an upload.
     *
     * @param result null where it failed
     * @param failure null where it is stored
     */
    void report(
            ViamDataOperation operation, String partId, UploadResult result, ViamDataException failure, long began) {
        ClientListener.UploadEnd end = new ClientListener.UploadEnd(
                operation,
                UploadOutcome.of(failure),
                partId,
                result == null ? 0 : result.uploadedBytes(),
                Duration.ofNanos(System.nanoTime() - began),
                UploadFailure.of(failure));
        notifyListeners(listener -> listener.uploadEnded(end));
    }

    /**
     * Notifies listeners that the exchange of an item that was read has ended.
     *
     * @param bytes that were downloaded for it
     */
    public void reportItem(ClientListener.ItemEnd end, long bytes) {
        notifyListeners(listener -> listener.itemEnded(end, bytes));
    }

    void notifyListeners(Consumer<ClientListener> event) {
        for (ClientListener listener : listeners) {
            runForeign(() -> event.accept(listener));
        }
    }

    /** Runs foreign code, and logs what it throws. */
    void runForeign(Runnable code) {
        try {
            code.run();
        } catch (Throwable e) {
            LOG.warn("A listener or a body of the client of {} failed", settings.target(), e);
        }
    }

    /** Notifies a listener of everything that the client does from now on. */
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

    /** The state of the access token. Makes no call. */
    public TokenState tokenState() {
        return tokens.state();
    }

    /**
     * The state of the connection. Opens none. Of several connections the best state counts, where TRANSIENT_FAILURE counts
     * more than IDLE.
     */
    public ConnectivityState connectivity() {
        return connections.state();
    }

    /** Number of uploads in flight. */
    public int getInFlight() {
        return active.size();
    }

    /** Largest number of uploads in flight at once. */
    public int getMaxInFlight() {
        return settings.connections() * settings.maxInFlight();
    }

    /**
     * Waits for the uploads in flight, at most for {@link ClientSettings#shutdownTimeout()}, then cancels the rest and
     * disconnects.
     */
    @Override
    public void close() {
        close(System.nanoTime() + settings.shutdownTimeout().toNanos());
    }

    /** Cancels the uploads in flight and disconnects. */
    public void closeNow() {
        close(System.nanoTime());
    }

    /** Rejects uploads from now on. */
    void beginClose() {
        closed = true;
    }

    /** @param deadline how long to wait for uploads in flight, as {@link System#nanoTime()} gives it */
    void close(long deadline) {
        beginClose();
        try {
            if (permits.tryAcquire(getMaxInFlight(), deadline - System.nanoTime(), TimeUnit.NANOSECONDS)) {
                // close() may be called again.
                permits.release(getMaxInFlight());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        active.forEach(each -> each.cancel(CLOSED));
        connections.close();
    }

    /** Cancels the uploads in flight of this owner. They fail as {@link UploadOutcome#unavailable}. */
    public void cancel(Object owner) {
        active.stream().filter(each -> each.owner() == owner).forEach(each -> each.cancel("the route was stopped"));
    }

    Duration shutdownTimeout() {
        return settings.shutdownTimeout();
    }

    Connections connections() {
        return connections;
    }

    AccessTokens tokens() {
        return tokens;
    }

    Failures failures() {
        return failures;
    }

    ClientThreads threads() {
        return threads;
    }
}
