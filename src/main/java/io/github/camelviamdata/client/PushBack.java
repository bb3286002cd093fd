// Copyright the camel-viamdata authors. SPDX-License-Identifier: Apache-2.0
package io.github.camelviamdata.client;

import com.google.protobuf.Any;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.rpc.RetryInfo;
import io.grpc.Metadata;
import io.grpc.Status;
import io.grpc.protobuf.StatusProto;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeFormatter;

/**
 * The pause that a service asks for before the next attempt, in one of the two forms that gRPC services use: the
 * trailer {@code grpc-retry-pushback-ms} (gRFC A6) or a {@code google.rpc.RetryInfo} in the status details; or in that of HTTP.
 *
 * @param noRetry whether the service asks for no further attempt at all
 * @param delay the shortest wait before the next attempt, zero where the service asks for none
 */
record PushBack(boolean noRetry, Duration delay) {

    static final PushBack NONE = new PushBack(false, Duration.ZERO);

    // Longer than any maxRetryDelay, and in the range of each time unit.
    private static final Duration MAX_DELAY = Duration.ofDays(3650);

    private static final Metadata.Key<String> PUSHBACK_MS =
            Metadata.Key.of("grpc-retry-pushback-ms", Metadata.ASCII_STRING_MARSHALLER);

    static PushBack of(Throwable error) {
        Metadata trailers = Status.trailersFromThrowable(error);
        if (trailers == null) {
            return NONE;
        }
        String millis = trailers.get(PUSHBACK_MS);
        if (millis != null) {
            return of(millis);
        }
        try {
            return of(StatusProto.fromThrowable(error));
        } catch (IllegalArgumentException e) {
            // The details are no google.rpc.Status, or its code is not that of the call.
            return NONE;
        }
    }

    private static PushBack of(String millis) {
        try {
            long delay = Long.parseLong(millis);
            return new PushBack(delay < 0, bounded(Duration.ofMillis(delay)));
        } catch (NumberFormatException e) {
            // gRFC A6: a value that cannot be parsed means no further attempt.
            return new PushBack(true, Duration.ZERO);
        }
    }

    /**
     * Of an answer over HTTP.
     *
     * @param header Retry-After, as seconds or as a date (RFC 9110, section 10.2.3); anything else asks for no pause
     */
    static PushBack retryAfter(String header, Instant now) {
        String text = header.strip();
        try {
            Duration wait = text.matches("\\d{1,18}")
                    ? Duration.ofSeconds(Long.parseLong(text))
                    : Duration.between(now, DateTimeFormatter.RFC_1123_DATE_TIME.parse(text, Instant::from));
            return new PushBack(false, bounded(wait));
        } catch (DateTimeException e) {
            return NONE;
        }
    }

    private static PushBack of(com.google.rpc.Status status) {
        for (Any detail : status.getDetailsList()) {
            if (detail.is(RetryInfo.class)) {
                try {
                    com.google.protobuf.Duration delay =
                            detail.unpack(RetryInfo.class).getRetryDelay();
                    Duration wait = Duration.ofSeconds(delay.getSeconds(), delay.getNanos());
                    return new PushBack(false, bounded(wait));
                } catch (InvalidProtocolBufferException | ArithmeticException e) {
                    return NONE;
                }
            }
        }
        return NONE;
    }

    private static Duration bounded(Duration wait) {
        if (wait.isNegative()) {
            return Duration.ZERO;
        }
        return wait.compareTo(MAX_DELAY) > 0 ? MAX_DELAY : wait;
    }
}
