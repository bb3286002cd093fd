// Copyright the camel-viamdata authors. SPDX-License-Identifier: Apache-2.0
package io.github.camelviamdata.once;

/**
 * Where the last note of each key is in a file: hash tables of three arrays, 24 bytes a slot, at most three quarters full. Objects of
 * the JDK's maps take three times as much. For one thread.
 */
final class NoteTable {

    /** The place of a key that is not in the table. */
    static final long NONE = 0;

    // Each grows by itself, so growing takes little memory more.
    private static final int PARTS = 64;
    private static final int PART_BITS = 6;
    private static final int LEAST_CAPACITY = 16;
    private static final long MIX = 0x9E3779B97F4A7C15L;

    private final Part[] parts = new Part[PARTS];

    NoteTable() {
        clear();
    }

    final void clear() {
        for (int i = 0; i < PARTS; i++) {
            parts[i] = new Part();
        }
    }

    long get(NoteKey key) {
        return part(key).get(key);
    }

    /**
     * Changes nothing if memory is short.
     *
     * @param place above 0, or {@link #NONE} to remove the key
     * @return the place before
     */
    long put(NoteKey key, long place) {
        return place == NONE ? part(key).remove(key) : part(key).put(key, place);
    }

    /** Keys of users' own ledgers need not be evenly spread. */
    private Part part(NoteKey key) {
        return parts[(int) (key.high() * MIX >>> Long.SIZE - PART_BITS)];
    }

    /** A slot is empty if its place is {@link #NONE}. */
    private static final class Part {

        private long[] highs = new long[LEAST_CAPACITY];
        private long[] lows = new long[LEAST_CAPACITY];
        private long[] places = new long[LEAST_CAPACITY];
        private int size;

        long get(NoteKey key) {
            return places[slot(key.high(), key.low())];
        }

        long put(NoteKey key, long place) {
            if (size >= places.length / 4 * 3) {
                grow();
            }
            int slot = slot(key.high(), key.low());
            long before = places[slot];
            if (before == NONE) {
                fill(slot, key.high(), key.low(), place);
            } else {
                places[slot] = place;
            }
            return before;
        }

        /** The keys behind the slot, up to the next empty one, are put anew, so that none of them is behind a gap. */
        long remove(NoteKey key) {
            int slot = slot(key.high(), key.low());
            long before = places[slot];
            if (before == NONE) {
                return NONE;
            }
            empty(slot);
            for (int i = next(slot); places[i] != NONE; i = next(i)) {
                long place = empty(i);
                fill(slot(highs[i], lows[i]), highs[i], lows[i], place);
            }
            return before;
        }

        private void fill(int slot, long high, long low, long place) {
            highs[slot] = high;
            lows[slot] = low;
            places[slot] = place;
            size++;
        }

        private long empty(int slot) {
            long place = places[slot];
            places[slot] = NONE;
            size--;
            return place;
        }

        /** Of the key, or the empty one where it would be. */
        private int slot(long high, long low) {
            int slot = (int) (low * MIX >>> Integer.SIZE) & places.length - 1;
            while (places[slot] != NONE && (highs[slot] != high || lows[slot] != low)) {
                slot = next(slot);
            }
            return slot;
        }

        private int next(int slot) {
            return slot + 1 & places.length - 1;
        }

        private void grow() {
            long[] oldHighs = highs;
            long[] oldLows = lows;
            long[] oldPlaces = places;
            int capacity = 2 * oldPlaces.length;
            long[] newHighs = new long[capacity];
            long[] newLows = new long[capacity];
            places = new long[capacity];
            highs = newHighs;
            lows = newLows;
            size = 0;
            for (int i = 0; i < oldPlaces.length; i++) {
                if (oldPlaces[i] != NONE) {
                    fill(slot(oldHighs[i], oldLows[i]), oldHighs[i], oldLows[i], oldPlaces[i]);
                }
            }
        }
    }
}
