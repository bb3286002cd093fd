// Copyright the camel-viamdata authors. SPDX-License-Identifier: Apache-2.0
package io.github.camelviamdata.client;

import java.time.Duration;

/**
 * A wait that doubles with every failure.
 *
 * @param first the longest wait after the first failure
 * @param longest the longest wait after any
 */
record Backoff(Duration first, Duration longest) {

    /** The longest wait after so many failures, from 1. */
    Duration limit(int failures) {
        Duration limit = first;
        for (int i = 1; i < failures && limit.compareTo(longest) < 0; i++) {
            limit = limit.multipliedBy(2);
        }
        return limit.compareTo(longest) < 0 ? limit : longest;
    }
}
