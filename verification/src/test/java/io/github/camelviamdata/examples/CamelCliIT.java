// Copyright the camel-viamdata authors. SPDX-License-Identifier: Apache-2.0
package io.github.camelviamdata.examples;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.github.camelviamdata.faults.Ports;
import io.github.camelviamdata.service.TestCall;
import io.github.camelviamdata.service.TestService;
import io.grpc.Status;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The files and commands of the page on the Camel CLI, each command in a process of its own. */
@Tag("examples")
@Timeout(400)
class CamelCliIT {

    private static final Path PAGE = Path.of("src/main/docs/camel-cli.adoc");
    private static final Pattern FILE =
            Pattern.compile("^[.](\\S+)\n----\n(.*?)^----$", Pattern.DOTALL | Pattern.MULTILINE);

    /** A class of its own, because the CLI's has no main method. */
    private static final String LAUNCHER = """
            class Launcher {
                public static void main(String[] arguments) throws Exception {
                    org.apache.camel.dsl.jbang.core.commands.CamelJBangMain.run(arguments);
                }
            }
            """;

    @TempDir
    static Path tools;

    private static String classPath;

    @TempDir
    Path folder;

    private record Result(int status, String output) {}

    @BeforeAll
    static void findTheCli() throws Exception {
        Path list = tools.resolve("class-path");
        Process maven = new ProcessBuilder(
                        Path.of(System.getProperty("maven.home"), "bin", "mvn").toString(),
                        "-B",
                        "-q",
                        "-f",
                        "src/test/resources/cli/pom.xml",
                        "-Dmaven.repo.local=" + repository(),
                        "-Dmdep.outputFile=" + list,
                        "org.apache.maven.plugins:maven-dependency-plugin:3.9.0:build-classpath")
                .inheritIO()
                .start();
        assertThat(maven.waitFor(4, TimeUnit.MINUTES)).isTrue();
        classPath = Files.readString(list);
        Files.writeString(tools.resolve("Launcher.java"), LAUNCHER);
    }

    private static String repository() {
        return Path.of(System.getProperty("maven.repo.local")).toAbsolutePath().toString();
    }

    @BeforeEach
    void writeTheFilesOfThePage() throws IOException {
        Matcher file = FILE.matcher(Files.readString(PAGE));
        while (file.find()) {
            Files.writeString(folder.resolve(file.group(1)), file.group(2));
        }
        assertThat(folder.resolve("upload.yaml")).exists();
        assertThat(folder.resolve("application.properties")).exists();
    }

    @Test
    void runsARouteWithItsConsoleAndASmokeTest() throws Exception {
        int port = Ports.free();
        Path log = folder.resolve("log");
        try (TestService viam = TestService.plaintext().giving(request -> "token-of-" + request.getEntity())) {
            Process run =
                    camel(log, more(command("run"), "--management-port=" + port, "--logging-color=false", to(viam)));
            try {
                await().atMost(Duration.ofMinutes(3)).until(() -> {
                    assertThat(run.isAlive()).as(Files.readString(log)).isTrue();
                    return Files.readString(log).contains(" started in ");
                });
                Files.createDirectories(folder.resolve("inbox"));
                Files.writeString(folder.resolve("inbox/gate.jpg"), "picture");
                await().atMost(Duration.ofMinutes(1))
                        .until(() -> Files.readString(log).contains("gate.jpg stored as"));
                assertThat(viam.onlyUpload().metadata().getPartId()).isEqualTo("part");

                HttpRequest console = HttpRequest.newBuilder(URI.create("http://localhost:" + port + "/q/dev/viamdata"))
                        .build();
                assertThat(HttpClient.newHttpClient()
                                .send(console, HttpResponse.BodyHandlers.ofString())
                                .body())
                        .contains("localhost:" + viam.port());

                Result stored = camel(more(command("cmd send")));
                assertThat(stored.output()).contains("Sent (success)");
                assertThat(viam.uploads()).hasSize(2).last().satisfies(call -> {
                    assertThat(call.header("authorization")).isEqualTo("Bearer token-of-id");
                    assertThat(call.metadata().getPartId()).isEqualTo("part");
                    assertThat(new String(call.payload())).isEqualTo("hello");
                });

                viam.answering(call -> Status.PERMISSION_DENIED);
                assertThat(camel(more(command("cmd send"))).output())
                        .doesNotContain("Sent (success)")
                        .contains("ViamDataAuthenticationException");
            } finally {
                run.destroy();
                run.waitFor(20, TimeUnit.SECONDS);
                run.destroyForcibly();
            }
        }
    }

