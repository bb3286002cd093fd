// Copyright the camel-viamdata authors. SPDX-License-Identifier: Apache-2.0
package io.github.camelviamdata.client;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.grpc.Metadata;
import io.grpc.Status;
import java.nio.charset.StandardCharsets;
import java.time.Duration;

/** However a service says how long to wait, the wait has bounds. */
class PushBackJazzerTest {

    private static final Metadata.Key<String> MILLIS =
            Metadata.Key.of("grpc-retry-pushback-ms", Metadata.ASCII_STRING_MARSHALLER);
    private static final Metadata.Key<byte[]> DETAILS =
            Metadata.Key.of("grpc-status-details-bin", Metadata.BINARY_BYTE_MARSHALLER);

    @FuzzTest
    void anyPushBackHasBounds(byte[] value) {
        Metadata millis = new Metadata();
        millis.put(MILLIS, new String(value, StandardCharsets.ISO_8859_1));
        assertBounds(millis);

        Metadata details = new Metadata();
        details.put(DETAILS, value);
        assertBounds(details);
    }

    private static void assertBounds(Metadata trailers) {
        PushBack pushBack = PushBack.of(Status.UNAVAILABLE.asRuntimeException(trailers));

        assertThat(pushBack.delay()).isBetween(Duration.ZERO, Duration.ofDays(3650));
        assertThat(pushBack.delay().toNanos()).isNotNegative();
    }
}
