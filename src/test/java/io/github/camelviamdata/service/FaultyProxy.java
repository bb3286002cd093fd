// Copyright the camel-viamdata authors. SPDX-License-Identifier: Apache-2.0
package io.github.camelviamdata.service;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.util.Iterator;
import java.util.stream.LongStream;

/**
 * Passes bytes on between clients and a server. It resets a connection (TCP RST) after so many bytes from the client, and
 * falls silent when it is told to, as a dead peer does: without closing anything.
 */
public final class FaultyProxy extends LoopbackProxy {

    private final Iterator<Long> lives;
    private final int port;
    private volatile boolean silent;

    /**
     * @param port where to pass bytes on to
     * @param lives how many bytes the first, the second and every further connection may carry
     */
    public FaultyProxy(int port, LongStream lives) throws IOException {
        this(0, port, lives);
    }

    /** @param listen where to listen, such as in the place of one that was closed */
    public FaultyProxy(int listen, int port, LongStream lives) throws IOException {
        super(listen);
        this.port = port;
        this.lives = lives.iterator();
        accept();
    }

    /** Takes bytes from now on, and passes none on. */
    public void fallSilent() {
        silent = true;
    }

    /** Passes bytes on again, but not those of the connections that were opened in silence. */
    public void answerAgain() {
        silent = false;
    }

    @Override
    protected void serve(Socket client) throws IOException {
        Socket server = connect(port);
        long life = lives.next();
        boolean dead = silent;
        start(() -> pass(client, server, life, dead));
        start(() -> pass(server, client, Long.MAX_VALUE, dead));
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
            forget(from, to);
        }
    }
}
