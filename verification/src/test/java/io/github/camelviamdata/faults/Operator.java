// Copyright the camel-viamdata authors. SPDX-License-Identifier: Apache-2.0
package io.github.camelviamdata.faults;

import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;

/** Takes a service down and up again, on the same port. */
final class Operator implements AutoCloseable {

    private final FaultCase fault;
    private final Ledger ledger;
    private final AtomicReference<FaultService> service;
    private final ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor();
    private int outages;

    Operator(FaultCase fault, Ledger ledger, AtomicReference<FaultService> service) {
        this.fault = fault;
        this.ledger = ledger;
        this.service = service;
    }

    void start() {
        timer.scheduleWithFixedDelay(this::look, 1, 1, TimeUnit.MILLISECONDS);
    }

    private void look() {
        int part = FaultSuiteIT.UPLOADS / (fault.outages + 1);
        if (service.get() != null && outages < fault.outages && ledger.copies() > part * (outages + 1)) {
            FaultService old = service.getAndSet(null);
            int port = old.port();
            old.close();
            outages++;
            timer.schedule(
                    () -> service.set(new FaultService(fault.script.get(), ledger, port)),
                    fault.outageSeconds,
                    TimeUnit.SECONDS);
        }
    }

    @Override
    public void close() {
        timer.shutdownNow();
    }
}
