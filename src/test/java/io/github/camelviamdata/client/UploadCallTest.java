// Copyright the camel-viamdata authors. SPDX-License-Identifier: Apache-2.0
package io.github.camelviamdata.client;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import io.github.camelviamdata.ViamDataDelivery;
import io.github.camelviamdata.client.StubChannel.Moment;
import io.github.camelviamdata.proto.datasync.v1.SensorMetadata;
import io.github.camelviamdata.proto.datasync.v1.UploadMetadata;
import io.github.camelviamdata.upload.Payload;
import io.github.camelviamdata.upload.Upload;
import io.grpc.CallOptions;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What a call says of the request when gRPC calls back in an unusual order. */
class UploadCallTest {

    private static final ByteString BYTES = ByteString.copyFromUtf8("x");

    /** A request counts as sent for so long after it was copied. */
    private static final int UNCERTAIN_MILLIS = 1_100;

    /** gRPC says only later, or never, that the request has left. */
    @ParameterizedTest
    @EnumSource(
            value = Moment.class,
            names = {"COPYING", "COPIED", "HALF_CLOSING"})
    void anAnswerThatOvertakesTheSendingThreadLeavesTheDeliveryUnknown(Moment moment) {
        StubChannel channel = new StubChannel(true).at(moment, StubChannel::answer);

        CallOutcome outcome = send(channel).join();

        assertThat(outcome.delivery()).isEqualTo(ViamDataDelivery.unknown);
        assertThat(outcome.bytesSent()).isEqualTo(1);
    }

    @Test
    void aLossRightAfterTheSendingLeavesTheDeliveryUnknown() {
        StubChannel channel = new StubChannel(true);
        CompletableFuture<CallOutcome> outcome = send(channel);
        channel.reset();

        assertThat(outcome.join().delivery()).isEqualTo(ViamDataDelivery.unknown);
    }

    /** Where the connection is open already, the stream may be opened while the message is copied, and is ready until it is queued. */
    @Test
    void aStreamThatIsReadyWhileTheMessageIsCopiedDoesNotMeanThatItHasLeft() throws InterruptedException {
        assertThat(deliveryOfLaterLoss(new StubChannel(true).at(Moment.COPYING, StubChannel::ready)))
                .isEqualTo(ViamDataDelivery.notSent);
    }

    /** gRPC lets a message leave as soon as it is copied, and says so once, however far the sending thread has come. */
    @ParameterizedTest
    @EnumSource(
            value = Moment.class,
            names = {"COPIED", "HALF_CLOSING"})
    void aStreamThatIsReadyOnceTheMessageIsCopiedMeansThatItHasLeft(Moment moment) throws InterruptedException {
        assertThat(deliveryOfLaterLoss(new StubChannel(true).at(moment, StubChannel::ready)))
                .isEqualTo(ViamDataDelivery.unknown);
    }

    @Test
    void aRequestThatStaysInTheQueueIsNotSent() throws InterruptedException {
        assertThat(deliveryOfLaterLoss(new StubChannel(true))).isEqualTo(ViamDataDelivery.notSent);
    }

    private static ViamDataDelivery deliveryOfLaterLoss(StubChannel channel) throws InterruptedException {
        CompletableFuture<CallOutcome> outcome = send(channel);
        Thread.sleep(UNCERTAIN_MILLIS);
        channel.reset();
        return outcome.join().delivery();
    }

    private static CompletableFuture<CallOutcome> send(StubChannel channel) {
        CompletableFuture<CallOutcome> outcome = new CompletableFuture<>();
        new UploadCall<>(UploadRpc.UNARY, channel, CallOptions.DEFAULT, outcome).sendWhole(upload(), BYTES);
        return outcome;
    }

    static Upload upload() {
        return Upload.of(UploadMetadata.getDefaultInstance(), SensorMetadata.getDefaultInstance(), Payload.of(BYTES));
    }
}
