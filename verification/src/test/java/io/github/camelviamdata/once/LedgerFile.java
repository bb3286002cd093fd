// Copyright the camel-viamdata authors. SPDX-License-Identifier: Apache-2.0
package io.github.camelviamdata.once;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;

/** Ledgers for tests of other packages. */
public final class LedgerFile {

    private LedgerFile() {}

    /**
     * Makes a ledger of many notes.
     *
     * @param least how many bytes it has at least
     * @return how many it has
     */
    public static long fill(Path file, long least) throws IOException {
        try (FileLedger ledger = new FileLedger(file, Duration.ofDays(1), InstantSource.system())) {
            for (int i = 0; Files.size(file) < least; i++) {
                ledger.done(new NoteKey(i, -1).toString(), "an ID of another upload, which takes some room");
            }
        }
        return Files.size(file);
    }
}
