// Copyright the camel-viamdata authors. SPDX-License-Identifier: Apache-2.0
package io.github.camelviamdata.observe;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.github.camelviamdata.support.ViamDataTestSupport;
import io.grpc.Status;
import java.util.Map;
import org.apache.camel.console.DevConsole;
import org.apache.camel.support.PluginHelper;
import org.apache.camel.util.json.JsonObject;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What the developer console shows. */
@Timeout(60)
class DevConsoleTest extends ViamDataTestSupport {

    private static final byte[] BODY = {1, 2, 3};

    private Object console(DevConsole.MediaType type) {
        return PluginHelper.getDevConsoleResolver(context)
                .resolveDevConsole("viamdata")
                .call(type, Map.of());
    }

    private String text() {
        return (String) console(DevConsole.MediaType.TEXT);
    }

    private JsonNode json() throws Exception {
        return new ObjectMapper().readTree(((JsonObject) console(DevConsole.MediaType.JSON)).toJson());
    }

    private void uploads() {
        String uri = uri(CAMERA, "apiKeyId=my-id&apiKey=my-key", "maxAttempts=2&retryDelay=1");
        upload(uri, BODY, Map.of());
        upload(uri(CAMERA, "apiKeyId=my-id&apiKey=my-key", "operation=file"), BODY, Map.of());
        service.answering(call -> Status.UNAVAILABLE.withDescription("for a nap"));
        send(uri, BODY, Map.of());
        await().until(() -> text().contains("In flight: 0"));
    }

    @Test
    void isEmptyWithoutAnEndpoint() throws Exception {
        assertThat(text()).isEmpty();
        assertThat(json().toString()).isEqualTo("{\"clients\":[]}");
    }

    @Test
    void showsAClientAsText() {
        uploads();

        assertThat(text().lines().map(String::strip).filter(line -> !line.isEmpty()))
                .contains(
                        "Target: localhost:" + service.port(),
                        "Parts: " + PART,
                        "Channel state: READY",
                        "Token state: valid",
                        "In flight: 0",
                        "Max in flight: 64",
                        "Stored binary: 1",
                        "Stored file: 1",
                        "Unavailable binary: 1",
                        "Uploaded bytes: 6",
                        "Retries: 1",
                        "Tokens fetched: 1",
                        "Tokens refused: 0",
                        "Last failure status: UNAVAILABLE")
                .anyMatch(line -> line.startsWith("Last failure: Upload to localhost:") && line.contains("for a nap"))
                .anyMatch(line -> line.startsWith("Last failure time: 20"))
                .noneMatch(line -> line.contains("my-key") || line.contains("token-of"));
    }

    @Test
    void showsAClientAsJson() throws Exception {
        uploads();

        assertThat(json().get("clients")).hasSize(1);
        JsonNode client = json().get("clients").get(0);
        assertThat(client.get("target").asText()).isEqualTo("localhost:" + service.port());
        assertThat(client.get("parts").get(0).asText()).isEqualTo(PART);
        assertThat(client.get("channelState").asText()).isEqualTo("READY");
        assertThat(client.get("tokenState").asText()).isEqualTo("valid");
        assertThat(client.get("storedBinary").asLong()).isEqualTo(1);
        assertThat(client.get("unavailableBinary").asLong()).isEqualTo(1);
        assertThat(client.get("uploadedBytes").asLong()).isEqualTo(6);
        assertThat(client.get("retries").asLong()).isEqualTo(1);
        assertThat(client.get("lastFailure").asText()).contains("for a nap");
        assertThat(client.toString()).doesNotContain("my-key", "token-of");
    }

    @Test
    void forgetsAllWhenTheContextStops() {
        uploads();
        context.stop();

        assertThat(text()).isEmpty();
    }
}
