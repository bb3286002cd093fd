// Copyright the camel-viamdata authors. SPDX-License-Identifier: Apache-2.0
package io.github.camelviamdata.once;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/** A program whose files may not grow for a while, as on a full disk. It prints what the ledger says meanwhile, and after it. */
public final class LedgerOnFullDisk {

    private static final Duration DAY = Duration.ofDays(1);

    private LedgerOnFullDisk() {}

    /** @param arguments the file; the keys of two uploads that begin, and of one that cannot */
    public static void main(String[] arguments) throws Exception {
        Path file = Path.of(arguments[0]);
        try (FileLedger ledger = new FileLedger(file, DAY, InstantSource.system())) {
            ledger.begin(arguments[1]);
            ledger.begin(arguments[2]);
            limitFiles(String.valueOf(Files.size(file)));
            CompletableFuture<?> done = ledger.doneLater(arguments[1], "id", DAY);
            CompletableFuture<?> forgotten = ledger.forgetLater(arguments[2], DAY);
            try {
                System.out.println("full: " + ledger.begin(arguments[3]).kind());
            } catch (IllegalStateException e) {
                System.out.println("full: " + e.getMessage());
            }
            limitFiles("unlimited");
            done.get(1, TimeUnit.MINUTES);
            forgotten.get(1, TimeUnit.MINUTES);
            System.out.println("after: " + ledger.begin(arguments[1]));
        }
    }

    private static void limitFiles(String bytes) throws Exception {
        String pid = String.valueOf(ProcessHandle.current().pid());
        int code = new ProcessBuilder("prlimit", "--pid", pid, "--fsize=" + bytes + ":unlimited")
                .inheritIO()
                .start()
                .waitFor();
        if (code != 0) {
            throw new IllegalStateException("prlimit ended with " + code);
        }
    }
}
