// Copyright the camel-viamdata authors. SPDX-License-Identifier: Apache-2.0
package io.github.camelviamdata.client;

import io.grpc.ConnectivityState;
import io.grpc.ManagedChannel;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The connections of one client, used in turn. The first call sets them up, so that a Camel context starts without loading
 * gRPC, Netty and TLS.
 */
final class Connections {

    private static final Logger LOG = LoggerFactory.getLogger(Connections.class);

    // With this text gRPC fails every call of a channel in panic mode: its own code threw, such as when no thread could
    // start.
    private static final String PANIC = "Panic! This is a bug!";

    private final int count;
    private final Supplier<ManagedChannel> opening;
    private final AtomicInteger last = new AtomicInteger();
    // Replaced as a whole, under the lock.
    private volatile List<ManagedChannel> channels = List.of();
    private volatile boolean closed;

    Connections(int count, Supplier<ManagedChannel> opening) {
        this.count = count;
        this.opening = opening;
    }

    /**
     * The channel for the next call. After {@link #close()}, one on which calls fail.
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
            } catch (RuntimeException | Error e) {
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
     * To be called after each failed call. If the service did not answer, this ends gRPC's backoff, which grows to minutes. If the
     * deadline was exceeded, the connection may be dead: the next call opens a new one, and calls in flight keep the old one. A
     * channel in panic mode is replaced. Never throws, and never blocks.
     */
    void failed(ManagedChannel channel, CallOutcome outcome) {
        Status status = outcome.status();
        if (outcome.answered()) {
            return;
        }
        try {
            channel.resetConnectBackoff();
            if (status.getCode() == Status.Code.DEADLINE_EXCEEDED) {
                channel.enterIdle();
            } else if (PANIC.equals(status.getDescription())) {
                replace(channel);
            }
        } catch (Throwable e) {
            // Such as an OutOfMemoryError. The next failed call tries again.
            LOG.debug("The connection could not be replaced", e);
        }
    }

    private synchronized void replace(ManagedChannel channel) {
        if (!closed && channels.contains(channel)) {
            ManagedChannel successor = opening.get();
            channels = channels.stream()
                    .map(each -> each == channel ? successor : each)
                    .toList();
            channel.shutdownNow();
        }
    }

    /** The best state among the channels, where TRANSIENT_FAILURE counts more than IDLE. Opens no connection. */
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

    /** Cancels all calls. */
    synchronized void close() {
        closed = true;
        channels.forEach(ManagedChannel::shutdownNow);
    }
}
