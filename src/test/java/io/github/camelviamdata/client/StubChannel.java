// Copyright the camel-viamdata authors. SPDX-License-Identifier: Apache-2.0
package io.github.camelviamdata.client;

import io.grpc.CallOptions;
import io.grpc.ClientCall;
import io.grpc.ClientStreamTracer;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.Status;
import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/** Has one call at a time. Calls back in the middle of gRPC's methods, as the event loop of a connection may. */
final class StubChannel extends ManagedChannel {

    /** Where gRPC may be when the event loop, or another thread, does something. */
    enum Moment {
        CALL_MADE,
        STARTED,
        /** The message is being copied to the queue of the connection. */
        COPYING,
        COPIED,
        HALF_CLOSING
    }

    private final Map<Moment, Consumer<StubChannel>> events = new EnumMap<>(Moment.class);
    private ClientStreamTracer tracer;
    private ClientCall.Listener<?> listener;
    private final boolean reportsHeaders;
    private volatile boolean messageSent;

    /** @param reportsHeaders whether it says, before the message is sent, that headers have left: it may say so later */
    StubChannel(boolean reportsHeaders) {
        this.reportsHeaders = reportsHeaders;
    }

    /** Does this at that moment. */
    StubChannel at(Moment moment, Consumer<StubChannel> event) {
        events.put(moment, event);
        return this;
    }

    /** Tells the call that nothing is queued. */
    void ready() {
        listener.onReady();
    }

    /** Ends the call, as an answer of the service does. */
    void answer() {
        tracer.inboundTrailers(new Metadata());
        listener.onClose(Status.UNAVAILABLE, new Metadata());
    }

    /** Ends the call, as the loss of the connection does. */
    void reset() {
        listener.onClose(Status.UNAVAILABLE, new Metadata());
    }

    boolean isMessageSent() {
        return messageSent;
    }

    private void reach(Moment moment) {
        events.getOrDefault(moment, none -> {}).accept(this);
    }

    @Override
    public <Q, R> ClientCall<Q, R> newCall(MethodDescriptor<Q, R> method, CallOptions options) {
        tracer = options.getStreamTracerFactories()
                .get(0)
                .newClientStreamTracer(
                        ClientStreamTracer.StreamInfo.newBuilder().build(), new Metadata());
        reach(Moment.CALL_MADE);
        return new ClientCall<>() {
            @Override
            public void start(Listener<R> responses, Metadata headers) {
                listener = responses;
                reach(Moment.STARTED);
                if (reportsHeaders) {
                    tracer.outboundHeaders();
                }
            }

            @Override
            public void sendMessage(Q message) {
                messageSent = true;
                tracer.outboundMessage(0);
                reach(Moment.COPYING);
                tracer.outboundMessageSent(0, -1, -1);
                reach(Moment.COPIED);
            }

            @Override
            public void request(int messages) {}

            @Override
            public void halfClose() {
                reach(Moment.HALF_CLOSING);
            }

            @Override
            public void cancel(String message, Throwable cause) {}
        };
    }

    @Override
    public String authority() {
        return "localhost";
    }

    @Override
    public ManagedChannel shutdown() {
        return this;
    }

    @Override
    public ManagedChannel shutdownNow() {
        return this;
    }

    @Override
    public boolean isShutdown() {
        return false;
    }

    @Override
    public boolean isTerminated() {
        return false;
    }

    @Override
    public boolean awaitTermination(long timeout, TimeUnit unit) {
        return true;
    }
}
