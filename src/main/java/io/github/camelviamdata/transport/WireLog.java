// Copyright the camel-viamdata authors. SPDX-License-Identifier: Apache-2.0
package io.github.camelviamdata.transport;

import io.grpc.netty.shaded.io.netty.handler.codec.http2.Http2Headers;
import io.grpc.netty.shaded.io.netty.util.internal.logging.InternalLogger;
import io.grpc.netty.shaded.io.netty.util.internal.logging.InternalLoggerFactory;
import io.grpc.netty.shaded.io.netty.util.internal.logging.Slf4JLoggerFactory;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.util.StringJoiner;

/**
 * Keeps secrets out of gRPC's HTTP/2 frame log. At DEBUG, grpc-netty logs every frame: the header frames hold the bearer
 * token, the data frames of {@code Authenticate} hold the credentials.
 *
 * <p>The loggers of the shaded Netty belong to the whole process, so this also masks these values, and nothing else, in the frame
 * log of other users of grpc-netty-shaded.
 */
public final class WireLog {

    private static final String MASK = "xxxxxx";

    private static boolean redacting;

    private WireLog() {}

    /** Masks authorization headers, texts of statuses and payload bytes in the frame logs of connections opened from now on. */
    public static synchronized void redact() {
        if (!redacting) {
            InternalLoggerFactory.setDefaultFactory(new RedactingFactory());
            redacting = true;
        }
    }

    private static InternalLogger redacting(InternalLogger logger) {
        return (InternalLogger) Proxy.newProxyInstance(
                WireLog.class.getClassLoader(), new Class<?>[] {InternalLogger.class}, (proxy, method, arguments) -> {
                    if (arguments != null && arguments[arguments.length - 1] instanceof Object[] values) {
                        redact(String.valueOf(arguments[arguments.length - 2]), values);
                    }
                    try {
                        return method.invoke(logger, arguments);
                    } catch (InvocationTargetException e) {
                        throw e.getCause();
                    }
                });
    }

    private static void redact(String format, Object[] values) {
        for (int i = 0; i < values.length; i++) {
            if (values[i] instanceof Http2Headers headers) {
                values[i] = redact(headers);
            }
        }
        if (format.endsWith("bytes={}")) {
            values[values.length - 1] = MASK;
        }
    }

    private static String redact(Http2Headers headers) {
        StringJoiner text = new StringJoiner(", ", "[", "]");
        headers.forEach(header -> text.add(header.getKey() + ": "
                + (isSecret(header.getKey()) ? MASK : header.getValue().toString())));
        return text.toString();
    }

    /** Whether to mask a header. The text of a status is masked too: the peer may echo the credential in it. */
    private static boolean isSecret(CharSequence header) {
        return "authorization".contentEquals(header) || "grpc-message".contentEquals(header);
    }

    /** Logs through SLF4J, which Camel brings and which is Netty's own first choice. */
    private static final class RedactingFactory extends Slf4JLoggerFactory {

        @SuppressWarnings("deprecation") // Only the constructor can be extended; INSTANCE hides newInstance.
        RedactingFactory() {}

        @Override
        public InternalLogger newInstance(String name) {
            InternalLogger logger = super.newInstance(name);
            boolean logsFrames = name.endsWith(".NettyClientHandler") || name.endsWith(".NettyServerHandler");
            return logsFrames ? redacting(logger) : logger;
        }
    }
}
