// Copyright the camel-viamdata authors. SPDX-License-Identifier: Apache-2.0
package io.github.camelviamdata.server;

import static io.github.camelviamdata.server.Failures.assertFails;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.google.protobuf.ByteString;
import io.github.camelviamdata.proto.datasync.v1.DataCaptureUploadRequest;
import io.github.camelviamdata.proto.datasync.v1.DataSyncServiceGrpc;
import io.github.camelviamdata.proto.datasync.v1.FileUploadRequest;
import io.github.camelviamdata.proto.datasync.v1.FileUploadResponse;
import io.github.camelviamdata.support.Shows;
import io.grpc.Status;
import io.grpc.stub.MetadataUtils;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.BiPredicate;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Which key may upload for which part. The part of all uploads here is "part". */
class UploadRightsTest {

    private static final String KEYS = "?apiKey=id-1=key-1,id-2=key-2";

    @TempDir
    Path spool;

    private static DataCaptureUploadRequest pictureOf(String part) {
        DataCaptureUploadRequest.Builder picture = TestClient.picture().toBuilder();
        picture.getMetadataBuilder().setPartId(part);
        return picture.build();
    }

    private static TestClient.Stream<FileUploadRequest, FileUploadResponse> fileOf(TestClient client, String keyId) {
        return file(client, client.authenticate(keyId, keyId.replace("id", "key")));
    }

    static TestClient.Stream<FileUploadRequest, FileUploadResponse> file(TestClient client, String token) {
        TestClient.Stream<FileUploadRequest, FileUploadResponse> stream = new TestClient.Stream<>();
        DataSyncServiceGrpc.newStub(client.channel)
                .withInterceptors(
                        MetadataUtils.newAttachHeadersInterceptor(TestClient.authorization("Bearer " + token)))
                .fileUpload(stream);
        return stream;
    }

    @ParameterizedTest
    @CsvSource({
        "id-1, part, true",
        "id-1, other, true",
        "id-1, third, false",
        "id-2, part, false",
        "id-3, part, true",
        "id-3, third, true",
        "id-4, part, false"
    })
    @Shows("allowedParts")
    void aKeyMayUploadForItsPartsOnly(String keyId, String part, boolean allowed) throws Exception {
        Map<String, Object> map = new HashMap<>();
        map.put("id-1", List.of("part", "other"));
        map.put("id-2", "another");
        map.put("id-3", "*");
        BiPredicate<String, String> bean = (key, partOfUpload) -> key.equals("id-3")
                || key.equals("id-1") && (partOfUpload.equals("part") || partOfUpload.equals("other"));
        for (String option : List.of("id-1=part, id-1=other, id-2=another, id-3=*", "#map", "#bean")) {
            try (TestServer server = new TestServer()) {
                server.context.getRegistry().bind("map", map);
                server.context.getRegistry().bind("bean", bean);
                server.start(
                        "viamdata-server:localhost:0" + KEYS + ",id-3=key-3,id-4=key-4&allowedParts=" + option,
                        route -> route.process(server::record));
                try (TestClient client = server.client()) {
                    String token = "Bearer " + client.authenticate(keyId, keyId.replace("id", "key"));
                    if (allowed) {
                        client.blocking(token).dataCaptureUpload(pictureOf(part));
                    } else {
                        assertFails(
                                        Status.Code.PERMISSION_DENIED,
                                        () -> client.blocking(token).dataCaptureUpload(pictureOf(part)))
                                .contains("may not upload for the part");
                    }
                }
                assertThat(server.received).hasSize(allowed ? 1 : 0);
            }
        }
    }

