// Copyright the camel-viamdata authors. SPDX-License-Identifier: Apache-2.0
package io.github.camelviamdata.source;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Whether the service is unavailable, and the deliveries that wait for it. During an outage, one delivery at a time makes an
 * attempt, after a growing pause, and the others wait for it. The first success ends the outage.
 */
final class Outage {

    private static final Logger LOG = LoggerFactory.getLogger(Outage.class);

    private final ScheduledExecutorService timer;
    private final Pause pause;
    private final Queue<Runnable> waiting = new ArrayDeque<>();
    private boolean ongoing;
    private boolean scheduled;
    private int failures;

    /** A pause that doubles, from the first to the longest; both in milliseconds. */
    record Pause(long first, long longest) {
        long after(int failures) {
            return Math.min(longest, first << Math.min(failures - 1, 30));
        }
    }

    Outage(ScheduledExecutorService timer, Pause pause) {
        this.timer = timer;
        this.pause = pause;
    }

    /** Whether a new delivery may make its attempt now. If not, it is added to those that wait. */
    synchronized boolean admits(Runnable delivery) {
        if (ongoing) {
            waiting.add(delivery);
        }
        return !ongoing;
    }

    /** Begins or continues the outage after a failed attempt. Returns the pause in milliseconds, or 0 if one is running. */
    synchronized long failed(Runnable delivery) {
        waiting.add(delivery);
        ongoing = true;
        if (scheduled) {
            return 0;
        }
        scheduled = true;
        failures++;
        long millis = pause.after(failures);
        timer.schedule(this::probe, millis, TimeUnit.MILLISECONDS);
        return millis;
    }

    private void probe() {
        Runnable delivery;
        synchronized (this) {
            scheduled = false;
            delivery = waiting.poll();
        }
        if (delivery != null) {
            delivery.run();
        }
    }

    /** Ends the outage, if there is one, because the service has answered. */
    void end() {
        List<Runnable> released;
        synchronized (this) {
            if (!ongoing) {
                return;
            }
            ongoing = false;
            failures = 0;
            released = new ArrayList<>(waiting);
            waiting.clear();
        }
        try {
            // On the timer, because these may wait for a permit that the calling thread holds.
            released.forEach(timer::execute);
        } catch (RejectedExecutionException e) {
            LOG.debug("The route was stopped, which has completed the waiting deliveries", e);
        }
    }
}
