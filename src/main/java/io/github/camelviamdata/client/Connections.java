// Copyright the camel-viamdata authors. SPDX-License-Identifier: Apache-2.0
package io.github.camelviamdata.client;

import io.grpc.Channel;
import io.grpc.ConnectivityState;
import io.grpc.ManagedChannel;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import java.util.stream.Stream;

/**
 * The connections of one client, used in turn. They are set up at their first use, because a start of a Camel context is
 * not to wait until gRPC, Netty and TLS are loaded.
 */
final class Connections {

    private final int count;
    private final Supplier<ManagedChannel> opening;
    private final AtomicInteger last = new AtomicInteger();
    private volatile List<ManagedChannel> channels = List.of();
    private volatile boolean closed;

    Connections(int count, Supplier<ManagedChannel> opening) {
        this.count = count;
        this.opening = opening;
    }

    /**
     * Where the next call goes to. After {@link #close()}, one that fails.
     *
     * @throws StatusRuntimeException if none can be set up
     */
    Channel next() {
        List<ManagedChannel> all = all();
        return all.get(Math.floorMod(last.getAndIncrement(), all.size()));
    }

    private List<ManagedChannel> all() {
        List<ManagedChannel> all = channels;
        return all.isEmpty() ? open() : all;
    }

    private synchronized List<ManagedChannel> open() {
        if (channels.isEmpty()) {
            try {
                channels = Stream.generate(opening).limit(count).toList();
            } catch (RuntimeException | LinkageError e) {
                throw Status.UNAVAILABLE
                        .withDescription("no connection can be set up")
                        .withCause(e)
                        .asRuntimeException();
            }
        }
        if (closed) {
            channels.forEach(ManagedChannel::shutdownNow);
        }
        return channels;
    }

    /** Connects broken ones again without further delay. */
    void reconnect() {
        channels.forEach(ManagedChannel::resetConnectBackoff);
    }

    /** The best state of all, but a broken one counts more than one that is not in use. Connects nothing. */
    ConnectivityState state() {
        if (closed) {
            return ConnectivityState.SHUTDOWN;
        }
        Set<ConnectivityState> states = EnumSet.noneOf(ConnectivityState.class);
        channels.forEach(channel -> states.add(channel.getState(false)));
        return Stream.of(ConnectivityState.READY, ConnectivityState.TRANSIENT_FAILURE, ConnectivityState.CONNECTING)
                .filter(states::contains)
                .findFirst()
                .orElse(ConnectivityState.IDLE);
    }

    /** Ends all calls. */
    synchronized void close() {
        closed = true;
        channels.forEach(ManagedChannel::shutdownNow);
    }
}
