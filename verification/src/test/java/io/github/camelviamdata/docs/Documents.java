// Copyright the camel-viamdata authors. SPDX-License-Identifier: Apache-2.0
package io.github.camelviamdata.docs;

import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;

/** The documents of this repository. */
final class Documents {

    private static final Path ROOT = Path.of("");
    private static final Set<String> TESTS = Set.of(
            Test.class.getName(),
            ParameterizedTest.class.getName(),
            Property.class.getName(),
            "com.code_intelligence.jazzer.junit.FuzzTest");

    private Documents() {}

    /** All whose names end in one of these, in whatever folder, but for what builds make. */
    static List<Path> all(String... endings) throws IOException {
        List<Path> all = new ArrayList<>();
        Files.walkFileTree(ROOT, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult preVisitDirectory(Path folder, BasicFileAttributes attributes) {
                return Set.of("target", ".git").contains(folder.getFileName().toString())
                        ? FileVisitResult.SKIP_SUBTREE
                        : FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
                if (List.of(endings).stream().anyMatch(file.toString()::endsWith)) {
                    all.add(file);
                }
                return FileVisitResult.CONTINUE;
            }
        });
        all.sort(null);
        return all;
    }

    /** Whether what a document calls a test is one: not only a method, and not one that only prepares tests. */
    static boolean isTest(String type, String name) {
        try {
            return Arrays.stream(
                            Class.forName("io.github.camelviamdata." + type, false, Documents.class.getClassLoader())
                                    .getDeclaredMethods())
                    .filter(method -> method.getName().equals(name))
                    .flatMap(method -> Arrays.stream(method.getAnnotations()))
                    .anyMatch(annotation ->
                            TESTS.contains(annotation.annotationType().getName()));
        } catch (ClassNotFoundException e) {
            return false;
        }
    }
}
