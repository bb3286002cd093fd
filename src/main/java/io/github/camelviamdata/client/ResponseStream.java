// Copyright the camel-viamdata authors. SPDX-License-Identifier: Apache-2.0
package io.github.camelviamdata.client;

import io.grpc.ClientCall;
import io.grpc.Status;
import java.time.Duration;
import java.util.Iterator;
import java.util.NoSuchElementException;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/**
 * The messages of a stream, for one thread. The service sends no more than a few ahead of it. After a stream breaks off, {@link
 * #hasNext} is true once more, and {@link #next} throws a {@link io.grpc.StatusRuntimeException}. Then the stream has ended.
 *
 * @param <R> the messages
 */
public final class ResponseStream<R> implements Iterator<R>, AutoCloseable {

    // A message may have 4 MB.
    private static final int MOST_AHEAD = 8;

    private final ClientCall<?, R> call;
    private final Duration idleTimeout;
    private final Failures failures;
    // Messages, and last the status. No more than were asked for, and the status.
    private final BlockingQueue<Object> events = new LinkedBlockingQueue<>();
    private Object next;
    private boolean thrown;

    ResponseStream(ClientCall<?, R> call, Duration idleTimeout, Failures failures) {
        this.call = call;
        this.idleTimeout = idleTimeout;
        this.failures = failures;
    }

    /** The call has started. */
    void begin() {
        call.request(MOST_AHEAD);
    }

    void add(R message) {
        events.add(message);
    }

    void end(Status status) {
        events.add(status);
    }

    @Override
    public boolean hasNext() {
        if (next == null) {
            next = await();
        }
        return !thrown && !(next instanceof Status status && status.isOk());
    }

    private Object await() {
        try {
            Object event = events.poll(idleTimeout.toNanos(), TimeUnit.NANOSECONDS);
            return event == null ? stalled("nothing came for " + idleTimeout.toMillis() + " ms (idleTimeout)") : event;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return stalled("the thread was interrupted");
        }
    }

    private Status stalled(String reason) {
        call.cancel(reason, null);
        return Status.DEADLINE_EXCEEDED.withDescription(reason);
    }

    @Override
    @SuppressWarnings("unchecked")
    public R next() {
        if (!thrown && !hasNext()) {
            throw new NoSuchElementException();
        } else if (next instanceof Status status) {
            // A caller that continues after the exception finds the end.
            thrown = true;
            throw failures.safe(status, null).asRuntimeException();
        }
        R message = (R) next;
        next = null;
        call.request(1);
        return message;
    }

    /** Ends the call, if it has not ended. What has arrived can still be read. */
    @Override
    public void close() {
        call.cancel("it is read no further", null);
    }
}
