// Copyright the camel-viamdata authors. SPDX-License-Identifier: Apache-2.0
package io.github.camelviamdata.service;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** Viam's TypeScript SDK, from npm, and the programs of {@code src/test/resources/sdk} that use it. */
public final class ViamSdk {

    private static final List<String> FILES = List.of("package.json", "upload.mjs", "deliver.mjs");

    private final Path folder;

    private ViamSdk(Path folder) {
        this.folder = folder;
    }

    /** Installs it in an empty folder, or uses what is there. The test is skipped where that cannot be done. */
    public static ViamSdk in(Path folder) throws Exception {
        assumeTrue(isOnThePath("npm") && isOnThePath("node"), "Skipped: node and npm are not both on the PATH");
        for (String file : FILES) {
            if (!Files.exists(folder.resolve(file))) {
                Files.copy(Path.of("src/test/resources/sdk", file), folder.resolve(file));
            }
        }
        assumeTrue(
                Files.exists(folder.resolve("node_modules/@viamrobotics/sdk")) || isInstalled(folder),
                "Skipped: npm could not install Viam's SDK");
        return new ViamSdk(folder);
    }

    private static boolean isInstalled(Path folder) throws Exception {
        Process npm = new ProcessBuilder("npm", "install", "--no-audit", "--no-fund")
                .directory(folder.toFile())
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve("npm.log").toFile())
                .start();
        try {
            return npm.waitFor(120, TimeUnit.SECONDS) && npm.exitValue() == 0;
        } finally {
            npm.destroyForcibly();
        }
    }

    /** Whether a program can be run by its name. */
    public static boolean isOnThePath(String program) {
        return Stream.of(System.getenv("PATH").split(":"))
                .anyMatch(directory -> Files.isExecutable(Path.of(directory, program)));
    }

    /** Runs a program of the SDK. */
    public Process run(Path log, String program, String... arguments) throws IOException {
        List<String> command =
                new ArrayList<>(List.of("node", folder.resolve(program).toString()));
        command.addAll(List.of(arguments));
        return new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(log.toFile())
                .start();
    }
}
