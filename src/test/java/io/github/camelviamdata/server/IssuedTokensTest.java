// Copyright the camel-viamdata authors. SPDX-License-Identifier: Apache-2.0
package io.github.camelviamdata.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import org.junit.jupiter.api.Test;

class IssuedTokensTest {

    private Instant now = Instant.parse("2026-11-22T00:00:00Z");

    private final Clock clock = new Clock() {
        @Override
        public Instant instant() {
            return now;
        }

        @Override
        public ZoneId getZone() {
            return ZoneId.of("UTC");
        }

        @Override
        public Clock withZone(ZoneId zone) {
            return this;
        }
    };

    @Test
    void aTokenIsGoodForItsLifetimeAndNoLonger() {
        IssuedTokens tokens = new IssuedTokens(clock, Duration.ofSeconds(60));
        String token = tokens.issue("id");

        now = now.plusMillis(59_999);
        assertThat(tokens.isValid(token)).isTrue();
        now = now.plusMillis(1);
        assertThat(tokens.isValid(token)).isFalse();
    }
}
