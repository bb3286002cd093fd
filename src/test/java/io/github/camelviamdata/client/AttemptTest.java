// Copyright the camel-viamdata authors. SPDX-License-Identifier: Apache-2.0
package io.github.camelviamdata.client;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.camelviamdata.ViamDataDelivery;
import io.github.camelviamdata.client.StubChannel.Moment;
import io.github.camelviamdata.upload.Upload;
import io.grpc.Status;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What an attempt says of the request when it is cancelled in the middle of the sending. */
@Timeout(60)
class AttemptTest {

    private static final Status CANCELLED = Status.CANCELLED.withDescription("the client was closed");

    static Stream<Arguments> moments() {
        return Stream.of(Moment.values())
                .flatMap(moment -> Stream.of(Arguments.of(moment, true), Arguments.of(moment, false)));
    }

    @ParameterizedTest
    @MethodSource("moments")
    void whatIsCancelledOnItsWayIsNotToldAsNotSent(Moment moment, boolean reportsHeaders) {
        AtomicReference<Attempt> attempt = new AtomicReference<>();
        StubChannel channel = new StubChannel(reportsHeaders)
                .at(moment, cancelled -> attempt.get().cancel(CANCELLED));
        attempt.set(attempt(channel));

        attempt.get().start();

        assertThat(attempt.get().outcome.join().status()).isEqualTo(CANCELLED);
        checkDelivery(attempt.get(), channel);
    }

    /** The two threads meet at each of the steps between the making of the call and its first message. */
    @Test
    void nothingIsSentThatAnotherThreadHasEndedAsNotSent() throws Exception {
        ExecutorService other = Executors.newSingleThreadExecutor();
        try {
            for (int i = 0; i < 20_000; i++) {
                CountDownLatch made = new CountDownLatch(1);
                StubChannel channel = new StubChannel(true).at(Moment.CALL_MADE, now -> made.countDown());
                Attempt attempt = attempt(channel);
                Future<?> cancelled = other.submit(() -> {
                    while (made.getCount() > 0) {
                        Thread.onSpinWait();
                    }
                    attempt.cancel(CANCELLED);
                });
                attempt.start();
                cancelled.get();

                assertThat(attempt.outcome).isCompleted();
                checkDelivery(attempt, channel);
            }
        } finally {
            other.shutdownNow();
        }
    }

    private static void checkDelivery(Attempt attempt, StubChannel channel) {
        assertThat(attempt.outcome.join().delivery())
                .isEqualTo(channel.isMessageSent() ? ViamDataDelivery.unknown : ViamDataDelivery.notSent);
    }

    private static Attempt attempt(StubChannel channel) {
        Upload upload = UploadCallTest.upload();
        return new Attempt(
                new ClientThreads(Runnable::run, null),
                channel,
                null,
                upload,
                upload.payload(),
                UploadSeriesTest.ONCE,
                null);
    }
}