    @Test
    void exportsToEachRuntime() throws Exception {
        for (String runtime : List.of("camel-main", "spring-boot", "quarkus")) {
            List<String> command = command("export");
            command.replaceAll(argument -> argument.startsWith("--runtime=")
                    ? "--runtime=" + runtime
                    : argument.startsWith("--dir=") ? "--dir=" + runtime : argument);

            Result result = camel(command);

            assertThat(result.status()).as(result.output()).isZero();
            assertThat(folder.resolve(runtime).resolve("pom.xml"))
                    .content()
                    .contains("<artifactId>camel-viamdata</artifactId>");
        }
    }

    @Test
    void bindsTheUriAndRunsThePipe() throws Exception {
        Result bound = camel(command("bind"));
        assertThat(bound.status()).as(bound.output()).isZero();
        Files.createDirectories(folder.resolve("inbox"));
        Files.writeString(folder.resolve("inbox/gate.jpg"), "picture");
        Files.writeString(
                folder.resolve("application.properties"),
                Files.readString(folder.resolve("application.properties"))
                        + Files.readString(PAGE).replaceAll("(?s).*\n(camel.jbang.dependencies = \\S+\n).*", "$1"));
        Path log = folder.resolve("log");
        try (TestService viam = TestService.plaintext().giving(request -> "token")) {
            List<String> command = new ArrayList<>(List.of("run", "pipe.yaml", "application.properties"));
            Process run = camel(log, more(command, "--management-port=" + Ports.free(), to(viam)));
            try {
                await().atMost(Duration.ofMinutes(3)).until(() -> {
                    assertThat(run.isAlive()).as(Files.readString(log)).isTrue();
                    return viam.uploads().stream().anyMatch(TestCall::isHalfClosed);
                });
                assertThat(viam.onlyUpload().metadata().getPartId()).isEqualTo("my-part");
                assertThat(viam.onlyUpload().metadata().getComponentName()).isEqualTo("gate");
            } finally {
                run.destroyForcibly();
            }
        }
    }

    /** The arguments of a command of the page. */
    private static List<String> command(String name) throws IOException {
        Matcher line =
                Pattern.compile("^camel (" + name + " .*)$", Pattern.MULTILINE).matcher(Files.readString(PAGE));
        assertThat(line.find()).as(name).isTrue();
        return new ArrayList<>(List.of(line.group(1).replace("\"", "").split(" ")));
    }

    private static String[] to(TestService viam) {
        return new String[] {
            "--prop=camel.component.viamdata.host=localhost",
            "--prop=camel.component.viamdata.port=" + viam.port(),
            "--prop=camel.component.viamdata.plaintext=true"
        };
    }

    private static List<String> more(List<String> arguments, Object... more) {
        for (Object one : more) {
            arguments.addAll(one instanceof String[] several ? List.of(several) : List.of((String) one));
        }
        return arguments;
    }

    private Result camel(List<String> arguments) throws Exception {
        Path log = Files.createTempFile(folder, "camel", ".log");
        Process process = camel(log, arguments);
        try {
            assertThat(process.waitFor(3, TimeUnit.MINUTES)).isTrue();
        } finally {
            process.destroyForcibly();
        }
        return new Result(process.exitValue(), Files.readString(log));
    }

    private Process camel(Path log, List<String> arguments) throws IOException {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                // Where the CLI keeps what it knows of running processes.
                "-Duser.home=" + tools,
                "-Dmaven.repo.local=" + repository(),
                "-cp",
                classPath,
                tools.resolve("Launcher.java").toString()));
        command.addAll(arguments);
        ProcessBuilder builder = new ProcessBuilder(command)
                .directory(folder.toFile())
                .redirectErrorStream(true)
                .redirectOutput(log.toFile());
        builder.environment()
                .putAll(Map.of("VIAM_API_KEY_ID", "id", "VIAM_API_KEY", "key", "VIAM_MACHINE_PART_ID", "part"));
        return builder.start();
    }
}
