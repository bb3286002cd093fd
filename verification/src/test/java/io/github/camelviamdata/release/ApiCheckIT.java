// Copyright the camel-viamdata authors. SPDX-License-Identifier: Apache-2.0
package io.github.camelviamdata.release;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.camelviamdata.ViamDataException;
import io.github.camelviamdata.support.ChildJvm;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The check that a release takes nothing away from the one before, with this jar in the place of that one. */
@Tag("examples")
class ApiCheckIT {

    private static final Path JAR = Path.of(System.getProperty("project.jar"));
    private static final String BASELINE = "0-baseline";
    private static final Path RELEASE = ChildMaven.REPOSITORY
            .resolve("io/github/camel-viamdata/camel-viamdata")
            .resolve(BASELINE);
    private static final Path RELEASED = RELEASE.resolve("camel-viamdata-" + BASELINE + ".jar");

    @TempDir
    Path directory;

    @BeforeEach
    void release() throws Exception {
        Files.createDirectories(RELEASE);
        Files.deleteIfExists(RELEASED);
        Files.copy(JAR, RELEASED);
    }

    @AfterEach
    void withdraw() throws Exception {
        Files.delete(RELEASED);
        Files.delete(RELEASE);
    }

    @Test
    void passesWithTheSameApi() throws Exception {
        ChildJvm.Result maven = check(JAR);

        assertThat(maven.exitCode()).as(maven.output()).isZero();
        assertThat(maven.output()).contains("api.diff").doesNotContain("japicmp skipped");
    }

    @Test
    void failsWithoutAMethodThatHasBeenReleased() throws Exception {
        Path jar = directory.resolve("changed.jar");
        Files.copy(JAR, jar);
        try (FileSystem zip = FileSystems.newFileSystem(jar)) {
            Path type = zip.getPath(ViamDataException.class.getName().replace('.', '/') + ".class");
            String code = Files.readString(type, ISO_8859_1);
            assertThat(code).contains("getPartId");
            // A name of the same length, so that nothing else in the class file changes.
            Files.writeString(type, code.replace("getPartId", "getPartIx"), ISO_8859_1);
        }

        ChildJvm.Result maven = check(jar);

        assertThat(maven.exitCode()).isNotZero();
        assertThat(maven.output()).contains("METHOD_REMOVED").contains("ViamDataException.getPartId()");
    }

    private static ChildJvm.Result check(Path jar) throws Exception {
        return ChildMaven.run(List.of(
                "-f",
                "verification/release/pom.xml",
                "japicmp:cmp@api",
                "-Djapicmp.skip=false",
                "-Dapi.baseline=" + BASELINE,
                "-Dapi.jar=" + jar));
    }
}
