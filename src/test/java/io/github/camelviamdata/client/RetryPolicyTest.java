// Copyright the camel-viamdata authors. SPDX-License-Identifier: Apache-2.0
package io.github.camelviamdata.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.github.camelviamdata.client.CallOutcome.UploadIds;
import io.github.camelviamdata.client.RetryPolicy.Backoff;
import io.github.camelviamdata.client.RetryPolicy.Pause;
import io.github.camelviamdata.client.RetryPolicy.Tried;
import io.grpc.Metadata;
import io.grpc.Status;
import java.io.IOException;
import java.time.Duration;
import java.util.Random;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** Whether there is another attempt, and when: no thread, no clock. */
class RetryPolicyTest {

    private static final RetryPolicy POLICY =
            new RetryPolicy(4, new Backoff(Duration.ofMillis(200), Duration.ofMillis(5000)));
    private static final Tried ONCE = new Tried(1, true, false);

    private static CallOutcome failed(Status status, String pushBackMillis) {
        Metadata trailers = new Metadata();
        if (pushBackMillis != null) {
            trailers.put(Metadata.Key.of("grpc-retry-pushback-ms", Metadata.ASCII_STRING_MARSHALLER), pushBackMillis);
        }
        return CallOutcome.failed(status, trailers, 10, true, true);
    }

    @ParameterizedTest
    @EnumSource(Status.Code.class)
    void onlyWhatCanPassIsTriedAgain(Status.Code code) {
        boolean passes = switch (code) {
            case UNAVAILABLE, INTERNAL, UNKNOWN, CANCELLED, ABORTED, DATA_LOSS, DEADLINE_EXCEEDED, RESOURCE_EXHAUSTED ->
                true;
            default -> false;
        };
        assertThat(POLICY.next(failed(code.toStatus(), null), ONCE).isPresent()).isEqualTo(passes);
    }

    /** As gRPC makes it of an HTTP 404. */
    @Test
    void unimplementedIsFinalOnlyAsAnAnswerOfTheService() {
        CallOutcome byProxy = CallOutcome.failed(Status.UNIMPLEMENTED, new Metadata(), 10, true, false);

        assertThat(POLICY.next(byProxy, ONCE)).isPresent();
        assertThat(POLICY.next(failed(Status.UNIMPLEMENTED, null), ONCE)).isEmpty();
    }

    @Test
    void thereAreNoMoreAttemptsThanAllowed() {
        CallOutcome outcome = failed(Status.UNAVAILABLE, null);

        assertThat(POLICY.next(outcome, new Tried(3, true, false))).isPresent();
        assertThat(POLICY.next(outcome, new Tried(4, true, false))).isEmpty();
    }

    @Test
    void aBodyThatCannotBeReadAgainIsNotTriedAgain() {
        assertThat(POLICY.next(failed(Status.UNAVAILABLE, null), new Tried(1, false, false)))
                .isEmpty();
        assertThat(POLICY.next(failed(Status.UNAUTHENTICATED, null), new Tried(1, false, true)))
                .isEmpty();
        assertThat(POLICY.next(CallOutcome.unreadable(new IOException(), 0), ONCE))
                .isEmpty();
    }

    @Test
    void aRefusedTokenIsReplacedAtOnceAndOnce() {
        CallOutcome outcome = failed(Status.UNAUTHENTICATED, null);

        assertThat(POLICY.next(outcome, new Tried(4, true, true))).contains(Pause.NONE);
        assertThat(POLICY.next(outcome, new Tried(1, true, false))).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({"100, true", "5000, true", "5001, false", "-1, false", "soon, false"})
    void theServiceDecidesWhenButNotBeyondTheLongestPause(String pushBack, boolean again) {
        assertThat(POLICY.next(failed(Status.UNAVAILABLE, pushBack), ONCE).isPresent())
                .isEqualTo(again);
    }

    @Test
    void aPauseIsNoShorterThanAsked() {
        Pause pause = POLICY.next(failed(Status.UNAVAILABLE, "4000"), ONCE).orElseThrow();

        assertThat(pause.draw(new Random(1))).isEqualTo(Duration.ofMillis(4000));
    }

    @ParameterizedTest
    @CsvSource({"1, 200", "2, 400", "3, 800", "4, 1600", "5, 3200", "6, 5000", "7, 5000", "99, 5000"})
    void anyPauseUpToTheLimitIsAsLikely(int attempts, long limitMillis) {
        Pause pause = new RetryPolicy(100, POLICY.backoff())
                .next(failed(Status.UNAVAILABLE, null), new Tried(attempts, true, false))
                .orElseThrow();
        Random random = new Random(20261122);
        long limit = Duration.ofMillis(limitMillis).toNanos();
        long[] tenths = new long[10];
        for (int i = 0; i < 10_000; i++) {
            long drawn = pause.draw(random).toNanos();
            assertThat(drawn).isBetween(0L, limit);
            tenths[(int) Math.min(9, drawn * 10 / limit)]++;
        }

        // Some four standard deviations of 1000 hits in each tenth.
        assertThat(LongStream.of(tenths).boxed())
                .allSatisfy(hits -> assertThat(hits).isCloseTo(1000L, within(120L)));
    }

    @Test
    void theLongestDelaysDoNotOverflow() {
        Backoff centuries = new Backoff(Duration.ofDays(365 * 200), Duration.ofDays(365 * 290));
        for (int failures = 1; failures <= 100; failures++) {
            assertThat(new Pause(Duration.ZERO, centuries.limit(failures)).draw(new Random(failures)))
                    .isBetween(Duration.ZERO, Duration.ofDays(365 * 290));
        }
    }

    /** Where the data is, as the outcome of one call shows it. */
    @ParameterizedTest
    @CsvSource({
        "UNAVAILABLE, true, false, , unknown",
        "UNAVAILABLE, false, false, , notSent",
        "UNAVAILABLE, true, true, , unknown",
        "UNAVAILABLE, true, true, 100, refused",
        "RESOURCE_EXHAUSTED, true, true, , refused",
        "RESOURCE_EXHAUSTED, true, false, , unknown",
        "INVALID_ARGUMENT, true, true, , refused",
        "UNIMPLEMENTED, true, false, , refused",
        "INVALID_ARGUMENT, false, false, , notSent",
        "DEADLINE_EXCEEDED, true, true, , unknown"
    })
    void deliveryFollowsFromTheOutcome(
            Status.Code code, boolean sentAll, boolean answered, String pushBack, String delivery) {
        Metadata trailers = new Metadata();
        if (pushBack != null) {
            trailers.put(Metadata.Key.of("grpc-retry-pushback-ms", Metadata.ASCII_STRING_MARSHALLER), pushBack);
        }
        CallOutcome outcome = CallOutcome.failed(code.toStatus(), trailers, 10, sentAll, answered);

        assertThat(outcome.delivery().name()).isEqualTo(delivery);
    }

    @Test
    void anAnswerToAPartIsNoSuccess() {
        assertThat(CallOutcome.completed(new UploadIds("f", "b"), 10, false)
                        .status()
                        .getCode())
                .isEqualTo(Status.Code.INTERNAL);
        assertThat(CallOutcome.completed(null, 10, true).status().getCode()).isEqualTo(Status.Code.INTERNAL);
        assertThat(CallOutcome.completed(new UploadIds("f", "b"), 10, true)
                        .status()
                        .isOk())
                .isTrue();
    }
}
