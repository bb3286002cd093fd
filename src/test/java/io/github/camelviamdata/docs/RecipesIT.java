// Copyright the camel-viamdata authors. SPDX-License-Identifier: Apache-2.0
package io.github.camelviamdata.docs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;
import static org.awaitility.Awaitility.await;

import io.github.camelviamdata.CaptureFile;
import io.github.camelviamdata.ViamDataConstants;
import io.github.camelviamdata.ViamDataEndpoint;
import io.github.camelviamdata.ViamDataException;
import io.github.camelviamdata.message.ProtoValues;
import io.github.camelviamdata.proto.data.v1.Annotations;
import io.github.camelviamdata.proto.data.v1.BoundingBox;
import io.github.camelviamdata.proto.data.v1.Classification;
import io.github.camelviamdata.proto.datasync.v1.DataCaptureUploadRequest;
import io.github.camelviamdata.proto.datasync.v1.SensorData;
import io.github.camelviamdata.server.ViamDataServerConsumer;
import io.github.camelviamdata.service.FileTree;
import io.github.camelviamdata.service.TestCall;
import io.grpc.Status;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.apache.camel.Exchange;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.camel.spi.CamelEvent;
import org.apache.camel.support.SimpleEventNotifierSupport;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Runs the routes of {@code src/main/docs/recipes.md}, out of that page. */
class RecipesIT extends PageTestSupport {

    private static final Path PAGE = Path.of("src/main/docs/recipes.md");
    private static final Pattern RECIPE =
            Pattern.compile("<!-- recipe: (\\S+) -->\n```(\\w+)\n(.*?)\n```\n", Pattern.DOTALL);

    private static final FileTime LATELY = FileTime.fromMillis(1_793_000_000_000L);

    @BeforeEach
    void part() {
        properties.put("viam.part-id", "part");
    }

    private static Map<String, String> recipes(int group) throws IOException {
        Map<String, String> recipes = new HashMap<>();
        Matcher recipe = RECIPE.matcher(Files.readString(PAGE));
        while (recipe.find()) {
            recipes.put(recipe.group(1), recipe.group(group));
        }
        return recipes;
    }

    private void start(String recipe) throws Exception {
        start(recipes(2).get(recipe), recipes(3).get(recipe));
        assertThat(main.getCamelContext().getRoutes()).hasSize(1);
    }

    @Test
    void everyRecipeIsRun() throws IOException {
        assertThat(recipes(1).keySet())
                .containsExactlyInAnyOrder(
                        "java",
                        "xml",
                        "yaml",
                        "parts",
                        "dead-letter",
                        "once",
                        "throttle",
                        "zip",
                        "readings",
                        "capture",
                        "annotations",
                        "annotations-json",
                        "detect",
                        "received");
        assertThat(Files.readString(PAGE).split("\n```\\w+\n", -1))
                .hasSize(1 + recipes(1).size());
    }

    @ParameterizedTest
    @ValueSource(strings = {"java", "xml", "yaml"})
    void uploadsFilesInEveryLanguage(String language) throws Exception {
        byte[] stored = drop("gate-1.jpg", 3000);
        byte[] refused = drop("gate-2.png", 3000);
        service.answering(call -> Arrays.equals(call.payload(), refused) ? Status.INVALID_ARGUMENT : Status.OK);

        start(language);

        awaitInbox(".done/gate-1.jpg", ".failed/gate-2.png");
        TestCall call = uploaded(stored);
        assertThat(call.metadata().getPartId()).isEqualTo("part");
        assertThat(call.metadata().getComponentType()).isEqualTo("camera");
        assertThat(call.metadata().getComponentName()).isEqualTo("gate");
        assertThat(call.metadata().getMethodName()).isEqualTo("GetImages");
        assertThat(call.metadata().getFileExtension()).isEqualTo(".jpg");
        assertThat(call.metadata().getTagsList()).containsExactly("night");
        assertThat(inbox.resolve(".done/gate-1.jpg")).hasBinaryContent(stored);
        assertThat(inbox.resolve(".failed/gate-2.png")).hasBinaryContent(refused);
    }

