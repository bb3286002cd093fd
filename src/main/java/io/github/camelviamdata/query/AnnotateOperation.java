// Copyright the camel-viamdata authors. SPDX-License-Identifier: Apache-2.0
package io.github.camelviamdata.query;

import io.github.camelviamdata.ViamDataConstants;
import io.github.camelviamdata.ViamDataException;
import io.github.camelviamdata.client.Calls;
import io.github.camelviamdata.message.AnnotationValues;
import io.github.camelviamdata.message.HeaderValues;
import io.github.camelviamdata.proto.data.v1.Annotations;
import io.github.camelviamdata.proto.data.v1.BoundingBox;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.BooleanSupplier;
import org.apache.camel.Exchange;

/** Adds the bounding boxes of a message to a picture. A box is added once: its call is repeated only if it surely did not arrive. */
final class AnnotateOperation implements DataOperation {

    private final DataChanges changes;

    AnnotateOperation(DataChanges changes) {
        this.changes = changes;
    }

    @Override
    public Calls<DataOutcome> prepare(Exchange exchange) {
        String id = ItemIds.one(exchange.getMessage());
        Annotations annotations =
                AnnotationValues.of(new HeaderValues(exchange, null), 1).get(0);
        if (annotations != null && annotations.getClassificationsCount() > 0) {
            throw new IllegalArgumentException(
                    ViamDataConstants.ANNOTATIONS + ".classifications cannot be added to what"
                            + " is stored: the service has a call for bboxes only");
        } else if (annotations == null || annotations.getBboxesCount() == 0) {
            throw new IllegalArgumentException(
                    "Nothing says what to add: set the header " + ViamDataConstants.ANNOTATIONS + ", with bboxes");
        }
        for (int i = 0; i < annotations.getBboxesCount(); i++) {
            if (!annotations.getBboxes(i).getId().isEmpty()) {
                throw new IllegalArgumentException(ViamDataConstants.ANNOTATIONS + ".bboxes[" + i
                        + "] has an id, and so" + " is a box that the service has already: give new boxes only");
            }
        }
        DataCalls calls = ended -> new Boxes(id, annotations.getBboxesList(), ended).run();
        return calls;
    }

    @Override
    public ViamDataException failure(Throwable error) {
        return ReadFailures.change("operation=annotate in " + changes.target(), error);
    }

    /** The boxes of one message, one call after another. The first one that fails ends them. */
    private final class Boxes implements DataOutcome {

        private final String id;
        private final List<BoundingBox> boxes;
        private final BooleanSupplier ended;
        // One call happens before the next one.
        private final List<String> added = new ArrayList<>();
        private Throwable failure;

        Boxes(String id, List<BoundingBox> boxes, BooleanSupplier ended) {
            this.id = id;
            this.boxes = boxes;
            this.ended = ended;
        }

        /** Completes normally, even after a failure: there is something to say of what was added before. */
        CompletionStage<DataOutcome> run() {
            return next().handle((none, error) -> {
                failure = error;
                return this;
            });
        }

        private CompletionStage<Void> next() {
            if (added.size() == boxes.size() || ended.getAsBoolean()) {
                return CompletableFuture.completedFuture(null);
            }
            return changes.addBox(id, boxes.get(added.size())).thenCompose(box -> {
                added.add(box);
                return next();
            });
        }

        @Override
        public void applyTo(Exchange exchange) {
            exchange.getMessage().setHeader(ViamDataConstants.BOUNDING_BOX_IDS, List.copyOf(added));
            if (failure != null) {
                String before = added.isEmpty()
                        ? ""
                        : "The first " + added.size() + " of " + boxes.size() + " boxes are added. ";
                throw ReadFailures.change(
                        before + "Adding " + ViamDataConstants.ANNOTATIONS + ".bboxes[" + added.size() + "] to " + id
                                + " in " + changes.target(),
                        failure);
            }
        }
    }
}
