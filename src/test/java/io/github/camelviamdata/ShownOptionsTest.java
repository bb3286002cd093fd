// Copyright the camel-viamdata authors. SPDX-License-Identifier: Apache-2.0
package io.github.camelviamdata;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.github.camelviamdata.support.Shows;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Every option and every header in the catalog has a test that shows its effect. */
class ShownOptionsTest {

    /** Every Camel component has these. */
    private static final Set<String> COMMON = Set.of(
            "autowiredEnabled",
            "bridgeErrorHandler",
            "exceptionHandler",
            "exchangePattern",
            "healthCheckConsumerEnabled",
            "lazyStartProducer");

    @ParameterizedTest
    @ValueSource(strings = {"viamdata", "viamdata-server"})
    void everyOptionAndHeaderIsShown(String scheme) throws Exception {
        Set<String> names = new TreeSet<>();
        try (InputStream catalog =
                getClass().getResourceAsStream("/META-INF/io/github/camelviamdata/" + path(scheme) + ".json")) {
            JsonNode json = new ObjectMapper().readTree(catalog);
            for (String kind : new String[] {"componentProperties", "properties", "headers"}) {
                json.get(kind).fieldNames().forEachRemaining(name -> names.add(scheme + ":" + name));
            }
        }
        COMMON.forEach(name -> names.remove(scheme + ":" + name));

        assertThat(shown()).containsAll(names);
    }

    private static String path(String scheme) {
        return scheme.equals("viamdata") ? scheme : "server/" + scheme;
    }

    private static Set<String> shown() throws Exception {
        Set<String> shown = new TreeSet<>();
        Path root = Path.of(ShownOptionsTest.class
                .getProtectionDomain()
                .getCodeSource()
                .getLocation()
                .toURI());
        try (Stream<Path> files = Files.walk(root.resolve("io/github/camelviamdata"))) {
            for (Path file :
                    files.filter(path -> path.toString().endsWith("Test.class")).toList()) {
                String name = root.relativize(file).toString().replace('/', '.').replace(".class", "");
                for (var method : Class.forName(name).getDeclaredMethods()) {
                    Shows shows = method.getAnnotation(Shows.class);
                    if (shows != null) {
                        String scheme = name.contains(".server.") ? "viamdata-server:" : "viamdata:";
                        Stream.of(shows.value()).map(option -> scheme + option).forEach(shown::add);
                    }
                }
            }
        }
        return shown;
    }
}
