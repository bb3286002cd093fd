// Copyright the camel-viamdata authors. SPDX-License-Identifier: Apache-2.0
package io.github.camelviamdata.client;

import io.grpc.ConnectivityState;
import io.grpc.ManagedChannel;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashSet;
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
    // Replaced as a whole, under the lock.
    private volatile List<ManagedChannel> channels = List.of();
    private final Set<ManagedChannel> replaced = new HashSet<>();
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
    ManagedChannel next() {
        List<ManagedChannel> all = channels;
        if (all.isEmpty()) {
            all = open();
        }
        return all.get(Math.floorMod(last.getAndIncrement(), all.size()));
    }

    private synchronized List<ManagedChannel> open() {
        if (channels.isEmpty()) {
            List<ManagedChannel> opened = new ArrayList<>();
            try {
                while (opened.size() < count) {
                    opened.add(opening.get());
                }
            } catch (RuntimeException | LinkageError e) {
                opened.forEach(ManagedChannel::shutdownNow);
                throw Status.UNAVAILABLE
                        .withDescription("no connection can be set up")
                        .withCause(e)
                        .asRuntimeException();
            }
            channels = List.copyOf(opened);
        }
        if (closed) {
            channels.forEach(ManagedChannel::shutdownNow);
        }
        return channels;
    }

    /**
     * To be called after a call that ended without an answer of the service. gRPC's wait before it connects again, which grows to
     * minutes, is over. A connection that gave no answer in time, or that gRPC gave up, gets a successor: it may never work again.
     * The calls in flight on it go on.
     */
    synchronized void failed(ManagedChannel channel, CallOutcome outcome) {
        Status.Code code = outcome.status().getCode();
        boolean dead = code == Status.Code.DEADLINE_EXCEEDED || code == Status.Code.INTERNAL && !outcome.sentAll();
        if (!dead || closed || !channels.contains(channel)) {
            channel.resetConnectBackoff();
            return;
        }
        ManagedChannel successor = opening.get();
        channels = channels.stream()
                .map(each -> each == channel ? successor : each)
                .toList();
        replaced.removeIf(ManagedChannel::isTerminated);
        replaced.add(channel.shutdown());
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
        replaced.forEach(ManagedChannel::shutdownNow);
    }
}
