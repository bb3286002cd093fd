// Copyright the camel-viamdata authors. SPDX-License-Identifier: Apache-2.0
package io.github.camelviamdata.query;

import io.github.camelviamdata.proto.data.v1.Filter;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * A list that each poll reads from its beginning. An item that is done leaves the list, or is remembered. Not taken are items in
 * flight, items that are done while the service may still list them, and items that were put back, until all others have had
 * their turn. No item is lost if this object's state is. Thread-safe.
 */
final class WholeList implements ItemList {

    // An item that was removed may still be listed for seconds.
    private static final long LISTED_FOR = Duration.ofMinutes(1).toNanos();

    // Items are taken from among this many times as many: the larger, the fewer are taken by another process as well.
    private static final int SHUFFLED = 10;
    private static final int MOST_SHUFFLED = 10_000;

    private final ListPages pages;
    private final Filter filter;
    private final Remembered remembered;
    private final boolean shuffle;
    private final Set<String> inFlight = new HashSet<>();
    private final Set<String> putBack = new HashSet<>();
    private final Set<String> refused = new HashSet<>();
    // The oldest first: a minute of small items is hundreds of thousands.
    private final Map<String, Long> done = new LinkedHashMap<>();

    /** @param shuffle whether to take any items rather than the oldest, because other processes read the same list */
    WholeList(ListPages pages, Filter filter, Remembered remembered, boolean shuffle) {
        this.pages = pages;
        this.filter = filter;
        this.remembered = remembered;
        this.shuffle = shuffle;
    }

    @Override
    public List<Item> take(int most) throws InterruptedException {
        forgetOld();
        int enough = shuffle ? Math.min(MOST_SHUFFLED, most * SHUFFLED) : most;
        List<Item> found = new ArrayList<>();
        boolean all = pages.show(filter, item -> {
            if (!isKnown(item.id()) && !remembered.contains(item.id())) {
                found.add(item);
            }
            return found.size() < enough;
        });
        if (shuffle) {
            Collections.shuffle(found);
        }
        return take(found, most, all);
    }

    private synchronized boolean isKnown(String id) {
        return inFlight.contains(id) || putBack.contains(id) || refused.contains(id) || done.containsKey(id);
    }

    private synchronized List<Item> take(List<Item> found, int most, boolean all) {
        if (all && found.size() <= most) {
            // All others have had their turn.
            putBack.clear();
        }
        List<Item> taken = new ArrayList<>();
        for (Item item : found) {
            // A list that grows may show an item on two pages.
            if (taken.size() < most && inFlight.add(item.id())) {
                taken.add(item);
            }
        }
        return taken;
    }

    private synchronized void forgetOld() {
        long now = System.nanoTime();
        Iterator<Long> since = done.values().iterator();
        while (since.hasNext() && now - since.next() > LISTED_FOR) {
            since.remove();
        }
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
