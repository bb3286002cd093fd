// Copyright the camel-viamdata authors. SPDX-License-Identifier: Apache-2.0
package io.github.camelviamdata.client;

import io.grpc.ClientStreamTracer;
import io.grpc.Metadata;

/** Shows how far a call got on the wire. gRPC may make several streams of a call; the last one counts. */
final class CallTracer extends ClientStreamTracer.Factory {

    private volatile Tracer last = new Tracer();

    private static final class Tracer extends ClientStreamTracer {

        private volatile boolean headersSent;
        private volatile boolean messageSent;
        private volatile boolean answered;

        @Override
        public void outboundHeaders() {
            headersSent = true;
        }

        @Override
        public void outboundMessage(int sequence) {
            messageSent = true;
        }

        @Override
        public void inboundTrailers(Metadata trailers) {
            answered = true;
        }
    }

    @Override
    public ClientStreamTracer newClientStreamTracer(ClientStreamTracer.StreamInfo info, Metadata headers) {
        Tracer tracer = new Tracer();
        last = tracer;
        return tracer;
    }

    /** Whether the headers have left this process, and a message was handed to the connection behind them. */
    boolean isSent() {
        return last.headersSent && last.messageSent;
    }

    /** Whether trailers with a gRPC status may have come from the service. */
    boolean isAnswered() {
        return last.answered;
    }
}
