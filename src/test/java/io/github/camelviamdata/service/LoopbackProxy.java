// Copyright the camel-viamdata authors. SPDX-License-Identifier: Apache-2.0
package io.github.camelviamdata.service;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** What clients on this machine connect to in place of a service. What becomes of a connection is up to its kind. */
public abstract class LoopbackProxy implements AutoCloseable {

    /** What a thread does until a socket is closed. */
    protected interface Task {
        void run() throws IOException;
    }

    private final ServerSocket listener;
    private final Set<Socket> sockets = ConcurrentHashMap.newKeySet();

    /** @param port where to listen, or 0 for any free port */
    protected LoopbackProxy(int port) throws IOException {
        this.listener = new ServerSocket(port, 50, InetAddress.getLoopbackAddress());
    }

    /** Begins to accept connections. A kind calls it when it is ready for them. */
    protected final void accept() {
        start(() -> {
            while (true) {
                Socket client = listener.accept();
                sockets.add(client);
                serve(client);
            }
        });
    }

    /** Serves a connection, by other threads. */
    protected abstract void serve(Socket client) throws IOException;

    public final int port() {
        return listener.getLocalPort();
    }

    /** Connects to a service on this machine. */
    protected final Socket connect(int port) throws IOException {
        Socket service = new Socket(InetAddress.getLoopbackAddress(), port);
        sockets.add(service);
        return service;
    }

    /** They are closed, and not to be closed with the proxy. */
    protected final void forget(Socket... closed) {
        sockets.removeAll(Set.of(closed));
    }

    /** Number of connections that clients have open. */
    public final int connections() {
        return sockets.size() / 2;
    }

    /** Resets every connection that there is (TCP RST). */
    public final void cut() {
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

    public static void reset(Socket socket) throws IOException {
        socket.setSoLinger(true, 0);
        socket.close();
    }

    /** Accepts no connection from now on. */
    public final void refuse() throws IOException {
        listener.close();
    }

    @Override
    public void close() throws IOException {
        refuse();
        for (Socket socket : sockets) {
            socket.close();
        }
    }

    protected static void start(Task task) {
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
