// Copyright the camel-viamdata authors. SPDX-License-Identifier: Apache-2.0
package io.github.camelviamdata.transport;

import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.concurrent.ConcurrentHashMap;
import java.util.logging.Filter;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;

/**
 * Limits what gRPC's server logs about its peers: one line a minute for each kind of event, without the stack trace, which shows
 * only gRPC's own code. Otherwise a few bytes from any peer would cause kilobytes of log.
 *
 * <p>The loggers belong to the whole process, so this also limits other servers of grpc-netty-shaded in it. A logger with a
 * level below INFO is not limited.
 */
public final class PeerLog {

    private static final String SERVER = "io.grpc.netty.shaded.io.grpc.netty.";

    // Strong references: java.util.logging drops a logger, and its filter, when there are none.
    private static final List<Logger> LOGGERS = List.of(
            Logger.getLogger(SERVER + "NettyServerHandler"),
            Logger.getLogger(SERVER + "NettyServerStream"),
            Logger.getLogger(SERVER + "NettyServerTransport"),
            Logger.getLogger(SERVER + "NettyServerTransport.connections"),
            Logger.getLogger(SERVER + "ProtocolNegotiators"));

    private static boolean limiting;

    private PeerLog() {}

    /** Limits the log of all servers from now on. */
    public static synchronized void limit() {
        if (!limiting) {
            LOGGERS.forEach(logger -> logger.setFilter(new Limit(logger, logger.getFilter())));
            limiting = true;
        }
    }

    private static final class Limit implements Filter {

        private final Logger logger;
        private final Filter filter;
        private final Map<String, LogLimit> limits = new ConcurrentHashMap<>();

        Limit(Logger logger, Filter filter) {
            this.logger = logger;
            this.filter = filter;
        }

        @Override
        public boolean isLoggable(LogRecord entry) {
            if (filter != null && !filter.isLoggable(entry)) {
                return false;
            }
            if (logger.isLoggable(Level.FINE)) {
                return true;
            }
            // The messages are constants of gRPC's code, so there are few.
            OptionalLong suppressed = limits.computeIfAbsent(
                            String.valueOf(entry.getMessage()), message -> new LogLimit())
                    .tryAcquire();
            if (suppressed.isEmpty()) {
                return false;
            }
            Throwable cause = entry.getThrown();
            entry.setThrown(null);
            entry.setParameters(null);
            entry.setMessage(entry.getMessage() + (cause == null ? "" : ": " + oneLine(cause)) + " (caused by a peer; "
                    + suppressed.getAsLong() + " more since the last such line)");
            return true;
        }

        private static String oneLine(Throwable cause) {
            String text = cause.toString();
            return text.substring(0, Math.min(200, text.length())).replaceAll("\\p{Cntrl}", " ");
        }
    }
}
