// Copyright the camel-viamdata authors. SPDX-License-Identifier: Apache-2.0
package io.github.camelviamdata.server;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import io.github.camelviamdata.proto.datasync.v1.DataCaptureMetadata;
import io.github.camelviamdata.proto.datasync.v1.DataCaptureUploadMetadata;
import io.github.camelviamdata.proto.datasync.v1.DataCaptureUploadRequest;
import io.github.camelviamdata.proto.datasync.v1.SensorData;
import io.github.camelviamdata.proto.datasync.v1.StreamingDataCaptureUploadRequest;
import io.github.camelviamdata.proto.datasync.v1.UploadMetadata;
import io.github.camelviamdata.service.FileTree;
import io.github.camelviamdata.service.RawClient;
import io.github.camelviamdata.service.TestCall;
import io.github.camelviamdata.support.Golden;
import io.github.camelviamdata.support.Shows;
import io.github.camelviamdata.support.ViamDataTestSupport;
import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.apache.camel.builder.RouteBuilder;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What a server writes into capture files now is uploaded from them later, and is what was sent to the server. */
class CaptureFilesTest extends ViamDataTestSupport {

    @TempDir
    Path directory;

    private RawClient sender;

    @BeforeEach
    void startServer() throws Exception {
        context.addRoutes(new RouteBuilder() {
            @Override
            public void configure() {
                from("viamdata-server:localhost:0?captureFiles=true")
                        .routeId("capture")
                        .to("file:" + directory + "?fileExist=Fail");
            }
        });
        sender = RawClient.plaintext(
                ((ViamDataServerConsumer) context.getRoute("capture").getConsumer()).getPort());
    }

    @AfterEach
    void closeSender() {
        sender.close();
    }

    @ParameterizedTest
    @Shows("captureFiles")
    @MethodSource("io.github.camelviamdata.support.Golden#unaryBinary")
    void keepsUnaryRequestsByteForByte(Golden golden) throws Exception {
        sender.send(golden);
        uploadCaptured();

        DataCaptureUploadRequest sent = DataCaptureUploadRequest.parseFrom(golden.bytes());
        TestCall call = service.onlyUpload();
        assertThat(call.method()).isEqualTo("DataCaptureUpload");
        assertThat(call.messages())
                .containsExactly(sent.toBuilder()
                        .setMetadata(held(sent.getMetadata()))
                        .build()
                        .toByteArray());
    }

    @Test
    void keepsReadings() throws Exception {
        DataCaptureUploadRequest sent =
                DataCaptureUploadRequest.parseFrom(Golden.load("tabular-one").bytes());

        sender.send(Golden.load("tabular-one"));
        uploadCaptured();

        assertThat(DataCaptureUploadRequest.parseFrom(
                        service.onlyUpload().messages().get(0)))
                .isEqualTo(
                        sent.toBuilder().setMetadata(held(sent.getMetadata())).build());
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 5, 3_000_001})
    void keepsStreams(int size) throws Exception {
        byte[] payload = new byte[size];
        new Random(1).nextBytes(payload);
        Golden golden = Golden.load("streaming-docs-example");
        List<byte[]> messages = new ArrayList<>(List.of(golden.messages().get(0)));
        for (int start = 0; start == 0 || start < size; start += 100_000) {
            messages.add(StreamingDataCaptureUploadRequest.newBuilder()
                    .setData(ByteString.copyFrom(payload, start, Math.min(100_000, size - start)))
                    .build()
                    .toByteArray());
        }

        sender.send(golden.method(), true, messages);
        uploadCaptured("uploadMode=streaming");

        DataCaptureUploadMetadata sent =
                StreamingDataCaptureUploadRequest.parseFrom(messages.get(0)).getMetadata();
        TestCall call = service.onlyUpload();
        assertThat(StreamingDataCaptureUploadRequest.parseFrom(call.messages().get(0))
                        .getMetadata())
                .isEqualTo(sent.toBuilder()
                        .setUploadMetadata(held(sent.getUploadMetadata()))
                        .build());
        assertThat(call.payload()).isEqualTo(payload);
    }

    /** By protobuf itself, as the agent reads it. */
    @Test
    void writesStreamsInTheFormatOfTheAgent() throws Exception {
        Golden golden = Golden.load("streaming-docs-example");

        sender.send(golden);

        DataCaptureUploadMetadata sent = StreamingDataCaptureUploadRequest.parseFrom(
                        golden.messages().get(0))
                .getMetadata();
        InputStream file = new ByteArrayInputStream(onlyFile());
        assertThat(DataCaptureMetadata.parseDelimitedFrom(file).getComponentName())
                .isEqualTo(sent.getUploadMetadata().getComponentName());
        assertThat(SensorData.parseDelimitedFrom(file))
                .isEqualTo(SensorData.newBuilder()
                        .setMetadata(sent.getSensorMetadata())
                        .setBinary(ByteString.copyFrom(golden.payload()))
                        .build());
        assertThat(file.available()).isZero();
    }

    @Test
    @Shows("CamelFileName")
    void namesFilesSoThatNoneLiesElsewhere() throws Exception {
        Golden golden = Golden.load("binary-docs-example");
        DataCaptureUploadRequest sent = DataCaptureUploadRequest.parseFrom(golden.bytes());
        for (String name :
                List.of("..", "../../etc", "${bean:x}", "tag=x", ".hidden", "a\\b:c*", "\uD83D\uDCF7".repeat(200))) {
            UploadMetadata metadata = sent.getMetadata().toBuilder()
                    .setComponentType("rdk:component:camera")
                    .setComponentName(name)
                    .build();
            sender.send(
                    golden.method(),
                    false,
                    List.of(sent.toBuilder().setMetadata(metadata).build().toByteArray()));
        }

        assertThat(FileTree.files(directory).keySet())
                .hasSize(7)
                .allSatisfy(file -> assertThat(file)
                        .matches("rdk_component_camera/[^/.=$:*\\\\][^/=$:*\\\\]*/GetImages/"
                                + "2023-06-05T11_00_00Z-[-0-9a-f]{36}[.]capture"));
    }

    @Test
    void leavesFilesAlone() throws Exception {
        Golden golden = Golden.load("file-bare");

        sender.send(golden);

        assertThat(onlyFile()).isEqualTo(golden.payload());
    }

    private byte[] onlyFile() throws Exception {
        Map<String, Path> files = FileTree.files(directory);
        assertThat(files).hasSize(1);
        return Files.readAllBytes(files.values().iterator().next());
    }

    private void uploadCaptured(String... options) throws Exception {
        String target = uri(options) + "&operation=capture";
        for (String file : FileTree.files(directory).keySet()) {
            upload(target, directory.resolve(file), Map.of());
            Files.delete(directory.resolve(file));
        }
    }

    /** What a capture file holds of it, and the part that is given anew. */
    private static UploadMetadata held(UploadMetadata metadata) {
        return metadata.toBuilder()
                .setPartId(PART)
                .clearDatasetIds()
                .clearFileName()
                .clearFileCreateTime()
                .clearFileModifyTime()
                .build();
    }
}
