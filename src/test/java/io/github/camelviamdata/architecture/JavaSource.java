// Copyright the camel-viamdata authors. SPDX-License-Identifier: Apache-2.0
package io.github.camelviamdata.architecture;

import com.sun.source.doctree.DocCommentTree;
import com.sun.source.tree.CompilationUnitTree;
import com.sun.source.tree.Tree;
import com.sun.source.util.DocTrees;
import com.sun.source.util.JavacTask;
import com.sun.source.util.TreePath;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import javax.tools.JavaFileObject;
import javax.tools.SimpleJavaFileObject;
import javax.tools.ToolProvider;

/** A source file as the compiler parses it, without looking up what it names. */
final class JavaSource {

    private static final Path MAIN = Path.of("src/main/java");

    private final String name;
    private final DocTrees trees;
    private final CompilationUnitTree unit;

    JavaSource(String name, String text) throws IOException {
        this.name = name;
        JavacTask parser = (JavacTask)
                ToolProvider.getSystemJavaCompiler().getTask(null, null, null, null, null, List.of(file(name, text)));
        this.trees = DocTrees.instance(parser);
        this.unit = parser.parse().iterator().next();
    }

    /** All that the jar is made of, without what is generated. */
    static List<Path> files() throws IOException {
        try (Stream<Path> files = Files.walk(MAIN)) {
            return files.filter(file -> file.toString().endsWith(".java")).toList();
        }
    }

    static JavaSource read(Path file) throws IOException {
        return new JavaSource(file.getFileName().toString(), Files.readString(file));
    }

    static JavaSource of(Class<?> type) throws IOException {
        return read(MAIN.resolve(type.getName().replace('.', '/') + ".java"));
    }

    String name() {
        return name;
    }

    CompilationUnitTree unit() {
        return unit;
    }

    /** From the first line, annotations included and Javadoc not, to the last. */
    long lines(Tree tree) {
        return line(trees.getSourcePositions().getEndPosition(unit, tree))
                - line(trees.getSourcePositions().getStartPosition(unit, tree))
                + 1;
    }

    private long line(long position) {
        return unit.getLineMap().getLineNumber(position);
    }

    /** The Javadoc, or null. */
    DocCommentTree javadoc(TreePath path) {
        return trees.getDocCommentTree(path);
    }

    private static JavaFileObject file(String name, String text) {
        return new SimpleJavaFileObject(URI.create("string:///" + name), JavaFileObject.Kind.SOURCE) {
            @Override
            public CharSequence getCharContent(boolean ignoreEncodingErrors) {
                return text;
            }
        };
    }
}
