// Copyright the camel-viamdata authors. SPDX-License-Identifier: Apache-2.0
package io.github.camelviamdata.client;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import org.junit.jupiter.api.Test;

/** Tasks that share a thread. */
class SequentialExecutorTest {

    private final Queue<Runnable> handedOver = new ArrayDeque<>();
    private final SequentialExecutor executor = new SequentialExecutor(handedOver::add);
    private final List<Integer> ran = new ArrayList<>();

    @Test
    void tasksThatComeTogetherRunInTheirOrderOnOneThread() {
        executor.execute(() -> {
            ran.add(1);
            executor.execute(() -> ran.add(3));
        });
        executor.execute(() -> ran.add(2));
        assertThat(handedOver).hasSize(1);
        handedOver.remove().run();
        assertThat(ran).containsExactly(1, 2, 3);
        executor.execute(() -> ran.add(4));
        assertThat(handedOver).hasSize(1);
    }

    @Test
    void aTaskThatFailsDoesNotStopThoseBehindIt() {
        executor.execute(() -> {
            throw new NoClassDefFoundError();
        });
        executor.execute(() -> ran.add(2));
        handedOver.remove().run();
        assertThat(ran).containsExactly(2);
    }
}
