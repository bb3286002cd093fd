// Copyright the camel-viamdata authors. SPDX-License-Identifier: Apache-2.0
package io.github.camelviamdata.server;

import static io.github.camelviamdata.server.Failures.assertFails;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.github.camelviamdata.proto.rpc.v1.AuthServiceGrpc;
import io.github.camelviamdata.support.Shows;
import io.grpc.Status;
import io.grpc.stub.MetadataUtils;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Base64;
import java.util.Map;
import org.apache.camel.util.json.JsonObject;
import org.apache.camel.util.json.Jsoner;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class AuthTest {

    private TestServer server;
    private TestClient client;

    @BeforeEach
    void start() throws Exception {
        server = TestServer.recording("?apiKey=id-1=key-1,id-2=key=2");
        client = server.client();
    }

    @AfterEach
    void stop() {
        client.close();
        server.close();
    }

    @ParameterizedTest
    @CsvSource({"id-1, key-1", "id-2, key=2"})
    @Shows("apiKey")
    void rightKeyGivesTokenThatOpensCalls(String id, String key) {
        String token = client.authenticate(id, key);

        client.blocking("Bearer " + token).dataCaptureUpload(TestClient.picture());
        client.blocking("bearer " + token).dataCaptureUpload(TestClient.picture());

        assertThat(server.received).hasSize(2);
    }

    @Test
    void tokenStatesKeyIdAndExpiry() throws Exception {
        String[] parts = client.authenticate("id-1", "key-1").split("\\.");

        JsonObject payload = (JsonObject)
                Jsoner.deserialize(new String(Base64.getUrlDecoder().decode(parts[1]), StandardCharsets.UTF_8));

        assertThat(parts).hasSize(3);
        assertThat(payload).containsOnlyKeys("sub", "exp").containsEntry("sub", "id-1");
        assertThat(payload.getLong("exp"))
                .isBetween(
                        Instant.now().plusSeconds(3590).getEpochSecond(),
                        Instant.now().plusSeconds(3601).getEpochSecond());
    }

    @ParameterizedTest
    @CsvSource({"id-1, key-2", "id-1, key=2", "id-1, key-", "id-1, ''", "unknown, key-1", "unknown, ''", "'', ''"})
    void wrongKeyAndUnknownIdGetTheSameAnswer(String id, String key) {
        assertFails(Status.Code.PERMISSION_DENIED, () -> client.authenticate(id, key))
                .isEqualTo("API key ID and API key do not belong together");
    }

    @ParameterizedTest
    @ValueSource(strings = {"robot-secret", "API-KEY", ""})
    void unknownTypeIsInvalid(String type) {
        assertFails(
                        Status.Code.INVALID_ARGUMENT,
                        () -> client.auth().authenticate(TestClient.credentials(type, "id-1", "key-1")))
                .contains("credentials.type");
    }

    @Test
    void authenticateWithAuthorizationIsInvalid() {
        String token = client.authenticate("id-1", "key-1");

        assertFails(
                        Status.Code.INVALID_ARGUMENT,
                        () -> AuthServiceGrpc.newBlockingStub(client.channel)
                                .withInterceptors(MetadataUtils.newAttachHeadersInterceptor(
                                        TestClient.authorization("Bearer " + token)))
                                .authenticate(TestClient.credentials("api-key", "id-1", "key-1")))
                .contains("authorization");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "Bearer",
                "Bearer ",
                "Bearer x",
                "Bearer .",
                "Bearer ..",
                "Basic aWQtMTprZXktMQ==",
                "Bearer eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9..",
                "Bearer eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9",
                "Bearer eyJhbGciOiJub25lIn0.eyJzdWIiOiJpZC0xIiwiZXhwIjo5OTk5OTk5OTk5fQ."
            })
    void badTokenIsUnauthenticated(String authorization) {
        assertFails(
                Status.Code.UNAUTHENTICATED,
                () -> client.blocking(authorization).dataCaptureUpload(TestClient.picture()));
        assertThat(server.received).isEmpty();
    }

    @Test
    void tamperedTokenIsUnauthenticated() {
        String[] parts = client.authenticate("id-1", "key-1").split("\\.");
        String forever = Base64.getUrlEncoder()
                .withoutPadding()
                .encodeToString("{\"sub\":\"id-1\",\"exp\":9999999999}".getBytes(StandardCharsets.UTF_8));

        assertFails(
                Status.Code.UNAUTHENTICATED,
                () -> client.blocking("Bearer " + parts[0] + "." + forever + "." + parts[2])
                        .dataCaptureUpload(TestClient.picture()));
    }

    @Test
    void noTokenIsUnauthenticatedOnEveryCall() {
        assertFails(Status.Code.UNAUTHENTICATED, () -> client.blocking().dataCaptureUpload(TestClient.picture()))
                .contains("Authenticate");
        assertFails(Status.Code.UNAUTHENTICATED, client.file().answer);
        assertFails(Status.Code.UNAUTHENTICATED, client.stream().answer);
    }

    /** Viam's SDKs authenticate only when they connect. */
    @Test
    void tokenOutlivesARestart() throws Exception {
        String token = client.authenticate("id-1", "key-1");
        server.context.getRouteController().stopRoute(TestServer.ROUTE);
        server.context.getRouteController().startRoute(TestServer.ROUTE);

        try (TestClient again = server.client()) {
            again.blocking("Bearer " + token).dataCaptureUpload(TestClient.picture());
        }
        assertThat(server.received).hasSize(1);
    }

    @Test
    void tokenOfAReplicaIsValid() throws Exception {
        String token = client.authenticate("id-1", "key-1");
        try (TestServer replica = TestServer.recording("?apiKey=id-1=key-1,id-2=key=2");
                TestClient other = replica.client()) {
            other.blocking("Bearer " + token).dataCaptureUpload(TestClient.picture());
            assertThat(replica.received).hasSize(1);
        }
    }

    @Test
    void tokenEndsWithItsKey() throws Exception {
        String token = client.authenticate("id-1", "key-1");
        try (TestServer changed = TestServer.recording("?apiKey=id-1=other,id-2=key=2");
                TestClient other = changed.client()) {
            assertFails(
                            Status.Code.UNAUTHENTICATED,
                            () -> other.blocking("Bearer " + token).dataCaptureUpload(TestClient.picture()))
                    .contains("invalid or has expired");
            assertThat(changed.received).isEmpty();
        }
    }

    @Test
    @Shows("tokenLifetime")
    void tokenExpires() throws Exception {
        try (TestServer shortLived = TestServer.recording("?apiKey=id=key&tokenLifetime=1s");
                TestClient other = shortLived.client()) {
            String token = other.authenticate("id", "key");
            other.blocking("Bearer " + token).dataCaptureUpload(TestClient.picture());

            await().untilAsserted(() -> assertFails(
                            Status.Code.UNAUTHENTICATED,
                            () -> other.blocking("Bearer " + token).dataCaptureUpload(TestClient.picture()))
                    .contains("expired"));
        }
    }

    @Test
    void keysMayBeABean() throws Exception {
        try (TestServer other = new TestServer()) {
            other.context.getRegistry().bind("keys", Map.of("id,1", "key,=1"));
            other.start("viamdata-server:localhost:0?apiKey=#keys", route -> route.process(other::record));
            try (TestClient otherClient = other.client()) {
                assertThat(otherClient.authenticate("id,1", "key,=1")).isNotEmpty();
                assertFails(Status.Code.PERMISSION_DENIED, () -> otherClient.authenticate("id,1", "key"));
            }
        }
    }

    @Test
    void withoutKeysAnyCredentialWillDoAndNoneIsNeeded() throws Exception {
        try (TestServer open = TestServer.recording("");
                TestClient anyone = open.client()) {
            String token = anyone.auth()
                    .authenticate(TestClient.credentials("robot-secret", "part", "any"))
                    .getAccessToken();

            anyone.blocking().dataCaptureUpload(TestClient.picture());
            anyone.blocking("Bearer " + token).dataCaptureUpload(TestClient.picture());
            anyone.blocking("Bearer of another server").dataCaptureUpload(TestClient.picture());

            assertThat(open.received).hasSize(3);
        }
    }
}
