// Copyright the camel-viamdata authors. SPDX-License-Identifier: Apache-2.0
package io.github.camelviamdata.client;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
import java.util.Optional;

/** Whatever an access token says of its life, it is told or not, and never for longer than ten years. */
class TokenLifeJazzerTest {

    @FuzzTest
    void anyTokenHasALifeOrNone(byte[] claims) {
        for (String part : new String[] {
            new String(claims, StandardCharsets.ISO_8859_1),
            Base64.getUrlEncoder().encodeToString(claims)
        }) {
            Optional<Duration> life = TokenLife.of("header." + part + ".signature");

            life.ifPresent(time -> assertThat(time).isBetween(Duration.ZERO, Duration.ofDays(3650)));
        }
    }
}
