// Copyright the camel-viamdata authors. SPDX-License-Identifier: Apache-2.0
package io.github.camelviamdata.query;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.Timestamp;
import io.github.camelviamdata.ViamDataConstants;
import io.github.camelviamdata.ViamDataRejectedException;
import io.github.camelviamdata.ViamDataUnavailableException;
import io.github.camelviamdata.proto.data.v1.CreateSequenceRequest;
import io.github.camelviamdata.proto.data.v1.SequenceResource;
import io.github.camelviamdata.support.Shows;
import io.grpc.Status;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.camel.Exchange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** {@code operation=sequence}. */
class SequenceOperationTest extends OperationTestSupport {

    private static final Instant START = Instant.parse("2026-03-01T06:00:00Z");
    private static final String ARM = "[{\"resource_name\": \"arm\", \"method_name\": \"EndPosition\"}]";

    private static Map<String, Object> span(Object... others) {
        Map<String, Object> headers = new HashMap<>();
        headers.put(ViamDataConstants.PART_ID, PART);
        headers.put(ViamDataConstants.FROM, START);
        headers.put(ViamDataConstants.UNTIL, "2026-03-01T06:01:00Z");
        headers.put(ViamDataConstants.RESOURCES, ARM);
        for (int i = 0; i < others.length; i += 2) {
            headers.put((String) others[i], others[i + 1]);
        }
        return headers;
    }

    private static CreateSequenceRequest.Builder request() {
        return CreateSequenceRequest.newBuilder()
                .setPartId(PART)
                .addResources(
                        SequenceResource.newBuilder().setResourceName("arm").setMethodName("EndPosition"))
                .setStartTime(Timestamp.newBuilder().setSeconds(START.getEpochSecond()))
                .setEndTime(Timestamp.newBuilder().setSeconds(START.getEpochSecond() + 60));
    }

    @Test
    @Shows({
        "operation",
        "tags",
        "CamelViamDataFrom",
        "CamelViamDataUntil",
        "CamelViamDataTags",
        "CamelViamDataResources",
        "CamelViamDataPartId",
        "CamelViamDataSequenceId"
    })
    void aSpanIsMarked() {
        Exchange exchange = upload(operation("sequence", "tags=line-3"), "body", span(ViamDataConstants.TAGS, "good"));

        assertThat(stored.marks().sequences())
                .containsExactly(request()
                        .addSequenceTags("line-3")
                        .addSequenceTags("good")
                        .build());
        assertThat(exchange.getMessage().getHeader(ViamDataConstants.SEQUENCE_ID))
                .isEqualTo("sequence-1");
        assertThat(exchange.getMessage().getBody()).isEqualTo("body");
    }

    @Test
    void resourcesMayBeMaps() {
        upload(
                operation("sequence"),
                "",
                span(
                        ViamDataConstants.RESOURCES,
                        List.of(
                                Map.of("resource_name", "arm", "method_name", "EndPosition"),
                                Map.of("resource_name", "cam", "method_name", "GetImages"))));

        assertThat(stored.marks().sequences())
                .containsExactly(request()
                        .addResources(SequenceResource.newBuilder()
                                .setResourceName("cam")
                                .setMethodName("GetImages"))
                        .build());
    }

    @Test
    @Shows({"componentName", "methodName"})
    void theComponentOfTheEndpointIsTheResource() {
        Map<String, Object> headers = span();
        headers.remove(ViamDataConstants.RESOURCES);
        headers.remove(ViamDataConstants.PART_ID);

        upload(
                operation("sequence", "componentName=arm&methodName=EndPosition")
                        .replace(":?", ":" + PART + "?"),
                "",
                headers);

        assertThat(stored.marks().sequences()).containsExactly(request().build());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "CamelViamDataFrom | | CamelViamDataFrom",
                "CamelViamDataUntil | | CamelViamDataUntil",
                "CamelViamDataUntil | 2026-03-01T05:00:00Z | CamelViamDataUntil",
                "CamelViamDataUntil | soon | CamelViamDataUntil is not a time",
                "CamelViamDataPartId | | CamelViamDataPartId",
                "CamelViamDataResources | | CamelViamDataResources",
                "CamelViamDataResources | [] | CamelViamDataResources",
                "CamelViamDataResources | [{}] | CamelViamDataResources[0].resource_name is missing",
                "CamelViamDataResources | [{\"resource_name\": \"arm\"}] | CamelViamDataResources[0].method_name",
                "CamelViamDataResources | [7] | CamelViamDataResources[0] is no map",
            })
    void whatIsMissingOrWrongIsNamed(String header, String value, String text) {
        Map<String, Object> headers = span();
        headers.put(header, value);

        assertThat(refused(ViamDataRejectedException.class, operation("sequence"), "", headers))
                .hasMessageStartingWith("Nothing was sent. ")
                .hasMessageContaining(text);
        nothingWasSent();
    }

    /** The sequence may be there: another call would create another one. */
    @Test
    void aCallWhoseAnswerIsMissingIsNotMadeAgain() {
        service.answeringQueries(call -> Status.UNAVAILABLE.withDescription("the answer is lost"));

        assertThat(refused(ViamDataUnavailableException.class, operation("sequence"), "", span()))
                .hasMessageContaining("Creating a sequence in localhost:" + service.port()
                        + ", which the service may have done all the same, failed: UNAVAILABLE: the answer is lost");
        assertThat(queryNames()).hasSize(1);
    }
}