    @Test
    void aStreamIsRefusedBeforeAByteIsSpooled() throws Exception {
        try (TestServer server = new TestServer()) {
            server.context.getStreamCachingStrategy().setSpoolDirectory(spool.toFile());
            server.start(
                    "viamdata-server:localhost:0" + KEYS + "&allowedParts=id-1=part",
                    route -> route.process(server::record));
            try (TestClient client = server.client()) {
                var stream = fileOf(client, "id-2").send(TestClient.fileMetadata());

                // Without its end, nor any data.
                assertFails(Status.Code.PERMISSION_DENIED, stream.answer);
                assertThat(Spooled.in(spool)).isEmpty();

                fileOf(client, "id-1")
                        .send(TestClient.fileMetadata(), TestClient.fileData(ByteString.copyFromUtf8("x")))
                        .complete()
                        .get(20, TimeUnit.SECONDS);
                assertThat(server.received).hasSize(1);
            }
        }
    }

    @ParameterizedTest
    @CsvSource({"id-1, key-1", "id-2, key-2"})
    @Shows("CamelViamDataApiKeyId")
    void theRouteLearnsWhichKeyItWas(String id, String key) throws Exception {
        try (TestServer server = TestServer.recording(KEYS);
                TestClient client = server.client()) {
            client.blocking("Bearer " + client.authenticate(id, key)).dataCaptureUpload(TestClient.picture());
            fileOf(client, id)
                    .send(TestClient.fileMetadata(), TestClient.fileData(ByteString.EMPTY))
                    .complete()
                    .get(20, TimeUnit.SECONDS);

            assertThat(server.received)
                    .hasSize(2)
                    .allSatisfy(received -> assertThat(received.headers())
                            .containsEntry(ViamDataServerConstants.API_KEY_ID, id)
                            .noneSatisfy((name, value) ->
                                    assertThat(value).asString().contains(key)));
        }
    }

    @Test
    void withoutKeysTheRouteLearnsNone() throws Exception {
        try (TestServer server = TestServer.recording("");
                TestClient client = server.client()) {
            String token = client.authenticate("id-1", "any");
            client.blocking("Bearer " + token).dataCaptureUpload(TestClient.picture());

            assertThat(server.received.get(0).headers()).doesNotContainKey(ViamDataServerConstants.API_KEY_ID);
        }
    }

    /** Told anything else, an agent would give its data up. */
    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void aBeanThatFailsLetsClientsKeepTheirData(boolean error) throws Exception {
        BiPredicate<String, String> bean = (keyId, partId) -> {
            if (error) {
                throw new StackOverflowError();
            }
            throw new IllegalArgumentException("secret of the bean");
        };
        try (TestServer server = new TestServer()) {
            server.context.getRegistry().bind("bean", bean);
            server.context.getStreamCachingStrategy().setSpoolDirectory(spool.toFile());
            server.start(
                    "viamdata-server:localhost:0" + KEYS + "&allowedParts=#bean",
                    route -> route.process(server::record));
            try (TestClient client = server.client()) {
                String token = "Bearer " + client.authenticate("id-1", "key-1");
                assertFails(Status.Code.INTERNAL, () -> client.blocking(token).dataCaptureUpload(TestClient.picture()))
                        .doesNotContain("secret");
                assertFails(Status.Code.INTERNAL, fileOf(client, "id-1").send(TestClient.fileMetadata()).answer);
                await().untilAsserted(() -> assertThat(Spooled.in(spool)).isEmpty());
            }
        }
    }

    @ParameterizedTest
    @CsvSource({
        "?allowedParts=id-1=part",
        "?apiKey=id-1=key-1&allowedParts=",
        "?apiKey=id-1=key-1&allowedParts=id-1",
        "?apiKey=id-1=key-1&allowedParts=id-1=",
        "?apiKey=id-1=key-1&allowedParts=id-2=part",
        "?apiKey=id-1=key-1&allowedParts=#number",
        "?apiKey=id-1=key-1&allowedParts=#emptyPart"
    })
    void whatCannotBeMeantIsRefusedAtStart(String options) throws Exception {
        try (TestServer server = new TestServer()) {
            server.context.getRegistry().bind("number", 17);
            server.context.getRegistry().bind("emptyPart", Map.of("id-1", List.of("")));
            assertThatThrownBy(() -> server.start("viamdata-server:localhost:0" + options, route -> route.to("log:x")))
                    .hasStackTraceContaining("allowedParts");
        }
    }
}
