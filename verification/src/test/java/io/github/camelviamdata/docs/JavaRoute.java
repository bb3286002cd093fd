// Copyright the camel-viamdata authors. SPDX-License-Identifier: Apache-2.0
package io.github.camelviamdata.docs;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Pattern;
import javax.tools.ToolProvider;
import org.apache.camel.RoutesBuilder;

/** Compiles a route of a page. */
public final class JavaRoute {

    private static final String NAME = "UploadRoute";

    private static final Pattern IMPORT = Pattern.compile("^import .*;\\R*", Pattern.MULTILINE);

    private static final String CLASS = """
            import org.apache.camel.builder.RouteBuilder;
            %s

            public class UploadRoute extends RouteBuilder {
                @Override
                public void configure() {
                    %s
                }
            }
            """;

    private JavaRoute() {}

    /**
     * @param code the class {@code UploadRoute}, or what stands in its method with the imports that it needs
     * @param folder where its source and its class go
     */
    public static void compile(String code, Path folder) throws Exception {
        compiled(NAME, code.contains("class " + NAME) ? code : routeBuilder("", code), folder);
    }

    private static String routeBuilder(String imports, String code) {
        StringBuilder all = new StringBuilder(imports);
        IMPORT.matcher(code).results().forEach(line -> all.append(line.group()));
        return CLASS.formatted(all, IMPORT.matcher(code).replaceAll(""));
    }

    /** The route that was compiled into a folder. */
    public static RoutesBuilder load(Path folder) throws Exception {
        return (RoutesBuilder) loaded(NAME, folder).getDeclaredConstructor().newInstance();
    }

    /** @param imports what the code needs besides its own */
    static RoutesBuilder of(String imports, String code, Path folder) throws Exception {
        compile(code.contains("class " + NAME) ? code : routeBuilder(imports, code), folder);
        return load(folder);
    }

    static Class<?> compiled(String name, String code, Path folder) throws Exception {
        Path source = Files.writeString(folder.resolve(name + ".java"), code);
        ByteArrayOutputStream errors = new ByteArrayOutputStream();
        int status = ToolProvider.getSystemJavaCompiler()
                .run(null, errors, errors, "-cp", System.getProperty("java.class.path"), source.toString());
        assertThat(status).as(errors.toString()).isZero();
        return loaded(name, folder);
    }

    private static Class<?> loaded(String name, Path folder) throws Exception {
        try (URLClassLoader classes =
                new URLClassLoader(new URL[] {folder.toUri().toURL()})) {
            return classes.loadClass(name);
        }
    }
}
