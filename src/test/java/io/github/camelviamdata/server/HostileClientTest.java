// Copyright the camel-viamdata authors. SPDX-License-Identifier: Apache-2.0
package io.github.camelviamdata.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import com.google.protobuf.CodedOutputStream;
import com.google.protobuf.ListValue;
import com.google.protobuf.Struct;
import com.google.protobuf.Value;
import io.github.camelviamdata.ViamDataConstants;
import io.github.camelviamdata.proto.datasync.v1.DataCaptureUploadRequest;
import io.github.camelviamdata.proto.datasync.v1.DataType;
import io.github.camelviamdata.proto.datasync.v1.FileUploadRequest;
import io.github.camelviamdata.proto.datasync.v1.SensorData;
import io.github.camelviamdata.proto.datasync.v1.UploadMetadata;
import io.github.camelviamdata.service.RawHttp2;
import io.grpc.Metadata;
import io.grpc.StatusRuntimeException;
import io.grpc.stub.MetadataUtils;
import java.io.IOException;
import java.net.SocketException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.apache.camel.Exchange;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What a client cannot do that means ill, whether it has a key or not. */
@Timeout(60)
class HostileClientTest {

    private static final String UNARY = "viam.app.datasync.v1.DataSyncService/DataCaptureUpload";
    private static final int REFUSED_STREAM = 7;
    private static final String FILE = "viam.app.datasync.v1.DataSyncService/FileUpload";

    private TestServer server;
    private TestClient client;

    @BeforeEach
    void start() throws Exception {
        server = TestServer.recording("");
        client = server.client();
    }

    @AfterEach
    void stop() {
        client.close();
        server.close();
    }

    /** Whatever came before it, an honest upload is taken, and is the only one. */
    private void assertServes() {
        client.blocking().dataCaptureUpload(TestClient.picture());
        assertThat(server.received).hasSize(1);
    }

    @Test
    void aCompressedMessageCountsAsWhatItUnfoldsTo() {
        DataCaptureUploadRequest bomb = TestClient.picture().toBuilder()
                .setSensorContents(0, SensorData.newBuilder().setBinary(ByteString.copyFrom(new byte[64 << 20])))
                .build();

        assertThatThrownBy(() -> client.blocking().withCompression("gzip").dataCaptureUpload(bomb))
                .isInstanceOf(StatusRuntimeException.class);
        assertServes();
    }

    @Test
    void aLengthBeyondTheLimitIsRefusedWhenItIsAnnounced() throws Exception {
        try (RawHttp2 liar = RawHttp2.connect(server.port())) {
            liar.call(1, FILE).message(1, false, Integer.MAX_VALUE, new byte[10]);

            assertThat(liar.readUntil(RawHttp2.HEADERS)).matches(answer -> answer.contains("exceeds maximum size"));
        }
        assertServes();
    }

    /** Some 20 GiB, each message of a size that is allowed. */
    @Test
    void allowedLengthsThatAreAnnouncedTakeNoMemory() throws Exception {
        int connections = 10;
        int calls = 64;
        int length = (32 << 20) - 1;
        assertThat(Runtime.getRuntime().maxMemory()).isLessThan((long) connections * calls * length);
        List<RawHttp2> liars = new ArrayList<>();
        try {
            for (int i = 0; i < connections; i++) {
                RawHttp2 liar = RawHttp2.connect(server.port());
                liars.add(liar);
                for (int call = 0; call < calls; call++) {
                    liar.call(2 * call + 1, FILE).message(2 * call + 1, false, length, new byte[10]);
                }
            }
            for (RawHttp2 liar : liars) {
                // Frames are answered in turn, so all before this one has been read.
                assertThat(liar.ping().readUntil(RawHttp2.PING, RawHttp2.HEADERS, RawHttp2.RST_STREAM))
                        .matches(answer -> answer.type() == RawHttp2.PING);
            }
            assertServes();
        } finally {
            for (RawHttp2 liar : liars) {
                liar.close();
            }
        }
    }

    @Test
    void aMessageThatIsCutOffNeverReachesTheRoute() throws Exception {
        byte[] picture = TestClient.picture().toByteArray();
        try (RawHttp2 liar = RawHttp2.connect(server.port())) {
            liar.call(1, UNARY).message(1, true, picture.length + 1, picture);

            assertThat(liar.readUntil(RawHttp2.HEADERS)).matches(answer -> answer.contains("end-of-stream mid-frame"));
        }
        assertServes();
    }

