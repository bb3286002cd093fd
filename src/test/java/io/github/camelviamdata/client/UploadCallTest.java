// Copyright the camel-viamdata authors. SPDX-License-Identifier: Apache-2.0
package io.github.camelviamdata.client;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import io.github.camelviamdata.ViamDataDelivery;
import io.github.camelviamdata.proto.datasync.v1.SensorMetadata;
import io.github.camelviamdata.proto.datasync.v1.UploadMetadata;
import io.github.camelviamdata.upload.Payload;
import io.github.camelviamdata.upload.Upload;
import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.ClientCall;
import io.grpc.ClientStreamTracer;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.Status;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a call says of the request when gRPC calls back in an unusual order. */
class UploadCallTest {

    private static final ByteString BYTES = ByteString.copyFromUtf8("x");

    /** Its calls run an event while gRPC's sending methods run, and are answered with an error. */
    private static final class StubChannel extends Channel {

        private final Consumer<StubChannel> whileSending;
        private final Consumer<StubChannel> whileHalfClosing;
        private ClientStreamTracer tracer;
        private ClientCall.Listener<?> listener;

        StubChannel(Consumer<StubChannel> whileSending, Consumer<StubChannel> whileHalfClosing) {
            this.whileSending = whileSending;
            this.whileHalfClosing = whileHalfClosing;
        }

        void ready() {
            listener.onReady();
        }

        void answer() {
            tracer.inboundTrailers(new Metadata());
            listener.onClose(Status.UNAVAILABLE, new Metadata());
        }

        void reset() {
            listener.onClose(Status.UNAVAILABLE, new Metadata());
        }

        @Override
        public <Q, R> ClientCall<Q, R> newCall(MethodDescriptor<Q, R> method, CallOptions options) {
            tracer = options.getStreamTracerFactories()
                    .get(0)
                    .newClientStreamTracer(
                            ClientStreamTracer.StreamInfo.newBuilder().build(), new Metadata());
            return new ClientCall<>() {
                @Override
                public void start(Listener<R> responses, Metadata headers) {
                    listener = responses;
                    tracer.outboundHeaders();
                }

                @Override
                public void sendMessage(Q message) {
                    tracer.outboundMessage(0);
                    whileSending.accept(StubChannel.this);
                }

                @Override
                public void request(int messages) {}

                @Override
                public void halfClose() {
                    whileHalfClosing.accept(StubChannel.this);
                }

                @Override
                public void cancel(String message, Throwable cause) {}
            };
        }

        @Override
        public String authority() {
            return "localhost";
        }
    }

    /** gRPC says only later, or never, that the request has left. */
    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void anAnswerThatOvertakesTheSendingThreadLeavesTheDeliveryUnknown(boolean answersWhileSending) {
        StubChannel channel = new StubChannel(call -> {}, answersWhileSending ? StubChannel::answer : call -> {});
        CompletableFuture<CallOutcome> outcome = send(channel);
        if (!answersWhileSending) {
            channel.answer();
        }

        assertThat(outcome).isCompleted();
        assertThat(outcome.join().delivery()).isEqualTo(ViamDataDelivery.unknown);
        assertThat(outcome.join().bytesSent()).isEqualTo(1);
    }

    /** Where the connection is open already, the stream is opened while the message is copied, and is ready until it is queued. */
    @Test
    void aStreamThatIsReadyBeforeTheEndOfTheMessageDoesNotMeanThatItHasLeft() throws InterruptedException {
        StubChannel channel = new StubChannel(StubChannel::ready, call -> {});
        CompletableFuture<CallOutcome> outcome = send(channel);
        // A unary request counts as sent for a second.
        Thread.sleep(1_100);
        channel.reset();

        assertThat(outcome.join().delivery()).isEqualTo(ViamDataDelivery.notSent);
    }

    @Test
    void aStreamThatIsReadyAfterTheEndOfTheMessageMeansThatItHasLeft() throws InterruptedException {
        StubChannel channel = new StubChannel(call -> {}, call -> {});
        CompletableFuture<CallOutcome> outcome = send(channel);
        channel.ready();
        Thread.sleep(1_100);
        channel.reset();

        assertThat(outcome.join().delivery()).isEqualTo(ViamDataDelivery.unknown);
    }

    private static CompletableFuture<CallOutcome> send(Channel channel) {
        CompletableFuture<CallOutcome> outcome = new CompletableFuture<>();
        UploadCall<?, ?> call = new UploadCall<>(UploadRpc.UNARY, channel, CallOptions.DEFAULT, outcome);
        Payload payload = Payload.of(BYTES);
        call.start(Upload.of(UploadMetadata.getDefaultInstance(), SensorMetadata.getDefaultInstance(), payload), BYTES);
        call.halfClose();
        return outcome;
    }
}
