// Copyright the camel-viamdata authors. SPDX-License-Identifier: Apache-2.0
package io.github.camelviamdata.message;

import io.github.camelviamdata.ViamDataAnnotations;
import io.github.camelviamdata.ViamDataConstants;
import io.github.camelviamdata.proto.data.v1.Annotations;
import io.github.camelviamdata.proto.data.v1.BoundingBox;
import io.github.camelviamdata.proto.data.v1.Classification;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Collections;
import java.util.List;

/**
 * Reads the header of annotations in all its forms: typed, or maps and JSON with the names that the fields have on the
 * wire.
 *
 * <p>What cannot be sent is an {@link IllegalArgumentException} that begins with the path of the field.
 */
final class AnnotationValues {

    private static final List<String> ANNOTATIONS = List.of("bboxes", "classifications", "image_width", "image_height");
    private static final List<String> BOUNDING_BOX = List.of(
            "id",
            "label",
            "confidence",
            "x_min_normalized",
            "y_min_normalized",
            "x_max_normalized",
            "y_max_normalized",
            "x_min",
            "y_min",
            "x_max",
            "y_max",
            "image_width",
            "image_height");
    private static final List<String> CLASSIFICATION = List.of("id", "label", "confidence");

    private AnnotationValues() {}

    /** Annotations of each reading, or of the one payload; null for those without. */
    static List<Annotations> of(HeaderValues headers, int count) {
        String header = ViamDataConstants.ANNOTATIONS;
        Object value = structure(headers, header, headers.object(header));
        if (!(value instanceof Collection<?> several)) {
            return Collections.nCopies(count, annotations(headers, header, value));
        } else if (several.size() != count) {
            throw new IllegalArgumentException(header + " is a list of " + several.size() + ", for " + count
                    + " readings or payloads: give one map, or a list with one for each");
        }
        List<Annotations> all = new ArrayList<>(count);
        for (Object element : several) {
            String path = header + "[" + all.size() + "]";
            all.add(annotations(headers, path, structure(headers, path, element)));
        }
        return all;
    }

    private static Object structure(HeaderValues headers, String path, Object value) {
        if (value instanceof Annotations || value instanceof ViamDataAnnotations) {
            return value;
        }
        return value instanceof Object[] array ? Arrays.asList(array) : headers.json(path, value);
    }

    private static Annotations annotations(HeaderValues headers, String path, Object value) {
        if (value == null) {
            return null;
        } else if (value instanceof Annotations typed && headers.isVerbatim()) {
            return typed;
        } else if (value instanceof Annotations typed) {
            // Sent even when empty: a relay sends what it received.
            return checked(path, typed);
        }
        Annotations annotations = value instanceof ViamDataAnnotations typed
                ? annotations(path, typed)
                : annotations(AnnotationFields.of(path, value, ANNOTATIONS));
        return annotations.equals(Annotations.getDefaultInstance()) ? null : checked(path, annotations);
    }

    private static Annotations annotations(String path, ViamDataAnnotations typed) {
        Annotations.Builder annotations = Annotations.newBuilder();
        for (ViamDataAnnotations.BoundingBox box : typed.boundingBoxes()) {
            BoundingBox.Builder builder = annotations.addBboxesBuilder();
            builder.setLabel(label(path + ".bboxes[" + (annotations.getBboxesCount() - 1) + "]", box.label()))
                    .setXMinNormalized(box.xMin())
                    .setYMinNormalized(box.yMin())
                    .setXMaxNormalized(box.xMax())
                    .setYMaxNormalized(box.yMax());
            if (box.confidence() != null) {
                builder.setConfidence(box.confidence());
            }
        }
        for (ViamDataAnnotations.Classification classification : typed.classifications()) {
            Classification.Builder builder = annotations.addClassificationsBuilder();
            builder.setLabel(label(
                    path + ".classifications[" + (annotations.getClassificationsCount() - 1) + "]",
                    classification.label()));
            if (classification.confidence() != null) {
                builder.setConfidence(classification.confidence());
            }
        }
        return annotations.build();
    }

    private static Annotations annotations(AnnotationFields fields) {
        Annotations.Builder annotations = Annotations.newBuilder();
        for (AnnotationFields box : fields.each("bboxes", BOUNDING_BOX)) {
            Double width = box.size("image_width", fields);
            Double height = box.size("image_height", fields);
            BoundingBox.Builder builder = annotations
                    .addBboxesBuilder()
                    .setId(box.text("id"))
                    .setLabel(box.text("label"))
                    .setXMinNormalized(box.fraction("x_min", "image_width", width))
                    .setYMinNormalized(box.fraction("y_min", "image_height", height))
                    .setXMaxNormalized(box.fraction("x_max", "image_width", width))
                    .setYMaxNormalized(box.fraction("y_max", "image_height", height));
            Double confidence = box.number("confidence");
            if (confidence != null) {
                builder.setConfidence(confidence);
            }
        }
        for (AnnotationFields classification : fields.each("classifications", CLASSIFICATION)) {
            Classification.Builder builder = annotations
                    .addClassificationsBuilder()
                    .setId(classification.text("id"))
                    .setLabel(classification.text("label"));
            Double confidence = classification.number("confidence");
            if (confidence != null) {
                builder.setConfidence(confidence);
            }
        }
        return annotations.build();
    }

    private static Annotations checked(String path, Annotations annotations) {
        for (int i = 0; i < annotations.getBboxesCount(); i++) {
            BoundingBox box = annotations.getBboxes(i);
            String at = path + ".bboxes[" + i + "]";
            label(at, box.getLabel());
            range(at, "x", box.getXMinNormalized(), box.getXMaxNormalized());
            range(at, "y", box.getYMinNormalized(), box.getYMaxNormalized());
            if (box.hasConfidence()) {
                fraction(at + ".confidence", box.getConfidence());
            }
        }
        for (int i = 0; i < annotations.getClassificationsCount(); i++) {
            Classification classification = annotations.getClassifications(i);
            String at = path + ".classifications[" + i + "]";
            label(at, classification.getLabel());
            if (classification.hasConfidence()) {
                fraction(at + ".confidence", classification.getConfidence());
            }
        }
        return annotations;
    }

    private static String label(String path, String label) {
        if (label == null || label.isBlank()) {
            throw new IllegalArgumentException(path + ".label is missing");
        }
        return ProtoValues.text(path + ".label", label);
    }

    private static void range(String path, String axis, double min, double max) {
        fraction(path + "." + axis + "_min_normalized", min);
        fraction(path + "." + axis + "_max_normalized", max);
        if (min > max) {
            throw new IllegalArgumentException(path + "." + axis + "_min_normalized is " + min + ", which is above "
                    + axis + "_max_normalized, " + max);
        }
    }

    private static void fraction(String path, double value) {
        // Written this way so that NaN fails too.
        if (!(value >= 0 && value <= 1)) {
            throw new IllegalArgumentException(path + " is " + value + ": it must be from 0 to 1");
        }
    }
}
