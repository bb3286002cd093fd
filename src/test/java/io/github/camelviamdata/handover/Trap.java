// Copyright the camel-viamdata authors. SPDX-License-Identifier: Apache-2.0
package io.github.camelviamdata.handover;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;

/** Stands at a hand-over and causes a fault there, once. */
final class Trap {

    private final Fault fault;
    private final AtomicInteger callsBefore;
    private final CountDownLatch sprung = new CountDownLatch(1);
    private final CountDownLatch end = new CountDownLatch(1);

    /** @param callsBefore number of calls that pass unharmed */
    Trap(Fault fault, int callsBefore) {
        this.fault = fault;
        this.callsBefore = new AtomicInteger(callsBefore);
    }

    /** To be called by the foreign code, where it is called itself. */
    void step() {
        if (callsBefore.getAndDecrement() == 0) {
            sprung.countDown();
            fault.strike(end);
        }
    }

    boolean isSprung() {
        return sprung.getCount() == 0;
    }

    /** Lets what is blocked go on. */
    void release() {
        end.countDown();
    }
}
