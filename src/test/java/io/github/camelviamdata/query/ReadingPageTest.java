// Copyright the camel-viamdata authors. SPDX-License-Identifier: Apache-2.0
package io.github.camelviamdata.query;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.github.camelviamdata.ViamDataComponent;
import io.github.camelviamdata.ViamDataConfiguration;
import io.github.camelviamdata.service.StoredData;
import io.github.camelviamdata.service.TestService;
import io.grpc.Status;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Properties;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.camel.builder.RouteBuilder;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The routes of the pages that read back, out of the pages. */
class ReadingPageTest extends ReadTestSupport {

    private static final Pattern ROUTE = Pattern.compile(
            "\\[source#(reading-\\w+),java]\n----\nfrom\\(\"([^\"]+)\"\\)\n    \\.to\\(\"([^\"]+)\"\\);\n----");

    @TempDir
    Path folder;

    private record Route(String from, String to) {}

    private static Map<String, Route> routes() throws IOException {
        Map<String, Route> routes = new TreeMap<>();
        Matcher route = ROUTE.matcher(Files.readString(Path.of("src/main/docs/viamdata-reading.adoc"))
                + Files.readString(Path.of("src/main/docs/viamdata-kamelets.adoc")));
        while (route.find()) {
            routes.put(route.group(1), new Route(route.group(2), route.group(3)));
        }
        return routes;
    }

    @BeforeEach
    void configure() {
        ViamDataConfiguration options =
                context.getComponent("viamdata", ViamDataComponent.class).getConfiguration();
        options.setHost("localhost");
        options.setPlaintext(true);
        options.setPort(service.port());
        Properties properties = new Properties();
        properties.put("viam.dataset", DATASET);
        properties.put("viam.partId", PART);
        properties.put("other.host", "localhost");
        properties.put("other.keyId", "id");
        properties.put("other.key", "key");
        context.getPropertiesComponent().setInitialProperties(properties);
    }

    private void run(String name, String page, String here) throws Exception {
        Route route = routes().get(name);
        assertThat(route.to()).contains(page);
        context.addRoutes(new RouteBuilder() {
            @Override
            public void configure() {
                from(route.from()).to(route.to().replace(page, here));
            }
        });
    }

    @Test
    void eachRouteIsRun() throws IOException {
        assertThat(routes().keySet())
                .containsExactly("reading-copy", "reading-kamelet", "reading-queue", "reading-tags");
    }

    @ParameterizedTest
    @ValueSource(strings = {"reading-queue", "reading-kamelet"})
    void aQueueIntoAFolder(String name) throws Exception {
        store(0, 3, 5);
        run(name, "file:exported", "file:" + folder);

        await().until(() -> stored.inDataset(DATASET).isEmpty());

        assertThat(folder.resolve("item-2.jpg")).hasBinaryContent(payload(2, 5));
        assertThat(folder.toFile().list()).hasSize(3);
    }

    @Test
    void aCopy() throws Exception {
        store(0, 3, 5);
        try (TestService other = TestService.plaintext()) {
            StoredData copies = new StoredData();
            copies.serve(other, call -> Status.OK);
            run("reading-copy", "?host=", "?port=" + other.port() + "&host=");

            await().until(() -> stored.inDataset(DATASET).isEmpty());

            assertThat(copies.ids()).hasSize(3);
        }
    }

    @Test
    void tagsForWhatIsDone() throws Exception {
        store(0, 3, 5);
        run("reading-tags", "file:exported", "file:" + folder);

        await().until(() -> stored.tags().size() == 3);

        assertThat(folder.toFile().list()).hasSize(3);
    }
}
