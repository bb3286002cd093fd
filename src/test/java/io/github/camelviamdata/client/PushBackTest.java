// Copyright the camel-viamdata authors. SPDX-License-Identifier: Apache-2.0
package io.github.camelviamdata.client;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.Any;
import com.google.rpc.Code;
import com.google.rpc.RetryInfo;
import io.grpc.Metadata;
import io.grpc.Status;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a service says badly must not keep the upload from ending. */
class PushBackTest {

    private static PushBack of(byte[] details) {
        Metadata trailers = new Metadata();
        trailers.put(Metadata.Key.of("grpc-status-details-bin", Metadata.BINARY_BYTE_MARSHALLER), details);
        return PushBack.of(Status.UNAVAILABLE.asRuntimeException(trailers));
    }

    private static byte[] details(Code code, long seconds) {
        RetryInfo info = RetryInfo.newBuilder()
                .setRetryDelay(com.google.protobuf.Duration.newBuilder().setSeconds(seconds))
                .build();
        return com.google.rpc.Status.newBuilder()
                .setCode(code.getNumber())
                .addDetails(Any.pack(info))
                .build()
                .toByteArray();
    }

    @Test
    void detailsTellTheWait() {
        assertThat(of(details(Code.UNAVAILABLE, 7))).isEqualTo(new PushBack(false, Duration.ofSeconds(7)));
    }

    @Test
    void detailsOfAnotherStatusDoNotCount() {
        assertThat(of(details(Code.NOT_FOUND, 7))).isEqualTo(PushBack.NONE);
    }

    @Test
    void malformedDetailsDoNotCount() {
        assertThat(of(new byte[] {1, 2, -1})).isEqualTo(PushBack.NONE);
    }

    @Test
    void anyWaitCanBeToldInMilliseconds() {
        assertThat(of(details(Code.UNAVAILABLE, Long.MAX_VALUE)).delay().toMillis())
                .isEqualTo(Duration.ofDays(3650).toMillis());
    }

    /** RFC 9110, 10.2.3: seconds, or a date. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "120 | 120",
                " 0 | 0",
                "99999999999999999 | 315360000",
                "Sun, 01 Mar 2026 06:00:30 GMT | 30",
                "Sun, 01 Mar 2026 05:00:00 GMT | 0",
                "Mon, 01 Mar 9999 05:00:00 GMT | 315360000",
                "-5 | 0",
                "1.5 | 0",
                "soon | 0",
                "'' | 0"
            })
    void retryAfterIsInSecondsOrADate(String header, long seconds) {
        PushBack pushBack = PushBack.retryAfter(header, Instant.parse("2026-03-01T06:00:00Z"));

        assertThat(pushBack).isEqualTo(new PushBack(false, Duration.ofSeconds(seconds)));
    }
}
