// Copyright the camel-viamdata authors. SPDX-License-Identifier: Apache-2.0
package io.github.camelviamdata.client;

import io.github.camelviamdata.ViamDataUploadMode;
import io.github.camelviamdata.upload.Upload;
import java.time.Duration;

/**
 * How to upload. No value is null, and there are no defaults. The options of an endpoint, from which it takes these values, have
 * defaults and narrower ranges.
 *
 * @param uploadMode whether to send one message or a stream
 * @param streamingThreshold largest payload in bytes that {@code auto} sends in one message, from 0
 * @param chunkSize payload bytes in each message of a stream, from 1; the service takes messages up to 4 MiB
 * @param requestTimeout how long to wait for an answer, above zero
 * @param idleTimeout how long the body may deliver no bytes, or the service accept none, above zero
 * @param maxAttempts maximum number of calls for each request, from 1
 * @param retryDelay longest wait before the first retry, from zero
 * @param maxRetryDelay limit to the longest wait before a retry, from zero
 * @param maxInFlightWait how long to hold the caller while too many uploads are in flight, from zero
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

    /** Largest payload in bytes that {@code unary} sends: it is held in memory, twice. */
    static final int MAX_UNARY = 16 * 1024 * 1024;

    /**
     * @throws IllegalArgumentException if a value is null or out of range; the text names it
     */
    public UploadSettings {
        ClientSettings.check("uploadMode", uploadMode, uploadMode != null);
        ClientSettings.check("streamingThreshold", streamingThreshold, streamingThreshold >= 0);
        ClientSettings.check("chunkSize", chunkSize, chunkSize >= 1);
        ClientSettings.check("requestTimeout", requestTimeout, ClientSettings.isPositive(requestTimeout));
        ClientSettings.check("idleTimeout", idleTimeout, ClientSettings.isPositive(idleTimeout));
        ClientSettings.check("maxAttempts", maxAttempts, maxAttempts >= 1);
        ClientSettings.check("retryDelay", retryDelay, ClientSettings.isNotNegative(retryDelay));
        ClientSettings.check("maxRetryDelay", maxRetryDelay, ClientSettings.isNotNegative(maxRetryDelay));
        ClientSettings.check("maxInFlightWait", maxInFlightWait, ClientSettings.isNotNegative(maxInFlightWait));
    }

    RetryPolicy retryPolicy() {
        return new RetryPolicy(maxAttempts, new RetryPolicy.Backoff(retryDelay, maxRetryDelay));
    }

    /** The largest payload to send in one message; negative, and so below any length, where it has to be a stream. */
    int unaryLimit(Upload upload) {
        if (upload.isFile() || uploadMode == ViamDataUploadMode.streaming) {
            return Integer.MIN_VALUE;
        }
        return uploadMode == ViamDataUploadMode.unary ? MAX_UNARY : streamingThreshold;
    }
}
