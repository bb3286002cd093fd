// Copyright the camel-viamdata authors. SPDX-License-Identifier: Apache-2.0
package io.github.camelviamdata.once;

import org.apache.camel.spi.IdempotentRepository;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A ledger in any idempotent repository of Camel, such as that of camel-sql. It has two entries for each upload that is stored: the
 * key, and the key with {@code -done}. It keeps neither times nor IDs.
 */
final class RepositoryLedger implements Ledger {

    private static final Logger LOG = LoggerFactory.getLogger(RepositoryLedger.class);

    private static final String DONE = "-done";

    private final IdempotentRepository repository;

    RepositoryLedger(IdempotentRepository repository) {
        this.repository = repository;
    }

    @Override
    public State begin(String key) {
        if (repository.contains(key + DONE)) {
            return State.done("");
        } else if (repository.add(key)) {
            confirm(key);
            return State.begun();
        }
        return State.open();
    }

    @Override
    public void done(String key, String id) {
        repository.add(key + DONE);
        confirm(key + DONE);
    }

    /** Most repositories have noted it before. */
    private void confirm(String key) {
        if (!repository.confirm(key)) {
            LOG.debug("{} does not confirm keys", repository.getClass().getName());
        }
    }

    @Override
    public void forget(String key) {
        repository.remove(key);
    }
}
