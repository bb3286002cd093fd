// Copyright the camel-viamdata authors. SPDX-License-Identifier: Apache-2.0
package io.github.camelviamdata.query;

import java.time.Instant;
import java.util.function.Predicate;

/** What was captured, in the order of time. */
interface ItemFeed {

    /**
     * Shows each item from a time on, until one is not wanted.
     *
     * @param from included; null for the beginning
     * @param wanted false for the item that ends this
     * @return whether all were shown
     */
    boolean show(Instant from, Predicate<Listed> wanted) throws InterruptedException;
}
