// Copyright the camel-viamdata authors. SPDX-License-Identifier: Apache-2.0
package io.github.camelviamdata.benchmark;

import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** A program of the benchmark, in a Java runtime of its own: takes a line of work at a time, and answers it in a line. */
final class Worker implements AutoCloseable {

    private final String name;
    private final Process process;
    private final BufferedReader output;
    private final PrintStream input;

    /**
     * @param options of the Java runtime
     * @param program its main class
     */
    Worker(List<String> options, Class<?> program, String... arguments) throws IOException {
        this(System.getProperty("java.class.path"), options, program, arguments);
    }

    /** With the component of {@link Benchmarks#PREVIOUS}. */
    static Worker ofPrevious(List<String> options, Class<?> program, String... arguments) throws IOException {
        return new Worker(
                Benchmarks.previous() + File.pathSeparator + System.getProperty("java.class.path"),
                options,
                program,
                arguments);
    }

    private Worker(String classPath, List<String> options, Class<?> program, String... arguments) throws IOException {
        name = program.getSimpleName() + " " + String.join(" ", arguments);
        List<String> command = new ArrayList<>(
                List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString()));
        command.addAll(options);
        command.add("-Dlog4j2.configurationFile=" + Path.of("src/test/resources/log4j2-child.xml"));
        command.addAll(List.of("-cp", classPath, program.getName()));
        command.addAll(List.of(arguments));
        process = new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        output = new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
        input = new PrintStream(process.getOutputStream(), true, StandardCharsets.UTF_8);
    }

    /** Waits for a line that begins with this word, and gives the numbers after it. */
    long[] await(String word) throws IOException {
        for (String line = output.readLine(); line != null; line = output.readLine()) {
            if (line.startsWith(word)) {
                return Stream.of(line.substring(word.length()).trim().split(" "))
                        .filter(number -> !number.isEmpty())
                        .mapToLong(Long::parseLong)
                        .toArray();
            }
        }
        throw new IOException(name + " has ended");
    }

    long[] work(String what) throws IOException {
        input.println(what);
        return await("RESULT");
    }

    long processorNanos() {
        return process.toHandle().info().totalCpuDuration().orElseThrow().toNanos();
    }

    @Override
    public void close() {
        process.destroyForcibly();
    }
}
