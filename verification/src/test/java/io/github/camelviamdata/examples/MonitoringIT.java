// Copyright the camel-viamdata authors. SPDX-License-Identifier: Apache-2.0
package io.github.camelviamdata.examples;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.github.camelviamdata.faults.Ports;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.impl.DefaultCamelContext;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The dashboard and the alerts of {@code examples/monitoring}, beside the page that the component writes. */
class MonitoringIT {

    private static final Path FOLDER = Path.of("examples/monitoring");
    private static final Path PROMTOOL = Path.of("/usr/bin/promtool");

    private static Map<String, Map<String, Set<String>>> page;

    /** A server and a client that has uploaded to it. */
    @BeforeAll
    static void readThePage() throws Exception {
        PrometheusMeterRegistry registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
        int port = Ports.free();
        try (DefaultCamelContext context = new DefaultCamelContext()) {
            context.getRegistry().bind("metricsRegistry", registry);
            context.addRoutes(new RouteBuilder() {
                @Override
                public void configure() {
                    from("viamdata-server:localhost:" + port + "?apiKey=id=key").setBody(constant("stored"));
                    from("direct:upload")
                            .to(
                                    "viamdata:part?host=localhost&plaintext=true&apiKeyId=id&apiKey=key&port=" + port
                                            + "&componentType=camera&componentName=gate&methodName=GetImages&fileExtension=.jpg");
                }
            });
            context.start();
            context.createProducerTemplate().sendBody("direct:upload", "picture");
            page = PromQueries.page(registry.scrape());
        }
    }

    @Test
    void thePageHasTheMetersOfBothEnds() {
        assertThat(page).containsKeys("viamdata_uploads_seconds_count", "viamdata_server_calls_total");
    }

    @Test
    void eachAlertReadsWhatIsOnThePage() throws Exception {
        List<String> queries = PromQueries.ofRules(FOLDER.resolve("viamdata-alerts.yaml"));

        assertThat(queries).hasSize(8).allSatisfy(this::isOnThePage);
    }

    @Test
    void eachPanelReadsWhatIsOnThePage() throws Exception {
        List<String> queries = PromQueries.ofDashboard(FOLDER.resolve("grafana-dashboard.json"));

        assertThat(queries).hasSizeGreaterThan(10).allSatisfy(this::isOnThePage);
        assertThat(page.keySet())
                .allSatisfy(series -> assertThat(String.join("\n", queries))
                        .as("all meters are on the dashboard")
                        .contains(series));
    }

    private void isOnThePage(String query) {
        assertThat(query).contains("viamdata_");
        assertThat(PromQueries.missing(query, page)).as(query).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "viamdata_upload_seconds_count, viamdata_upload_seconds_count",
        "sum by (server) (viamdata_in_flight), viamdata_in_flight by server",
        "'viamdata_uploads_seconds_count{outcome=\"lost\"}', 'viamdata_uploads_seconds_count with outcome=\"lost\"'"
    })
    void aMistakeIsFound(String query, String missing) {
        assertThat(PromQueries.missing(query, page)).containsExactly(missing);
    }

    @ParameterizedTest
    @CsvSource({"check, viamdata-alerts.yaml", "test, viamdata-alerts-test.yaml"})
    void promtoolIsContentWithTheRules(String command, String file) throws Exception {
        assumeTrue(
                Files.isExecutable(PROMTOOL),
                () -> PROMTOOL + " is not installed: nobody has run the tests of the alerts");

        Process process = new ProcessBuilder(PROMTOOL.toString(), command, "rules", file)
                .directory(FOLDER.toFile())
                .redirectErrorStream(true)
                .start();

        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).as(output).isZero();
        assertThat(output).contains("SUCCESS");
    }
}
