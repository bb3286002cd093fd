// Copyright the camel-viamdata authors. SPDX-License-Identifier: Apache-2.0
package io.github.camelviamdata.service;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Iterator;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.LongStream;

/**
 * Passes bytes on between clients and a server. It resets a connection (TCP RST) after so many bytes from the client, and
 * falls silent when it is told to, as a dead peer does: without closing anything.
 */
public final class FaultyProxy implements AutoCloseable {

    private final ServerSocket listener = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    private final Set<Socket> sockets = ConcurrentHashMap.newKeySet();
    private final Iterator<Long> lives;
    private final int port;
    private volatile boolean silent;

    /**
     * @param port where to pass bytes on to
     * @param lives how many bytes the first, the second and every further connection may carry
     */
    public FaultyProxy(int port, LongStream lives) throws IOException {
        this.port = port;
        this.lives = lives.iterator();
        start(this::accept);
    }

    public int port() {
        return listener.getLocalPort();
    }

    /** Number of connections that clients have open. */
    public int connections() {
        return sockets.size() / 2;
    }

    /** Takes bytes from now on, and passes none on. */
    public void fallSilent() {
        silent = true;
    }

    /** Passes bytes on again, but not those of the connections that were opened in silence. */
    public void answerAgain() {
        silent = false;
    }

    private void accept() throws IOException {
        while (true) {
            Socket client = listener.accept();
            Socket server = new Socket(InetAddress.getLoopbackAddress(), port);
            sockets.add(client);
            sockets.add(server);
            long life = lives.next();
            boolean dead = silent;
            start(() -> pass(client, server, life, dead));
            start(() -> pass(server, client, Long.MAX_VALUE, dead));
        }
    }

    private void pass(Socket from, Socket to, long life, boolean dead) throws IOException {
        byte[] buffer = new byte[65_536];
        long passed = 0;
        try (from;
                to) {
            InputStream in = from.getInputStream();
            OutputStream out = to.getOutputStream();
            for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
                passed += read;
                if (passed > life) {
                    reset(from);
                    reset(to);
                    return;
                } else if (!silent && !dead) {
                    out.write(buffer, 0, read);
                }
            }
        } finally {
            sockets.remove(from);
            sockets.remove(to);
        }
    }

    private static void reset(Socket socket) throws IOException {
        socket.setSoLinger(true, 0);
        socket.close();
    }

    @Override
    public void close() throws IOException {
        listener.close();
        for (Socket socket : sockets) {
            socket.close();
        }
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
