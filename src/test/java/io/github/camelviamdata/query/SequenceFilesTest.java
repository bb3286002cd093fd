// Copyright the camel-viamdata authors. SPDX-License-Identifier: Apache-2.0
package io.github.camelviamdata.query;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.google.protobuf.Timestamp;
import io.github.camelviamdata.ViamDataConstants;
import io.github.camelviamdata.ViamDataDelivery;
import io.github.camelviamdata.ViamDataException;
import io.github.camelviamdata.ViamDataRejectedException;
import io.github.camelviamdata.ViamDataUnavailableException;
import io.github.camelviamdata.proto.data.v1.CreateSequenceRequest;
import io.github.camelviamdata.proto.data.v1.SequenceResource;
import io.github.camelviamdata.service.FileTree;
import io.github.camelviamdata.service.TestCall;
import io.github.camelviamdata.support.CaptureFile;
import io.github.camelviamdata.support.Shows;
import io.grpc.Status;
import java.io.ByteArrayInputStream;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.camel.Exchange;
import org.apache.camel.builder.RouteBuilder;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code operation=capture} on the files of a machine's own agent that describe sequences. */
class SequenceFilesTest extends OperationTestSupport {

    private static final String SEQUENCE = """
            {"start_time": "2026-03-01T07:00:00.25+01:00", "end_time": "2026-03-01T06:01:00Z",
             "resources": [{"resource_name": "arm", "method_name": "EndPosition"},
                           {"resource_name": "cam", "method_name": "GetImages"}],
             "sequence_tags": ["good", "line-3"]}
            """;

    private static final byte[] CAPTURE = CaptureFile.ofPictures(new byte[100]).bytes();

    @TempDir
    Path directory;

    private static CreateSequenceRequest request(String... tags) {
        return CreateSequenceRequest.newBuilder()
                .setPartId(PART)
                .addResources(
                        SequenceResource.newBuilder().setResourceName("arm").setMethodName("EndPosition"))
                .addResources(
                        SequenceResource.newBuilder().setResourceName("cam").setMethodName("GetImages"))
                .addAllSequenceTags(List.of(tags))
                .setStartTime(Timestamp.newBuilder().setSeconds(1_772_344_800L).setNanos(250_000_000))
                .setEndTime(Timestamp.newBuilder().setSeconds(1_772_344_860L))
                .build();
    }

    private String capture(String... options) {
        return operation("capture", options).replace(":?", ":" + PART + "?");
    }

    private Path file(String name, String text) throws IOException {
        return file(name, text.getBytes(StandardCharsets.UTF_8));
    }

    private Path file(String name, byte[] bytes) throws IOException {
        Path path = directory.resolve(name);
        Files.createDirectories(path.getParent());
        return Files.write(path, bytes);
    }

    private ViamDataException refusedFile(Class<? extends ViamDataException> kind, Path file) {
        Exchange exchange = send(capture(), file.toFile(), Map.of(ViamDataConstants.DELIVERY, "stored"));

        assertThat(exchange.getException()).isInstanceOf(kind);
        assertThat(exchange.getMessage().getHeader(ViamDataConstants.DELIVERY)).isEqualTo(ViamDataDelivery.notSent);
        nothingWasSent();
        return (ViamDataException) exchange.getException();
    }

    @Test
    @Shows({"operation", "tags", "CamelViamDataTags", "CamelViamDataSequenceId", "CamelViamDataDelivery"})
    void aSequenceIsCreated() throws Exception {
        Path file = file("tag=night/sequences/1.seq", SEQUENCE);
        Map<String, Object> headers = new HashMap<>(Map.of(
                ViamDataConstants.TAGS, "line-3,gripper",
                ViamDataConstants.FILE_ID, "of another upload",
                ViamDataConstants.SEQUENCE_ID, "another one"));

        Exchange exchange = upload(capture("tags=pilot"), file.toFile(), headers);

        assertThat(stored.marks().sequences()).containsExactly(request("good", "line-3", "pilot", "gripper", "night"));
        assertThat(exchange.getMessage().getHeaders())
                .containsEntry(ViamDataConstants.SEQUENCE_ID, "sequence-1")
                .containsEntry(ViamDataConstants.DELIVERY, ViamDataDelivery.stored)
                .doesNotContainKey(ViamDataConstants.FILE_ID);
        assertThat(exchange.getMessage().getBody()).isEqualTo(file.toFile());
        assertThat(service.uploads()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"File", "Path", "String", "byte[]", "InputStream"})
    void everyBodyIsRead(String kind) throws Exception {
        Path file = file("1.seq", SEQUENCE);
        Object body = switch (kind) {
            case "File" -> file.toFile();
            case "Path" -> file;
            case "String" -> SEQUENCE;
            case "byte[]" -> SEQUENCE.getBytes(StandardCharsets.UTF_8);
            default -> new ByteArrayInputStream(SEQUENCE.getBytes(StandardCharsets.UTF_8));
        };

        upload(capture(), body, Map.of(Exchange.FILE_NAME, "sequences/1.SEQ"));

        assertThat(stored.marks().sequences()).containsExactly(request("good", "line-3"));
    }

