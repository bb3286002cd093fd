// Copyright the camel-viamdata authors. SPDX-License-Identifier: Apache-2.0
package io.github.camelviamdata.client;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.Any;
import com.google.rpc.Code;
import com.google.rpc.RetryInfo;
import io.grpc.Metadata;
import io.grpc.Status;
import java.time.Duration;
import org.junit.jupiter.api.Test;

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
}
