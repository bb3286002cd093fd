// Copyright the camel-viamdata authors. SPDX-License-Identifier: Apache-2.0
package io.github.camelviamdata.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.github.camelviamdata.ViamDataUploadMode;
import java.time.Duration;
import java.util.Random;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Waits before retries: full jitter, any wait from 0 to a limit that doubles. */
class UploadSettingsTest {

    private static UploadSettings settings(Duration retryDelay, Duration maxRetryDelay) {
        Duration any = Duration.ofSeconds(1);
        return new UploadSettings(
                ViamDataUploadMode.auto, 0, 1024, any, any, 100, retryDelay, maxRetryDelay, Duration.ZERO);
    }

    @ParameterizedTest
    @CsvSource({"1, 200", "2, 400", "3, 800", "4, 1600", "5, 3200", "6, 5000", "7, 5000", "99, 5000"})
    void anyWaitUpToTheLimitIsAsLikely(int attempts, long limitMillis) {
        UploadSettings settings = settings(Duration.ofMillis(200), Duration.ofMillis(5000));
        Random random = new Random(20261122);
        long limit = Duration.ofMillis(limitMillis).toNanos();
        int waits = 10_000;
        long[] tenths = new long[10];
        for (int i = 0; i < waits; i++) {
            long wait = settings.backoff(attempts, random).toNanos();
            assertThat(wait).isBetween(0L, limit);
            tenths[(int) Math.min(9, wait * 10 / limit)]++;
        }

        // Some four standard deviations of 1000 hits in each tenth.
        assertThat(LongStream.of(tenths).boxed())
                .allSatisfy(hits -> assertThat(hits).isCloseTo(1000L, within(120L)));
    }

    @Test
    void theLongestDelaysDoNotOverflow() {
        Duration centuries = Duration.ofDays(365 * 200);
        UploadSettings settings = settings(centuries, Duration.ofDays(365 * 290));
        for (int attempts = 1; attempts <= 100; attempts++) {
            assertThat(settings.backoff(attempts, new Random(attempts)))
                    .isBetween(Duration.ZERO, Duration.ofDays(365 * 290));
        }
    }
}
