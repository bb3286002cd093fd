// Copyright the camel-viamdata authors. SPDX-License-Identifier: Apache-2.0
package io.github.camelviamdata.delivery;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** What a client connects to: each connection is served by the next of several peers, and later ones by the last. */
final class Front implements AutoCloseable {

    /** Serves one connection, until it throws or closes it. */
    interface Peer {
        void serve(Socket client) throws IOException;
    }

    private final ServerSocket listener = new ServerSocket();
    private final Set<Socket> sockets = ConcurrentHashMap.newKeySet();
    private final List<Peer> peers;

    Front(List<Peer> peers) throws IOException {
        this.peers = peers;
        listener.bind(new InetSocketAddress(InetAddress.getByName("127.0.0.1"), 0));
        start(this::accept);
    }

    int port() {
        return listener.getLocalPort();
    }

    private void accept() throws IOException {
        for (int i = 0; ; i++) {
            Socket client = listener.accept();
            sockets.add(client);
            Peer peer = peers.get(Math.min(i, peers.size() - 1));
            start(() -> peer.serve(client));
        }
    }

    /** Passes all on to a service on this machine. */
    Peer to(int port) {
        return client -> {
            Socket service = new Socket(InetAddress.getLoopbackAddress(), port);
            sockets.add(service);
            start(() -> pass(service, client));
            pass(client, service);
        };
    }

    private static void pass(Socket from, Socket to) throws IOException {
        try (from;
                to) {
            from.getInputStream().transferTo(to.getOutputStream());
        }
    }

    /** Resets every connection that there is (TCP RST). */
    void cut() {
        for (Socket socket : sockets) {
            try {
                reset(socket);
            } catch (IOException e) {
                // It is closed, which is all that is asked for.
                continue;
            }
        }
        sockets.clear();
    }

    static void reset(Socket socket) throws IOException {
        socket.setSoLinger(true, 0);
        socket.close();
    }

    /** Accepts no connection from now on. */
    void refuse() throws IOException {
        listener.close();
    }

    @Override
    public void close() throws IOException {
        refuse();
        cut();
    }

    private interface Task {
        void run() throws IOException;
    }

    private static void start(Task task) {
        Thread thread = new Thread(() -> {
            try {
                task.run();
            } catch (IOException e) {
                // A socket was closed, which is how every task ends.
                return;
            }
        });
        thread.setDaemon(true);
        thread.start();
    }
}
