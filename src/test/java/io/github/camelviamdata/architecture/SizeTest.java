// Copyright the camel-viamdata authors. SPDX-License-Identifier: Apache-2.0
package io.github.camelviamdata.architecture;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.source.tree.MethodTree;
import com.sun.source.util.TreeScanner;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What is longer is to be taken apart, not listed here. */
class SizeTest {

    private static final int METHOD_LINES = 60;
    private static final int FILE_LINES = 350;

    /** All options of an endpoint stand in one class, as Camel's tools read them, each with a getter and a setter. */
    private static final String CONFIGURATION = "ViamDataConfiguration.java";

    @Test
    void noMethodIsLong() throws IOException {
        List<String> tooLong = new ArrayList<>();
        int count = 0;
        for (Path file : JavaSource.files()) {
            List<Method> methods = methods(JavaSource.read(file));
            count += methods.size();
            methods.stream()
                    .filter(method -> method.lines() > METHOD_LINES)
                    .map(Method::toString)
                    .forEach(tooLong::add);
        }

        assertThat(tooLong)
                .describedAs("Methods of more than %d lines", METHOD_LINES)
                .isEmpty();
        assertThat(count).isGreaterThan(1000);
    }

    @Test
    void noClassButTheConfigurationIsLong() throws IOException {
        List<String> tooLong = new ArrayList<>();
        for (Path file : JavaSource.files()) {
            long lines = lines(file);
            if (lines > FILE_LINES && !file.endsWith(CONFIGURATION)) {
                tooLong.add(file + ": " + lines);
            }
        }

        assertThat(tooLong)
                .describedAs("Files of more than %d lines", FILE_LINES)
                .isEmpty();
    }

    @Test
    void aMethodIsCountedFromItsFirstLineToItsLast() throws IOException {
        String source = "class Sample {\n  Sample() {}\n  /** Text.\n   */\n  @Override\n  public String toString() {"
                + "\n".repeat(METHOD_LINES - 1) + "  }\n}\n";

        assertThat(methods(new JavaSource("Sample.java", source)))
                .containsExactly(
                        new Method("Sample.java", "<init>", 1),
                        new Method("Sample.java", "toString", METHOD_LINES + 1));
    }

    private record Method(String file, String name, long lines) {}

    private static long lines(Path file) throws IOException {
        try (Stream<String> lines = Files.lines(file)) {
            return lines.count();
        }
    }

    /** The methods and constructors, those of nested and anonymous classes too. */
    private static List<Method> methods(JavaSource source) {
        List<Method> methods = new ArrayList<>();
        new TreeScanner<Void, Void>() {
            @Override
            public Void visitMethod(MethodTree method, Void unused) {
                methods.add(new Method(source.name(), method.getName().toString(), source.lines(method)));
                return super.visitMethod(method, null);
            }
        }.scan(source.unit(), null);
        return methods;
    }
}
