// Copyright the camel-viamdata authors. SPDX-License-Identifier: Apache-2.0
package io.github.camelviamdata.faults;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Struct;
import com.google.protobuf.Timestamp;
import com.google.protobuf.Value;
import io.github.camelviamdata.proto.data.v1.BinaryDataByIDsRequest;
import io.github.camelviamdata.proto.data.v1.ExportTabularDataResponse;
import io.github.camelviamdata.proto.datasync.v1.SensorMetadata;
import io.github.camelviamdata.proto.datasync.v1.UploadMetadata;
import io.github.camelviamdata.service.FileHost;
import io.github.camelviamdata.service.StoredData;
import io.github.camelviamdata.service.TestCall;
import io.github.camelviamdata.service.TestService;
import io.grpc.Status;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import java.util.zip.CRC32C;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Programs that read back what is stored are killed, while the service fails and lists some of it late. */
@Tag("faults")
@Timeout(1200)
class ReadBackIT {

    private static final boolean WHOLE = FaultSuiteIT.WHOLE;
    private static final int ITEMS = FaultSuiteIT.UPLOADS;
    private static final int KILLS = WHOLE ? 10 : 2;
    // A day of the suite.
    private static final Duration DAY = Duration.ofSeconds(WHOLE ? 120 : 24);
    private static final int LATE_PERCENT = 5;
    private static final int FAILING_PERCENT = 10;
    private static final int READINGS = WHOLE ? 1_000_000 : 20_000;
    private static final int READINGS_OF_ONE_TIME = 1_000;
    private static final int MOST_INLINE = 1_000_000;
    private static final String PART = "11111111-2222-3333-4444-555555555555";
    private static final String DATASET = "dataset";

    private static Report report;

    @TempDir
    Path directory;

    private final StoredData stored = new StoredData();
    private final TestService service = TestService.plaintext();
    private final FileHost own = FileHost.start();
    private final FileHost other = FileHost.start();
    private final AtomicInteger inline = new AtomicInteger();
    private final Set<String> asked = ConcurrentHashMap.newKeySet();
    // Asked for by one process while another one had them in flight.
    private final AtomicInteger shared = new AtomicInteger();
    private final Map<String, Integer> sizes = new HashMap<>();

    @BeforeAll
    static void startReport() {
        report = new Report(
                new Report.Suite("reading-suite", 1, WHOLE, """
                        # Reading back

                        What a route that reads delivers when the service fails, when data comes late, and when programs are killed. These commands
                        write this page:

                        ```
                        mvn -q install -DskipTests
                        mvn -B -f verification/faults/pom.xml verify -Dit.test=ReadBackIT
                        ```

                        `-Dfaults.uploads=500` is quicker in all parts, and leaves this page as it is.
                        """),
                "1-reading",
                "Items that are read by programs that are killed",
                """
                %d items, of 1 KB to 64 MB in the first row and of 1 KB to 50 KB in the second. %d %% of all lists and downloads fail as UNAVAILABLE,
                or with HTTP status 503. What is larger than 1 MB lies behind a redirect to another host. Each program has a heap of 64 MB, and %d
                exchanges in flight at the most. A day takes %d seconds here: %d %% of the items are listed up to 6 h late, `overlap` is an hour, and
                `rescan` a day. *At most* is %d for each end of a program in the first row; in the second it is how often a process asked for an item
                that another one had asked for, and that was still in the dataset. The last row is `operation=export` into a streaming splitter: its
                items are readings, of which each %d have one time, and its download is one call.
                """.formatted(
                                ITEMS,
                                FAILING_PERCENT,
                                ReadProgram.THREADS,
                                DAY.toSeconds(),
                                LATE_PERCENT,
                                ReadProgram.THREADS,
                                READINGS_OF_ONE_TIME),
                "Case",
                "Items",
                "Kills",
                "Lost",
                "Delivered twice",
                "At most",
                "Lists",
                "Downloads",
                "Downloads of what was known");
    }

    @AfterAll
    static void writeReport() throws IOException {
        report.write();
    }

    @BeforeEach
    void serve() {
        stored.locatedAt(id -> sizes.get(id) > MOST_INLINE ? "http://localhost:" + own.port() + "/" + id : "");
        stored.serve(service, call -> Status.OK);
        service.answeringQueries(call -> {
            if (fails()) {
                return Status.UNAVAILABLE;
            } else if (call.method().equals("BinaryDataByIDs")) {
                inline.incrementAndGet();
                countShared(call);
            }
            return Status.OK;
        });
        own.answering(request -> fails()
                ? FileHost.Answer.status(503)
                : FileHost.Answer.redirect("http://127.0.0.1:" + other.port() + request.path()));
        other.answering(request -> fails()
                ? FileHost.Answer.status(503)
                : FileHost.Answer.bytes(bytes(request.path().substring(1))));
    }

