// Copyright the camel-viamdata authors. SPDX-License-Identifier: Apache-2.0
package io.github.camelviamdata.testing.service;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpHandler;
import com.sun.net.httpserver.HttpServer;
import io.github.camelviamdata.proto.data.v1.BinaryData;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Queue;
import java.util.UUID;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.Stream;

/**
 * The bytes of items over HTTP, on free ports of the loopback address. The service's own host wants a credential and redirects; the
 * second host, which has another name, gives the bytes for the signature in the URL, and must not see a credential.
 */
public final class ByteHosts implements Places, AutoCloseable {

    private static final List<String> CREDENTIALS =
            List.of("Authorization", "Proxy-Authorization", "Cookie", "key_id", "key");
    private static final String NAME = "localhost";
    private static final String PATH = "/data/";
    private static final String SIGNATURE = "signature=";

    private final ItemStore items;
    private final String ownHost;
    private final String secondHost;
    private final String signature = UUID.randomUUID().toString();
    private final ExecutorService threads = Executors.newCachedThreadPool(task -> {
        Thread thread = new Thread(task, "ViamDataByteHosts");
        thread.setDaemon(true);
        return thread;
    });
    private final HttpServer own;
    private final HttpServer second;
    private final List<String> downloaded = new CopyOnWriteArrayList<>();
    private final Queue<Integer> faults = new ConcurrentLinkedQueue<>();
    private volatile boolean credentialSeen;

    /**
     * @param ownHost the name or address of the loopback interface by which clients reach the service
     * @throws UncheckedIOException if there is no free port
     */
    public ByteHosts(ItemStore items, String ownHost) {
        this.items = items;
        this.ownHost = ownHost;
        secondHost = ownHost.equals(NAME) ? InetAddress.getLoopbackAddress().getHostAddress() : NAME;
        own = start(this::redirect);
        second = start(this::send);
    }

    private HttpServer start(HttpHandler handler) {
        try {
            HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
            server.createContext(PATH, handler);
            server.setExecutor(threads);
            server.start();
            return server;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public String uri(String id) {
        return "http://" + ownHost + ":" + own.getAddress().getPort() + PATH + id;
    }

    @Override
    public String signedUrl(String id) {
        return "http://" + secondHost + ":" + second.getAddress().getPort() + PATH + id + "?" + SIGNATURE + signature;
    }

    /** The IDs of the items that the second host has given, in the order of the requests. */
    public List<String> downloaded() {
        return List.copyOf(downloaded);
    }

    /** Whether a request to the second host has carried a credential. */
    public boolean isCredentialSeen() {
        return credentialSeen;
    }

    /**
     * @param status of HTTP, with which the second host answers the next request, from 400 to 599
     * @throws IllegalArgumentException if it is another one
     */
    public void failNext(int status) {
        if (status < 400 || status > 599) {
            throw new IllegalArgumentException(status + " is no failure of HTTP");
        }
        faults.add(status);
    }

    /** Forgets the requests, and the faults that have not occurred. */
    public void reset() {
        faults.clear();
        downloaded.clear();
        credentialSeen = false;
    }

    private void redirect(HttpExchange exchange) throws IOException {
        try (exchange) {
            boolean known = hasCredential(exchange);
            if (known) {
                exchange.getResponseHeaders().set("Location", signedUrl(id(exchange)));
            }
            exchange.sendResponseHeaders(known ? 302 : 401, -1);
        }
    }

    private void send(HttpExchange exchange) throws IOException {
        try (exchange) {
            credentialSeen |= hasCredential(exchange);
            Integer fault = faults.poll();
            List<BinaryData> found = items.byIds(List.of(id(exchange)));
            if (fault != null) {
                exchange.sendResponseHeaders(fault, -1);
            } else if (!(SIGNATURE + signature).equals(exchange.getRequestURI().getQuery())) {
                exchange.sendResponseHeaders(403, -1);
            } else if (found.isEmpty()) {
                exchange.sendResponseHeaders(404, -1);
            } else {
                send(exchange, found.get(0));
            }
        }
    }

    private void send(HttpExchange exchange, BinaryData item) throws IOException {
        downloaded.add(item.getMetadata().getBinaryDataId());
        int length = item.getBinary().size();
        exchange.sendResponseHeaders(200, length == 0 ? -1 : length);
        item.getBinary().writeTo(exchange.getResponseBody());
    }

    private static boolean hasCredential(HttpExchange exchange) {
        return CREDENTIALS.stream().anyMatch(exchange.getRequestHeaders()::containsKey);
    }

    private static String id(HttpExchange exchange) {
        return exchange.getRequestURI().getPath().substring(PATH.length());
    }

    /** Closes both hosts and their connections. */
    @Override
    public void close() {
        Stream.of(own, second).forEach(server -> server.stop(0));
        threads.shutdownNow();
    }
}
