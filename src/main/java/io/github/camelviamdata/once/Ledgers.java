// Copyright the camel-viamdata authors. SPDX-License-Identifier: Apache-2.0
package io.github.camelviamdata.once;

import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.Map;
import org.apache.camel.CamelContext;
import org.apache.camel.spi.IdempotentRepository;
import org.apache.camel.support.service.ServiceHelper;

/** The ledgers of a component: one for all endpoints that name the same file or bean. */
public final class Ledgers {

    private static final String FILE = "file:";

    private final CamelContext context;
    private final Map<Object, KeptLedger> ledgers = new HashMap<>();

    public Ledgers(CamelContext context) {
        this.context = context;
    }

    /**
     * The ledger of an endpoint.
     *
     * @param option {@code file:} and a path, a {@link Ledger}, or an {@link IdempotentRepository}
     * @param retention how long notes count in a file
     * @throws IllegalArgumentException if the option is none of these
     * @throws IllegalStateException if the file cannot be used
     */
    synchronized KeptLedger of(Object option, Duration retention) {
        Object key = option instanceof String text && text.startsWith(FILE)
                ? Path.of(text.substring(FILE.length())).toAbsolutePath().normalize()
                : option;
        KeptLedger known = ledgers.get(key);
        if (known == null) {
            known = new KeptLedger(open(key, retention));
            ledgers.put(key, known);
        }
        return known;
    }

    private Ledger open(Object key, Duration retention) {
        if (key instanceof Ledger own) {
            return own;
        } else if (key instanceof IdempotentRepository repository) {
            ServiceHelper.startService(repository);
            return new RepositoryLedger(repository);
        } else if (key instanceof Path file) {
            return new FileLedger(file, retention, InstantSource.system());
        }
        // A bean of another kind may print a password.
        throw new IllegalArgumentException("The option ledger is "
                + (key instanceof String
                        ? "'" + key + "'"
                        : "a " + key.getClass().getName())
                + "; it must be file: and a path, or #name for a bean that is a Ledger or an IdempotentRepository");
    }

    /** Closes the files. */
    public synchronized void close() throws Exception {
        for (KeptLedger ledger : ledgers.values()) {
            ledger.close();
        }
        ledgers.clear();
    }
}
