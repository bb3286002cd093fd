// Copyright the camel-viamdata authors. SPDX-License-Identifier: Apache-2.0
package io.github.camelviamdata.client;

import io.github.camelviamdata.ViamDataUploadMode;
import java.time.Duration;
import java.util.random.RandomGenerator;

/**
 * How to carry out an upload.
 *
 * @param uploadMode whether to send one message or a stream
 * @param streamingThreshold largest payload in bytes that {@code auto} sends in one message
 * @param chunkSize payload bytes in each message of a stream
 * @param requestTimeout how long to wait for an answer
 * @param idleTimeout how long a stream may stand still
 * @param maxAttempts how many calls to make at the most, from 1
 * @param retryDelay longest wait before the first retry
 * @param maxRetryDelay limit to the longest wait before a retry
 * @param maxInFlightWait how long to hold the caller while too many uploads are under way
 */
public record UploadSettings(
        ViamDataUploadMode uploadMode,
        int streamingThreshold,
        int chunkSize,
        Duration requestTimeout,
        Duration idleTimeout,
        int maxAttempts,
        Duration retryDelay,
        Duration maxRetryDelay,
        Duration maxInFlightWait) {

    /** The wait after so many attempts: exponential with full jitter, a random part of a limit that doubles. */
    Duration backoff(int attempts, RandomGenerator random) {
        long most = maxRetryDelay.toNanos();
        long limit = retryDelay.toNanos();
        for (int i = 1; i < attempts && limit < most; i++) {
            limit = limit > most / 2 ? most : 2 * limit;
        }
        return Duration.ofNanos(random.nextLong(limit + 1));
    }
}
