// Copyright the camel-viamdata authors. SPDX-License-Identifier: Apache-2.0
package io.github.camelviamdata.query;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.camelviamdata.ViamDataAnnotations;
import io.github.camelviamdata.ViamDataConstants;
import io.github.camelviamdata.ViamDataDelivery;
import io.github.camelviamdata.ViamDataRejectedException;
import io.github.camelviamdata.ViamDataUnavailableException;
import io.github.camelviamdata.proto.data.v1.AddBoundingBoxToImageByIDRequest;
import io.github.camelviamdata.proto.data.v1.Annotations;
import io.github.camelviamdata.proto.data.v1.BoundingBox;
import io.github.camelviamdata.support.Shows;
import io.grpc.Status;
import java.util.List;
import java.util.Map;
import org.apache.camel.Exchange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code operation=annotate}. */
class AnnotateOperationTest extends OperationTestSupport {

    private static final String TWO_BOXES = """
            {"bboxes": [
              {"label": "person", "x_min": 10, "y_min": 0, "x_max": 50, "y_max": 100, "confidence": 0.5},
              {"label": "dog", "x_min_normalized": 0.5, "y_min_normalized": 0, "x_max_normalized": 1, "y_max_normalized": 1}],
             "image_width": 100, "image_height": 200}
            """;

    private static Map<String, Object> headers(Object annotations) {
        return Map.of(ViamDataConstants.BINARY_DATA_ID, itemId(0), ViamDataConstants.ANNOTATIONS, annotations);
    }

    @Test
    @Shows({"operation", "CamelViamDataAnnotations", "CamelViamDataBoundingBoxIds"})
    void boxesAreAdded() {
        Exchange exchange = upload(operation("annotate"), "body", headers(TWO_BOXES));

        assertThat(stored.marks().boxes())
                .containsExactly(
                        AddBoundingBoxToImageByIDRequest.newBuilder()
                                .setBinaryDataId(itemId(0))
                                .setLabel("person")
                                .setXMinNormalized(0.1)
                                .setXMaxNormalized(0.5)
                                .setYMaxNormalized(0.5)
                                .setConfidence(0.5)
                                .build(),
                        AddBoundingBoxToImageByIDRequest.newBuilder()
                                .setBinaryDataId(itemId(0))
                                .setLabel("dog")
                                .setXMinNormalized(0.5)
                                .setXMaxNormalized(1)
                                .setYMaxNormalized(1)
                                .build());
        assertThat(exchange.getMessage().getHeader(ViamDataConstants.BOUNDING_BOX_IDS))
                .isEqualTo(List.of("box-1", "box-2"));
        assertThat(exchange.getMessage().getBody()).isEqualTo("body");
    }

    @Test
    void typedAnnotationsAreTaken() {
        upload(
                operation("annotate"),
                "",
                headers(new ViamDataAnnotations(
                        List.of(new ViamDataAnnotations.BoundingBox("cat", null, 0, 0, 1, 1)), List.of())));

        assertThat(stored.marks().boxes()).hasSize(1);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{}",
                "{\"bboxes\": []}",
                "{\"classifications\": [{\"label\": \"day\"}]}",
                "{\"bboxes\": [{\"label\": \"a\", \"x_min_normalized\": 2, \"y_min_normalized\": 0,"
                        + " \"x_max_normalized\": 1, \"y_max_normalized\": 1}]}"
            })
    void whatIsNoBoxIsRefused(String annotations) {
        assertThat(refused(ViamDataRejectedException.class, operation("annotate"), "", headers(annotations)))
                .hasMessageContaining("CamelViamDataAnnotations");
        nothingWasSent();
    }

    @Test
    void withoutAnythingToAddNothingIsSent() {
        assertThat(refused(ViamDataRejectedException.class, operation("annotate"), "", id(0)))
                .hasMessageContaining("set the header CamelViamDataAnnotations");
        assertThat(refused(
                        ViamDataRejectedException.class,
                        operation("annotate"),
                        List.of("a", "b"),
                        Map.of(ViamDataConstants.ANNOTATIONS, TWO_BOXES)))
                .hasMessageContaining("names 2 items");
        nothingWasSent();
    }

    /** The consumer sets the annotations of an item, with their IDs, in this header. */
    @Test
    void aBoxOfTheServiceIsNotAddedAgain() {
        Annotations ofConsumer = Annotations.newBuilder()
                .addBboxes(BoundingBox.newBuilder()
                        .setId("box-of-the-service")
                        .setLabel("cat")
                        .setXMaxNormalized(1)
                        .setYMaxNormalized(1))
                .build();

        assertThat(refused(ViamDataRejectedException.class, operation("annotate"), "", headers(ofConsumer)))
                .hasMessageContaining("bboxes[0] has an id");
        nothingWasSent();
    }

    /** The box may be there: another call would add it again. */
    @Test
    void aCallWhoseAnswerIsMissingIsNotMadeAgain() {
        service.answeringQueries(call -> service.queries().size() < 2 ? Status.OK : Status.UNAVAILABLE);

        Exchange exchange = send(operation("annotate"), "", headers(TWO_BOXES));

        assertThat(queryNames()).hasSize(2);
        assertThat(exchange.getException())
                .isInstanceOf(ViamDataUnavailableException.class)
                .hasMessageContaining(
                        "The first 1 of 2 boxes are added. Adding CamelViamDataAnnotations.bboxes[1] to " + itemId(0))
                .hasMessageContaining("which the service may have done all the same, failed: UNAVAILABLE");
        assertThat(((ViamDataUnavailableException) exchange.getException()).getDelivery())
                .isEqualTo(ViamDataDelivery.unknown);
        assertThat(exchange.getMessage().getHeader(ViamDataConstants.BOUNDING_BOX_IDS))
                .isEqualTo(List.of("box-1"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"UNAVAILABLE", "INTERNAL", "UNKNOWN", "ABORTED", "DEADLINE_EXCEEDED"})
    void aStatusThatAProxyMayHaveMadeUpIsNoReasonToRepeat(Status.Code code) {
        service.answeringQueries(call -> code.toStatus());

        refused(ViamDataUnavailableException.class, operation("annotate"), "", headers(TWO_BOXES));

        assertThat(queryNames()).hasSize(1);
    }

    @Test
    void aRefusedTokenIsReplaced() {
        service.answeringQueries(call -> service.queries().size() < 2 ? Status.UNAUTHENTICATED : Status.OK);

        upload(operation("annotate"), "", headers(TWO_BOXES));

        assertThat(stored.marks().boxes()).hasSize(2);
        assertThat(service.authentications()).hasSize(2);
    }

    @Test
    void aLimitOfTheServiceIsAReasonToWait() {
        service.answeringQueries(call -> service.queries().size() < 3 ? Status.RESOURCE_EXHAUSTED : Status.OK);

        upload(operation("annotate"), "", headers(TWO_BOXES));

        assertThat(stored.marks().boxes()).hasSize(2);
    }

    @Test
    void aServiceThatIsNotThereIsTriedAgain() {
        String uri = operation("annotate", "maxAttempts=3").replaceFirst("apiKeyId=[^&]*&apiKey=[^&]*&", "");
        service.close();

        ViamDataUnavailableException failure = refused(ViamDataUnavailableException.class, uri, "", headers(TWO_BOXES));

        assertThat(failure.getDelivery()).isEqualTo(ViamDataDelivery.notSent);
        assertThat(failure.getAttempts()).isEqualTo(3);
    }
}
