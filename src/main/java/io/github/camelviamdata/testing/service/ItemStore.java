// Copyright the camel-viamdata authors. SPDX-License-Identifier: Apache-2.0
package io.github.camelviamdata.testing.service;

import com.google.protobuf.Timestamp;
import io.github.camelviamdata.proto.data.v1.BinaryData;
import io.github.camelviamdata.proto.data.v1.BinaryMetadata;
import io.github.camelviamdata.proto.data.v1.Filter;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import java.util.function.UnaryOperator;

/**
 * Pictures, files and other items, in memory. Each method sees all items as they are at one moment: what a list says of an item is
 * what the item was listed for. All methods may be called by any thread.
 */
public final class ItemStore {

    /** An item, from when on lists show it, and its place in the order of capture. */
    private record Item(BinaryData data, Instant listedFrom, String position) {

        Item with(BinaryMetadata metadata) {
            return new Item(data.toBuilder().setMetadata(metadata).build(), listedFrom, position);
        }
    }

    /**
     * A part of a list.
     *
     * @param items in the order of capture; empty at the end of the list
     * @param last where the next page begins; an empty text at the end
     */
    public record Page(List<BinaryData> items, String last) {}

    private final Map<String, Item> items = new LinkedHashMap<>();
    private final NavigableMap<String, String> idsByPosition = new TreeMap<>();
    private int stored;

    /**
     * Stores an item. One with the same ID is replaced.
     *
     * @param listedFrom from when on lists show it; by its ID it is there at once
     */
    public synchronized void add(BinaryData data, Instant listedFrom) {
        String id = data.getMetadata().getBinaryDataId();
        delete(List.of(id));
        Item item = new Item(data, listedFrom, position(data.getMetadata().getTimeRequested(), stored++));
        items.put(id, item);
        idsByPosition.put(item.position(), id);
    }

    /** What a page token says: equal times have an order too. */
    private static String position(Timestamp time, int number) {
        return String.format("%020d-%010d-%010d", time.getSeconds(), time.getNanos(), number);
    }

    /**
     * The oldest items that match.
     *
     * @param last where the page before ended, or an empty text for the first page
     * @param limit the most items in the page, from 1
     */
    public synchronized Page page(Filter filter, String last, long limit) {
        ItemFilter wanted = new ItemFilter(filter);
        Instant now = Instant.now();
        List<Item> page = idsByPosition.tailMap(last, false).values().stream()
                .map(items::get)
                .filter(item -> !item.listedFrom().isAfter(now)
                        && wanted.test(item.data().getMetadata()))
                .limit(limit)
                .toList();
        return new Page(
                page.stream().map(Item::data).toList(),
                page.isEmpty() ? "" : page.get(page.size() - 1).position());
    }

    /** The items with these IDs, those that there are, in the order of storing. */
    public synchronized List<BinaryData> byIds(Collection<String> ids) {
        return items.values().stream()
                .map(Item::data)
                .filter(data -> ids.contains(data.getMetadata().getBinaryDataId()))
                .toList();
    }

    /** All items, in the order of capture, also those that lists do not show yet. */
    public synchronized List<BinaryData> all() {
        return idsByPosition.values().stream().map(id -> items.get(id).data()).toList();
    }

    /**
     * Changes what is said of the items with these IDs, those that there are.
     *
     * @return how many there are
     */
    public synchronized int change(Collection<String> ids, UnaryOperator<BinaryMetadata> change) {
        List<String> found = new ArrayList<>(ids);
        found.retainAll(items.keySet());
        found.forEach(id -> items.computeIfPresent(
                id, (key, item) -> item.with(change.apply(item.data().getMetadata()))));
        return found.size();
    }

    /** @return how many of these IDs there were */
    public synchronized int delete(Collection<String> ids) {
        int before = items.size();
        for (String id : ids) {
            Item item = items.remove(id);
            if (item != null) {
                idsByPosition.remove(item.position());
            }
        }
        return before - items.size();
    }

    /** Deletes all items. */
    public synchronized void clear() {
        items.clear();
        idsByPosition.clear();
    }
}
