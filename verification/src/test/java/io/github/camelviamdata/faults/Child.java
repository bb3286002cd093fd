// Copyright the camel-viamdata authors. SPDX-License-Identifier: Apache-2.0
package io.github.camelviamdata.faults;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Another Java runtime, with the class path of the tests, to be ended in all ways. */
final class Child implements AutoCloseable {

    private final Process process;

    /**
     * @param log where to add what it prints
     * @param mainClass what to run
     * @param options of the Java runtime
     * @param arguments of the program
     */
    Child(Path log, Class<?> mainClass, List<String> options, String... arguments) throws IOException {
        this(List.of(), log, mainClass, options, arguments);
    }

    /**
     * @param prefix a program that becomes the Java runtime, with its arguments, such as {@code setpriv}
     */
    Child(List<String> prefix, Path log, Class<?> mainClass, List<String> options, String... arguments)
            throws IOException {
        this(System.getProperty("java.class.path"), prefix, log, mainClass, options, arguments);
    }

    /**
     * @param classPath in place of that of the tests
     */
    Child(
            String classPath,
            List<String> prefix,
            Path log,
            Class<?> mainClass,
            List<String> options,
            String... arguments)
            throws IOException {
        List<String> command = new ArrayList<>(prefix);
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(options);
        // The tests' own configuration writes to target/test.log, which is taken.
        command.add("-Dlog4j2.configurationFile=" + Path.of("src/test/resources/log4j2-child.xml"));
        command.addAll(List.of("-cp", classPath, mainClass.getName()));
        command.addAll(List.of(arguments));
        ProcessBuilder builder = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()));
        builder.environment().keySet().removeIf(name -> name.startsWith("VIAM_"));
        process = builder.start();
    }

    long pid() {
        return process.pid();
    }

    boolean isAlive() {
        return process.isAlive();
    }

    /** {@code kill -9}. */
    void kill() throws InterruptedException {
        process.destroyForcibly();
        exit(10);
    }

    /** SIGTERM. Gives the exit code. */
    int terminate(int seconds) throws InterruptedException {
        process.destroy();
        return exit(seconds);
    }

    /** Waits for the end, and gives the exit code. */
    int exit(int seconds) throws InterruptedException {
        if (!process.waitFor(seconds, TimeUnit.SECONDS)) {
            throw new AssertionError("Process " + process.pid() + " runs after " + seconds + " s");
        }
        return process.exitValue();
    }

    @Override
    public void close() {
        process.destroyForcibly();
    }
}