    /** Tags are null where the agent has none, and a later agent may write fields that are not known. */
    @Test
    void tagsMayBeMissing() throws Exception {
        upload(
                capture(),
                file("1.seq", SEQUENCE.replace("[\"good\", \"line-3\"]", "null, \"id\": 7"))
                        .toFile(),
                Map.of());

        assertThat(stored.marks().sequences()).containsExactly(request());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "\"2026-03-01T06:01:00Z\" | \"2026-03-01T05:01:00Z\" | ends at 2026-03-01T05:01:00Z, which is before its beginning",
                "\"2026-03-01T06:01:00Z\" | \"soon\" | end_time is 'soon', and no time",
                "\"2026-03-01T06:01:00Z\" | \"2026-03-01T06:01:00\" | end_time is '2026-03-01T06:01:00', and no time with an offset",
                "\"2026-03-01T06:01:00Z\" | 1772344860000 | end_time is missing, or no text",
                "start_time | began | start_time is missing",
                "resources | others | resources is missing, or no list",
                "\"arm\" | 7 | resources[0].resource_name is missing, or no text",
                "\"GetImages\" | \" \" | resources[1].method_name is missing, or no text",
                "[\"good\", \"line-3\"] | \"good\" | sequence_tags is no list of texts",
                "\"good\" | 7 | sequence_tags is no list of texts",
                "\"line-3\"] | \"line-3\" | is not valid JSON at $",
                "\"line-3\"]} | \"line-3\"]} {} | is not valid JSON at $",
            })
    void whatIsWrongIsNamed(String part, String other, String text) throws Exception {
        Path file = file("sequences/1.seq", SEQUENCE.replace(part, other));

        assertThat(refusedFile(ViamDataRejectedException.class, file))
                .hasMessageStartingWith("Nothing was sent. The sequence 1.seq")
                .hasMessageContaining(text);
    }

    @Test
    void everyFileThatIsCutOffIsRefused() throws Exception {
        byte[] whole = SEQUENCE.strip().getBytes(StandardCharsets.UTF_8);
        for (int length = 1; length < whole.length; length++) {
            Path file = file("1.seq", Arrays.copyOf(whole, length));

            assertThat(refusedFile(ViamDataRejectedException.class, file)).hasMessageContaining("The sequence 1.seq");
        }
    }

    @Test
    void whatIsNoTextIsRefused() throws Exception {
        Map<String, byte[]> contents = Map.of(
                "is empty", new byte[0],
                "is not valid JSON", new byte[300],
                "not UTF-8", new byte[] {'{', (byte) 0xff, '}'},
                "is no JSON object", "[]".getBytes(StandardCharsets.UTF_8),
                "is larger than any", " ".repeat(2_000_000).getBytes(StandardCharsets.UTF_8));
        contents.forEach((text, bytes) -> {
            try {
                assertThat(refusedFile(ViamDataRejectedException.class, file("1.seq", bytes)))
                        .hasMessageContaining("Nothing was sent. The sequence 1.seq")
                        .hasMessageContaining(text);
            } catch (IOException e) {
                throw new AssertionError(e);
            }
        });
    }

    @Test
    void anOpenSequenceIsRefusedByItsName() throws Exception {
        assertThat(refusedFile(ViamDataRejectedException.class, file("sequences/1.progseq", SEQUENCE)))
                .hasMessageContaining("The sequence 1.progseq has not ended");
    }

    /** As it is for other uploads. */
    @Test
    void aFileThatIsGoneIsRefused() {
        assertThat(refusedFile(ViamDataRejectedException.class, directory.resolve("1.seq")))
                .hasMessageContaining("cannot be read as bytes");
    }

    static Stream<Throwable> faults() {
        return Stream.of(
                new IOException("the disk is gone"),
                new IllegalStateException(),
                new StackOverflowError(),
                new OutOfMemoryError());
    }

    @ParameterizedTest
    @MethodSource("faults")
    void aBodyThatThrowsEndsTheExchange(Throwable fault) {
        InputStream body = new InputStream() {
            @Override
            public int read() throws IOException {
                return SequenceFilesTest.<RuntimeException, Integer>raise(fault);
            }
        };

        Exchange exchange = send(capture(), body, Map.of(Exchange.FILE_NAME, "1.seq"));

        assertThat(exchange.getException())
                .isInstanceOf(
                        fault instanceof IOException || fault instanceof OutOfMemoryError
                                ? ViamDataUnavailableException.class
                                : ViamDataRejectedException.class)
                .hasMessageStartingWith("Nothing was sent. ");
        nothingWasSent();
    }

    @SuppressWarnings("unchecked")
    private static <E extends Throwable, T> T raise(Throwable fault) throws E {
        throw (E) fault;
    }

    @Test
    void aHeaderMayChooseAnotherUpload() throws Exception {
        upload(capture(), file("1.seq", SEQUENCE).toFile(), Map.of(ViamDataConstants.OPERATION, "file"));

        assertThat(service.uploads()).extracting(TestCall::method).containsExactly("FileUpload");
        assertThat(stored.marks().sequences()).isEmpty();
    }

    @Test
    void aHeaderAloneDoesNotMakeASequence() throws Exception {
        Path file = file("1.seq", SEQUENCE);

        assertThat(refused(
                        ViamDataRejectedException.class,
                        capture().replace("operation=capture", "operation=file"),
                        file.toFile(),
                        Map.of(ViamDataConstants.OPERATION, "capture")))
                .hasMessageContaining("1.seq is a sequence: send it to an endpoint whose option operation is capture");
        nothingWasSent();
    }

    @Test
    void aHeaderThatCannotBeReadIsNamed() throws Exception {
        assertThat(refused(
                        ViamDataRejectedException.class,
                        capture(),
                        file("1.seq", SEQUENCE).toFile(),
                        Map.of(Exchange.FILE_NAME, List.of())))
                .hasMessageContaining("CamelFileName is a java.util.");
        nothingWasSent();
    }

    @Test
    void aSequenceNeedsAPart() throws Exception {
        assertThat(refused(
                        ViamDataRejectedException.class,
                        operation("capture"),
                        file("1.seq", SEQUENCE).toFile(),
                        Map.of()))
                .hasMessageContaining("Missing: partId");
        nothingWasSent();
    }

    /** The sequence may be there: another call would create another one. */
    @Test
    void aCallWhoseAnswerIsMissingIsNotMadeAgain() throws Exception {
        service.answeringQueries(call -> Status.UNAVAILABLE.withDescription("the answer is lost"));

        Exchange exchange = send(capture(), file("1.seq", SEQUENCE).toFile(), Map.of());

        assertThat(exchange.getException())
                .isInstanceOf(ViamDataUnavailableException.class)
                .hasMessageContaining("which the service may have done all the same");
        assertThat(exchange.getMessage().getHeader(ViamDataConstants.DELIVERY)).isEqualTo(ViamDataDelivery.unknown);
        assertThat(queryNames()).hasSize(1);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "arm/EndPosition/1.capture",
                "arm/EndPosition/1.prog",
                "1.PROG",
                "sequences/1.capture",
                "a/b/c/d/1.capture"
            })
    void aSequenceWaitsForTheDataOfItsFolder(String data) throws Exception {
        Path sequence = file("sequences/1.seq", SEQUENCE);
        Path capture = file(data, CAPTURE);

        assertThat(refusedFile(ViamDataUnavailableException.class, sequence))
                .hasMessage("Nothing was sent. The sequence 1.seq waits for the data of its folder, of which " + data
                        + " is still there");

        Files.delete(capture);
        upload(capture(), sequence.toFile(), Map.of());
        assertThat(stored.marks().sequences()).hasSize(1);
    }

    /** Neither the clock of the machine nor that of a copy says what a file holds. */
    @ParameterizedTest
    @ValueSource(
            strings = {"1970-01-01T00:00:00Z", "2026-03-01T05:59:59Z", "2026-03-01T06:00:30Z", "2200-01-01T00:00:00Z"})
    void noClockMakesASequenceOvertakeItsData(Instant modified) throws Exception {
        Path sequence = file("sequences/1.seq", SEQUENCE);
        Path capture = file("arm/EndPosition/1.capture", CAPTURE);
        Files.setLastModifiedTime(capture, FileTime.from(modified));

        assertThat(refusedFile(ViamDataUnavailableException.class, sequence)).hasMessageContaining("waits");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "arm/.done/1.capture",
                "arm/.refused/a/1.prog",
                ".done/1.capture",
                "arm/.1.capture",
                "arm/1.capture.json",
                "arm/capture",
                "sequences/2.seq",
                "sequences/2.progseq",
                "../beside/1.capture"
            })
    void aSequenceDoesNotWaitForOtherFiles(String other) throws Exception {
        Path sequence = file("machine/sequences/1.seq", SEQUENCE);
        file("machine/" + other, CAPTURE);

        upload(capture(), sequence.toFile(), Map.of());

        assertThat(stored.marks().sequences()).hasSize(1);
    }

    /** Viam's agent keeps its folder in one whose name begins with a period: {@code ~/.viam/capture}. */
    @Test
    void aFolderWhoseOwnNameBeginsWithAPeriodCounts() throws Exception {
        Path sequence = file(".viam/.capture/sequences/1.seq", SEQUENCE);
        file(".viam/.capture/arm/1.capture", CAPTURE);

        assertThat(refusedFile(ViamDataUnavailableException.class, sequence)).hasMessageContaining("waits");
    }

    @Test
    void linksAreFollowedAndMayEndNowhereOrInACircle() throws Exception {
        Path sequence = file("machine/sequences/1.seq", SEQUENCE);
        Path machine = directory.resolve("machine");
        Files.createSymbolicLink(machine.resolve("circle"), machine);
        Files.createSymbolicLink(machine.resolve("nowhere"), directory.resolve("gone"));
        upload(capture(), sequence.toFile(), Map.of());
        assertThat(stored.marks().sequences()).hasSize(1);
        file("disk/arm/1.capture", CAPTURE);
        Files.createSymbolicLink(machine.resolve("arm"), directory.resolve("disk/arm"));
        assertThat(send(capture(), sequence.toFile(), Map.of()).getException())
                .isInstanceOf(ViamDataUnavailableException.class)
                .hasMessageContaining("arm" + File.separator + "1.capture is still there");
    }

    @Test
    void aMessageThatIsNoFileOnDiskWaitsForNothing() throws Exception {
        file("arm/1.capture", CAPTURE);

        upload(
                capture(),
                SEQUENCE,
                Map.of(
                        Exchange.FILE_NAME,
                        "sequences/1.seq",
                        Exchange.FILE_PATH,
                        directory.resolve("sequences/1.seq").toString()));

        assertThat(stored.marks().sequences()).hasSize(1);
    }

    /** Two machines whose files have equal names, in one route. */
    @Test
    void aRouteUploadsTheDataOfEachFolderBeforeItsSequences() throws Exception {
        for (String machine : List.of("tag=a", "tag=b")) {
            file("inbox/" + machine + "/sequences/1.seq", SEQUENCE);
            file("inbox/" + machine + "/sequences/2.progseq", SEQUENCE);
            for (int i = 0; i < 20; i++) {
                Path capture = file("inbox/" + machine + "/arm/EndPosition/" + i + ".capture", CAPTURE);
                Files.setLastModifiedTime(capture, FileTime.from(Instant.now().plus(Duration.ofDays(i % 2 - 1))));
            }
        }
        Path inbox = directory.resolve("inbox");
        context.addRoutes(new RouteBuilder() {
            @Override
            public void configure() {
                from("file:" + inbox + "?recursive=true&initialDelay=0&delay=20&readLock=none&move=.done"
                                + "&include=RAW(.*[.](capture|prog|seq))&sortBy=file:name;file:modified")
                        .to(capture("componentType=arm"));
            }
        });

        await().atMost(Duration.ofMinutes(1))
                .until(() -> stored.marks().sequences().size() == 2
                        && Files.exists(inbox.resolve("tag=a/sequences/.done/1.seq"))
                        && Files.exists(inbox.resolve("tag=b/sequences/.done/1.seq")));

        assertThat(stored.marks().sequences())
                .containsExactlyInAnyOrder(request("good", "line-3", "a"), request("good", "line-3", "b"));
        assertThat(FileTree.files(inbox).keySet())
                .filteredOn(name -> !name.contains(".done"))
                .containsExactlyInAnyOrder("tag=a/sequences/2.progseq", "tag=b/sequences/2.progseq");
        for (String tag : List.of("a", "b")) {
            List<TestCall> calls = service.calls();
            int sequence = indexOfSequence(calls, tag);
            assertThat(calls.subList(0, sequence))
                    .filteredOn(call -> call.method().equals("DataCaptureUpload")
                            && call.metadata().getTagsList().contains(tag))
                    .hasSize(20);
        }
    }

    private static int indexOfSequence(List<TestCall> calls, String tag) throws Exception {
        for (int i = 0; i < calls.size(); i++) {
            if (calls.get(i).method().equals("CreateSequence")
                    && CreateSequenceRequest.parseFrom(calls.get(i).messages().get(0))
                            .getSequenceTagsList()
                            .contains(tag)) {
                return i;
            }
        }
        throw new AssertionError("no sequence with the tag " + tag);
    }
}
