// Copyright the camel-viamdata authors. SPDX-License-Identifier: Apache-2.0
package io.github.camelviamdata.docs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.github.camelviamdata.service.FileTree;
import io.github.camelviamdata.service.TestCall;
import io.github.camelviamdata.service.TestService;
import java.io.IOException;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.Random;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.camel.Endpoint;
import org.apache.camel.main.BaseMainSupport;
import org.apache.camel.main.Main;
import org.apache.camel.main.MainListenerSupport;
import org.apache.camel.spi.PropertiesFunction;
import org.apache.camel.support.ScheduledPollEndpoint;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/** Runs routes out of a page of the documentation, with an inbox of their own and a service for Viam. */
abstract class PageTestSupport {

    private static final Pattern REFUSED =
            Pattern.compile("(.*\\.refused/)\\d{8}-\\d{6}\\.\\d{3}-[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}-(.*)");

    @TempDir
    Path folder;

    final TestService service = TestService.plaintext();
    final Random random = new Random(4);
    final Map<String, String> properties = new HashMap<>();
    final Map<String, Object> beans = new HashMap<>();
    final List<PropertiesFunction> functions = new ArrayList<>();
    Path inbox;
    Main main;

    @BeforeEach
    void settings() throws IOException {
        inbox = Files.createDirectory(folder.resolve("inbox"));
        properties.putAll(Map.of(
                "inbox", inbox.toString(),
                // So that a file that failed is soon tried again.
                "camel.component.viamdata.maxAttempts", "1",
                "camel.component.viamdata.host", "localhost",
                "camel.component.viamdata.port", String.valueOf(service.port()),
                "camel.component.viamdata.plaintext", "true"));
    }

    @AfterEach
    void stop() {
        if (main != null) {
            main.stop();
        }
        service.close();
    }

    /** Java is the class {@code UploadRoute} or what stands in its method. */
    void start(String language, String code) throws Exception {
        main = new Main();
        main.configure().setAutoConfigurationLogSummary(false);
        main.configure().setShutdownTimeout(5);
        Path settings = folder.resolve("application.properties");
        try (Writer writer = Files.newBufferedWriter(settings)) {
            Properties all = new Properties();
            all.putAll(properties);
            all.store(writer, null);
        }
        main.setPropertyPlaceholderLocations("file:" + settings);
        beans.forEach(main::bind);
        main.addMainListener(new MainListenerSupport() {
            @Override
            public void beforeInitialize(BaseMainSupport main) {
                main.getCamelContext().getCamelContextExtension().registerEndpointCallback(PageTestSupport::hurry);
                functions.forEach(main.getCamelContext().getPropertiesComponent()::addPropertiesFunction);
            }
        });
        if (language.equals("java")) {
            main.configure().addRoutesBuilder(JavaRoute.of(imports(), code, folder));
        } else {
            Path routes = Files.writeString(folder.resolve("routes.camel." + language), code);
            main.configure().setRoutesIncludePattern("file:" + routes);
        }
        main.start();
    }

    /** Folders are polled at once and often. */
    private static Endpoint hurry(String uri, Endpoint endpoint) {
        if (endpoint instanceof ScheduledPollEndpoint polled) {
            polled.setInitialDelay(1);
            polled.setDelay(100);
        }
        return endpoint;
    }

    /** What the routes of the page need beside those that stand in them, where it leaves that to its readers. */
    String imports() {
        return """
                import io.github.camelviamdata.*;
                import org.apache.camel.LoggingLevel;
                import org.apache.camel.support.jsse.*;
                """;
    }

    /** A file whose bytes are the only ones of their kind; it comes into the inbox at once. */
    byte[] drop(String name, int size) throws IOException {
        byte[] bytes = new byte[size];
        random.nextBytes(bytes);
        drop(name, bytes, FileTime.fromMillis(1_793_000_000_000L));
        return bytes;
    }

    void drop(String name, byte[] bytes, FileTime modified) throws IOException {
        Path file = Files.write(folder.resolve("new"), bytes);
        Files.setLastModifiedTime(file, modified);
        Files.createDirectories(inbox.resolve(name).getParent());
        Files.move(file, inbox.resolve(name));
    }

    TestCall uploaded(byte[] bytes) {
        List<TestCall> calls = calls(bytes);
        assertThat(calls).hasSize(1);
        return calls.get(0);
    }

    List<TestCall> calls(byte[] bytes) {
        return service.uploads().stream()
                .filter(TestCall::isHalfClosed)
                .filter(call -> Arrays.equals(call.payload(), bytes))
                .toList();
    }

    void awaitInbox(String... files) {
        await().atMost(Duration.ofSeconds(30))
                .untilAsserted(
                        () -> assertThat(tidy(FileTree.files(inbox).keySet())).containsExactlyInAnyOrder(files));
    }

    /** The one message of that name that was put aside into a folder; the reason lies beside it. */
    static Path aside(Path folder, String name) throws IOException {
        List<Path> found = FileTree.files(folder).values().stream()
                .filter(file -> file.toString().endsWith("-" + name))
                .toList();
        assertThat(found).as(name).hasSize(1);
        assertThat(Path.of(found.get(0) + ".json")).exists();
        return found.get(0);
    }

    /**
     * Names of files that were put aside, without what makes them unique, and without the reasons beside them, which each has
     * to have.
     */
    static List<String> tidy(Set<String> files) {
        List<String> tidy = new ArrayList<>();
        for (String file : files) {
            if (file.contains(".viamdata.")) {
                continue;
            }
            Matcher refused = REFUSED.matcher(file);
            if (!refused.matches()) {
                tidy.add(file);
            } else if (!file.endsWith(".json") || files.contains(file + ".json")) {
                assertThat(files).contains(file + ".json");
                tidy.add(refused.group(1) + refused.group(2));
            }
        }
        return tidy;
    }
}
