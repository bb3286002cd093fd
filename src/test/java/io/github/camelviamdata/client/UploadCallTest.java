// Copyright the camel-viamdata authors. SPDX-License-Identifier: Apache-2.0
package io.github.camelviamdata.client;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import io.github.camelviamdata.ViamDataDelivery;
import io.github.camelviamdata.message.Payload;
import io.github.camelviamdata.message.Upload;
import io.github.camelviamdata.proto.datasync.v1.SensorMetadata;
import io.github.camelviamdata.proto.datasync.v1.UploadMetadata;
import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.ClientCall;
import io.grpc.ClientStreamTracer;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.Status;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** What a call says of the request when gRPC calls back in an unusual order. */
class UploadCallTest {

    private static final ByteString BYTES = ByteString.copyFromUtf8("x");

    /** Its calls are answered, with an error, before {@code sendMessage} returns. */
    private static final class OvertakingChannel extends Channel {

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
                    tracer.inboundTrailers(new Metadata());
                    listener.onClose(Status.UNAVAILABLE, new Metadata());
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

    /**
     * The answer to a unary call is read while the sending thread is in gRPC's {@code sendMessage}: gRPC then says only later, or
     * never, that the request has left.
     */
    @Test
    void anAnswerThatOvertakesTheSendingThreadLeavesTheDeliveryUnknown() {
        CompletableFuture<CallOutcome> outcome = new CompletableFuture<>();
        UploadCall<?, ?> call =
                new UploadCall<>(UploadRpc.UNARY, new OvertakingChannel(), CallOptions.DEFAULT, outcome);

        Payload payload = Payload.of(BYTES);
        call.start(Upload.of(UploadMetadata.getDefaultInstance(), SensorMetadata.getDefaultInstance(), payload), BYTES);
        call.halfClose();

        assertThat(outcome).isCompleted();
        assertThat(outcome.join().delivery()).isEqualTo(ViamDataDelivery.unknown);
        assertThat(outcome.join().bytesSent()).isEqualTo(1);
    }
}
