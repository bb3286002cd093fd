// Copyright the camel-viamdata authors. SPDX-License-Identifier: Apache-2.0
package io.github.camelviamdata.testing.service;

import io.github.camelviamdata.proto.data.v1.CreateSequenceRequest;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * All that a data service holds.
 *
 * @param items pictures, files and other bytes
 * @param readings readings of sensors
 * @param sequences the sequences that were created, in their order; may be changed by any thread
 */
public record DataStore(ItemStore items, ReadingStore readings, List<Sequence> sequences) {

    /**
     * A sequence.
     *
     * @param id that the client has got
     * @param request that created it
     */
    public record Sequence(String id, CreateSequenceRequest request) {}

    /** An empty one. */
    public DataStore() {
        this(new ItemStore(), new ReadingStore(), new CopyOnWriteArrayList<>());
    }

    /** Deletes all. */
    public void clear() {
        items.clear();
        readings.clear();
        sequences.clear();
    }
}