    @Test
    void readingsAreUploaded() throws Exception {
        Files.writeString(inbox.resolve("1.json"), "[{\"at\": \"2026-11-01T12:00:00Z\", \"level\": 0.7}]");
        Files.writeString(inbox.resolve("2.json"), "[{\"at\": \"noon\"}]");

        start("readings");

        awaitInbox(".done/1.json", ".failed/2.json");
        DataCaptureUploadRequest request = DataCaptureUploadRequest.parseFrom(
                service.onlyUpload().messages().get(0));
        assertThat(request.getMetadata().getComponentName()).isEqualTo("tank");
        SensorData reading = request.getSensorContents(0);
        assertThat(ProtoValues.map(reading.getStruct()))
                .isEqualTo(Map.of("readings", Map.of("at", "2026-11-01T12:00:00Z", "level", 0.7)));
        assertThat(ProtoValues.instant(reading.getMetadata().getTimeReceived())).isEqualTo("2026-11-01T12:00:00Z");
    }

    @Test
    void recoversWhatIsWholeOfAMachinesOwnFolder() throws Exception {
        CaptureFile file = CaptureFile.ofPictures(new byte[100], new byte[200]);
        byte[] bytes = file.bytes();
        Path folder = Files.createDirectories(inbox.resolve("gate"));
        Files.write(folder.resolve("1.capture"), bytes);
        Files.write(folder.resolve("2.prog"), Arrays.copyOf(bytes, bytes.length - 1));
        Files.writeString(folder.resolve("3.capture"), "no such file");

        start("capture");

        awaitInbox("gate/.damaged/2.prog", "gate/.done/1.capture", "gate/.failed/3.capture");
        assertThat(service.uploads())
                .extracting(call -> call.payload().length)
                .containsExactlyInAnyOrder(100, 200, 100);
    }

    @Test
    void everyMessageHasAPartOfItsOwnAndAllShareAnEndpoint() throws Exception {
        Map<String, byte[]> pictures = new HashMap<>();
        for (int part = 0; part < 5; part++) {
            pictures.put("part-" + part, drop("part-" + part + "/gate.jpg", 2000));
        }

        start("parts");

        await().until(() ->
                service.uploads().stream().filter(TestCall::isHalfClosed).count() == 5);
        pictures.forEach((part, bytes) ->
                assertThat(uploaded(bytes).metadata().getPartId()).isEqualTo(part));
        assertThat(main.getCamelContext().getEndpoints())
                .filteredOn(ViamDataEndpoint.class::isInstance)
                .hasSize(1);
    }

    @Test
    void whatIsRefusedForGoodLiesInTheDeadLetterFolderBitForBit() throws Exception {
        Path deadLetter = folder.resolve("dead-letter");
        properties.put("dead-letter", deadLetter.toString());
        byte[] refused = drop("refused.jpg", 200_000);
        byte[] unknown = drop("without-extension", 500);
        byte[] late = drop("late.jpg", 3000);
        byte[] stored = drop("stored.jpg", 3000);
        AtomicInteger lates = new AtomicInteger();
        service.answering(call -> {
            if (Arrays.equals(call.payload(), refused)) {
                return Status.INVALID_ARGUMENT.withDescription("no picture at all");
            }
            return Arrays.equals(call.payload(), late) && lates.incrementAndGet() == 1 ? Status.UNAVAILABLE : Status.OK;
        });

        start("dead-letter");

        awaitInbox();
        assertThat(FileTree.files(deadLetter).keySet())
                .containsExactly(
                        "refused.jpg", "refused.jpg.reason.txt", "without-extension", "without-extension.reason.txt");
        assertThat(deadLetter.resolve("refused.jpg")).hasBinaryContent(refused);
        assertThat(deadLetter.resolve("without-extension")).hasBinaryContent(unknown);
        assertThat(deadLetter.resolve("refused.jpg.reason.txt")).content().contains("no picture at all");
        assertThat(deadLetter.resolve("without-extension.reason.txt")).content().contains("fileExtension");
        assertThat(calls(refused)).hasSize(1);
        assertThat(calls(late)).hasSize(2);
        assertThat(calls(stored)).hasSize(1);
    }

    @Test
    void aPictureThatComesAgainIsUploadedOnceEvenAfterARestart() throws Exception {
        Path store = folder.resolve("uploaded.txt");
        properties.put("uploaded.file", store.toString());
        FileTime time = FileTime.fromMillis(1_793_000_000_123L);
        byte[] picture = drop("gate.jpg", 3000);
        start("once");
        awaitInbox();
        assertThat(calls(picture)).hasSize(1);

        drop("gate.jpg", picture, FileTime.fromMillis(1_793_000_000_000L));
        awaitInbox();
        main.stop();
        start("once");
        drop("gate.jpg", picture, FileTime.fromMillis(1_793_000_000_000L));
        awaitInbox();
        assertThat(calls(picture)).as("no second upload").hasSize(1);

        byte[] next = new byte[3000];
        random.nextBytes(next);
        drop("gate.jpg", next, time);
        awaitInbox();
        assertThat(calls(next)).as("another picture of the same name").hasSize(1);
    }

