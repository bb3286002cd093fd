// Copyright the camel-viamdata authors. SPDX-License-Identifier: Apache-2.0
package io.github.camelviamdata.client;

import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArraySet;
import java.util.concurrent.Executor;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLContext;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The clients of a component: one for all producers with equal settings, until no producer uses it any more. */
public final class SharedClients {

    private static final Logger LOG = LoggerFactory.getLogger(SharedClients.class);

    private final TlsFactory tls;
    private final Watcher watcher;
    private final Executor executor;
    private final ScheduledExecutorService timer;
    private final ClientThreads threads;
    private final Map<ClientSettings, ViamDataClient> clients = new HashMap<>();
    private final Map<ViamDataClient, Integer> producers = new HashMap<>();
    private final Set<ViamDataClient> used = new CopyOnWriteArraySet<>();
    private Set<ViamDataClient> idle = new HashSet<>();

    /** A component that has clients. */
    public interface Owner {
        /** The clients that producers use, or used until a minute ago. */
        Collection<ViamDataClient> clients();
    }

    /** Makes the TLS context for settings. */
    public interface TlsFactory {
        /** The context, or null for that of the Java runtime. May read key stores, and so block. */
        SSLContext create(ClientSettings settings);
    }

    /** Is notified of the clients in use. Called under a lock, so it must not block; must not throw. */
    public interface Watcher {
        /** A producer uses the client, which none did before. */
        void add(ViamDataClient client);

        /** No producer uses the client any more. */
        void remove(ViamDataClient client);
    }

    /**
     * @param executor for the clients, and for closing them: see {@link ViamDataClient}
     * @param timer for the clients; runs a task each minute until it is shut down
     */
    public SharedClients(TlsFactory tls, Watcher watcher, Executor executor, ScheduledExecutorService timer) {
        this.tls = tls;
        this.watcher = watcher;
        this.executor = executor;
        this.timer = timer;
        this.threads = new ClientThreads(executor, timer);
    }

    /** Starts to close, once a minute, the clients that no producer uses. */
    public void start() {
        timer.scheduleWithFixedDelay(this::closeIdle, 1, 1, TimeUnit.MINUTES);
    }

    /** The client for these settings, for a producer until it {@link #release releases} it. */
    public ViamDataClient acquire(ClientSettings settings) {
        ViamDataClient known = acquire(settings, null);
        // Reads key stores without the lock. If another thread makes the client meanwhile, this one is dropped,
        // unconnected.
        return known != null
                ? known
                : acquire(settings, new ViamDataClient(settings, tls.create(settings), executor, timer));
    }

    private synchronized ViamDataClient acquire(ClientSettings settings, ViamDataClient made) {
        ViamDataClient client = clients.get(settings);
        if (client == null && made != null) {
            clients.put(settings, made);
            client = made;
        }
        return client == null ? null : acquire(client);
    }

    /** The user's own client, which is not closed here, for a producer until it {@link #release releases} it. */
    public synchronized ViamDataClient acquire(ViamDataClient client) {
        producers.merge(client, 1, Integer::sum);
        idle.remove(client);
        if (used.add(client)) {
            watcher.add(client);
        }
        return client;
    }

    /** A producer uses a client no longer. */
    public synchronized void release(ViamDataClient client) {
        producers.computeIfPresent(client, (key, count) -> count - 1);
    }

    /** The clients that producers use, or used until a minute ago. */
    public Collection<ViamDataClient> used() {
        return used;
    }

    /**
     * Closes the clients that no producer has used since this last ran. It waits that long because a restart of a route, and toD
     * without a cache, acquire them again.
     */
    public void closeIdle() {
        try {
            for (ViamDataClient client : removeIdle()) {
                // close() waits for uploads in flight, of which one may just have begun.
                threads.execute(client::close);
            }
        } catch (Throwable e) {
            // The timer does not run a task again that has thrown.
            LOG.warn("Clients that are not used could not be closed", e);
        }
    }

    private synchronized List<ViamDataClient> removeIdle() {
        Set<ViamDataClient> idleBefore = idle;
        // Camel evicts producers from its cache, and stops them, while they have uploads in flight.
        Set<ViamDataClient> idleNow = new HashSet<>(used);
        idleNow.removeIf(client -> producers.get(client) > 0 || client.getInFlight() > 0);
        List<ViamDataClient> unused =
                idleNow.stream().filter(idleBefore::contains).toList();
        unused.forEach(this::forget);
        idleNow.removeAll(Set.copyOf(unused));
        idle = idleNow;
        return unused.stream().filter(clients.values()::remove).toList();
    }

    private void forget(ViamDataClient client) {
        producers.remove(client);
        used.remove(client);
        watcher.remove(client);
    }

    /**
     * Closes all clients but the user's own. Each has its {@code shutdownTimeout}, counted from now, for its uploads in flight.
     *
     * @param now whether to cancel the uploads instead
     */
    public void close(boolean now) {
        // Without the lock: the end of an upload may stop, and so release, a producer that is not cached.
        List<ViamDataClient> closing = removeAll();
        closing.forEach(ViamDataClient::beginClose);
        long begin = System.nanoTime();
        closing.forEach(client ->
                client.close(now ? begin : begin + client.shutdownTimeout().toNanos()));
    }

    private synchronized List<ViamDataClient> removeAll() {
        List<ViamDataClient> all = List.copyOf(clients.values());
        List.copyOf(used).forEach(this::forget);
        clients.clear();
        idle.clear();
        return all;
    }
}
