// Copyright the camel-viamdata authors. SPDX-License-Identifier: Apache-2.0
package io.github.camelviamdata.server;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/** Keeps what happens all the time, such as a failure that lasts, to one line of the log a minute. Safe for several threads. */
final class OncePerMinute {

    private static final long PAUSE = TimeUnit.MINUTES.toNanos(1);

    private final AtomicLong last = new AtomicLong(System.nanoTime() - PAUSE);

    /** Whether a line is due. The one who asks writes it. */
    boolean isDue() {
        long now = System.nanoTime();
        long before = last.get();
        return now - before >= PAUSE && last.compareAndSet(before, now);
    }
}
