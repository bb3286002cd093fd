// Copyright the camel-viamdata authors. SPDX-License-Identifier: Apache-2.0
package io.github.camelviamdata.support;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;

/** A program that says whether another process has locked a file: the Java runtime of the lock would not ask the operating system. */
public final class LockProbe {

    private static final String LOCKED = "locked by another";
    private static final int SECONDS = 60;

    private LockProbe() {}

    public static void main(String[] arguments) throws IOException {
        try (FileChannel channel = FileChannel.open(Path.of(arguments[0]), StandardOpenOption.WRITE)) {
            System.out.println(channel.tryLock() == null ? LOCKED : "free");
        }
    }

    /** Whether this process has locked a file. */
    public static boolean isLocked(Path file) throws Exception {
        Path classes = Path.of(LockProbe.class
                .getProtectionDomain()
                .getCodeSource()
                .getLocation()
                .toURI());
        ChildJvm.Result probe = new ChildJvm(List.of(classes)).run(SECONDS, LockProbe.class.getName(), file.toString());
        if (probe.exitCode() != 0) {
            throw new AssertionError(probe.output());
        }
        return probe.output().contains(LOCKED);
    }
}
