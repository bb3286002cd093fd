// Copyright the camel-viamdata authors. SPDX-License-Identifier: Apache-2.0
package io.github.camelviamdata;

import java.util.List;

/**
 * What a picture shows: a value for the header {@link ViamDataConstants#ANNOTATIONS}. A null list counts as an
 * empty one.
 *
 * <p>Nothing is checked here. What is out of range or missing is refused by the upload, with the path of the field.
 *
 * @param boundingBoxes labelled rectangles
 * @param classifications labels of the whole picture
 */
public record ViamDataAnnotations(List<BoundingBox> boundingBoxes, List<Classification> classifications) {

    public ViamDataAnnotations {
        boundingBoxes = boundingBoxes == null ? List.of() : List.copyOf(boundingBoxes);
        classifications = classifications == null ? List.of() : List.copyOf(classifications);
    }

    /** Bounding boxes alone. */
    public static ViamDataAnnotations of(BoundingBox... boundingBoxes) {
        return new ViamDataAnnotations(List.of(boundingBoxes), List.of());
    }

    /** Classifications alone. */
    public static ViamDataAnnotations of(Classification... classifications) {
        return new ViamDataAnnotations(List.of(), List.of(classifications));
    }

    /**
     * A labelled rectangle. Coordinates are fractions of the picture's width and height, from 0 at the left and at the top
     * to 1.
     *
     * @param label what it is; required
     * @param confidence from 0 to 1, or null where there is none, as for a box that a person drew
     * @param xMin left edge
     * @param yMin upper edge
     * @param xMax right edge; at least {@code xMin}
     * @param yMax lower edge; at least {@code yMin}
     */
    public record BoundingBox(String label, Double confidence, double xMin, double yMin, double xMax, double yMax) {

        /**
         * This box, whose coordinates are pixels, in fractions of a picture.
         *
         * @param imageWidth width of the picture in pixels
         * @param imageHeight height of the picture in pixels
         */
        public BoundingBox normalized(double imageWidth, double imageHeight) {
            return new BoundingBox(
                    label, confidence, xMin / imageWidth, yMin / imageHeight, xMax / imageWidth, yMax / imageHeight);
        }
    }

    /**
     * A label of the whole picture.
     *
     * @param label what it is; required
     * @param confidence from 0 to 1, or null where there is none
     */
    public record Classification(String label, Double confidence) {}
}