    private void countShared(TestCall call) {
        try {
            String id = BinaryDataByIDsRequest.parseFrom(call.messages().get(0)).getBinaryDataIds(0);
            if (!asked.add(id) && stored.inDataset(DATASET).contains(id)) {
                shared.incrementAndGet();
            }
        } catch (InvalidProtocolBufferException e) {
            throw new IllegalStateException(e);
        }
    }

    @AfterEach
    void close() {
        service.close();
        own.close();
        other.close();
    }

    private static boolean fails() {
        return ThreadLocalRandom.current().nextInt(100) < FAILING_PERCENT;
    }

    private byte[] bytes(String id) {
        byte[] bytes = new byte[sizes.get(id)];
        new Random(id.hashCode()).nextBytes(bytes);
        return bytes;
    }

    private void store(int number, int size, Instant captured, Instant listed) {
        String id = "item-" + number;
        sizes.put(id, size);
        stored.add(
                id,
                UploadMetadata.newBuilder()
                        .setPartId(PART)
                        .setComponentName("gate")
                        .setMethodName("GetImages")
                        .addDatasetIds(DATASET)
                        .build(),
                SensorMetadata.newBuilder()
                        .setTimeRequested(Timestamp.newBuilder()
                                .setSeconds(captured.getEpochSecond())
                                .setNanos(captured.getNano()))
                        .build(),
                size,
                size > MOST_INLINE ? ByteString.EMPTY : ByteString.copyFrom(bytes(id)),
                listed);
    }

    private static int size(Random random, int number) {
        if (number % 500 == 250) {
            return 64 << 20;
        }
        return number % 50 == 7 ? 2_000_000 : 1_000 + random.nextInt(49_000);
    }

    private Child start(String name, String options) throws IOException {
        return new Child(
                Files.createDirectories(Report.DIRECTORY).resolve("read.log"),
                ReadProgram.class,
                List.of("-Xmx64m", "-XX:TieredStopAtLevel=1", "-Djava.io.tmpdir=" + directory),
                "viamdata:" + options + "&initialDelay=0&delay=100&greedy=true&host=localhost&plaintext=true&port="
                        + service.port() + "&accessToken=secret-token&retryDelay=20&maxRetryDelay=200&maxAttempts=10",
                Files.createDirectories(directory.resolve(name)).toString(),
                notes(name).toString());
    }

    private Path notes(String name) {
        return directory.resolve(name + ".notes");
    }

    /** The number of deliveries of each item. Each has to be whole. */
    private Map<String, Integer> delivered(String... names) throws IOException {
        Map<String, Integer> delivered = new HashMap<>();
        for (String name : names) {
            if (Files.exists(notes(name))) {
                for (String line : Files.readAllLines(notes(name))) {
                    String[] note = line.split(" ");
                    delivered.merge(note[0], 1, Integer::sum);
                }
            }
        }
        return delivered;
    }

    private void assertWhole(String... names) throws IOException {
        Map<String, String> expected = new HashMap<>();
        for (String name : names) {
            for (String line : Files.readAllLines(notes(name))) {
                String id = line.replaceFirst(" .*", "");
                assertThat(line).isEqualTo(expected.computeIfAbsent(id, this::note));
            }
        }
    }

    private String note(String id) {
        CRC32C checksum = new CRC32C();
        checksum.update(bytes(id));
        return id + " " + sizes.get(id) + " " + HexFormat.of().toHexDigits((int) checksum.getValue());
    }

    private long lists() {
        return service.queries().stream()
                .filter(call -> call.method().equals("BinaryDataByFilter"))
                .count();
    }

    private int downloads() {
        return inline.get() + other.requests().size();
    }

    private void report(String name, int kills, Map<String, Integer> delivered, int most, int known) {
        report.row(name, ITEMS, kills, ITEMS - delivered.size(), twice(delivered), most, lists(), downloads(), known);
    }

    private static int twice(Map<String, Integer> delivered) {
        return delivered.values().stream().mapToInt(times -> times - 1).sum();
    }

