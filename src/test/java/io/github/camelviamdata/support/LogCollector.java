// Copyright the camel-viamdata authors. SPDX-License-Identifier: Apache-2.0
package io.github.camelviamdata.support;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.regex.Pattern;
import org.apache.logging.log4j.Level;
import org.apache.logging.log4j.LogManager;
import org.apache.logging.log4j.core.Appender;
import org.apache.logging.log4j.core.LogEvent;
import org.apache.logging.log4j.core.LoggerContext;
import org.apache.logging.log4j.core.appender.AbstractAppender;
import org.apache.logging.log4j.core.config.LoggerConfig;
import org.apache.logging.log4j.core.config.Property;

/** Collects all that anybody logs at any level, in place of the usual appenders; java.util.logging comes through Log4j too. */
public final class LogCollector implements AutoCloseable {

    // Below INFO, Camel itself logs every option and every property as it reads them, those of all components alike.
    private static final Pattern CAMEL_BELOW_INFO = Pattern.compile("^(DEBUG|TRACE) org\\.apache\\.camel\\.");

    private final Queue<String> lines = new ConcurrentLinkedQueue<>();
    private final LoggerContext context = (LoggerContext) LogManager.getContext(false);
    private final LoggerConfig root = context.getConfiguration().getRootLogger();
    private final Map<LoggerConfig, Level> levels = new HashMap<>();
    private final Map<String, Appender> appenders = Map.copyOf(root.getAppenders());
    private final Appender appender = new CollectingAppender();

    public LogCollector() {
        appenders.keySet().forEach(root::removeAppender);
        appender.start();
        root.addAppender(appender, null, null);
        for (LoggerConfig logger : context.getConfiguration().getLoggers().values()) {
            levels.put(logger, logger.getExplicitLevel());
            // Not TRACE: java.util.logging has one level more.
            logger.setLevel(Level.ALL);
        }
        context.updateLoggers();
    }

    public List<String> lines() {
        return List.copyOf(lines);
    }

    /** All lines but those that Camel itself logs below INFO. */
    public List<String> linesWithoutCamelsOwn() {
        return lines.stream()
                .filter(line -> !CAMEL_BELOW_INFO.matcher(line).find())
                .toList();
    }

    @Override
    public void close() {
        levels.forEach(LoggerConfig::setLevel);
        root.removeAppender(appender.getName());
        appenders.values().forEach(other -> root.addAppender(other, null, null));
        context.updateLoggers();
        appender.stop();
    }

    public static String stackTrace(Throwable failure) {
        StringWriter text = new StringWriter();
        if (failure != null) {
            failure.printStackTrace(new PrintWriter(text));
        }
        return text.toString();
    }

    private final class CollectingAppender extends AbstractAppender {

        CollectingAppender() {
            super("collector", null, null, false, Property.EMPTY_ARRAY);
        }

        @Override
        public void append(LogEvent event) {
            lines.add(event.getLevel() + " " + event.getLoggerName() + " [" + event.getThreadName() + "] "
                    + event.getMessage().getFormattedMessage() + " " + event.getContextData()
                    + stackTrace(event.getThrown()));
        }
    }
}
