// Copyright the camel-viamdata authors. SPDX-License-Identifier: Apache-2.0
package io.github.camelviamdata.query;

import io.github.camelviamdata.proto.data.v1.Filter;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * A list that is read from its beginning each time. What is done leaves it, or is remembered; no item is taken that is in flight, none
 * that is done while the service may still list it, and none that was put back before all others have had their turn. Losing what this
 * knows costs no item. Thread-safe.
 */
final class WholeList implements ItemList {

    // What is taken off a list may be listed for seconds.
    private static final long LISTED_FOR = Duration.ofMinutes(1).toNanos();

    private final ListPages pages;
    private final Filter filter;
    private final Remembered remembered;
    private final Set<String> inFlight = new HashSet<>();
    private final Set<String> putBack = new HashSet<>();
    private final Set<String> refused = new HashSet<>();
    private final Map<String, Long> done = new HashMap<>();

    WholeList(ListPages pages, Filter filter, Remembered remembered) {
        this.pages = pages;
        this.filter = filter;
        this.remembered = remembered;
    }

    @Override
    public List<Item> take(int most) throws InterruptedException {
        forgetOld();
        List<Item> taken = new ArrayList<>();
        try {
            boolean all = pages.show(filter, item -> {
                // The repository is asked before the item is taken: if it throws, no item is left behind.
                if (!isKnown(item.id()) && !remembered.contains(item.id())) {
                    take(item, taken);
                }
                return taken.size() < most;
            });
            if (all) {
                endRound();
            }
        } catch (Throwable e) {
            taken.forEach(item -> gone(item.id()));
            throw e;
        }
        return taken;
    }

    private synchronized boolean isKnown(String id) {
        return inFlight.contains(id) || putBack.contains(id) || refused.contains(id) || done.containsKey(id);
    }

    private synchronized void take(Item item, List<Item> taken) {
        // A list that grows may show an item on two pages.
        if (inFlight.add(item.id())) {
            taken.add(item);
        }
    }

    /** The list was shown to its end: what was put back has another turn. */
    private synchronized void endRound() {
        putBack.clear();
    }

    private synchronized void forgetOld() {
        long now = System.nanoTime();
        done.values().removeIf(since -> now - since > LISTED_FOR);
    }

    @Override
    public synchronized void putBack(String id) {
        inFlight.remove(id);
        putBack.add(id);
    }

    @Override
    public synchronized void gone(String id) {
        inFlight.remove(id);
    }

    @Override
    public synchronized void done(String id) {
        inFlight.remove(id);
        done.put(id, System.nanoTime());
    }

    @Override
    public synchronized void refused(String id) {
        inFlight.remove(id);
        refused.add(id);
    }

    @Override
    public void save() {
        // The service keeps the list.
    }
}