    @Test
    void aLargeListOfHeadersEndsTheConnection() throws Exception {
        try (RawHttp2 talker = RawHttp2.connect(server.port())) {
            talker.call(1, UNARY, "x-long", "x".repeat(12_000));

            assertThat(talker.readUntil(RawHttp2.HEADERS, RawHttp2.GOAWAY))
                    .matches(answer -> answer.type() == RawHttp2.GOAWAY && answer.contains("Header size exceeded"));
        }
        assertServes();
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void callsBeyondTheLimitAreTurnedAway(boolean keepsToSettings) throws Exception {
        int calls = 1000;
        try (RawHttp2 greedy = RawHttp2.connect(server.port())) {
            if (keepsToSettings) {
                assertThat(greedy.readUntil(RawHttp2.SETTINGS)).isNotNull();
                greedy.acknowledgeSettings();
            }
            for (int i = 0; i < calls; i++) {
                greedy.call(2 * i + 1, FILE);
            }
            int most = keepsToSettings ? 64 : 128;
            for (int i = 0; i < calls - most; i++) {
                RawHttp2.Frame refusal = greedy.readUntil(RawHttp2.HEADERS, RawHttp2.RST_STREAM);
                assertThat(refusal).isNotNull();
                if (refusal.type() == RawHttp2.HEADERS) {
                    // HPACK shortens what it has sent before.
                    assertThat(i > 0 || refusal.contains("Too many calls")).isTrue();
                } else {
                    assertThat(refusal.error()).isEqualTo(REFUSED_STREAM);
                }
            }
            assertServes();
        }
    }

    @Test
    void callsThatAreResetOverAndOverEndTheConnection() throws Exception {
        try (RawHttp2 rapid = RawHttp2.connect(server.port())) {
            assertThatThrownBy(() -> {
                        for (int i = 0; i < 1_000_000; i++) {
                            rapid.call(2 * i + 1, FILE).reset(2 * i + 1);
                        }
                    })
                    .isInstanceOf(SocketException.class);
        }
        assertServes();
    }

    @ParameterizedTest
    @CsvSource({"1, false", "1500, true"})
    void nestingHasAnEnd(int depth, boolean refused) throws Exception {
        byte[] value = Value.newBuilder().setNumberValue(1).build().toByteArray();
        for (int i = 0; i < depth; i++) {
            value = field(Value.LIST_VALUE_FIELD_NUMBER, field(ListValue.VALUES_FIELD_NUMBER, value));
        }
        byte[] reading = field(
                DataCaptureUploadRequest.SENSOR_CONTENTS_FIELD_NUMBER,
                field(SensorData.STRUCT_FIELD_NUMBER, field(Struct.FIELDS_FIELD_NUMBER, field(2, value))));
        byte[] request = ByteString.copyFrom(DataCaptureUploadRequest.newBuilder()
                        .setMetadata(TestClient.pictureMetadata().setType(DataType.DATA_TYPE_TABULAR_SENSOR))
                        .build()
                        .toByteArray())
                .concat(ByteString.copyFrom(reading))
                .toByteArray();
        try (RawHttp2 deep = RawHttp2.connect(server.port())) {
            deep.call(1, UNARY).message(1, true, request.length, request);

            // An answer has its status behind a message, in a further frame of headers.
            assertThat(deep.readUntil(RawHttp2.HEADERS)).matches(answer -> answer.contains("grpc-status") == refused);
        }
        assertThat(server.received).hasSize(refused ? 0 : 1);
        server.received.clear();
        assertServes();
    }

    /** A field with a message in it, as it is on the wire. */
    private static byte[] field(int number, byte[] message) throws IOException {
        ByteString.Output bytes = ByteString.newOutput();
        CodedOutputStream out = CodedOutputStream.newInstance(bytes);
        out.writeByteArray(number, message);
        out.flush();
        return bytes.toByteString().toByteArray();
    }

    @Test
    void metadataOfACallIsNoHeader() {
        Metadata metadata = new Metadata();
        for (String name :
                List.of("CamelFileName", "CamelViamDataFileId", "CamelViamDataTags", "CamelViamDataDatasetIds")) {
            metadata.put(Metadata.Key.of(name, Metadata.ASCII_STRING_MARSHALLER), "evil");
        }
        client.blocking()
                .withInterceptors(MetadataUtils.newAttachHeadersInterceptor(metadata))
                .dataCaptureUpload(TestClient.picture());

        assertThat(server.received.get(0).headers())
                .containsOnlyKeys(
                        ViamDataConstants.OPERATION,
                        ViamDataConstants.VERBATIM,
                        ViamDataConstants.PART_ID,
                        ViamDataConstants.COMPONENT_TYPE,
                        ViamDataConstants.COMPONENT_NAME,
                        ViamDataConstants.METHOD_NAME,
                        ViamDataConstants.FILE_EXTENSION);
    }

    /** As in the recipe: the file component keeps to its folder. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "../evil.txt",
                "a/../../evil.txt",
                "../received-evil/evil.txt",
                "..\\evil.txt",
                "/evil.txt",
                "/tmp/evil.txt",
                "evil\0.txt",
                "..",
                "${bean:evil}",
                "evil\r\n.txt"
            })
    void aNameStaysInTheFolder(String name, @TempDir Path directory) throws Exception {
        Path folder = Files.createDirectories(directory.resolve("received"));
        Files.createDirectories(directory.resolve("received-evil"));
        try (TestServer files = TestServer.routing(route -> route.setHeader(Exchange.FILE_NAME)
                        .header(ViamDataConstants.FILE_NAME)
                        .to("file:" + folder));
                TestClient sender = files.client()) {
            FileUploadRequest metadata = FileUploadRequest.newBuilder()
                    .setMetadata(UploadMetadata.newBuilder()
                            .setPartId("part")
                            .setType(DataType.DATA_TYPE_FILE)
                            .setFileName(name))
                    .build();
            boolean stored = sender.file()
                    .send(metadata, TestClient.fileData(ByteString.copyFromUtf8("x")))
                    .complete()
                    .handle((answer, failure) -> answer != null)
                    .get(20, TimeUnit.SECONDS);

            try (Stream<Path> written = Files.walk(directory).filter(Files::isRegularFile)) {
                assertThat(written).hasSize(stored ? 1 : 0).allMatch(file -> file.startsWith(folder));
            }
            assertThat(stored).isEqualTo(!name.contains("..") && !name.contains("\0"));
        }
    }
}