    @Test
    void whatIsNotStoredDoesNotCountAsADuplicate() throws Exception {
        Path store = folder.resolve("uploaded.txt");
        properties.put("uploaded.file", store.toString());
        Semaphore answers = new Semaphore(0);
        service.answering(call -> {
            answers.acquireUninterruptibly();
            return Status.UNAVAILABLE;
        });
        byte[] picture = drop("gate.jpg", 3000);
        start("once");

        await().until(() -> !calls(picture).isEmpty());
        assertThat(store).as("nothing is known of an upload under way").isEmptyFile();
        answers.release();
        await().until(() -> calls(picture).size() == 2);
        service.answering(call -> Status.OK);
        answers.release();

        awaitInbox();
        assertThat(calls(picture)).hasSize(3);
        assertThat(Files.readAllLines(store)).hasSize(1);
    }

    @Test
    void aThinLinkIsNotFloodedAndCarriesOneAtATime() throws Exception {
        int rate = 5;
        properties.put("pictures.per.second", String.valueOf(rate));
        List<byte[]> pictures = new ArrayList<>();
        for (int i = 0; i < 3 * rate + 1; i++) {
            pictures.add(drop("gate-" + i + ".jpg", 2000));
        }
        ConcurrentLinkedQueue<Long> times = new ConcurrentLinkedQueue<>();
        AtomicInteger inFlight = new AtomicInteger();
        AtomicInteger most = new AtomicInteger();
        service.reading(call -> {
            // The first message of the stream.
            if (call.messages().size() == 1) {
                most.accumulateAndGet(inFlight.incrementAndGet(), Math::max);
            }
            return true;
        });
        service.answering(call -> {
            // Long enough for a second one to come in between, if it may.
            LockSupport.parkNanos(Duration.ofMillis(100).toNanos());
            inFlight.decrementAndGet();
            return Status.OK;
        });

        SimpleEventNotifierSupport sendings = new SimpleEventNotifierSupport() {
            @Override
            public void notify(CamelEvent event) {
                if (event instanceof CamelEvent.ExchangeSendingEvent sending
                        && sending.getEndpoint() instanceof ViamDataEndpoint) {
                    times.add(System.nanoTime());
                }
            }
        };
        sendings.setIgnoreExchangeEvents(false);
        sendings.setIgnoreExchangeSendingEvents(false);
        beans.put("sendings", sendings);

        start("throttle");

        awaitInbox(IntStream.range(0, pictures.size())
                .mapToObj(i -> ".done/gate-" + i + ".jpg")
                .toArray(String[]::new));
        pictures.forEach(this::uploaded);
        assertThat(service.uploads()).allMatch(call -> call.method().equals("StreamingDataCaptureUpload"));
        assertThat(most).hasValue(1);
        List<Long> passes = List.copyOf(times);
        assertThat(passes).hasSize(pictures.size());
        // The first ones may be late, because the endpoint is new.
        for (int i = 2 * rate; i < passes.size(); i++) {
            assertThat(Duration.ofNanos(passes.get(i) - passes.get(i - rate)))
                    .as("from %d to %d", i - rate, i)
                    .isGreaterThan(Duration.ofMillis(800));
        }
    }

    @Test
    void everyPictureOfAZipFileIsUploaded() throws Exception {
        Map<String, byte[]> pictures = new HashMap<>();
        zip("shift.zip", 12, pictures);

        start("zip");

        awaitInbox(".done/shift.zip");
        assertThat(service.uploads()).hasSize(12);
        pictures.forEach((name, bytes) -> {
            TestCall call = uploaded(bytes);
            assertThat(call.metadata().getFileExtension()).isEqualTo(name.substring(name.indexOf('.')));
            assertThat(call.metadata().getTagsList()).isEqualTo(name.contains("tag=") ? List.of("night") : List.of());
        });
    }

    @Test
    void aZipFileWithAPictureThatFailsIsPutAside() throws Exception {
        Map<String, byte[]> pictures = new HashMap<>();
        zip("shift.zip", 6, pictures);
        service.answering(call -> service.uploads().size() == 4 ? Status.INVALID_ARGUMENT : Status.OK);

        start("zip");

        awaitInbox(".failed/shift.zip");
        assertThat(service.uploads()).hasSize(4);
    }

