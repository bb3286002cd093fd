// Copyright the camel-viamdata authors. SPDX-License-Identifier: Apache-2.0
package io.github.camelviamdata.client;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.camelviamdata.ViamDataUploadMode;
import java.time.Duration;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Settings that no upload can be made with are refused by their names, also where no endpoint has checked them. */
class SettingsRangesTest {

    private static final Duration SECOND = Duration.ofSeconds(1);

    private static long value(String name, String wrong, long wrongValue, long good) {
        return name.equals(wrong) ? wrongValue : good;
    }

    @ParameterizedTest
    @CsvSource({
        "streamingThreshold, -1",
        "chunkSize, 0",
        "chunkSize, -5",
        "requestTimeout, 0",
        "idleTimeout, 0",
        "maxAttempts, 0",
        "retryDelay, -1",
        "maxRetryDelay, -1",
        "maxInFlightWait, -1"
    })
    void ofUploadsAreChecked(String name, long value) {
        assertThatThrownBy(() -> new UploadSettings(
                        ViamDataUploadMode.auto,
                        (int) value("streamingThreshold", name, value, 1000),
                        (int) value("chunkSize", name, value, 1024),
                        Duration.ofMillis(value("requestTimeout", name, value, 1000)),
                        Duration.ofMillis(value("idleTimeout", name, value, 1000)),
                        (int) value("maxAttempts", name, value, 1),
                        Duration.ofMillis(value("retryDelay", name, value, 1)),
                        Duration.ofMillis(value("maxRetryDelay", name, value, 1)),
                        Duration.ofMillis(value("maxInFlightWait", name, value, 0))))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(name);
    }

    @ParameterizedTest
    @CsvSource({"port, 0", "port, 65536", "connections, 0", "maxInFlight, 0", "shutdownTimeout, -1"})
    void ofClientsAreChecked(String name, long value) {
        assertThatThrownBy(() -> new ClientSettings(
                        "localhost",
                        (int) value("port", name, value, 443),
                        true,
                        null,
                        new Credential.None(),
                        (int) value("connections", name, value, 1),
                        (int) value("maxInFlight", name, value, 1),
                        SECOND,
                        SECOND,
                        Duration.ofMillis(value("shutdownTimeout", name, value, 0))))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(name);
    }
}
