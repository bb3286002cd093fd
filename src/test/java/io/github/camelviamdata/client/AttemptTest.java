// Copyright the camel-viamdata authors. SPDX-License-Identifier: Apache-2.0
package io.github.camelviamdata.client;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.camelviamdata.ViamDataDelivery;
import io.github.camelviamdata.client.StubChannel.Moment;
import io.github.camelviamdata.upload.Upload;
import io.grpc.Status;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What an attempt says of the request when it is cancelled in the middle of the sending. */
class AttemptTest {

    @ParameterizedTest
    @EnumSource(Moment.class)
    void whatIsNotSentIsNeverSentAfterwards(Moment moment) {
        AtomicReference<Attempt> attempt = new AtomicReference<>();
        StubChannel channel = new StubChannel()
                .at(
                        moment,
                        cancelled -> attempt.get().cancel(Status.CANCELLED.withDescription("the client was closed")));
        Upload upload = UploadCallTest.upload();
        attempt.set(new Attempt(
                new ClientThreads(Runnable::run, null),
                channel,
                null,
                upload,
                upload.payload(),
                UploadSeriesTest.ONCE,
                null));

        attempt.get().start();

        CallOutcome outcome = attempt.get().outcome.join();
        assertThat(outcome.status().getDescription()).isEqualTo("the client was closed");
        assertThat(outcome.delivery())
                .isEqualTo(channel.isMessageSent() ? ViamDataDelivery.unknown : ViamDataDelivery.notSent);
    }
}
