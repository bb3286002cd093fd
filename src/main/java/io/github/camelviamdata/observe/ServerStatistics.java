// Copyright the camel-viamdata authors. SPDX-License-Identifier: Apache-2.0
package io.github.camelviamdata.observe;

import io.grpc.Status;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.LongSupplier;

/** Counters of a server since it was made. Safe for use by many threads. */
public final class ServerStatistics {

    /** An RPC of the upload protocol, under its own name; {@code other} is any that the server does not have. */
    public enum Call {
        Authenticate,
        DataCaptureUpload,
        StreamingDataCaptureUpload,
        FileUpload,
        other;

        /** The call for the full name of a method. Clients may send any name. */
        public static Call of(String fullMethodName) {
            String name = fullMethodName.substring(fullMethodName.lastIndexOf('/') + 1);
            for (Call call : values()) {
                if (call.name().equals(name)) {
                    return call;
                }
            }
            return other;
        }
    }

    private record Outcome(Call call, Status.Code status) {}

    private final Map<Outcome, LongAdder> calls = new ConcurrentHashMap<>();
    private final LongAdder receivedBytes = new LongAdder();
    private final LongAdder refusedKeys = new LongAdder();
    private final AtomicInteger inFlight = new AtomicInteger();
    private final AtomicInteger connections = new AtomicInteger();
    private final LongSupplier spooledBytes;

    /**
     * @param spooledBytes returns the size of the spool files in bytes, each time it is asked
     */
    public ServerStatistics(LongSupplier spooledBytes) {
        this.spooledBytes = spooledBytes;
    }

    public void callStarted() {
        inFlight.incrementAndGet();
    }

    public void callEnded(Call call, Status.Code status) {
        inFlight.decrementAndGet();
        calls.computeIfAbsent(new Outcome(call, status), outcome -> new LongAdder())
                .increment();
    }

    public void received(long bytes) {
        receivedBytes.add(bytes);
    }

    public void keyRefused() {
        refusedKeys.increment();
    }

    public void connectionOpened() {
        connections.incrementAndGet();
    }

    public void connectionClosed() {
        connections.decrementAndGet();
    }

    /** Number of calls of an RPC that ended with this status. */
    public long calls(Call call, Status.Code status) {
        LongAdder count = calls.get(new Outcome(call, status));
        return count == null ? 0 : count.sum();
    }

    /** Calls in progress. */
    public int inFlight() {
        return inFlight.get();
    }

    /** Bytes of all messages, after decompression. */
    public long receivedBytes() {
        return receivedBytes.sum();
    }

    /** Number of API keys that were wrong or not those of their ID. */
    public long refusedKeys() {
        return refusedKeys.sum();
    }

    /** Open connections. */
    public int connections() {
        return connections.get();
    }

    /** Size of the spool files, in bytes. */
    public long spooledBytes() {
        return spooledBytes.getAsLong();
    }
}
