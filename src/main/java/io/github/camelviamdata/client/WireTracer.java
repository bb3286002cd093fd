// Copyright the camel-viamdata authors. SPDX-License-Identifier: Apache-2.0
package io.github.camelviamdata.client;

import io.grpc.CallOptions;
import io.grpc.ClientStreamTracer;
import io.grpc.Metadata;
import io.grpc.Status;

/** Records how far a call got on the wire. gRPC makes a stream for each of its own attempts; the last one counts. */
final class WireTracer extends ClientStreamTracer.Factory {

    private volatile Tracer last = new Tracer();

    private static final class Tracer extends ClientStreamTracer {

        private volatile boolean headersSent;
        private volatile long messageWritten;
        private volatile boolean messageSent;
        private volatile boolean answered;

        @Override
        public void outboundHeaders() {
            headersSent = true;
        }

        @Override
        public void outboundMessage(int sequence) {
            messageWritten = System.nanoTime();
            messageSent = true;
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

    /** Whether the first message was written to the queue of the connection. */
    boolean isOnWire() {
        Tracer tracer = last;
        return tracer.headersSent && tracer.messageSent;
    }

    /** How long ago the last message was written, in nanoseconds. */
    long sinceWritten() {
        return System.nanoTime() - last.messageWritten;
    }

    /** Whether a status came from the service. Of trailers without one, such as a proxy's, gRPC makes up a status with this text. */
    boolean isAnswered(Status status) {
        String text = status.getDescription();
        return last.answered && (text == null || !text.contains("missing GRPC status"));
    }
}