    private void zip(String name, int count, Map<String, byte[]> pictures) throws IOException {
        Path file = folder.resolve("new.zip");
        try (OutputStream output = Files.newOutputStream(file);
                ZipOutputStream zip = new ZipOutputStream(output)) {
            zip.putNextEntry(new ZipEntry("tag=night/"));
            for (int i = 0; i < count; i++) {
                // Above the size from which Camel keeps entries on disk, and below it.
                byte[] bytes = new byte[i % 2 == 0 ? 400_000 : 3000];
                random.nextBytes(bytes);
                String entry = (i % 3 == 0 ? "tag=night/" : "") + "gate-" + i + (i % 2 == 0 ? ".jpg" : ".png");
                zip.putNextEntry(new ZipEntry(entry));
                zip.write(bytes);
                pictures.put(entry, bytes);
            }
        }
        Files.move(file, inbox.resolve(name));
    }

    @Test
    void whatAModelHasFoundGoesWithThePicture() throws Exception {
        properties.put("model.patience", "1000");
        byte[] picture = drop("gate.jpg", 3000);
        drop("alone.jpg", 3000);
        drop("gate.jpg.json", recipes(3).get("annotations-json").getBytes(StandardCharsets.UTF_8), LATELY);

        start("annotations");

        awaitInbox(".done/gate.jpg", ".done/gate.jpg.json", ".failed/alone.jpg");
        Annotations annotations = uploaded(picture).sensorMetadata().getAnnotations();
        assertThat(annotations.getBboxesList())
                .extracting(BoundingBox::getLabel, BoundingBox::getXMinNormalized, BoundingBox::getYMaxNormalized)
                .containsExactly(tuple("dog", 0.1, 0.5), tuple("cat", 0.1, 0.5));
        assertThat(annotations.getClassificationsList())
                .extracting(Classification::getLabel)
                .containsExactly("night");
        assertThat(uploaded(picture).metadata().getFileExtension()).isEqualTo(".jpg");
        assertThat(service.uploads()).hasSize(1);
    }

    @Test
    void dataWithoutANameIsWhatItsContentTells() throws Exception {
        byte[] png = Files.readAllBytes(Path.of("examples/gallery/screenshot.png"));
        byte[] noise = new byte[100];
        random.nextBytes(noise);
        drop("frame-1", png, LATELY);
        drop("frame-2", noise, LATELY);
        drop("frame-3.jpg", png, LATELY);

        start("detect");

        awaitInbox(".done/frame-1", ".done/frame-3.jpg", ".failed/frame-2");
        assertThat(service.uploads())
                .hasSize(2)
                .allMatch(call -> call.metadata().getFileExtension().equals(".png"));
    }

    @ParameterizedTest
    @CsvSource({
        "Day 1.csv, Day 1.csv",
        "reports/2026/a.csv, reports/2026/a.csv",
        "'', ID",
        "${sys.user.home}.csv, ${sys.user.home}.csv",
        "../outside.csv, ",
        "a/../../outside.csv, ",
    })
    void filesAreWrittenUnderTheirNamesAndNowhereElse(String name, String written) throws Exception {
        Path received = folder.resolve("received");
        properties.put("received", received.toString());
        properties.put("receive.port", "0");
        start("received");
        int port = ((ViamDataServerConsumer)
                        main.getCamelContext().getRoute("receive").getConsumer())
                .getPort();
        byte[] bytes = new byte[100_000];
        random.nextBytes(bytes);

        try (DefaultCamelContext sender = new DefaultCamelContext()) {
            sender.start();
            Exchange exchange = sender.createProducerTemplate()
                    .send(
                            "viamdata:part?operation=file&plaintext=true&maxAttempts=1&host=localhost&port=" + port,
                            e -> {
                                e.getMessage().setBody(bytes);
                                e.getMessage().setHeader(ViamDataConstants.FILE_NAME, name);
                            });

            if (written == null) {
                assertThat(exchange.getException()).isInstanceOf(ViamDataException.class);
                assertThat(FileTree.files(folder).keySet()).containsExactly("routes.camel.yaml");
            } else {
                assertThat(exchange.getException()).isNull();
                assertThat(FileTree.files(received)).hasSize(1);
                String file = FileTree.files(received).keySet().iterator().next();
                assertThat(file).matches(written.equals("ID") ? "[0-9A-F]+-[0-9A-F]+" : Pattern.quote(written));
                assertThat(received.resolve(file)).hasBinaryContent(bytes);
            }
        }
    }
}
