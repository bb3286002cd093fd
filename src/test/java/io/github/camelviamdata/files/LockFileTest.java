// Copyright the camel-viamdata authors. SPDX-License-Identifier: Apache-2.0
package io.github.camelviamdata.files;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.camelviamdata.support.LockProbe;
import java.lang.reflect.Method;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The operating system's view is that of another process. */
class LockFileTest {

    private static final StandardOpenOption[] CREATE = {StandardOpenOption.CREATE, StandardOpenOption.WRITE};

    @TempDir
    Path folder;

    @Test
    void anAttemptByAnotherPathReleasesNothing() throws Exception {
        Path file = folder.resolve("lock");
        Path other = Files.createSymbolicLink(folder.resolve("link"), folder).resolve("lock");
        try (LockFile lock = LockFile.tryLock(file, CREATE)) {
            assertThat(lock).isNotNull();
            assertThat(LockFile.tryLock(other, CREATE)).isNull();
            assertThat(LockProbe.isLocked(file)).isTrue();
        }
        assertThat(LockProbe.isLocked(file)).isFalse();
        try (LockFile next = LockFile.tryLock(other, CREATE)) {
            assertThat(next).isNotNull();
        }
    }

    /** Such as the component of another web application in the same process. */
    @Test
    void anAttemptOfAnotherClassLoaderReleasesNothing() throws Exception {
        Path file = folder.resolve("lock");
        URL[] classes = {LockFile.class.getProtectionDomain().getCodeSource().getLocation()};
        try (URLClassLoader loader = new URLClassLoader(classes, ClassLoader.getPlatformClassLoader())) {
            Method tryLock = loader.loadClass(LockFile.class.getName())
                    .getMethod("tryLock", Path.class, StandardOpenOption[].class);
            try (LockFile lock = LockFile.tryLock(file, CREATE)) {
                assertThat(lock).isNotNull();
                assertThat(tryLock.invoke(null, file, CREATE)).isNull();
                assertThat(LockProbe.isLocked(file)).isTrue();
            }
            try (AutoCloseable next = (AutoCloseable) tryLock.invoke(null, file, CREATE)) {
                assertThat(next).isNotNull();
                assertThat(LockProbe.isLocked(file)).isTrue();
            }
        }
    }

    @Test
    void aSecondCloseReleasesNothing() throws Exception {
        Path file = folder.resolve("lock");
        LockFile first = LockFile.tryLock(file, CREATE);
        first.close();
        try (LockFile next = LockFile.tryLock(file, CREATE)) {
            first.close();
            assertThat(next).isNotNull();
            assertThat(LockFile.tryLock(file, CREATE)).isNull();
        }
    }

    @Test
    void aFailedAttemptHoldsNothing() throws Exception {
        Path file = folder.resolve("lock");
        assertThatThrownBy(() -> LockFile.tryLock(file, StandardOpenOption.WRITE))
                .isInstanceOf(NoSuchFileException.class);
        try (LockFile lock = LockFile.tryLock(file, CREATE)) {
            assertThat(lock).isNotNull();
        }
    }
}
