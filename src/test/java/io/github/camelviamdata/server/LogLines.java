// Copyright the camel-viamdata authors. SPDX-License-Identifier: Apache-2.0
package io.github.camelviamdata.server;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.apache.logging.log4j.Level;
import org.apache.logging.log4j.LogManager;
import org.apache.logging.log4j.core.LogEvent;
import org.apache.logging.log4j.core.Logger;
import org.apache.logging.log4j.core.appender.AbstractAppender;
import org.apache.logging.log4j.core.config.Configurator;
import org.apache.logging.log4j.core.config.Property;

/** Collects what is logged at INFO, and at DEBUG by some. */
final class LogLines extends AbstractAppender implements AutoCloseable {

    private final List<String> lines = new CopyOnWriteArrayList<>();
    private final Map<String, Level> levels = new LinkedHashMap<>();

    private LogLines() {
        super("lines", null, null, true, Property.EMPTY_ARRAY);
    }

    static LogLines of(String... verbose) {
        LogLines log = new LogLines();
        log.start();
        root().addAppender(log);
        log.level(LogManager.ROOT_LOGGER_NAME, Level.INFO);
        for (String name : verbose) {
            log.level(name, Level.DEBUG);
        }
        return log;
    }

    private void level(String name, Level level) {
        levels.put(name, LogManager.getLogger(name).getLevel());
        Configurator.setLevel(name, level);
    }

    private static Logger root() {
        return (Logger) LogManager.getRootLogger();
    }

    List<String> lines() {
        return List.copyOf(lines);
    }

    @Override
    public void append(LogEvent event) {
        lines.add(event.getMessage().getFormattedMessage());
    }

    @Override
    public void close() {
        root().removeAppender(this);
        levels.forEach((name, level) -> Configurator.setLevel(name, level));
        stop();
    }
}
