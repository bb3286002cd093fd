// Copyright the camel-viamdata authors. SPDX-License-Identifier: Apache-2.0
package io.github.camelviamdata.delivery;

import io.github.camelviamdata.service.LoopbackProxy;
import java.io.IOException;
import java.net.Socket;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

/** What a client connects to: each connection is served by the next of several peers, and later ones by the last. */
final class Front extends LoopbackProxy {

    /** Serves one connection, until it throws or closes it. */
    interface Peer {
        void serve(Socket client) throws IOException;
    }

    private final AtomicInteger accepted = new AtomicInteger();
    private final List<Peer> peers;

    Front(List<Peer> peers) throws IOException {
        super(0);
        this.peers = peers;
        accept();
    }

    @Override
    protected void serve(Socket client) {
        Peer peer = peers.get(Math.min(accepted.getAndIncrement(), peers.size() - 1));
        start(() -> peer.serve(client));
    }

    /** Passes all on to a service on this machine. */
    Peer to(int port) {
        return client -> {
            Socket service = connect(port);
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

    @Override
    public void close() throws IOException {
        refuse();
        cut();
    }
}
