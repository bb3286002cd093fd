// Copyright the camel-viamdata authors. SPDX-License-Identifier: Apache-2.0
package io.github.camelviamdata.client;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.camelviamdata.ViamDataAuthenticationException;
import io.github.camelviamdata.ViamDataConstants;
import io.github.camelviamdata.ViamDataRejectedException;
import io.github.camelviamdata.service.TestCall;
import io.github.camelviamdata.support.ViamDataTestSupport;
import io.grpc.Status;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.apache.camel.Exchange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A part or a credential that can only fail takes nothing away from the others. */
@Timeout(60)
class IsolationTest extends ViamDataTestSupport {

    private static final byte[] BODY = {1};
    private static final int COUNT = 100;

    private List<CompletableFuture<Exchange>> begin(String uri, String part) {
        List<CompletableFuture<Exchange>> uploads = new ArrayList<>();
        for (int i = 0; i < COUNT; i++) {
            uploads.add(template.asyncSend(uri, exchange -> {
                exchange.getMessage().setBody(BODY);
                exchange.getMessage().setHeader(ViamDataConstants.PART_ID, part);
            }));
        }
        return uploads;
    }

    private static void allEndAs(Class<? extends Exception> failure, List<CompletableFuture<Exchange>> uploads)
            throws Exception {
        for (CompletableFuture<Exchange> upload : uploads) {
            Exception exception = upload.get(30, TimeUnit.SECONDS).getException();
            if (failure == null) {
                assertThat(exception).isNull();
            } else {
                assertThat(exception).isInstanceOf(failure);
            }
        }
    }

    @Test
    void aRevokedKeyDoesNotStandInTheWayOfAnother() throws Exception {
        service.giving(request -> request.getEntity().equals("revoked") ? null : "good-token");

        var revoked = begin(uri(CAMERA, "apiKeyId=revoked", "apiKey=k", "maxInFlight=2"), "a");
        var good = begin(uri(CAMERA, "apiKeyId=good", "apiKey=k", "maxInFlight=2"), "b");

        allEndAs(null, good);
        allEndAs(ViamDataAuthenticationException.class, revoked);
        assertThat(service.uploads()).hasSize(COUNT);
        Map<String, Long> asked = service.authentications().stream()
                .collect(Collectors.groupingBy(TestCall::connection, Collectors.counting()));
        // Each has a connection of its own, and neither asks for a token with every upload.
        assertThat(asked)
                .hasSize(2)
                .allSatisfy((connection, count) -> assertThat(count).isLessThan(10));
    }

    @Test
    void badDataAndForeignPartsDoNotHoldUpTheRest() throws Exception {
        service.answering(call -> switch (call.metadata().getPartId()) {
            case "bad" -> Status.INVALID_ARGUMENT;
            case "foreign" -> Status.PERMISSION_DENIED;
            default -> Status.OK;
        });
        // Long pauses would show if one of these were tried again.
        String uri =
                uri(CAMERA, "apiKeyId=good", "apiKey=k", "maxInFlight=2", "retryDelay=60000", "maxRetryDelay=60000");

        var bad = begin(uri, "bad");
        var foreign = begin(uri, "foreign");
        var good = begin(uri, "good");

        allEndAs(null, good);
        allEndAs(ViamDataRejectedException.class, bad);
        allEndAs(ViamDataAuthenticationException.class, foreign);
        assertThat(service.uploads()).hasSize(3 * COUNT);
    }
}
