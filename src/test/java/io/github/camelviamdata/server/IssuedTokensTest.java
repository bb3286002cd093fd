// Copyright the camel-viamdata authors. SPDX-License-Identifier: Apache-2.0
package io.github.camelviamdata.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

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

    private IssuedTokens tokens(String apiKey) {
        return new IssuedTokens(ApiKeys.of(apiKey), clock, Duration.ofSeconds(60));
    }

    @Test
    void aTokenIsValidForItsLifetimeAndNoLonger() {
        IssuedTokens tokens = tokens("id=key");
        String token = tokens.issue("id");

        now = now.plusMillis(59_999);
        assertThat(tokens.verify(token)).contains("id");
        now = now.plusMillis(1);
        assertThat(tokens.verify(token)).isEmpty();
    }

    @Test
    void aServerWithTheSameKeyAcceptsIt() {
        String token = tokens("id=key,other=one").issue("id");

        assertThat(tokens("id=key,other=one").verify(token)).contains("id");
        // Keys come and go one by one, on one replica before the other.
        assertThat(tokens("more=keys,id=key").verify(token)).contains("id");
    }

    @Test
    void aChangedOrRemovedKeyEndsIt() {
        String token = tokens("id=key,other=one").issue("id");

        assertThat(tokens("id=changed,other=one").verify(token)).isEmpty();
        assertThat(tokens("other=one").verify(token)).isEmpty();
        assertThat(tokens("other=key").verify(token)).isEmpty();
    }

    @Test
    void whoKnowsOneKeyCannotSignForAnother() {
        String token = tokens("id=key").issue("id");
        String payload = encode("{\"sub\":\"other\",\"exp\":9999999999}");
        String signed = token.substring(0, token.indexOf('.')) + "." + payload;
        String signature = Base64.getUrlEncoder()
                .withoutPadding()
                .encodeToString(
                        Hkdf.hmac(ApiKeys.of("id=key").tokenSecret("id"), signed.getBytes(StandardCharsets.UTF_8)));

        assertThat(tokens("id=key,other=one").verify(signed + "." + signature)).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "x",
                "null",
                "[]",
                "{}",
                "{\"sub\":\"id\"}",
                "{\"exp\":9999999999}",
                "{\"sub\":1,\"exp\":9999999999}",
                "{\"sub\":\"id\",\"exp\":\"x\"}",
                "{\"sub\":null,\"exp\":null}",
                "{\"sub\":\"id\",\"exp\":1e999}",
                "{\"sub\""
            })
    void whatIsNoTokenIsNotValid(String payload) {
        String header = tokens("id=key").issue("id").split("\\.")[0];
        for (String token : List.of(
                header + "." + encode(payload) + ".x",
                header + "." + payload + ".x",
                header + "." + payload,
                payload)) {
            assertThat(tokens("id=key").verify(token)).isEmpty();
        }
    }

    @Test
    void nestingThatNeverEndsIsNotValid() {
        String header = tokens("id=key").issue("id").split("\\.")[0];

        assertThat(tokens("id=key").verify(header + "." + encode("[".repeat(100_000)) + ".x"))
                .isEmpty();
    }

    private static String encode(String text) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(text.getBytes(StandardCharsets.UTF_8));
    }

    /** RFC 5869, appendix A.1: its first block. */
    @Test
    void derivesAsTheRfcDoes() {
        HexFormat hex = HexFormat.of();

        assertThat(hex.formatHex(Hkdf.derive(
                        hex.parseHex("0b".repeat(22)),
                        hex.parseHex("000102030405060708090a0b0c"),
                        hex.parseHex("f0f1f2f3f4f5f6f7f8f9"))))
                .isEqualTo("3cb25f25faacd57a90434f64d0362f2a2d2d0a90cf1a5a4c5db02d56ecc4c5bf");
    }
}
