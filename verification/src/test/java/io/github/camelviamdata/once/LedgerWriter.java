// Copyright the camel-viamdata authors. SPDX-License-Identifier: Apache-2.0
package io.github.camelviamdata.once;

import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A program that notes uploads in a ledger as fast as it can, by 8 threads, until it is ended. It prints each note once it has been
 * made. Its arguments are the file, and the number of the run.
 */
public final class LedgerWriter {

    private LedgerWriter() {}

    public static void main(String[] arguments) {
        FileLedger ledger = new FileLedger(Path.of(arguments[0]), Duration.ofDays(1), InstantSource.system());
        long run = Long.parseLong(arguments[1]);
        AtomicInteger numbers = new AtomicInteger();
        for (int i = 0; i < 8; i++) {
            new Thread(() -> {
                        while (true) {
                            String key = new NoteKey(run, numbers.incrementAndGet()).toString();
                            ledger.begin(key);
                            System.out.println("begun " + key + " .");
                            ledger.done(key, "id-of-" + key);
                            System.out.println("done " + key + " .");
                        }
                    })
                    .start();
        }
    }
}
