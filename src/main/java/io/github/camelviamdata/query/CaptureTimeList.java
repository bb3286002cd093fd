// Copyright the camel-viamdata authors. SPDX-License-Identifier: Apache-2.0
package io.github.camelviamdata.query;

import io.github.camelviamdata.query.ReadSettings.Following;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;

/**
 * A list that is followed by time of capture. It is read forward from where the last poll ended. Whenever its end is reached,
 * earlier times are listed again for data that came late: the overlap often, the rest of the rescan seldom.
 *
 * <p>The watermark, from which a later start goes on, is never later than the oldest item that is not done. The position is never later
 * than the present, so that an item from a clock that is ahead does not hide those that follow. Thread-safe.
 */
final class CaptureTimeList implements ItemList {

    /** Most failed items in memory. Above, no new item is taken before these have had another turn. */
    static final int MOST_PUT_BACK = 1000;

    // A long look back is split, so that new data is read in between.
    private static final int PART = 5000;
    // A look back begins after this part of its depth has passed.
    private static final int OVERLAPS = 60;
    private static final int RESCANS = 24;

    private final ItemFeed feed;
    private final Remembered remembered;
    private final Following following;
    private final Map<String, Listed> inFlight = new HashMap<>();
    private final Map<String, Listed> putBack = new LinkedHashMap<>();

    // These belong to the polling thread.
    private Instant saved;
    private Instant position;
    private Instant back;
    private Instant backEnd;
    private Long overlapped;
    private Long rescanned;

    /** @param watermark from which to go on, or null to read from the beginning */
    CaptureTimeList(ItemFeed feed, Remembered remembered, Following following, Instant watermark) {
        this.feed = feed;
        this.remembered = remembered;
        this.following = following;
        saved = watermark;
        position = watermark;
    }

    @Override
    public List<Listed> take(int most) throws InterruptedException {
        List<Listed> taken = new ArrayList<>();
        try {
            boolean all = putBackSize() < MOST_PUT_BACK && readForward(most, taken);
            if (all) {
                lookBack(most, taken);
            }
            takePutBack(most, taken);
        } catch (Throwable e) {
            taken.forEach(item -> putBack(item.id()));
            throw e;
        }
        return taken;
    }

    /** Whether the list was read to its end. */
    private boolean readForward(int most, List<Listed> taken) throws InterruptedException {
        return feed.show(position, item -> {
            takeIfNew(item, taken);
            position = latest(position, earliest(item.captured(), Instant.now()));
            return taken.size() < most;
        });
    }

    private void lookBack(int most, List<Listed> taken) throws InterruptedException {
        if (back == null) {
            beginLookBack();
        }
        if (back == null || taken.size() >= most) {
            return;
        }
        Instant begin = back;
        AtomicInteger shown = new AtomicInteger();
        boolean all = feed.show(begin, item -> {
            takeIfNew(item, taken);
            back = latest(back, item.captured());
            boolean partEnds = shown.incrementAndGet() >= PART && back.isAfter(begin);
            return taken.size() < most && !partEnds && !back.isAfter(backEnd);
        });
        if (all || back.isAfter(backEnd)) {
            back = null;
        }
    }

    private void beginLookBack() {
        long now = System.nanoTime();
        if (position == null) {
            return;
        } else if (isDue(rescanned, following.rescan(), RESCANS, now)) {
            rescanned = now;
            overlapped = now;
            back = position.minus(following.rescan());
        } else if (isDue(overlapped, following.overlap(), OVERLAPS, now)) {
            overlapped = now;
            back = position.minus(following.overlap());
        }
        backEnd = position;
    }

    private static boolean isDue(Long last, Duration depth, int times, long now) {
        return !depth.isZero()
                && (last == null || now - last >= depth.dividedBy(times).toNanos());
    }

    /** The repository is asked before the item is taken: if it throws, the item is shown again. */
    private void takeIfNew(Listed item, List<Listed> taken) {
        if (!isKnown(item.id()) && !remembered.contains(item.id())) {
            take(item, taken);
        }
    }

    private synchronized boolean isKnown(String id) {
        return inFlight.containsKey(id) || putBack.containsKey(id);
    }

    private synchronized void take(Listed item, List<Listed> taken) {
        inFlight.put(item.id(), item);
        taken.add(item);
    }

    private synchronized void takePutBack(int most, List<Listed> taken) {
        List<Listed> again = putBack.values().stream()
                .limit(Math.max(0, most - taken.size()))
                .toList();
        again.forEach(item -> {
            putBack.remove(item.id());
            take(item, taken);
        });
    }

    private synchronized int putBackSize() {
        return putBack.size();
    }

    @Override
    public synchronized void putBack(String id) {
        Listed item = inFlight.remove(id);
        if (item != null) {
            putBack.put(id, item);
        }
    }

    @Override
    public synchronized void gone(String id) {
        inFlight.remove(id);
    }

    @Override
    public synchronized void done(String id) {
        inFlight.remove(id);
    }

    @Override
    public synchronized void refused(String id) {
        inFlight.remove(id);
    }

    @Override
    public void save() {
        Instant oldest = oldestUnfinished();
        Instant watermark = oldest == null || position == null ? position : earliest(position, oldest);
        if (watermark != null && (saved == null || watermark.isAfter(saved))) {
            following.watermark().save(watermark);
            saved = watermark;
        }
    }

    private synchronized Instant oldestUnfinished() {
        return Stream.concat(inFlight.values().stream(), putBack.values().stream())
                .map(Listed::captured)
                .min(Instant::compareTo)
                .orElse(null);
    }

    private static Instant latest(Instant one, Instant other) {
        return one == null || other.isAfter(one) ? other : one;
    }

    private static Instant earliest(Instant one, Instant other) {
        return other.isBefore(one) ? other : one;
    }
}
