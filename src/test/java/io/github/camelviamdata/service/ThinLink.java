// Copyright the camel-viamdata authors. SPDX-License-Identifier: Apache-2.0
package io.github.camelviamdata.service;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.util.Arrays;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;

/**
 * Passes bytes on between clients and a server, in each direction no more than so many a second over each connection. What
 * comes faster waits in a queue without a limit, as in a modem with large buffers: all that the window of HTTP/2 lets a client
 * send is ahead of whatever it sends next, a ping too.
 */
public final class ThinLink extends LoopbackProxy {

    /** How often a second bytes move. */
    private static final int STEPS = 20;

    private final AtomicInteger made = new AtomicInteger();
    private final int port;
    private final int bytesPerSecond;

    /** @param port where to pass bytes on to */
    public ThinLink(int port, int bytesPerSecond) throws IOException {
        super(0);
        this.port = port;
        this.bytesPerSecond = bytesPerSecond;
        accept();
    }

    /** How many connections clients have made. */
    public int made() {
        return made.get();
    }

    @Override
    protected void serve(Socket client) throws IOException {
        Socket server = connect(port);
        made.incrementAndGet();
        start(() -> pass(client, server));
        start(() -> pass(server, client));
    }

    private void pass(Socket from, Socket to) throws IOException {
        LinkedBlockingQueue<byte[]> queue = new LinkedBlockingQueue<>();
        start(() -> deliver(queue, from, to));
        byte[] buffer = new byte[Math.max(1, bytesPerSecond / STEPS)];
        try {
            InputStream in = from.getInputStream();
            for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
                queue.add(Arrays.copyOf(buffer, read));
            }
        } finally {
            queue.add(new byte[0]);
        }
    }

    private void deliver(LinkedBlockingQueue<byte[]> queue, Socket from, Socket to) throws IOException {
        try (from;
                to) {
            OutputStream out = to.getOutputStream();
            long due = System.nanoTime();
            for (byte[] piece = queue.take(); piece.length > 0; piece = queue.take()) {
                due = Math.max(due, System.nanoTime()) + piece.length * TimeUnit.SECONDS.toNanos(1) / bytesPerSecond;
                for (long rest = due - System.nanoTime(); rest > 0; rest = due - System.nanoTime()) {
                    LockSupport.parkNanos(rest);
                }
                out.write(piece);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            forget(from, to);
        }
    }
}
