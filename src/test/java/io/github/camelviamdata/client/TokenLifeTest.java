// Copyright the camel-viamdata authors. SPDX-License-Identifier: Apache-2.0
package io.github.camelviamdata.client;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The life of a token is bounded, whatever it says. */
class TokenLifeTest {

    @ParameterizedTest
    @CsvSource({
        "1700003600, 1700000000, 3600",
        "1e300, -1, 315360000",
        "9223372036854775807, -9223372036854775808, 315360000",
        "-9223372036854775808, 9223372036854775807, 0",
        "1e999, 1e999, 0"
    })
    void lifeIsBounded(String expiry, String issued, long seconds) {
        String claims = "{\"exp\":" + expiry + ",\"iat\":" + issued + "}";
        String token = "a." + Base64.getUrlEncoder().encodeToString(claims.getBytes(StandardCharsets.UTF_8)) + ".b";

        assertThat(TokenLife.of(token)).contains(Duration.ofSeconds(seconds));
    }
}
