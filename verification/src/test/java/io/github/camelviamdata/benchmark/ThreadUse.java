// Copyright the camel-viamdata authors. SPDX-License-Identifier: Apache-2.0
package io.github.camelviamdata.benchmark;

import java.lang.management.ManagementFactory;
import java.lang.management.ThreadInfo;
import java.lang.management.ThreadMXBean;

/**
 * What the threads of this Java runtime have done so far. Threads that have ended do not count.
 *
 * @param eventLoopNanos processor time of gRPC's event loops
 * @param otherNanos processor time of all other threads
 * @param waits how often a thread waited for another one, or for work
 * @param blocks how often a thread found a lock taken
 */
record ThreadUse(long eventLoopNanos, long otherNanos, long waits, long blocks) {

    static ThreadUse now() {
        ThreadMXBean threads = ManagementFactory.getThreadMXBean();
        long eventLoops = 0;
        long others = 0;
        long waits = 0;
        long blocks = 0;
        for (ThreadInfo thread : threads.getThreadInfo(threads.getAllThreadIds())) {
            if (thread != null) {
                long nanos = Math.max(0, threads.getThreadCpuTime(thread.getThreadId()));
                if (thread.getThreadName().contains("worker-ELG")) {
                    eventLoops += nanos;
                } else {
                    others += nanos;
                }
                waits += thread.getWaitedCount();
                blocks += thread.getBlockedCount();
            }
        }
        return new ThreadUse(eventLoops, others, waits, blocks);
    }
}
