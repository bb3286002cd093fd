// Copyright the camel-viamdata authors. SPDX-License-Identifier: Apache-2.0
package io.github.camelviamdata.server;

import io.github.camelviamdata.ViamDataRejectedException;
import io.github.camelviamdata.transport.LogLimit;
import io.grpc.Status;
import java.io.IOException;
import java.time.Duration;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.Function;
import org.apache.camel.Exchange;
import org.apache.camel.Processor;
import org.apache.camel.util.ObjectHelper;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Forwards the entries of an outbox: the oldest first, and those of a lane one after another. Only the single thread of the timer
 * reads and writes its state. Workers send entries, and move and delete their files.
 */
final class OutboxForwarder {

    /** The delay before a failed entry is sent again. It doubles with each failure, from the first to the longest. */
    record Delays(Duration first, Duration longest) {

        long nanos(int failures) {
            return (long) Math.min(first.toNanos() * Math.pow(2, failures - 1), longest.toNanos());
        }
    }

    private static final Logger LOG = LoggerFactory.getLogger(OutboxForwarder.class);

    private static final class Lane {
        private final PriorityQueue<OutboxEntry> waiting =
                new PriorityQueue<>(Comparator.comparingLong(OutboxEntry::sequence));
        private boolean sending;
        private int failures;
        private long notBefore;
    }

    private final OutboxFolder folder;
    private final Function<Processor, Exchange> sender;
    private final Delays delays;
    private final int maxInFlight;
    private final ScheduledExecutorService timer;
    private final ExecutorService workers;
    private final BooleanSupplier stopping;

    private final Map<Integer, Lane> lanes = new HashMap<>();
    private int inFlight;
    private long waiting;
    private final LogLimit failedLog = new LogLimit();
    private final LogLimit refusedLog = new LogLimit();
    private long refused;

    /**
     * @param sender sends the exchange that a processor prepares, and returns it when the route has finished
     * @param workers a pool of at least {@code maxInFlight} threads
     * @param stopping whether the outbox is stopping, and sends no more entries
     */
    OutboxForwarder(
            OutboxFolder folder,
            Function<Processor, Exchange> sender,
            Delays delays,
            int maxInFlight,
            ScheduledExecutorService timer,
            ExecutorService workers,
            BooleanSupplier stopping) {
        this.folder = folder;
        this.sender = sender;
        this.delays = delays;
        this.maxInFlight = maxInFlight;
        this.timer = timer;
        this.workers = workers;
        this.stopping = stopping;
    }

    /** Adds entries to forward. Those not forwarded at a stop stay on the disk for the next start. */
    void add(List<OutboxEntry> entries) {
        onTimer(() -> {
            for (OutboxEntry entry : entries) {
                lanes.computeIfAbsent(entry.lane(), number -> new Lane())
                        .waiting
                        .add(entry);
            }
            waiting += entries.size();
            sendDue();
        });
    }

    private void onTimer(Runnable task) {
        try {
            timer.execute(task);
        } catch (RejectedExecutionException e) {
            LOG.debug("The outbox has stopped");
        }
    }

    private void sendDue() {
        while (inFlight < maxInFlight && !stopping.getAsBoolean()) {
            Lane lane = oldest();
            if (lane == null) {
                return;
            }
            OutboxEntry entry = lane.waiting.peek();
            lane.sending = true;
            inFlight++;
            workers.execute(() -> forward(lane, entry));
        }
    }

    private Lane oldest() {
        long now = System.nanoTime();
        return lanes.values().stream()
                .filter(lane -> !lane.sending && now - lane.notBefore >= 0)
                .min(Comparator.comparingLong(lane -> lane.waiting.peek().sequence()))
                .orElse(null);
    }

    private void forward(Lane lane, OutboxEntry entry) {
        Throwable failure = null;
        boolean refusedForGood = false;
        try {
            failure = send(entry);
            refusedForGood = isForGood(failure);
            if (failure == null) {
                folder.delete(entry);
            } else if (refusedForGood) {
                folder.refuse(entry, String.valueOf(failure.getMessage()));
            }
        } catch (IOException | RuntimeException | Error e) {
            // The entry is still on the disk, and is sent again, even if it then arrives twice.
            failure = e;
            refusedForGood = false;
        } finally {
            Throwable reason = failure;
            boolean done = failure == null || refusedForGood;
            onTimer(() -> finish(lane, entry, done, reason));
        }
    }

    /** Sends an entry. Returns the failure, or null. */
    private Throwable send(OutboxEntry entry) {
        try {
            Exchange exchange = sender.apply(sent -> folder.restore(entry, sent.getMessage()));
            if (exchange.getException() == null && (exchange.isRollbackOnly() || exchange.isRollbackOnlyLast())) {
                return new IllegalStateException("the route rolled back");
            }
            return exchange.getException();
        } catch (RuntimeException | Error e) {
            return e;
        }
    }

    /** Whether the upload was refused for good. UNIMPLEMENTED does not refuse it: the address is that of another service. */
    private static boolean isForGood(Throwable failure) {
        if (failure instanceof IllegalArgumentException) {
            return true;
        }
        ViamDataRejectedException rejected =
                failure == null ? null : ObjectHelper.getException(ViamDataRejectedException.class, failure);
        return rejected != null && rejected.getStatus() != Status.Code.UNIMPLEMENTED;
    }

    private void finish(Lane lane, OutboxEntry entry, boolean done, Throwable reason) {
        lane.sending = false;
        inFlight--;
        if (done) {
            lane.waiting.remove(entry);
            lane.failures = 0;
            waiting--;
            if (lane.waiting.isEmpty()) {
                lanes.remove(entry.lane());
            }
            if (reason != null) {
                logRefused(entry, reason);
            }
        } else {
            lane.failures++;
            long delay = delays.nanos(lane.failures);
            lane.notBefore = System.nanoTime() + delay;
            timer.schedule(this::sendDue, delay, TimeUnit.NANOSECONDS);
            logFailed(reason);
        }
        sendDue();
    }

    private void logFailed(Throwable reason) {
        if (failedLog.tryAcquire().isPresent()) {
            LOG.warn("{} uploads wait in the outbox; forwarding fails: {}", waiting, reason.toString());
        }
    }

    private void logRefused(OutboxEntry entry, Throwable reason) {
        refused++;
        if (refusedLog.tryAcquire().isPresent()) {
            LOG.warn(
                    "{} uploads were refused for good since the start, and put aside; the last one is {}: {}",
                    refused,
                    entry.name(),
                    reason.toString());
        }
    }
}
