// Copyright the camel-viamdata authors. SPDX-License-Identifier: Apache-2.0
package io.github.camelviamdata.examples;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.github.camelviamdata.ViamDataConstants;
import io.github.camelviamdata.service.FileTree;
import io.grpc.Status;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** The route of {@code examples/file} for real life, between a folder and a {@code viamdata-server}. */
class FileExampleIT extends ExampleTestSupport {

    @Test
    void filesAreMovedWhenTheyAreStored() throws Exception {
        CountDownLatch answers = holdAnswers();
        Path inbox = Files.createDirectories(directory.resolve("inbox"));
        Map<String, Sent> sent = new TreeMap<>();
        for (int i = 0; i < MESSAGES; i++) {
            String name = "camera-" + i % 7;
            Map<String, Object> headers = headers(name, "GetImages", ".jpg");
            headers.put(ViamDataConstants.FILE_NAME, "picture-" + i + ".jpg");
            headers.put(ViamDataConstants.TIME_REQUESTED, captured(i));
            headers.put(ViamDataConstants.TIME_RECEIVED, captured(i));
            Path folder = inbox.resolve(name);
            if (i % 2 == 0) {
                folder = folder.resolve("tag=night");
                headers.put(ViamDataConstants.TAGS, List.of("night"));
            }
            if (i % 4 == 0) {
                folder = folder.resolve("dataset=d" + i % 5);
                headers.put(ViamDataConstants.DATASET_IDS, List.of("d" + i % 5));
            }
            byte[] body = picture(i);
            sent.put(key(body), new Sent(body, headers));
            Path file = Files.createDirectories(folder).resolve("picture-" + i + ".jpg");
            Files.write(file, body);
            Files.setLastModifiedTime(file, FileTime.from(captured(i)));
        }
        Path half = Files.writeString(inbox.resolve("camera-0/half.jpg.part"), "half");
        Example example = start("file", Map.of("inbox", inbox.toString()), "watch");

        await().until(() -> viam.received.size() >= 64);
        await().during(Duration.ofMillis(300)).until(() -> viam.received.size() == 64);
        assertThat(FileTree.files(inbox).keySet()).noneMatch(file -> file.contains(".done"));
        answers.countDown();
        arrive(sent);
        await().untilAsserted(() -> assertThat(FileTree.files(inbox).keySet())
                .filteredOn(file -> file.contains("/.done/"))
                .hasSize(MESSAGES));

        example.close();
        Files.move(half, half.resolveSibling("whole.jpg"));
        start("file", Map.of("inbox", inbox.toString()), "watch");
        await().until(() -> viam.received.size() == MESSAGES + 1);
        await().untilAsserted(() -> assertThat(FileTree.files(inbox).keySet())
                .filteredOn(file -> !file.startsWith(".viamdata."))
                .hasSize(MESSAGES + 1)
                .allMatch(file -> file.contains("/.done/")));
        assertThat(viam.received).hasSize(MESSAGES + 1);
    }

    @Test
    void filesAreKeptWhenTheyAreRefusedAndTriedAgainWhenTheServiceIsAway() throws Exception {
        AtomicInteger unavailable = new AtomicInteger();
        answer = upload -> {
            Object name = upload.headers().get(ViamDataConstants.FILE_NAME);
            if (name.equals("bad.jpg")) {
                throw Status.INVALID_ARGUMENT.asRuntimeException();
            }
            if (name.equals("later.jpg") && unavailable.incrementAndGet() <= 2) {
                throw Status.UNAVAILABLE.asRuntimeException();
            }
        };
        Path folder = Files.createDirectories(directory.resolve("inbox/gate"));
        for (String name : List.of("bad.jpg", "later.jpg", "good.jpg")) {
            Files.writeString(folder.resolve(name), name);
        }

        start(
                "file",
                Map.of("inbox", directory.resolve("inbox").toString(), "camel.component.viamdata.maxAttempts", "1"),
                "watch");

        await().untilAsserted(() -> assertThat(FileTree.files(folder).keySet())
                .hasSize(4)
                .contains(".done/later.jpg", ".done/good.jpg")
                .anyMatch(file -> file.matches("[.]refused/.*-gate_bad[.]jpg"))
                .anyMatch(file -> file.matches("[.]refused/.*-gate_bad[.]jpg[.]json")));
        assertThat(unavailable).hasValue(3);
        assertThat(viam.received).hasSize(5);
    }
}
