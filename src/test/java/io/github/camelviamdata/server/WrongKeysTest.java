// Copyright the camel-viamdata authors. SPDX-License-Identifier: Apache-2.0
package io.github.camelviamdata.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.camelviamdata.support.LogCollector;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class WrongKeysTest {

    private long now = TimeUnit.DAYS.toNanos(1);
    private final WrongKeys wrongKeys = new WrongKeys(() -> now);

    private static SocketAddress address(int host, int port) throws UnknownHostException {
        return new InetSocketAddress(
                InetAddress.getByAddress(new byte[] {10, (byte) (host >> 16), (byte) (host >> 8), (byte) host}), port);
    }

    @Test
    void thePauseGrowsToASecond() throws Exception {
        List<Long> pauses = new ArrayList<>();
        for (int i = 0; i < 8; i++) {
            pauses.add(wrongKeys.count(address(1, 1000 + i)));
        }

        assertThat(pauses).containsExactly(50L, 100L, 200L, 400L, 800L, 1000L, 1000L, 1000L);
        assertThat(wrongKeys.count(address(2, 1000))).isEqualTo(50);

        now += TimeUnit.MINUTES.toNanos(11);
        assertThat(wrongKeys.count(address(1, 1000))).isEqualTo(50);
    }

    @Test
    void anAddressHasSoManyAtOnce() throws Exception {
        for (int i = 0; i < WrongKeys.MAX_DELAYED; i++) {
            assertThat(wrongKeys.mustWait(address(1, 2000))).isFalse();
            wrongKeys.count(address(1, i));
        }

        assertThat(wrongKeys.mustWait(address(1, 2000))).isTrue();
        assertThat(wrongKeys.mustWait(address(2, 2000))).isFalse();
        wrongKeys.endDelay(address(1, 5));
        assertThat(wrongKeys.mustWait(address(1, 2000))).isFalse();
    }

    @Test
    void addressesAreForgottenBeyondALimit() throws Exception {
        for (int host = 0; host < 20_000; host++) {
            wrongKeys.count(address(host, 1));
        }

        assertThat(wrongKeys.count(address(0, 1))).isEqualTo(50);
        assertThat(wrongKeys.count(address(19_999, 1))).isEqualTo(100);
    }

    @Test
    void oneLineSaysWhoItWas() throws Exception {
        try (LogCollector log = new LogCollector()) {
            for (int i = 0; i < 1000; i++) {
                wrongKeys.count(address(1, 1234));
            }

            assertThat(log.linesWithoutCamelsOwn())
                    .filteredOn(line -> line.contains("wrong API key"))
                    .hasSize(1)
                    .allMatch(line -> line.startsWith("WARN") && line.contains("10.0.0.1:1234"));
        }
    }
}
