// Copyright the camel-viamdata authors. SPDX-License-Identifier: Apache-2.0
package io.github.camelviamdata.service;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import javax.net.ssl.SSLContext;

/** A server of files over HTTP, on a free port of the loopback address. It keeps the headers of each request. */
public final class FileHost implements AutoCloseable {

    private final HttpServer server;
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final List<Request> requests = new CopyOnWriteArrayList<>();
    private volatile Handler handler = request -> new Answer(404, Map.of(), new byte[0], 0);

    /** A request: its path with the query, and its headers. */
    public record Request(String path, Map<String, List<String>> headers) {

        public String header(String name) {
            return headers.entrySet().stream()
                    .filter(header -> header.getKey().equalsIgnoreCase(name))
                    .map(header -> header.getValue().get(0))
                    .findFirst()
                    .orElse(null);
        }
    }

    /**
     * @param length what the header says, which need not be true
     * @param stallsAt after how many bytes the server waits, and ends the connection then; negative for never
     * @param until what it waits for
     */
    public record Answer(
            int status, Map<String, String> headers, byte[] body, long length, int stallsAt, CountDownLatch until) {

        public Answer(int status, Map<String, String> headers, byte[] body, long length) {
            this(status, headers, body, length, -1, null);
        }

        public static Answer stalling(byte[] body, int at, CountDownLatch until) {
            return new Answer(200, Map.of(), body, body.length, at, until);
        }

        public static Answer bytes(byte[] body) {
            return new Answer(200, Map.of(), body, body.length);
        }

        public static Answer redirect(String target) {
            return new Answer(302, Map.of("Location", target), new byte[0], 0);
        }

        public static Answer status(int status) {
            return status(status, Map.of());
        }

        public static Answer status(int status, Map<String, String> headers) {
            return new Answer(status, headers, new byte[0], 0);
        }
    }

    /** Answers a request. */
    public interface Handler {
        Answer answer(Request request) throws Exception;
    }

    private FileHost(HttpServer server) {
        this.server = server;
        server.createContext("/", this::handle);
        server.setExecutor(threads);
        server.start();
    }

    public static FileHost start() {
        try {
            return new FileHost(HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public static FileHost tls(SSLContext context) {
        try {
            HttpsServer server = HttpsServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
            server.setHttpsConfigurator(new HttpsConfigurator(context));
            return new FileHost(server);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public FileHost answering(Handler handler) {
        this.handler = handler;
        return this;
    }

    private void handle(HttpExchange exchange) throws IOException {
        Request request = new Request(exchange.getRequestURI().toString(), Map.copyOf(exchange.getRequestHeaders()));
        requests.add(request);
        try (exchange) {
            Answer answer = handler.answer(request);
            answer.headers().forEach(exchange.getResponseHeaders()::set);
            exchange.sendResponseHeaders(answer.status(), answer.length() == 0 ? -1 : answer.length());
            if (answer.stallsAt() < 0) {
                exchange.getResponseBody().write(answer.body());
            } else {
                exchange.getResponseBody().write(answer.body(), 0, answer.stallsAt());
                exchange.getResponseBody().flush();
                answer.until().await();
            }
        } catch (Exception e) {
            throw new IOException(e);
        }
    }

    public int port() {
        return server.getAddress().getPort();
    }

    public List<Request> requests() {
        return requests;
    }

    @Override
    public void close() {
        server.stop(0);
        threads.shutdownNow();
    }
}