    @Test
    void theTimeOfCaptureIsFollowedThroughKills() throws Exception {
        Random random = new Random(22);
        Instant begin = Instant.now().plusSeconds(2);
        for (int i = 0; i < ITEMS; i++) {
            Instant captured = begin.plus(DAY.multipliedBy(i).dividedBy(ITEMS));
            boolean late = random.nextInt(100) < LATE_PERCENT;
            long lag = late ? (long) (random.nextDouble() * DAY.toMillis() / 4) : random.nextInt(200);
            store(i, size(random, i), captured, captured.plusMillis(lag));
        }
        String options = PART + "?watermark=#watermark&idempotentRepository=#known&overlap="
                + DAY.dividedBy(24).toMillis() + "&rescan=" + DAY.toMillis();
        Child child = start("follower", options);
        try {
            for (int i = 1; i <= KILLS; i++) {
                int enough = i * ITEMS / (KILLS + 1);
                await().atMost(Duration.ofMinutes(10))
                        .until(() -> delivered("follower").size() >= enough);
                child.kill();
                child = start("follower", options);
            }
            await().atMost(Duration.ofMinutes(10))
                    .pollInterval(Duration.ofMillis(500))
                    .until(() -> delivered("follower").size() == ITEMS);
            // Another rescan knows everything, that of a new program too.
            int before = downloads();
            long lists = lists();
            await().atMost(Duration.ofMinutes(2)).until(() -> lists() > lists + 2 * ITEMS / 100);
            child.kill();
            child = start("follower", options);
            await().atMost(Duration.ofMinutes(2)).until(() -> lists() > lists + 4 * ITEMS / 100);

            Map<String, Integer> delivered = delivered("follower");
            int most = (KILLS + 1) * ReadProgram.THREADS;
            int known = downloads() - before;
            report("follows the time of capture", KILLS, delivered, most, known);
            assertWhole("follower");
            assertThat(delivered).hasSize(ITEMS);
            assertThat(twice(delivered)).isLessThanOrEqualTo(most);
            assertThat(known).as("downloads of what was known").isZero();
            assertThat(own.requests())
                    .isNotEmpty()
                    .allSatisfy(request ->
                            assertThat(request.header("Authorization")).isEqualTo("Bearer secret-token"));
            assertThat(other.requests())
                    .isNotEmpty()
                    .allSatisfy(request -> assertThat(request.headers().toString() + request.path())
                            .doesNotContain("secret-token"));
        } finally {
            child.close();
        }
    }

    @Test
    void threeProcessesShareADataset() throws Exception {
        Random random = new Random(23);
        Instant begin = Instant.now().minus(DAY);
        for (int i = 0; i < ITEMS; i++) {
            store(i, 1_000 + random.nextInt(49_000), begin.plusMillis(i), begin);
        }
        String options = "?datasetId=" + DATASET + "&onDone=removeFromDataset&shuffle=true";
        String[] names = {"first", "second", "third"};
        List<Child> children = new ArrayList<>();
        try {
            for (String name : names) {
                children.add(start(name, options));
            }
            await().atMost(Duration.ofMinutes(10)).until(() -> delivered(names).size() >= ITEMS / 3);
            children.get(0).kill();
            await().atMost(Duration.ofMinutes(10))
                    .pollInterval(Duration.ofMillis(500))
                    .until(() -> stored.inDataset(DATASET).isEmpty());

            Map<String, Integer> delivered = delivered(names);
            report("three processes share a dataset as a queue", 1, delivered, shared.get(), 0);
            assertWhole(names);
            assertThat(delivered).hasSize(ITEMS);
            assertThat(twice(delivered)).isLessThanOrEqualTo(shared.get());
        } finally {
            children.forEach(Child::close);
        }
    }

    static Instant timeOfReading(int number) {
        return Instant.ofEpochSecond(1_772_344_800L + number / READINGS_OF_ONE_TIME);
    }

    private static ExportTabularDataResponse reading(int number) {
        return ExportTabularDataResponse.newBuilder()
                .setPartId(PART)
                .setResourceName("tank")
                .setTimeCaptured(
                        Timestamp.newBuilder().setSeconds(timeOfReading(number).getEpochSecond()))
                .setPayload(Struct.newBuilder()
                        .putFields(
                                "number",
                                Value.newBuilder().setNumberValue(number).build()))
                .build();
    }

    @Test
    void readingsAreExportedWithTheHeapOfAFew() throws Exception {
        service.streaming(call ->
                IntStream.range(0, READINGS).mapToObj(ReadBackIT::reading).iterator());
        service.answeringQueries(call -> Status.OK);
        Path notes = notes("export");
        try (Child child = new Child(
                Files.createDirectories(Report.DIRECTORY).resolve("read.log"),
                ExportProgram.class,
                List.of("-Xmx64m", "-XX:TieredStopAtLevel=1", "-Djava.io.tmpdir=" + directory),
                "viamdata:" + PART
                        + "?operation=export&componentType=rdk:component:sensor&componentName=tank&methodName=Readings"
                        + "&accessToken=secret-token&" + service.options(),
                notes.toString())) {
            assertThat(child.exit(600))
                    .as("exit code, of which read.log has the reason")
                    .isZero();
        }

        String[] counts = Files.readString(notes).split(" ");
        int rows = Integer.parseInt(counts[0]);
        int numbers = Integer.parseInt(counts[1]);
        report.row(
                "exports readings",
                READINGS,
                0,
                READINGS - numbers,
                rows - numbers,
                0,
                lists(),
                service.queries().size(),
                0);
        assertThat(numbers).isEqualTo(READINGS);
        assertThat(rows).isEqualTo(READINGS);
        assertThat(service.queries()).hasSize(1);
    }
}
