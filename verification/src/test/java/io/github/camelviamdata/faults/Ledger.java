// Copyright the camel-viamdata authors. SPDX-License-Identifier: Apache-2.0
package io.github.camelviamdata.faults;

import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/** What a service has been sent and has stored, as digests. It outlives the service, as a disk does. */
final class Ledger {

    private final Map<String, List<byte[]>> stored = new ConcurrentHashMap<>();
    private final Queue<String> order = new ConcurrentLinkedQueue<>();
    private final Set<String> begun = ConcurrentHashMap.newKeySet();
    private final Set<String> readings = ConcurrentHashMap.newKeySet();
    private final AtomicInteger copies = new AtomicInteger();
    private final AtomicInteger calls = new AtomicInteger();
    private final AtomicInteger queries = new AtomicInteger();
    private final AtomicInteger connections = new AtomicInteger();
    private final AtomicInteger faults = new AtomicInteger();
    private final AtomicInteger answersLost = new AtomicInteger();
    private final AtomicLong received = new AtomicLong();
    private final AtomicLong useful = new AtomicLong();

    /** The data service was asked. */
    void queried() {
        queries.incrementAndGet();
    }

    int queries() {
        return queries.get();
    }

    /** The number of a new call, from 0. */
    int nextCall() {
        return calls.getAndIncrement();
    }

    void connected() {
        connections.incrementAndGet();
    }

    void received(long bytes) {
        received.addAndGet(bytes);
    }

    void begun(String id) {
        begun.add(id);
    }

    /** Notes an upload that was complete. The bytes of its first copy are the useful ones. */
    void stored(String id, byte[] digest, long bytes) {
        List<byte[]> digests = stored.computeIfAbsent(id, key -> new CopyOnWriteArrayList<>());
        digests.add(digest);
        copies.incrementAndGet();
        if (digests.size() == 1) {
            order.add(id);
            useful.addAndGet(bytes);
        }
    }

    /** Notes a reading of an upload that was complete. */
    void reading(String id) {
        readings.add(id);
    }

    /** IDs of the readings that came in. */
    Set<String> readings() {
        return readings;
    }

    /** A fault was made. */
    void fault() {
        faults.incrementAndGet();
    }

    /** The answer to a stored upload is kept from the client, so another attempt stores it again. */
    void answerLost() {
        answersLost.incrementAndGet();
    }

    int calls() {
        return calls.get();
    }

    /** How many connections were made after the first, each because that before it was lost. */
    int reconnections() {
        return Math.max(0, connections.get() - 1);
    }

    int faults() {
        return faults.get();
    }

    int answersLost() {
        return answersLost.get();
    }

    /** IDs of the uploads of which something came in. */
    Set<String> begun() {
        return begun;
    }

    /** IDs of the uploads of which all came in. */
    Set<String> ids() {
        return stored.keySet();
    }

    /** The digests that an upload was stored with; none if it never was. */
    Collection<byte[]> digests(String id) {
        return stored.getOrDefault(id, List.of());
    }

    /** Number of stored uploads, each copy counted. */
    /** IDs in the order in which their uploads were complete for the first time. */
    List<String> order() {
        return List.copyOf(order);
    }

    int copies() {
        return copies.get();
    }

    int duplicates() {
        return copies.get() - stored.size();
    }

    /** Bytes that came in and were of no use, because they came again, over those that were. */
    double resent() {
        return useful.get() == 0 ? 0 : (double) (received.get() - useful.get()) / useful.get();
    }
}
