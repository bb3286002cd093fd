// Copyright the camel-viamdata authors. SPDX-License-Identifier: Apache-2.0
package io.github.camelviamdata.query;

import io.github.camelviamdata.proto.data.v1.Filter;
import io.github.camelviamdata.query.DataReader.Page;
import java.util.function.BooleanSupplier;
import java.util.function.Predicate;

/** Goes through a list page by page, the oldest item first. A page token is kept no longer than this object. */
final class ListPages {

    private final DataReader reader;
    private final BooleanSupplier goesOn;

    /** @param goesOn asked before each page; false ends the list there, as where a route is suspended */
    ListPages(DataReader reader, BooleanSupplier goesOn) {
        this.reader = reader;
        this.goesOn = goesOn;
    }

    /**
     * Shows each item, until one is not wanted.
     *
     * @param wanted false for the item that ends this
     * @return whether the list was shown to its end
     */
    boolean show(Filter filter, Predicate<Item> wanted) throws InterruptedException {
        String last = "";
        while (goesOn.getAsBoolean()) {
            Page next = ReadFailures.await("Listing what " + reader.target() + " stores", reader.page(filter, last));
            if (!next.items().stream().allMatch(wanted)) {
                return false;
            } else if (next.items().isEmpty()
                    || next.last().isEmpty()
                    || next.last().equals(last)) {
                return true;
            }
            last = next.last();
        }
        return false;
    }

    /** The items of a filter, as they were captured. */
    ItemFeed feed(Filter filter) {
        return (from, wanted) -> show(
                from == null
                        ? filter
                        : filter.toBuilder()
                                .setInterval(Filters.since(filter.getInterval(), from))
                                .build(),
                wanted::test);
    }
}
