// Copyright the camel-viamdata authors. SPDX-License-Identifier: Apache-2.0
package io.github.camelviamdata.apps;

import java.io.IOException;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** An application of examples/, built and started as its README says. */
enum Application {
    SPRING_BOOT("spring-boot", List.of(), "target/spring-boot-uploader-1.jar", "server.port", "/actuator/health"),
    SPRING_BOOT_4(
            "spring-boot",
            List.of("-Pspring-boot-4"),
            "target/spring-boot-4-uploader-1.jar",
            "server.port",
            "/actuator/health"),
    QUARKUS("quarkus", List.of(), "target/quarkus-app/quarkus-run.jar", "quarkus.http.port", "/q/health");

    private static final HttpClient HTTP = HttpClient.newHttpClient();

    private final String example;
    private final List<String> options;
    private final String jar;
    private final String portProperty;
    private final String healthPath;

    Application(String example, List<String> options, String jar, String portProperty, String healthPath) {
        this.example = example;
        this.options = options;
        this.jar = jar;
        this.portProperty = portProperty;
        this.healthPath = healthPath;
    }

    Path folder() {
        return Path.of("examples", example);
    }

    /** The command that its README begins with. */
    String commandOfItsReadme() throws IOException {
        String readme = Files.readString(folder().resolve("README.md"));
        return readme.split("```\\n")[1].strip();
    }

    /** Runs Maven in the folder of the application, on the local repository of this build. */
    Running maven(Path log, Map<String, String> properties, List<String> arguments) throws IOException {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("maven.home"), "bin", "mvn").toString());
        command.addAll(List.of("-B", "-ntp", "-Dmaven.repo.local=" + System.getProperty("maven.repo.local")));
        command.addAll(options);
        command.addAll(arguments);
        return new Running(log, properties, command);
    }

    /** Runs what Maven has built. */
    Running jar(Path log, Map<String, String> properties) throws IOException {
        return jar(log, properties, Map.of());
    }

    /** Runs what Maven has built. The settings are given on the command line, as its README says. */
    Running jar(Path log, Map<String, String> properties, Map<String, String> settings) throws IOException {
        List<String> command = new ArrayList<>(List.of("-jar", jar));
        // Of Java itself, before the jar, or of the program, behind it.
        String option = this != QUARKUS ? "--" : "-D";
        settings.forEach((name, value) -> command.add(this != QUARKUS ? 2 : 0, option + name + "=" + value));
        command.add(0, Path.of(System.getProperty("java.home"), "bin", "java").toString());
        return new Running(log, properties, command);
    }

    static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0)) {
            return socket.getLocalPort();
        }
    }

    /** A process, its children, and where it listens. Properties reach it through the environment. */
    final class Running implements AutoCloseable {

        private final int port = freePort();
        private final Path log;
        private final Process process;

        private Running(Path log, Map<String, String> properties, List<String> command) throws IOException {
            this.log = log;
            ProcessBuilder builder = new ProcessBuilder(command)
                    .directory(folder().toFile())
                    .redirectErrorStream(true)
                    .redirectOutput(log.toFile());
            Map<String, String> environment = builder.environment();
            environment.keySet().removeIf(name -> name.startsWith("VIAM_"));
            environment.put(variable(portProperty), String.valueOf(port));
            properties.forEach((name, value) -> environment.put(variable(name), value));
            process = builder.start();
        }

        private static String variable(String property) {
            return property.replaceAll("[.-]", "_").toUpperCase(Locale.ROOT);
        }

        int exit(int seconds) throws InterruptedException {
            if (!process.waitFor(seconds, TimeUnit.SECONDS)) {
                throw new AssertionError("It runs after " + seconds + " s: " + output());
            }
            return process.exitValue();
        }

        String output() {
            try {
                return Files.readString(log);
            } catch (IOException e) {
                return e.toString();
            }
        }

        /** The answer of the health endpoint; none while there is no such answer. */
        HttpResponse<String> health() throws IOException, InterruptedException {
            if (!process.isAlive()) {
                throw new AssertionError("It has ended: " + output());
            }
            URI uri = URI.create("http://localhost:" + port + healthPath);
            return HTTP.send(
                    HttpRequest.newBuilder(uri).timeout(Duration.ofSeconds(10)).build(),
                    HttpResponse.BodyHandlers.ofString());
        }

        @Override
        public void close() {
            List<ProcessHandle> children = process.descendants().toList();
            process.destroy();
            children.forEach(ProcessHandle::destroy);
            try {
                if (!process.waitFor(30, TimeUnit.SECONDS)) {
                    process.destroyForcibly();
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
            children.forEach(ProcessHandle::destroyForcibly);
        }
    }
}
