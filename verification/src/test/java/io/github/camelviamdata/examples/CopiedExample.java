// Copyright the camel-viamdata authors. SPDX-License-Identifier: Apache-2.0
package io.github.camelviamdata.examples;

import io.github.camelviamdata.faults.Ports;
import io.github.camelviamdata.service.FileTree;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A folder of {@code examples}, copied to an empty one, and Maven that runs it there, as its README says. */
final class CopiedExample implements AutoCloseable {

    private static final Map<String, String> CREDENTIALS = Map.of(
            "VIAM_API_KEY_ID", "id",
            "VIAM_API_KEY", "key",
            "VIAM_MACHINE_PART_ID", "part",
            "AWS_ACCESS_KEY_ID", "id-of-s3",
            "AWS_SECRET_ACCESS_KEY", "key-of-s3");

    /** In the place of Viam. Nothing listens there at first. */
    final int viamPort = Ports.free();

    final Path folder;
    private final Path output;
    private final Process process;

    /**
     * @param value takes the place of that of the last setting in the command of the README
     * @param options further ones, for what has another address here
     */
    CopiedExample(String name, Path directory, String value, String... options) throws IOException {
        folder = Files.createDirectory(directory.resolve(name));
        for (Map.Entry<String, Path> file :
                FileTree.files(Path.of("examples", name)).entrySet()) {
            Path copy = folder.resolve(file.getKey());
            Files.createDirectories(copy.getParent());
            Files.copy(file.getValue(), copy);
        }
        output = directory.resolve(name + ".log");
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("maven.home"), "bin", "mvn").toString(),
                "-B",
                "-Dmaven.repo.local=" + System.getProperty("maven.repo.local")));
        command.addAll(arguments(name, value));
        command.addAll(List.of(options));
        for (String option : List.of("host=localhost", "port=" + viamPort, "plaintext=true")) {
            command.add("-Dcamel.component.viamdata." + option);
        }
        ProcessBuilder builder = new ProcessBuilder(command)
                .directory(folder.toFile())
                .redirectErrorStream(true)
                .redirectOutput(output.toFile());
        builder.environment().putAll(CREDENTIALS);
        builder.environment().put("MAVEN_OPTS", "-XX:TieredStopAtLevel=1 -Xmx256m");
        process = builder.start();
    }

    /** Those of the README, without {@code -f}, which a copy does not need. */
    private List<String> arguments(String name, String value) throws IOException {
        Matcher command = Pattern.compile(
                        "^mvn (.*)-f examples/" + name + "/pom.xml (?:(-D[\\w.]+=\\S+) )?(-D[\\w.]+=)\\S+$",
                        Pattern.MULTILINE)
                .matcher(Files.readString(folder.resolve("README.md")));
        if (!command.find()) {
            throw new AssertionError("The README of " + name + " has no such command");
        }
        List<String> arguments =
                new ArrayList<>(List.of(command.group(1).strip().split(" ")));
        if (command.group(2) != null) {
            arguments.add(command.group(2));
        }
        arguments.add(command.group(3) + value);
        return arguments;
    }

    /** What is on the screen. */
    List<String> lines() throws IOException {
        if (!process.isAlive()) {
            throw new AssertionError("It has ended: " + Files.readString(output));
        }
        return Files.readAllLines(output);
    }

    @Override
    public void close() throws InterruptedException {
        process.destroy();
        if (!process.waitFor(20, TimeUnit.SECONDS)) {
            process.destroyForcibly();
        }
    }
}
