// Copyright the camel-viamdata authors. SPDX-License-Identifier: Apache-2.0
package io.github.camelviamdata.handover;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;

/** What foreign code may do instead of its work. */
enum Fault {
    REJECTED {
        @Override
        void strike(CountDownLatch end) {
            throw new RejectedExecutionException("injected");
        }
    },
    RUNTIME_EXCEPTION {
        @Override
        void strike(CountDownLatch end) {
            throw new IllegalStateException("injected");
        }
    },
    OUT_OF_MEMORY {
        @Override
        void strike(CountDownLatch end) {
            throw new OutOfMemoryError("injected: unable to create native thread");
        }
    },
    STACK_OVERFLOW {
        @Override
        void strike(CountDownLatch end) {
            throw new StackOverflowError("injected");
        }
    },
    MISSING_CLASS {
        @Override
        void strike(CountDownLatch end) {
            throw new NoClassDefFoundError("injected");
        }
    },
    BLOCKING {
        @Override
        void strike(CountDownLatch end) {
            try {
                if (!end.await(60, TimeUnit.SECONDS)) {
                    throw new AssertionError("The test has not ended the blocking");
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    };

    /** @param end ends the blocking */
    abstract void strike(CountDownLatch end);
}
