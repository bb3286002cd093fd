// Copyright the camel-viamdata authors. SPDX-License-Identifier: Apache-2.0
package io.github.camelviamdata.query;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.google.protobuf.Struct;
import com.google.protobuf.Timestamp;
import com.google.protobuf.Value;
import io.github.camelviamdata.ViamDataComponent;
import io.github.camelviamdata.ViamDataConfiguration;
import io.github.camelviamdata.proto.data.v1.ExportTabularDataResponse;
import io.github.camelviamdata.service.StoredData;
import io.github.camelviamdata.service.TestService;
import io.grpc.Status;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.apache.camel.Exchange;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.model.ProcessorDefinition;
import org.apache.camel.support.processor.idempotent.FileIdempotentRepository;
import org.apache.camel.support.processor.idempotent.MemoryIdempotentRepository;
import org.apache.camel.support.processor.state.FileStateRepository;
import org.apache.camel.support.processor.state.MemoryStateRepository;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The routes of the pages that read back, out of the pages. */
class ReadingPageTest extends ReadTestSupport {

    private static final Pattern ROUTE = Pattern.compile(
            "\\[source#(reading-\\w+),java]\n----\nfrom\\(\"([^;]+)\"\\)\n    \\.to\\(\"([^\"]+)\"\\);\n----");

    private static final Path PAGE = Path.of("src/main/docs/viamdata-reading.adoc");
    private static final Pattern OPERATION = Pattern.compile("\\[source#(operation-\\w+),java]\n----\n([^;]+;)\n----");

    @TempDir
    Path folder;

    private record Route(String from, String to) {}

    private static Map<String, Route> routes() throws IOException {
        Map<String, Route> routes = new TreeMap<>();
        Matcher route = ROUTE.matcher(
                Files.readString(PAGE) + Files.readString(Path.of("src/main/docs/viamdata-kamelets.adoc")));
        while (route.find()) {
            routes.put(route.group(1), new Route(route.group(2).replaceAll("\"\\s+\\+ \"", ""), route.group(3)));
        }
        return routes;
    }

    /** The routes of operations: one step in each line. */
    private static Map<String, List<String>> operations() throws IOException {
        Map<String, List<String>> operations = new TreeMap<>();
        Matcher block = OPERATION.matcher(Files.readString(PAGE));
        while (block.find()) {
            operations.put(
                    block.group(1), block.group(2).lines().map(String::strip).toList());
        }
        return operations;
    }

    private void runOperation(String name) throws Exception {
        List<String> lines = operations().get(name);
        context.addRoutes(new RouteBuilder() {
            @Override
            public void configure() {
                ProcessorDefinition<?> route = from(uri(lines.get(0), "from("));
                for (String line : lines.subList(1, lines.size())) {
                    route = switch (line) {
                        case ".split(body())" -> route.split(body());
                        case ".split(body()).streaming()" -> route.split(body()).streaming();
                        case ".marshal().json()" -> route.marshal().json();
                        default -> route.to(uri(line, ".to("));
                    };
                }
            }
        });
    }

    private String uri(String line, String step) {
        assertThat(line).startsWith(step + "\"").matches(".*\"\\);?");
        return line.substring(step.length() + 1, line.lastIndexOf('"')).replace("file:exported", "file:" + folder);
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
                .containsExactly(
                        "reading-copy",
                        "reading-following",
                        "reading-kamelet",
                        "reading-queue",
                        "reading-readings",
                        "reading-tags");
        assertThat(operations().keySet())
                .containsExactly("operation-export", "operation-readings", "operation-retag", "operation-sequence");
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

    @Test
    void theTimeOfCapture() throws Exception {
        File state = folder.resolve("state/watermark").toFile();
        context.getRegistry().bind("watermark", FileStateRepository.fileStateRepository(state));
        context.getRegistry()
                .bind(
                        "done",
                        FileIdempotentRepository.fileIdempotentRepository(
                                folder.resolve("state/done").toFile(), 100_000, 100_000_000));
        store(0, 3, 5);
        run("reading-following", "file:exported", "file:" + folder.resolve("exported"));

        await().until(() -> state.exists() && Files.readString(state.toPath()).contains("2026-03-01T06:00:02.250Z"));

        assertThat(folder.resolve("exported").toFile().list()).hasSize(3);
    }

    @Test
    void anExport() throws Exception {
        store(0, 3, 5);
        runOperation("operation-export");

        template.sendBody("direct:export", "");

        assertThat(folder.resolve("item-2.jpg")).hasBinaryContent(payload(2, 5));
        assertThat(folder.toFile().list()).hasSize(3);
    }

    @Test
    void aTagForADataset() throws Exception {
        store(0, 3, 5);
        runOperation("operation-retag");

        template.sendBody("direct:blurred", "");

        assertThat(stored.tags()).containsExactly("blurred", "blurred", "blurred");
        assertThat(stored.inDataset(DATASET)).isEmpty();
    }

    @Test
    void aDemonstration() throws Exception {
        runOperation("operation-sequence");

        Exchange exchange = upload(
                "direct:demonstration",
                "",
                Map.of("CamelViamDataFrom", "2026-03-01T06:00:00Z", "CamelViamDataUntil", "2026-03-01T06:01:00Z"));

        assertThat(exchange.getMessage().getHeader("CamelViamDataSequenceId")).isEqualTo("sequence-1");
        assertThat(stored.marks().sequences().get(0).getSequenceTagsList()).containsExactly("good");
    }

    @Test
    void readings() throws Exception {
        service.streaming(call -> Stream.of(1, 2)
                .map(level -> ExportTabularDataResponse.newBuilder()
                        .setPayload(Struct.newBuilder()
                                .putFields(
                                        "level",
                                        Value.newBuilder().setNumberValue(level).build()))
                        .build())
                .iterator());
        runOperation("operation-readings");

        template.sendBody("direct:readings", "");

        assertThat(folder.resolve("readings.jsonl"))
                .hasContent("{\"payload\":{\"level\":1.0}}\n{\"payload\":{\"level\":2.0}}\n");
    }

    @Test
    void followedReadings() throws Exception {
        context.getRegistry().bind("watermark", new MemoryStateRepository());
        context.getRegistry().bind("done", new MemoryIdempotentRepository());
        service.streaming(call -> List.of(ExportTabularDataResponse.newBuilder()
                        .setTimeCaptured(Timestamp.newBuilder().setSeconds(1_772_344_800L))
                        .build())
                .iterator());
        AtomicInteger messages = new AtomicInteger();
        context.addRoutes(new RouteBuilder() {
            @Override
            public void configure() {
                from("direct:readings").process(exchange -> messages.incrementAndGet());
            }
        });
        run("reading-readings", "log:readings", "direct:readings");

        await().until(() -> messages.get() == 1);
    }
}
