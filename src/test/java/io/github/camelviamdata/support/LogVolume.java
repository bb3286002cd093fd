// Copyright the camel-viamdata authors. SPDX-License-Identifier: Apache-2.0
package io.github.camelviamdata.support;

import java.nio.charset.StandardCharsets;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.logging.log4j.Level;
import org.apache.logging.log4j.LogManager;
import org.apache.logging.log4j.core.LogEvent;
import org.apache.logging.log4j.core.LoggerContext;
import org.apache.logging.log4j.core.appender.AbstractAppender;
import org.apache.logging.log4j.core.config.LoggerConfig;
import org.apache.logging.log4j.core.config.Property;

/** How much would be written of what is logged at INFO and above, with stack traces, as applications do by default. */
public final class LogVolume implements AutoCloseable {

    private static final int LINE_HEAD = "2026-11-29 12:00:00.000  INFO [thread] ".length();

    private final AtomicLong bytes = new AtomicLong();
    private final StringBuffer beginning = new StringBuffer();
    private final LoggerContext context = (LoggerContext) LogManager.getContext(false);
    private final LoggerConfig root = context.getConfiguration().getRootLogger();
    private final Level level = root.getLevel();
    private final AbstractAppender appender = new AbstractAppender("volume", null, null, false, Property.EMPTY_ARRAY) {
        @Override
        public void append(LogEvent event) {
            String text = event.getLoggerName() + " " + event.getMessage().getFormattedMessage() + "\n"
                    + LogCollector.stackTrace(event.getThrown());
            bytes.addAndGet(LINE_HEAD + text.getBytes(StandardCharsets.UTF_8).length);
            if (beginning.length() < 5000) {
                beginning.append(text, 0, Math.min(text.length(), 1000));
            }
        }
    };

    public LogVolume() {
        appender.start();
        root.addAppender(appender, Level.INFO, null);
        root.setLevel(Level.INFO);
        context.updateLoggers();
    }

    public long bytes() {
        return bytes.get();
    }

    /** To read in a failure. */
    public String beginning() {
        return beginning.toString();
    }

    @Override
    public void close() {
        root.removeAppender(appender.getName());
        root.setLevel(level);
        context.updateLoggers();
        appender.stop();
    }
}
