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
 * Relays bytes between clients and a server on this machine, and breaks connections on demand by closing their sockets, as a broken
 * network does. A gRPC server cannot do that.
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
            // A call is a few small frames, each of which waits for one of the other side.
            client.setTcpNoDelay(true);
            server.setTcpNoDelay(true);
            start(() -> copy(client, server));
            start(() -> copy(server, client));
        } catch (IOException e) {
            // The server is stopping: close the connection of this client.
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

    /** Closes a socket by RST, so that the peer gets no byte that is still queued. */
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
