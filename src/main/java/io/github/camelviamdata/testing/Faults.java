// Copyright the camel-viamdata authors. SPDX-License-Identifier: Apache-2.0
package io.github.camelviamdata.testing;

import io.grpc.Status;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;

/** The faults that a test asks for, of calls of one kind. Each call takes one, in the order in which they were asked for. */
final class Faults {

    private static final Fault NONE = new Fault("", null);

    private final String method;
    private final Queue<Fault> faults = new ConcurrentLinkedQueue<>();

    /** @param method of the extension that asks for a status, for the text of that status */
    Faults(String method) {
        this.method = method;
    }

    /**
     * A fault of a call, or none.
     *
     * @param method that has asked for it
     * @param code the status of the answer; {@code OK} for an answer that is lost; null for no fault
     */
    record Fault(String method, Status.Code code) {

        /** Whether the call has its effect all the same. */
        boolean hasEffect() {
            return code == null || code == Status.Code.OK;
        }

        /**
         * Lets the fault occur.
         *
         * @param connections breaks all connections
         * @throws io.grpc.StatusRuntimeException if the call fails with a status
         */
        void occur(Runnable connections) {
            if (code == Status.Code.OK) {
                connections.run();
            } else if (code != null) {
                throw Status.fromCode(code)
                        .withDescription(method + "(" + code + ")")
                        .asRuntimeException();
            }
        }
    }

    /** @throws IllegalArgumentException if the code is {@code OK} */
    void failNext(Status.Code code) {
        if (code == Status.Code.OK) {
            throw new IllegalArgumentException("OK is no failure");
        }
        faults.add(new Fault(method, code));
    }

    void loseNextAnswer() {
        faults.add(new Fault(method, Status.Code.OK));
    }

    /** The fault of a call that has arrived. */
    Fault next() {
        Fault fault = faults.poll();
        return fault == null ? NONE : fault;
    }

    void clear() {
        faults.clear();
    }
}
