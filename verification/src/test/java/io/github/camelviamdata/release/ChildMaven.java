// Copyright the camel-viamdata authors. SPDX-License-Identifier: Apache-2.0
package io.github.camelviamdata.release;

import io.github.camelviamdata.support.ChildJvm;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** The Maven and the local repository of this build, in a process of its own. */
final class ChildMaven {

    static final Path REPOSITORY = Path.of(System.getProperty("maven.repo.local", ""));

    private ChildMaven() {}

    /** Runs to the end. */
    static ChildJvm.Result run(List<String> arguments) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("maven.home"), "bin", "mvn").toString());
        command.addAll(List.of("-B", "-ntp", "-Dmaven.repo.local=" + REPOSITORY));
        command.addAll(arguments);
        Path log = Files.createTempFile("maven", ".log");
        try {
            Process process = new ProcessBuilder(command)
                    .redirectErrorStream(true)
                    .redirectOutput(log.toFile())
                    .start();
            if (!process.waitFor(4, TimeUnit.MINUTES)) {
                process.destroyForcibly();
                throw new AssertionError("No end: " + Files.readString(log));
            }
            return new ChildJvm.Result(process.exitValue(), Files.readString(log));
        } finally {
            Files.delete(log);
        }
    }
}
