// Copyright the camel-viamdata authors. SPDX-License-Identifier: Apache-2.0
package io.github.camelviamdata.support;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;

/** Another Java runtime, for what depends on the environment, the class path or the memory of the whole process. */
public final class ChildJvm {

    /** How it ended, and all that it printed. */
    public record Result(int exitCode, String output) {}

    private final List<String> command = new ArrayList<>();
    private final ProcessBuilder builder = new ProcessBuilder();

    public ChildJvm(List<Path> classPath, String... options) {
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(List.of(options));
        command.add("-cp");
        command.add(String.join(
                File.pathSeparator, classPath.stream().map(Path::toString).toList()));
        builder.environment().keySet().removeIf(name -> name.startsWith("VIAM_"));
    }

    /** The class path of the tests. */
    public static List<Path> ownClassPath() {
        return Arrays.stream(System.getProperty("java.class.path").split(File.pathSeparator))
                .map(Path::of)
                .toList();
    }

    public ChildJvm environment(Map<String, String> environment) {
        builder.environment().putAll(environment);
        return this;
    }

    public ChildJvm directory(Path directory) {
        builder.directory(directory.toFile());
        return this;
    }

    /** Runs a program to its end; kills it after the timeout. */
    public Result run(long timeoutSeconds, String mainClass, String... arguments)
            throws IOException, InterruptedException {
        command.add(mainClass);
        command.addAll(List.of(arguments));
        Process process = builder.command(command).redirectErrorStream(true).start();
        CompletableFuture<String> output = CompletableFuture.supplyAsync(() -> {
            try {
                return new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            } catch (IOException e) {
                return e.toString();
            }
        });
        boolean ended = process.waitFor(timeoutSeconds, TimeUnit.SECONDS);
        if (!ended) {
            process.destroyForcibly().waitFor();
        }
        try {
            if (!ended) {
                throw new AssertionError("No end after " + timeoutSeconds + " s: " + output.get());
            }
            return new Result(process.exitValue(), output.get());
        } catch (ExecutionException e) {
            throw new AssertionError(e);
        }
    }
}
