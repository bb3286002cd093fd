// Copyright the camel-viamdata authors. SPDX-License-Identifier: Apache-2.0
package io.github.camelviamdata.faults;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.google.protobuf.ByteString;
import com.google.protobuf.Struct;
import com.google.protobuf.Value;
import io.github.camelviamdata.proto.datasync.v1.DataCaptureUploadRequest;
import io.github.camelviamdata.proto.datasync.v1.SensorData;
import io.github.camelviamdata.service.FaultyProxy;
import io.github.camelviamdata.service.FileTree;
import io.github.camelviamdata.service.TestCall;
import io.github.camelviamdata.support.CaptureFile;
import io.github.camelviamdata.support.ViamDataTestSupport;
import io.grpc.Status;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashSet;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.LongStream;
import org.apache.camel.CamelContext;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.impl.DefaultCamelContext;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A folder of capture files, through connections that break and a service that fails. */
@Tag("faults")
@Timeout(120)
class CaptureFaultsIT extends ViamDataTestSupport {

    private static final int FILES = 300;

    @TempDir
    Path directory;

    private final Set<Object> stored = ConcurrentHashMap.newKeySet();

    @Test
    void nothingIsLostThroughBrokenConnectionsAndLostAnswers() throws Exception {
        Set<Object> sent = new HashSet<>();
        for (int i = 0; i < FILES; i++) {
            CaptureFile file;
            if (i % 10 == 0) {
                file = readings(i, 5);
            } else {
                byte[] picture = new byte[i % 50 == 1 ? 1_500_000 : 20_000];
                new Random(i).nextBytes(picture);
                file = CaptureFile.ofPictures(picture);
            }
            file.data().forEach(data -> sent.add(data.hasStruct() ? data : data.getBinary()));
            Files.write(directory.resolve(i + ".capture"), file.bytes());
        }
        AtomicInteger calls = new AtomicInteger();
        service.answering(call -> {
            int number = calls.incrementAndGet();
            if (number % 10 == 0) {
                return Status.UNAVAILABLE;
            }
            store(call);
            // It is stored all the same.
            return number % 10 == 5 ? Status.UNAVAILABLE : Status.OK;
        });
        AtomicInteger connections = new AtomicInteger();
        LongStream lives = new Random(42).longs(5_000_000, 20_000_000).peek(life -> connections.incrementAndGet());
        try (FaultyProxy proxy = new FaultyProxy(service.port(), lives);
                CamelContext camel = new DefaultCamelContext()) {
            // Requests of 4 MB that share a connection end within its life only if there are few.
            String uri = uri(
                            "operation=capture",
                            "maxAttempts=20",
                            "retryDelay=20",
                            "maxRetryDelay=200",
                            "maxInFlight=4",
                            "maxInFlightWait=60000")
                    .replace("port=" + service.port(), "port=" + proxy.port());
            assertThat(uri).contains("port=" + proxy.port());
            start(camel, uri);

            await().atMost(Duration.ofSeconds(60))
                    .until(() ->
                            FileTree.files(directory).keySet().stream().allMatch(file -> file.startsWith(".done/")));
        }
        assertThat(FileTree.files(directory)).hasSize(FILES);
        assertThat(stored).isEqualTo(sent);
        assertThat(connections.get())
                .as("none lives for more than 20 MB of more than 150")
                .isGreaterThan(7);
    }

    @Test
    void aForcedStopInTheMiddleOfAFileLeavesItWithItsSource() throws Exception {
        CaptureFile file = readings(1, 10);
        Files.write(directory.resolve("tank.capture"), file.bytes());
        service.answering(call -> service.uploads().size() == 1 ? Status.OK : null);
        try (CamelContext camel = new DefaultCamelContext()) {
            start(camel, uri("operation=capture"));
            await().until(() ->
                    service.uploads().size() == 2 && service.uploads().get(1).isHalfClosed());
            camel.getShutdownStrategy().setTimeout(1);
        }
        assertThat(FileTree.files(directory)).containsOnlyKeys("tank.capture");

        service.answering(call -> {
            store(call);
            return Status.OK;
        });
        try (CamelContext camel = new DefaultCamelContext()) {
            start(camel, uri("operation=capture"));
            await().until(() -> FileTree.files(directory).containsKey(".done/tank.capture"));
        }
        assertThat(stored).isEqualTo(new HashSet<>(file.data()));
    }

    private void start(CamelContext camel, String uri) throws Exception {
        camel.addRoutes(new RouteBuilder() {
            @Override
            public void configure() {
                from("file:" + directory + "?move=.done").to(uri);
            }
        });
        camel.start();
    }

    private void store(TestCall call) {
        try {
            if (call.method().equals("DataCaptureUpload")) {
                DataCaptureUploadRequest.parseFrom(call.messages().get(0))
                        .getSensorContentsList()
                        .forEach(data -> stored.add(data.hasStruct() ? data : data.getBinary()));
            } else {
                stored.add(ByteString.copyFrom(call.payload()));
            }
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }

    /** Of 1 MB each, so that it takes a request for every few. */
    private static CaptureFile readings(int number, int count) {
        CaptureFile file = CaptureFile.ofReadings(0);
        for (int i = 0; i < count; i++) {
            Value text = Value.newBuilder()
                    .setStringValue((number + "/" + i + " ").repeat(150_000))
                    .build();
            file.add(SensorData.newBuilder()
                    .setStruct(Struct.newBuilder().putFields("text", text))
                    .build());
        }
        return file;
    }
}
