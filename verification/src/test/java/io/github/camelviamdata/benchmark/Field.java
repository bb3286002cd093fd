// Copyright the camel-viamdata authors. SPDX-License-Identifier: Apache-2.0
package io.github.camelviamdata.benchmark;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** A service, and a running program for each peer. */
final class Field implements AutoCloseable {

    interface Turn {
        void took(String peer, long[] result);
    }

    private final List<Worker> workers = new ArrayList<>();
    private final Map<String, Worker> peers = new LinkedHashMap<>();
    private int round;

    /** @param service arguments for the service */
    Field(List<String> names, int roundTrip, String heap, String... service) throws IOException {
        this(Uploader.class, names, roundTrip, heap, service);
    }

    /**
     * @param program what each peer is
     * @param service arguments for the service
     */
    Field(Class<?> program, List<String> names, int roundTrip, String heap, String... service) throws IOException {
        int port = (int) add(new Worker(List.of("-Xmx512m"), NeutralService.class, service))
                .await("PORT")[0];
        if (roundTrip > 0) {
            port = (int) add(new Worker(List.of(), DelayProxy.class, String.valueOf(port), String.valueOf(roundTrip)))
                    .await("PORT")[0];
        }
        for (String name : names) {
            Worker worker = add(
                    name.equals(Benchmarks.PREVIOUS)
                            ? Worker.ofPrevious(List.of(heap), program, "viamdata", String.valueOf(port))
                            : new Worker(List.of(heap), program, name, String.valueOf(port)));
            worker.await("READY");
            peers.put(name, worker);
        }
    }

    private Worker add(Worker worker) {
        workers.add(worker);
        return worker;
    }

    void rounds(String work, int rounds, Turn turn) throws IOException {
        for (int i = 0; i < rounds; i++) {
            List<String> order = new ArrayList<>(peers.keySet());
            Collections.rotate(order, round++);
            Map<String, long[]> results = new HashMap<>();
            for (String peer : order) {
                results.put(peer, peers.get(peer).work(work));
            }
            peers.keySet().forEach(peer -> turn.took(peer, results.get(peer)));
        }
    }

    /** Processor time of all of its programs. */
    long processorNanos() {
        return workers.stream().mapToLong(Worker::processorNanos).sum();
    }

    @Override
    public void close() {
        workers.forEach(Worker::close);
    }
}
