// Copyright the camel-viamdata authors. SPDX-License-Identifier: Apache-2.0
package io.github.camelviamdata;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import java.util.logging.SimpleFormatter;
import org.apache.logging.log4j.Level;
import org.apache.logging.log4j.LogManager;
import org.apache.logging.log4j.core.Appender;
import org.apache.logging.log4j.core.LogEvent;
import org.apache.logging.log4j.core.LoggerContext;
import org.apache.logging.log4j.core.appender.AbstractAppender;
import org.apache.logging.log4j.core.config.LoggerConfig;
import org.apache.logging.log4j.core.config.Property;

/** Collects all that anybody logs at any level, by Log4j or by java.util.logging, in place of the usual appenders. */
final class LogCollector implements AutoCloseable {

    private final Queue<String> lines = new ConcurrentLinkedQueue<>();
    private final LoggerContext context = (LoggerContext) LogManager.getContext(false);
    private final LoggerConfig root = context.getConfiguration().getRootLogger();
    private final Map<LoggerConfig, Level> levels = new HashMap<>();
    private final Map<String, Appender> appenders = Map.copyOf(root.getAppenders());
    private final Appender appender = new CollectingAppender();
    private final Logger julRoot = Logger.getLogger("");
    private final Logger julManagement = Logger.getLogger("javax.management");
    private final java.util.logging.Level julLevel = julRoot.getLevel();
    private final Handler[] julHandlers = julRoot.getHandlers();
    private final Handler handler = new CollectingHandler();

    LogCollector() {
        appenders.keySet().forEach(root::removeAppender);
        appender.start();
        root.addAppender(appender, null, null);
        for (LoggerConfig logger : context.getConfiguration().getLoggers().values()) {
            levels.put(logger, logger.getExplicitLevel());
            logger.setLevel(Level.TRACE);
        }
        context.updateLoggers();
        for (Handler other : julHandlers) {
            julRoot.removeHandler(other);
        }
        julRoot.addHandler(handler);
        julRoot.setLevel(java.util.logging.Level.ALL);
        // Tells of every step inside the management of the Java runtime, and never of a value.
        julManagement.setLevel(java.util.logging.Level.INFO);
    }

    List<String> lines() {
        return List.copyOf(lines);
    }

    @Override
    public void close() {
        julRoot.setLevel(julLevel);
        julManagement.setLevel(null);
        julRoot.removeHandler(handler);
        for (Handler other : julHandlers) {
            julRoot.addHandler(other);
        }
        levels.forEach(LoggerConfig::setLevel);
        root.removeAppender(appender.getName());
        appenders.values().forEach(other -> root.addAppender(other, null, null));
        context.updateLoggers();
        appender.stop();
    }

    static String stackTrace(Throwable failure) {
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

    private final class CollectingHandler extends Handler {

        private final SimpleFormatter formatter = new SimpleFormatter();

        CollectingHandler() {
            setLevel(java.util.logging.Level.ALL);
        }

        @Override
        public void publish(LogRecord event) {
            lines.add(event.getLevel() + " " + event.getLoggerName() + " " + formatter.formatMessage(event)
                    + stackTrace(event.getThrown()));
        }

        @Override
        public void flush() {}

        @Override
        public void close() {}
    }
}
