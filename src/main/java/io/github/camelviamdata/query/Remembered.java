// Copyright the camel-viamdata authors. SPDX-License-Identifier: Apache-2.0
package io.github.camelviamdata.query;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.camel.spi.IdempotentRepository;

/** The IDs of items that are done, in the repository of the user. It may block and throw. Thread-safe. */
final class Remembered {

    private final IdempotentRepository repository;
    private final Set<String> waiting = ConcurrentHashMap.newKeySet();

    /** @param repository null where nothing remembers: then nothing is contained */
    Remembered(IdempotentRepository repository) {
        this.repository = repository;
    }

    boolean contains(String id) {
        return repository != null && (waiting.contains(id) || repository.contains(id));
    }

    /** What the repository throws leaves the ID waiting. */
    void add(String id) {
        addLater(id);
        addIfWaiting(id);
    }

    /** Lets the ID wait for {@link #addWaiting()}. Does not block. */
    void addLater(String id) {
        if (repository != null) {
            waiting.add(id);
        }
    }

    /** Adds the IDs that wait. What the repository throws leaves them waiting. */
    void addWaiting() {
        waiting.forEach(this::addIfWaiting);
    }

    private void addIfWaiting(String id) {
        if (waiting.contains(id)) {
            repository.add(id);
            waiting.remove(id);
        }
    }
}
