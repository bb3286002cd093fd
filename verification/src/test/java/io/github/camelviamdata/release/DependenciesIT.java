// Copyright the camel-viamdata authors. SPDX-License-Identifier: Apache-2.0
package io.github.camelviamdata.release;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.camelviamdata.support.ChildJvm;
import java.io.File;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What Maven puts on the class path of an application that has versions of its own, and that the application runs on it. */
@Tag("examples")
class DependenciesIT {

    private static final Path POM = Path.of("src/test/resources/apps/own-versions/pom.xml");

    @TempDir
    Path directory;

    /** Without versions of its own, it has those that this project is built with. */
    @ParameterizedTest
    @CsvSource({"4.17.0, , ", "4.18.0, 1.79.0, 3.25.5", "4.18.0, 1.79.0, 4.33.4"})
    void runsOnTheVersionsOfTheApplication(String camel, String grpc, String protobuf) throws Exception {
        List<Path> classPath = resolve(camel, grpc, protobuf);

        assertThat(versions(classPath, "org/apache/camel/camel-"))
                .contains("camel-support-" + camel)
                .filteredOn(name -> !name.startsWith("camel-grpc-"))
                .allMatch(name -> name.endsWith("-" + camel));
        assertThat(versions(classPath, "io/grpc/"))
                .contains("grpc-netty-shaded-" + own(grpc, "grpc"))
                .allMatch(name -> name.endsWith("-" + own(grpc, "grpc")));
        assertThat(versions(classPath, "com/google/protobuf/protobuf-java/"))
                .containsExactly("protobuf-java-" + own(protobuf, "protobuf"));
        assertThat(versions(classPath, "/camel-grpc/")).hasSize(grpc == null ? 0 : 1);

        uploadsAFile(classPath);
    }

    /** In one sentence, rather than by a method that is missing once the first message comes. */
    @ParameterizedTest
    @CsvSource({
        "4.7.0, , , Camel 4.8 or later| and found 4.7.0",
        "4.4.3, , , Camel 4.8 or later| and found 4.4.3",
        "4.18.0, 1.63.0, 3.25.3, protobuf-java 3.25.5 or later| and found 3.25.3"
    })
    void doesNotStartOnLibrariesThatAreTooOld(String camel, String grpc, String protobuf, String sentence)
            throws Exception {
        List<Path> withFiles = new ArrayList<>(List.of(directory));
        withFiles.addAll(resolve(camel, grpc, protobuf));
        Files.writeString(
                directory.resolve("application.properties"),
                "camel.main.routes-include-pattern=classpath:routes.camel.yaml");
        for (List<String> route : List.of(
                List.of("file:inbox", "viamdata:part?operation=file"),
                List.of("viamdata-server:localhost:0", "file:out"))) {
            Files.writeString(directory.resolve("routes.camel.yaml"), """
                    - route:
                        from:
                          uri: "%s"
                          steps:
                            - to: "%s"
                    """.formatted(route.toArray()));

            ChildJvm.Result result =
                    new ChildJvm(withFiles).directory(directory).run(60, "org.apache.camel.main.Main");

            assertThat(result.exitCode()).as(result.output()).isNotZero();
            assertThat(result.output())
                    .contains(
                            "camel-viamdata needs " + sentence.replace('|', ',') + ": raise its version in your build");
        }
    }

    private static String own(String version, String library) {
        return version == null ? System.getProperty("expected." + library + ".version") : version;
    }

    /** The names of the jars below such a folder of the local repository, without their extension. */
    private static List<String> versions(List<Path> classPath, String folder) {
        return classPath.stream()
                .filter(jar -> jar.toString().replace(File.separatorChar, '/').contains(folder))
                .map(jar -> jar.getFileName().toString().replace(".jar", ""))
                .toList();
    }

    private List<Path> resolve(String camel, String grpc, String protobuf) throws Exception {
        Path list = directory.resolve("classpath");
        List<String> arguments = new ArrayList<>(List.of(
                "-f",
                POM.toString(),
                "-Dviamdata.version=" + System.getProperty("project.version"),
                "-Dcamel.version=" + camel,
                "org.apache.maven.plugins:maven-dependency-plugin:3.9.0:build-classpath",
                "-Dmdep.outputFile=" + list));
        if (grpc != null) {
            arguments.addAll(List.of("-Dgrpc.version=" + grpc, "-Dprotobuf.version=" + protobuf));
        }

        ChildJvm.Result maven = ChildMaven.run(arguments);

        assertThat(maven.exitCode()).as(maven.output()).isZero();
        return Stream.of(Files.readString(list).split(File.pathSeparator))
                .map(Path::of)
                .toList();
    }

    /** To a server in the same process: both ends of gRPC run, with a message and with a stream. */
    private void uploadsAFile(List<Path> classPath) throws Exception {
        int port;
        try (ServerSocket socket = new ServerSocket(0)) {
            port = socket.getLocalPort();
        }
        byte[] picture = new byte[50_000];
        byte[] video = new byte[3_000_000];
        Path inbox = Files.createDirectories(directory.resolve("inbox"));
        new Random(1).nextBytes(picture);
        new Random(2).nextBytes(video);
        Files.write(inbox.resolve("picture.jpg"), picture);
        Files.write(inbox.resolve("video.mp4"), video);
        Files.writeString(
                directory.resolve("application.properties"),
                String.join(
                        "\n",
                        "camel.component.viamdata.host=localhost",
                        "camel.component.viamdata.port=" + port,
                        "camel.component.viamdata.plaintext=true",
                        "camel.component.viamdata.api-key-id=key-id",
                        "camel.component.viamdata.api-key=key",
                        "camel.main.routes-include-pattern=classpath:routes.camel.yaml",
                        // Each of the two files goes through both routes.
                        "camel.main.duration-max-messages=4"));
        Files.writeString(directory.resolve("routes.camel.yaml"), """
                - route:
                    from:
                      uri: viamdata-server:localhost:%d
                      steps:
                        - to: file:received?fileName=${header.CamelViamDataFileName}
                - route:
                    from:
                      uri: file:inbox
                      parameters:
                        noop: true
                      steps:
                        - setHeader:
                            name: CamelViamDataFileName
                            simple: ${file:name}
                        - to:
                            uri: viamdata:part
                            parameters:
                              componentType: camera
                              componentName: gate
                              methodName: GetImages
                """.formatted(port));
        List<Path> withFiles = new ArrayList<>(List.of(directory));
        withFiles.addAll(classPath);

        ChildJvm.Result result = new ChildJvm(withFiles).directory(directory).run(60, "org.apache.camel.main.Main");

        assertThat(result.exitCode()).as(result.output()).isZero();
        assertThat(directory.resolve("received/picture.jpg"))
                .as(result.output())
                .hasBinaryContent(picture);
        assertThat(directory.resolve("received/video.mp4")).hasBinaryContent(video);
    }
}
