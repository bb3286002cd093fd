// Copyright the camel-viamdata authors. SPDX-License-Identifier: Apache-2.0
package io.github.camelviamdata.query;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.camelviamdata.ViamDataConstants;
import io.github.camelviamdata.service.TestCall;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** Sends messages to endpoints that read or change what is stored. */
abstract class OperationTestSupport extends ReadTestSupport {

    /** The URI of an endpoint with an operation that does not upload. */
    String operation(String operation, String... options) {
        return "viamdata:?"
                + String.join(
                        "&",
                        Stream.concat(
                                        Stream.of(
                                                service.options(),
                                                "operation=" + operation,
                                                "apiKeyId=id-of-key&apiKey=secret-key&retryDelay=1&maxRetryDelay=5"),
                                        Stream.of(options))
                                .toList());
    }

    static Map<String, Object> id(int number) {
        return Map.of(ViamDataConstants.BINARY_DATA_ID, itemId(number));
    }

    static List<String> itemIds(int count) {
        return IntStream.range(0, count).mapToObj(ReadTestSupport::itemId).toList();
    }

    List<String> queryNames() {
        return service.queries().stream().map(TestCall::method).toList();
    }

    void nothingWasSent() {
        assertThat(service.queries()).isEmpty();
        assertThat(service.uploads()).isEmpty();
    }
}
