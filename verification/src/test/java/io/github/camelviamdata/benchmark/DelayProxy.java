// Copyright the camel-viamdata authors. SPDX-License-Identifier: Apache-2.0
package io.github.camelviamdata.benchmark;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Arrays;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/**
 * A long link: passes on what it gets, in order, half a round trip later. It limits the delay, not the bandwidth: what
 * arrives together leaves together. A program of its own; prints its port and ends when its input ends.
 */
public final class DelayProxy {

    private static final int BUFFER = 1 << 18;

    private record Piece(byte[] bytes, long due) {}

    private final int target;
    private final long delay;
    private final ExecutorService threads = Executors.newCachedThreadPool();

    private DelayProxy(int target, long delay) {
        this.target = target;
        this.delay = delay;
    }

    /** Arguments: the port to pass everything on to, and the round trip in milliseconds. */
    public static void main(String[] arguments) throws Exception {
        DelayProxy proxy = new DelayProxy(
                Integer.parseInt(arguments[0]), TimeUnit.MILLISECONDS.toNanos(Long.parseLong(arguments[1])) / 2);
        ServerSocket socket = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        System.out.println("PORT " + socket.getLocalPort());
        proxy.threads.execute(() -> proxy.accept(socket));
        while (System.in.read() >= 0) {
            // Until whoever started this ends.
        }
        System.exit(0);
    }

    private void accept(ServerSocket socket) {
        try {
            while (true) {
                Socket near = socket.accept();
                Socket far = new Socket(InetAddress.getLoopbackAddress(), target);
                near.setTcpNoDelay(true);
                far.setTcpNoDelay(true);
                pass(near, far);
                pass(far, near);
            }
        } catch (IOException e) {
            e.printStackTrace();
        }
    }

    private void pass(Socket from, Socket to) {
        BlockingQueue<Piece> onTheWay = new LinkedBlockingQueue<>();
        threads.execute(() -> {
            byte[] buffer = new byte[BUFFER];
            try (InputStream input = from.getInputStream()) {
                for (int size = input.read(buffer); size >= 0; size = input.read(buffer)) {
                    onTheWay.add(new Piece(Arrays.copyOf(buffer, size), System.nanoTime() + delay));
                }
            } catch (IOException e) {
                // The connection was reset: what came before is passed on.
            }
            onTheWay.add(new Piece(new byte[0], System.nanoTime() + delay));
        });
        threads.execute(() -> {
            try (to;
                    OutputStream output = to.getOutputStream()) {
                for (Piece piece = onTheWay.take(); piece.bytes().length > 0; piece = onTheWay.take()) {
                    TimeUnit.NANOSECONDS.sleep(piece.due() - System.nanoTime());
                    output.write(piece.bytes());
                }
            } catch (IOException | InterruptedException e) {
                // Gone at the far end; the near end hears of it through the other direction.
            }
        });
    }
}
