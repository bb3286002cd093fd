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
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a call says of the request when gRPC calls back in an unusual order. */
class UploadCallTest {

    private static final ByteString BYTES = ByteString.copyFromUtf8("x");

    /** Its calls are answered with an error, and never told that the request has left. */
    private static final class OvertakingChannel extends Channel {

        private final boolean answersWhileSending;
        private Runnable answer;

        OvertakingChannel(boolean answersWhileSending) {
            this.answersWhileSending = answersWhileSending;
        }

        @Override
        public <Q, R> ClientCall<Q, R> newCall(MethodDescriptor<Q, R> method, CallOptions options) {
            ClientStreamTracer tracer = options.getStreamTracerFactories()
                    .get(0)
                    .newClientStreamTracer(
                            ClientStreamTracer.StreamInfo.newBuilder().build(), new Metadata());
            return new ClientCall<>() {
                private Listener<R> listener;

                @Override
                public void start(Listener<R> responses, Metadata headers) {
                    listener = responses;
                    tracer.outboundHeaders();
                }

                @Override
                public void sendMessage(Q message) {
                    tracer.outboundMessage(0);
                    answer = () -> {
                        tracer.inboundTrailers(new Metadata());
                        listener.onClose(Status.UNAVAILABLE, new Metadata());
                    };
                    if (answersWhileSending) {
                        answer.run();
                    }
                }

                @Override
                public void request(int messages) {}

                @Override
                public void halfClose() {}

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
        OvertakingChannel channel = new OvertakingChannel(answersWhileSending);
        CompletableFuture<CallOutcome> outcome = new CompletableFuture<>();
        UploadCall<?, ?> call = new UploadCall<>(UploadRpc.UNARY, channel, CallOptions.DEFAULT, outcome);

        Payload payload = Payload.of(BYTES);
        call.start(Upload.of(UploadMetadata.getDefaultInstance(), SensorMetadata.getDefaultInstance(), payload), BYTES);
        call.halfClose();
        if (!answersWhileSending) {
            channel.answer.run();
        }

        assertThat(outcome).isCompleted();
        assertThat(outcome.join().delivery()).isEqualTo(ViamDataDelivery.unknown);
        assertThat(outcome.join().bytesSent()).isEqualTo(1);
    }
}
