// Copyright the camel-viamdata authors. SPDX-License-Identifier: Apache-2.0
package io.github.camelviamdata.architecture;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.source.tree.CompilationUnitTree;
import com.sun.source.tree.LineMap;
import com.sun.source.tree.MethodTree;
import com.sun.source.util.JavacTask;
import com.sun.source.util.SourcePositions;
import com.sun.source.util.TreeScanner;
import com.sun.source.util.Trees;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import javax.tools.JavaCompiler;
import javax.tools.JavaFileObject;
import javax.tools.SimpleJavaFileObject;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Test;

/**
 * A method fits on a screen or nearly, and a class can be read in one go. What is longer is to be taken apart, not listed here.
 */
class SizeTest {

    private static final int METHOD_LINES = 60;
    private static final int FILE_LINES = 350;

    /** All options of an endpoint stand in one class, as Camel's tools read them, each with a getter and a setter. */
    private static final String CONFIGURATION = "ViamDataConfiguration.java";

    private static final JavaCompiler COMPILER = ToolProvider.getSystemJavaCompiler();

    @Test
    void noMethodIsLongerThanAScreenOrTwo() throws IOException {
        List<String> tooLong = new ArrayList<>();
        int methods = 0;
        for (Path file : sources()) {
            List<Method> found = methods(file.getFileName().toString(), Files.readString(file));
            methods += found.size();
            found.stream()
                    .filter(method -> method.lines() > METHOD_LINES)
                    .map(Method::toString)
                    .forEach(tooLong::add);
        }

        assertThat(tooLong)
                .describedAs("Methods of more than %d lines", METHOD_LINES)
                .isEmpty();
        assertThat(methods).isGreaterThan(1000);
    }

    @Test
    void noClassButTheConfigurationIsLong() throws IOException {
        List<String> tooLong = new ArrayList<>();
        for (Path file : sources()) {
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
                + "\n".repeat(METHOD_LINES - 2) + "  }\n}\n";

        assertThat(methods("Sample.java", source))
                .containsExactly(
                        new Method("Sample.java", "<init>", 1), new Method("Sample.java", "toString", METHOD_LINES));
    }

    private record Method(String file, String name, long lines) {}

    private static List<Path> sources() throws IOException {
        try (Stream<Path> files = Files.walk(Path.of("src/main/java"))) {
            return files.filter(file -> file.toString().endsWith(".java")).toList();
        }
    }

    private static long lines(Path file) throws IOException {
        try (Stream<String> lines = Files.lines(file)) {
            return lines.count();
        }
    }

    /** The methods and constructors, those of nested and anonymous classes too, with their annotations and without Javadoc. */
    private static List<Method> methods(String name, String source) throws IOException {
        JavacTask parser = (JavacTask) COMPILER.getTask(null, null, null, null, null, List.of(file(name, source)));
        CompilationUnitTree unit = parser.parse().iterator().next();
        SourcePositions positions = Trees.instance(parser).getSourcePositions();
        LineMap lineMap = unit.getLineMap();
        List<Method> methods = new ArrayList<>();
        new TreeScanner<Void, Void>() {
            @Override
            public Void visitMethod(MethodTree method, Void unused) {
                long first = lineMap.getLineNumber(positions.getStartPosition(unit, method));
                long last = lineMap.getLineNumber(positions.getEndPosition(unit, method));
                methods.add(new Method(name, method.getName().toString(), last - first + 1));
                return super.visitMethod(method, null);
            }
        }.scan(unit, null);
        return methods;
    }

    private static JavaFileObject file(String name, String source) {
        return new SimpleJavaFileObject(URI.create("string:///" + name), JavaFileObject.Kind.SOURCE) {
            @Override
            public CharSequence getCharContent(boolean ignoreEncodingErrors) {
                return source;
            }
        };
    }
}
