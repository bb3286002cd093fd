// Copyright the camel-viamdata authors. SPDX-License-Identifier: Apache-2.0
package io.github.camelviamdata.fuzz;

import com.code_intelligence.jazzer.junit.DictionaryEntries;
import com.code_intelligence.jazzer.junit.FuzzTest;
import io.github.camelviamdata.fuzz.FuzzInput.Line;
import java.util.HashMap;
import java.util.Map;
import org.apache.camel.util.URISupport;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;

/** Whatever the options of an endpoint are, it starts, or fails by an error that names one of them and shows no secret. */
class OptionsJazzerTest {

    private static Fuzz fuzz;
    private static int tries;

    @BeforeAll
    static void open() {
        fuzz = new Fuzz();
    }

    @AfterAll
    static void close() {
        fuzz.close();
    }

    @FuzzTest
    @DictionaryEntries({
        "port: ",
        "host: ",
        "partId: ",
        "plaintext: true",
        "streamingThreshold: ",
        "chunkSize: ",
        "maxAttempts: ",
        "maxInFlight: ",
        "connections: ",
        "requestTimeout: ",
        "idleTimeout: ",
        "retryDelay: ",
        "maxRetryDelay: ",
        "maxInFlightWait: ",
        "keepAliveTime: ",
        "keepAliveTimeout: ",
        "shutdownTimeout: ",
        "operation: ",
        "uploadMode: ",
        "secret: ",
        "accessToken: ",
        "apiKey: ",
        "methodParameters.a: ",
        "synchronous: ",
        "1h2m3s",
        "2147483648"
    })
    void anyOptionsServeOrAreRefusedByName(byte[] input) throws Exception {
        Map<String, Object> options = new HashMap<>(Map.of("apiKeyId", "id", "apiKey", Fuzz.API_KEY));
        for (Line line : FuzzInput.of(input).lines()) {
            // Camel's own: references, placeholders, and a separator that it finds in encoded values too.
            if (!line.value().startsWith("#")
                    && !line.value().contains("{{")
                    && !line.value().contains("&")) {
                options.put(line.name(), line.value());
            }
        }
        String uri = "viamdata:" + Fuzz.PART + "?" + URISupport.createQueryString(options);
        try {
            fuzz.context().getEndpoint(uri);
        } catch (Exception e) {
            Fuzz.assertNoSecret(e);
            Fuzz.assertNamesOneOf(e, options.keySet());
        }
        if (++tries % 100 == 0) {
            // With the connections, of which every combination of options has its own.
            fuzz.context().removeComponent("viamdata");
            fuzz.context().removeEndpoints("*");
        }
    }
}
