// Copyright the camel-viamdata authors. SPDX-License-Identifier: Apache-2.0
package io.github.camelviamdata.source;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.github.camelviamdata.service.FileTree;
import io.github.camelviamdata.support.LockProbe;
import io.github.camelviamdata.testing.ReceivedUpload;
import io.github.camelviamdata.testing.ViamDataServerExtension;
import io.grpc.Status;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.IntStream;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.main.Main;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** The Kamelet that reads a folder, and what it shares with those that read MQTT and Kafka. */
@Timeout(180)
class SourceKameletsTest {

    private static final Duration LIMIT = Duration.ofSeconds(150);

    @RegisterExtension
    static final ViamDataServerExtension viam = new ViamDataServerExtension();

    private final Main main = new Main();

    @TempDir
    Path inbox;

    @AfterEach
    void stop() throws Exception {
        main.stop();
    }

    private void start() throws Exception {
        start(main);
    }

    private void start(Main camel) throws Exception {
        String source = "kamelet:viamdata-file-source?settle=50&maxPause=50&directory=" + inbox;
        camel.configure().addRoutesBuilder(new RouteBuilder() {
            @Override
            public void configure() {
                from(source)
                        .setHeader("CamelViamDataComponentName", simple("${header.CamelFileName.split('/')[1]}"))
                        .to("viamdata:part?componentType=camera&methodName=GetImages&maxAttempts=1&" + viam.options());
            }
        });
        camel.start();
    }

    private void drop(String name, String content) throws IOException {
        Path file = inbox.resolve(name);
        Files.createDirectories(file.getParent());
        Files.writeString(file, content);
    }

    /** The reason is there before the file, which is to be moved before another of its name comes. */
    private void awaitRefused(int files) {
        await().atMost(LIMIT)
                .untilAsserted(() -> assertThat(names()).hasSize(files).allMatch(name -> name.contains("/.refused/")));
    }

    private Set<String> names() throws IOException {
        Set<String> names = new TreeSet<>(FileTree.files(inbox).keySet());
        names.remove(".viamdata.lock");
        return names;
    }

    @Test
    void whatIsStoredMovesToDone() throws Exception {
        drop("yard/gate/1.jpg", "one");
        start();

        await().atMost(LIMIT).untilAsserted(() -> assertThat(names()).containsExactly("yard/gate/.done/1.jpg"));
        assertThat(viam.received()).extracting(ReceivedUpload::text).containsExactly("one");
    }

    @Test
    void aHundredRefusedFilesOfOneNameAreAHundredFilesWithAHundredReasons() throws Exception {
        IntStream.range(0, 105).forEach(i -> viam.failNext(Status.Code.INVALID_ARGUMENT));
        start();
        for (int i = 0; i < 100; i++) {
            drop("yard/gate-" + i + "/img_0001.jpg", "picture " + i);
        }
        awaitRefused(200);
        for (int i = 0; i < 5; i++) {
            drop("yard/gate-0/img_0001.jpg", "another picture " + i);
            awaitRefused(202 + 2 * i);
        }

        ObjectMapper json = new ObjectMapper();
        Set<String> contents = new HashSet<>();
        for (String name : names()) {
            if (name.endsWith(".jpg")) {
                contents.add(Files.readString(inbox.resolve(name)));
                JsonNode report = json.readTree(inbox.resolve(name + ".json").toFile());
                assertThat(report.get("reason").asText()).contains("INVALID_ARGUMENT");
            }
        }
        assertThat(contents).hasSize(105);
    }

    @Test
    void neitherEmptyFilesNorClocksThatAreAheadHoldUpOthers() throws Exception {
        for (int i = 0; i < 20; i++) {
            drop("yard/gate/empty-" + i + ".jpg", "");
        }
        drop("yard/gate/ahead.jpg", "ahead");
        Files.setLastModifiedTime(
                inbox.resolve("yard/gate/ahead.jpg"),
                FileTime.from(Instant.now().plus(400, ChronoUnit.DAYS)));
        drop("yard/gate/good.jpg", "good");
        start();

        await().atMost(LIMIT)
                .untilAsserted(() -> assertThat(names())
                        .contains("yard/gate/.done/good.jpg", "yard/gate/.done/ahead.jpg")
                        .hasSize(42));
        assertThat(viam.received()).extracting(ReceivedUpload::text).containsExactlyInAnyOrder("ahead", "good");
    }

    @Test
    void aStepOfTheRouteThatFailsStopsNoOtherFile() throws Exception {
        // It lies too high for the route, which takes the name of the camera from the second folder.
        drop("top.jpg", "top");
        drop("yard/gate/good.jpg", "good");
        start();

        await().atMost(LIMIT).untilAsserted(() -> {
            assertThat(names()).hasSize(3).contains("yard/gate/.done/good.jpg");
            assertThat(names()).filteredOn(name -> name.startsWith(".refused/")).hasSize(2);
        });
    }

    @Test
    void filesWaitWhileTheServiceIsOutOfReach() throws Exception {
        IntStream.range(0, 40).forEach(i -> viam.failNext(Status.Code.UNAVAILABLE));
        for (int i = 0; i < 100; i++) {
            drop("yard/gate/" + i + ".jpg", "picture " + i);
        }
        start();

        await().atMost(LIMIT)
                .untilAsserted(() -> assertThat(names()).hasSize(100).allMatch(name -> name.contains("/.done/")));
        assertThat(viam.received())
                .extracting(ReceivedUpload::text)
                .doesNotHaveDuplicates()
                .hasSize(100);
    }

    @Test
    void aSecondProcessOnTheFolderDoesNotStart() throws Exception {
        start();
        Main second = new Main();
        try {
            assertThatThrownBy(() -> start(second)).hasStackTraceContaining("Another route or process reads " + inbox);
            assertThat(LockProbe.isLocked(inbox.resolve(".viamdata.lock"))).isTrue();
        } finally {
            second.stop();
        }
    }

    /** As it was: the same file, of the same time. */
    @Test
    void whatIsPutBackIsUploadedAgain() throws Exception {
        drop("yard/gate/1.jpg", "one");
        start();
        Path done = inbox.resolve("yard/gate/.done/1.jpg");
        await().atMost(LIMIT).until(() -> Files.exists(done));

        Files.move(done, inbox.resolve("yard/gate/1.jpg"));

        await().atMost(LIMIT).untilAsserted(() -> assertThat(names()).containsExactly("yard/gate/.done/1.jpg"));
        assertThat(viam.received()).hasSize(2);
    }

    @Test
    void whatIsLeftInTheFolderIsRemembered() throws Exception {
        Path file = Files.writeString(inbox.resolve("a"), "1");
        UnmovedFiles done = new UnmovedFiles();

        assertThat(done.contains(file.toString())).isFalse();
        assertThat(done.add(file.toString())).isTrue();
        assertThat(done.contains(file.toString())).isTrue();
        Files.writeString(file, "22");
        assertThat(done.contains(file.toString())).isFalse();
        done.add(file.toString());
        Files.delete(file);
        assertThat(done.contains(file.toString())).isFalse();
        assertThat(Arrays.asList(done.add(file.toString()))).containsExactly(true);
    }
}
