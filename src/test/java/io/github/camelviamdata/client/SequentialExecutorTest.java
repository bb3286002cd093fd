// Copyright the camel-viamdata authors. SPDX-License-Identifier: Apache-2.0
package io.github.camelviamdata.client;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import org.apache.logging.log4j.LogManager;
import org.apache.logging.log4j.core.Appender;
import org.apache.logging.log4j.core.LogEvent;
import org.apache.logging.log4j.core.Logger;
import org.apache.logging.log4j.core.appender.AbstractAppender;
import org.apache.logging.log4j.core.config.Property;
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

    /** The log is foreign code, too. */
    @Test
    void aFailureThatCannotBeLoggedDoesNotStopThoseBehindIt() {
        Logger log = (Logger) LogManager.getLogger(SequentialExecutor.class);
        Appender appender = new AbstractAppender("broken", null, null, false, Property.EMPTY_ARRAY) {
            @Override
            public void append(LogEvent event) {
                throw new OutOfMemoryError("no memory for a line of the log");
            }
        };
        appender.start();
        log.addAppender(appender);
        try {
            executor.execute(() -> {
                throw new NoClassDefFoundError();
            });
            executor.execute(() -> ran.add(2));
            handedOver.remove().run();
            executor.execute(() -> ran.add(3));
            handedOver.remove().run();
        } finally {
            log.removeAppender(appender);
        }
        assertThat(ran).containsExactly(2, 3);
    }
}
