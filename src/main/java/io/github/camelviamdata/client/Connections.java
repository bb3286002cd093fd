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
 * The connections of one client, used in turn. They are set up at their first use, because a start of a Camel context is
 * not to wait until gRPC, Netty and TLS are loaded.
 */
final class Connections {

    private static final Logger LOG = LoggerFactory.getLogger(Connections.class);

    // gRPC fails every call with this text after an error in its own code, such as a thread that could not be started.
    private static final String GIVEN_UP = "Panic! This is a bug!";

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
     * To be called after a call that failed. Where the service did not answer, gRPC's wait before it connects again, which grows to
     * minutes, is over. Where it gave no answer in time, its connection may never work again: the next call makes another one, and
     * the calls in flight go on. A channel that gRPC gave up is replaced. Never throws, and never blocks.
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
            } else if (GIVEN_UP.equals(status.getDescription())) {
                replace(channel);
            }
        } catch (Throwable e) {
            // There may be no memory. The next failed call tries again.
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

    /** Ends all calls. */
    synchronized void close() {
        closed = true;
        channels.forEach(ManagedChannel::shutdownNow);
    }
}
