// Copyright the camel-viamdata authors. SPDX-License-Identifier: Apache-2.0
package io.github.camelviamdata.query;

import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/**
 * What a consumer knows of items while it runs, by their IDs. It delivers none that is in flight, none that is done while the list may
 * still show it, and none that failed before all others have had their turn. Losing all of it costs no item. Thread-safe.
 */
final class KnownItems {

    // What is taken off a list may be listed for seconds.
    private static final long LISTED_FOR = Duration.ofMinutes(1).toNanos();

    private final Set<String> inFlight = new HashSet<>();
    private final Set<String> failed = new HashSet<>();
    private final Set<String> refused = new HashSet<>();
    private final Map<String, Long> done = new HashMap<>();

    /** Whether an item is not to be delivered now. */
    synchronized boolean knows(String id) {
        return inFlight.contains(id) || failed.contains(id) || refused.contains(id) || done.containsKey(id);
    }

    /** Delivers an item, which is in flight from then on; false if it is not to be delivered now. */
    synchronized boolean take(String id) {
        return !knows(id) && inFlight.add(id);
    }

    /** It was not delivered after all. */
    synchronized void release(String id) {
        inFlight.remove(id);
    }

    /** Its exchange failed. */
    synchronized void failed(String id) {
        inFlight.remove(id);
        failed.add(id);
    }

    /** What was to be done with it is done. The list may still show it. */
    synchronized void ended(String id) {
        inFlight.remove(id);
        done.put(id, System.nanoTime());
    }

    /** The service refuses to do with it what was to be done, so that it stays in the list: it is not delivered again. */
    synchronized void refused(String id) {
        inFlight.remove(id);
        refused.add(id);
    }

    /** A list was read to its end: what failed has another turn. */
    synchronized void listedAll() {
        failed.clear();
    }

    /** Forgets what no list shows any more. */
    synchronized void forgetOld() {
        long now = System.nanoTime();
        done.values().removeIf(since -> now - since > LISTED_FOR);
    }
}
