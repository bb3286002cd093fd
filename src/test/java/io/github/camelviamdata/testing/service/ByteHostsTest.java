// Copyright the camel-viamdata authors. SPDX-License-Identifier: Apache-2.0
package io.github.camelviamdata.testing.service;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import io.github.camelviamdata.proto.datasync.v1.SensorMetadata;
import io.github.camelviamdata.proto.datasync.v1.UploadMetadata;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Instant;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What the two hosts ask of their clients. */
@Timeout(60)
class ByteHostsTest {

    private static final String ID = UploadedData.id("picture");

    private final ItemStore items = new ItemStore();
    private final ByteHosts hosts = new ByteHosts(items, "localhost");
    private final HttpClient http = HttpClient.newHttpClient();

    @BeforeEach
    void store() {
        items.add(
                UploadedData.item(
                        ID,
                        UploadMetadata.getDefaultInstance(),
                        SensorMetadata.getDefaultInstance(),
                        5,
                        ByteString.copyFromUtf8("bytes")),
                Instant.now());
    }

    @AfterEach
    void close() {
        hosts.close();
    }

    private HttpResponse<String> get(String uri, String... headers) throws Exception {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(uri));
        if (headers.length > 0) {
            request.headers(headers);
        }
        return http.send(request.build(), HttpResponse.BodyHandlers.ofString());
    }

    @Test
    void theOwnHostRedirectsClientsWithACredential() throws Exception {
        HttpResponse<String> redirect = get(hosts.uri(ID), "Authorization", "Bearer token");

        assertThat(redirect.statusCode()).isEqualTo(302);
        assertThat(redirect.headers().firstValue("Location")).hasValue(hosts.signedUrl(ID));
        assertThat(get(hosts.uri(ID)).statusCode()).isEqualTo(401);
        assertThat(hosts.downloaded()).isEmpty();
    }

    @Test
    void theSecondHostAsksForTheSignature() throws Exception {
        assertThat(get(hosts.signedUrl(ID)).body()).isEqualTo("bytes");
        assertThat(get(hosts.signedUrl(ID) + "0").statusCode()).isEqualTo(403);
        assertThat(get(hosts.signedUrl("unknown")).statusCode()).isEqualTo(404);
        assertThat(hosts.downloaded()).containsExactly(ID);
        assertThat(hosts.isCredentialSeen()).isFalse();
    }

    @Test
    void aCredentialIsSeenByTheSecondHostInAnyForm() throws Exception {
        for (String header : new String[] {"Authorization", "authorization", "key", "key_id", "Cookie"}) {
            hosts.reset();
            get(hosts.signedUrl(ID), header, "text");
            assertThat(hosts.isCredentialSeen()).as(header).isTrue();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"localhost", "127.0.0.1"})
    void theTwoHostsHaveDifferentNames(String own) {
        try (ByteHosts others = new ByteHosts(items, own)) {
            assertThat(URI.create(others.uri(ID)).getHost()).isEqualTo(own);
            assertThat(URI.create(others.signedUrl(ID)).getHost()).isNotEqualTo(own);
        }
    }
}
