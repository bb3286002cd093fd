// Copyright the camel-viamdata authors. SPDX-License-Identifier: Apache-2.0
package io.github.camelviamdata.transport;

import java.util.OptionalLong;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/** Allows one log line a minute, and counts the suppressed ones. */
public final class LogLimit {

    private static final long INTERVAL = TimeUnit.MINUTES.toNanos(1);

    private final LongSupplier nanoTime;
    private long last;
    private boolean used;
    private long suppressed;

    public LogLimit() {
        this(System::nanoTime);
    }

    LogLimit(LongSupplier nanoTime) {
        this.nanoTime = nanoTime;
    }

    /**
     * Asks to write a line.
     *
     * @return the number of lines suppressed since the last one, or empty if this one is suppressed too
     */
    public synchronized OptionalLong tryAcquire() {
        long now = nanoTime.getAsLong();
        if (used && now - last < INTERVAL) {
            suppressed++;
            return OptionalLong.empty();
        }
        OptionalLong since = OptionalLong.of(suppressed);
        used = true;
        last = now;
        suppressed = 0;
        return since;
    }
}
