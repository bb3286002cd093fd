// Copyright the camel-viamdata authors. SPDX-License-Identifier: Apache-2.0
package io.github.camelviamdata.client;

import io.grpc.CallOptions;
import io.grpc.ClientStreamTracer;
import io.grpc.Metadata;
import io.grpc.Status;
import java.util.concurrent.TimeUnit;

/** Records how far a call got on the wire. gRPC makes a stream for each of its own attempts; the last one counts. */
final class WireTracer extends ClientStreamTracer.Factory {

    // gRPC may call onReady after the answer has arrived, but hardly later than this.
    private static final long LATEST_READY_NANOS = TimeUnit.SECONDS.toNanos(1);

    private volatile Tracer last = new Tracer();

    private static final class Tracer extends ClientStreamTracer {

        private volatile boolean headersSent;
        private volatile boolean copying;
        private volatile long copiedAt;
        private volatile boolean copied;
        private volatile boolean left;
        private volatile boolean answered;

        @Override
        public void outboundHeaders() {
            headersSent = true;
        }

        /** Before gRPC copies the message to the queue of the connection. */
        @Override
        public void outboundMessage(int sequence) {
            copying = true;
        }

        /** When the message is copied, and before gRPC lets the last of it leave. */
        @Override
        public void outboundMessageSent(int sequence, long wireSize, long uncompressedSize) {
            copiedAt = System.nanoTime();
            copied = true;
        }

        @Override
        public void inboundTrailers(Metadata trailers) {
            answered = true;
        }
    }

    @Override
    public ClientStreamTracer newClientStreamTracer(ClientStreamTracer.StreamInfo info, Metadata headers) {
        Tracer next = new Tracer();
        last = next;
        return next;
    }

    CallOptions addTo(CallOptions options) {
        return options.withStreamTracerFactory(this);
    }

    /** Whether some of the first message may have left. */
    boolean isOnWire() {
        Tracer tracer = last;
        return tracer.headersSent && tracer.copying;
    }

    /**
     * Notes that nothing is queued: what was copied has left. A stream that is opened while a message is copied may be ready once
     * before that.
     */
    void ready() {
        Tracer tracer = last;
        if (tracer.copied) {
            tracer.left = true;
        }
    }

    /**
     * Whether all of the one message may have left. While it is copied, and for a second after that, this is not known. Says nothing
     * of headers, which gRPC reports only after they have left.
     */
    boolean mayHaveLeft() {
        Tracer tracer = last;
        return tracer.copying
                && (!tracer.copied || tracer.left || System.nanoTime() - tracer.copiedAt < LATEST_READY_NANOS);
    }

    /** Whether a status came from the service. Of trailers without one, such as a proxy's, gRPC makes up a status with this text. */
    boolean isAnswered(Status status) {
        String text = status.getDescription();
        return last.answered && (text == null || !text.contains("missing GRPC status"));
    }
}
