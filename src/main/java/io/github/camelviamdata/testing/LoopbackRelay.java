// Copyright the camel-viamdata authors. SPDX-License-Identifier: Apache-2.0
package io.github.camelviamdata.testing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Passes bytes on between clients and a server on this machine. gRPC cannot break a connection instead of answering;
 * closing the sockets does what a broken network does.
 */
final class LoopbackRelay implements AutoCloseable {

    private final ServerSocket listener;
    private final int serverPort;
    private final Set<Socket> sockets = ConcurrentHashMap.newKeySet();

    LoopbackRelay(int serverPort) {
        this.serverPort = serverPort;
        try {
            listener = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        start(this::accept);
    }

    int port() {
        return listener.getLocalPort();
    }

    /** Closes all connections. New ones are accepted. */
    void breakConnections() {
        for (Socket socket : sockets) {
            reset(socket);
        }
    }

    private void accept() throws IOException {
        while (true) {
            connect(listener.accept());
        }
    }

    private void connect(Socket client) {
        try {
            Socket server = new Socket(InetAddress.getLoopbackAddress(), serverPort);
            sockets.add(client);
            sockets.add(server);
            // A call is a few small frames, each of which waits for the other side.
            client.setTcpNoDelay(true);
            server.setTcpNoDelay(true);
            start(() -> copy(client, server));
            start(() -> copy(server, client));
        } catch (IOException e) {
            // The server is being stopped: to this client the connection is closed.
            reset(client);
        }
    }

    private void copy(Socket from, Socket to) throws IOException {
        try {
            from.getInputStream().transferTo(to.getOutputStream());
        } finally {
            // gRPC does not half-close a connection.
            sockets.remove(from);
            sockets.remove(to);
            from.close();
            to.close();
        }
    }

    /** By RST, so that nothing that is still on its way arrives. */
    private static void reset(Socket socket) {
        try {
            socket.setSoLinger(true, 0);
            socket.close();
        } catch (SocketException e) {
            // It is closed already.
            return;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() throws IOException {
        listener.close();
        breakConnections();
    }

    @FunctionalInterface
    private interface Task {
        void run() throws IOException;
    }

    private static void start(Task task) {
        Thread thread = new Thread(
                () -> {
                    try {
                        task.run();
                    } catch (IOException e) {
                        // A socket was closed, which is how each of these threads ends.
                        return;
                    }
                },
                "ViamDataServerExtension");
        thread.setDaemon(true);
        thread.start();
    }
}
