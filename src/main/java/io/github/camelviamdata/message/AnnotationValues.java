// Copyright the camel-viamdata authors. SPDX-License-Identifier: Apache-2.0
package io.github.camelviamdata.message;

import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Message;
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
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;

/**
 * Reads the header of annotations in all its forms: typed, or maps and JSON with the protobuf names of the fields. The
 * descriptors of the messages say which fields there are.
 *
 * <p>For a value that cannot be sent it throws an {@link IllegalArgumentException} that begins with the path of the field.
 */
public final class AnnotationValues {

    private static final String NORMALIZED = "_normalized";

    /** Names for values in pixels, which are accepted in place of fields of a message, and sent as fractions. */
    private static final Map<Descriptor, List<String>> PIXELS = Map.of(
            Annotations.getDescriptor(),
            List.of("image_width", "image_height"),
            BoundingBox.getDescriptor(),
            List.of("x_min", "y_min", "x_max", "y_max", "image_width", "image_height"));

    private AnnotationValues() {}

    /** The annotations of each reading, or of the one payload; null elements for those without. */
    public static List<Annotations> of(HeaderValues headers, int count) {
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
        } else if (value instanceof Annotations typed) {
            // Even empty ones: a relay sends what it received.
            return headers.isVerbatim() ? typed : check(path, typed);
        }
        Annotations.Builder annotations = Annotations.newBuilder();
        if (value instanceof ViamDataAnnotations typed) {
            addTo(annotations, typed);
        } else {
            Fields fields = Fields.of(path, value, Annotations.getDescriptor());
            fields.addTo(annotations, fields);
        }
        Annotations read = annotations.build();
        return read.equals(Annotations.getDefaultInstance()) ? null : check(path, read);
    }

    private static void addTo(Annotations.Builder annotations, ViamDataAnnotations typed) {
        for (ViamDataAnnotations.BoundingBox box : typed.boundingBoxes()) {
            BoundingBox.Builder builder = annotations
                    .addBboxesBuilder()
                    .setLabel(Objects.toString(box.label(), ""))
                    .setXMinNormalized(box.xMin())
                    .setYMinNormalized(box.yMin())
                    .setXMaxNormalized(box.xMax())
                    .setYMaxNormalized(box.yMax());
            if (box.confidence() != null) {
                builder.setConfidence(box.confidence());
            }
        }
        for (ViamDataAnnotations.Classification classification : typed.classifications()) {
            Classification.Builder builder =
                    annotations.addClassificationsBuilder().setLabel(Objects.toString(classification.label(), ""));
            if (classification.confidence() != null) {
                builder.setConfidence(classification.confidence());
            }
        }
    }

    /** Checks that each message in a list has a label, and that all numbers are fractions. */
    private static <M extends Message> M check(String path, M message) {
        for (FieldDescriptor field : message.getDescriptorForType().getFields()) {
            String at = path + "." + field.getName();
            Object value = message.getField(field);
            if (value instanceof List<?> parts) {
                for (int i = 0; i < parts.size(); i++) {
                    check(at + "[" + i + "]", (Message) parts.get(i));
                }
            } else if (value instanceof Double number && !(number >= 0 && number <= 1)) {
                // Written this way so that NaN fails too.
                throw new IllegalArgumentException(at + " is " + number + ": it must be from 0 to 1");
            } else if (field.getName().equals("label")) {
                if (value.toString().isBlank()) {
                    throw new IllegalArgumentException(at + " is missing");
                }
                ProtoValues.text(at, value.toString());
            }
        }
        if (message instanceof BoundingBox box) {
            checkOrder(
                    path + ".x_min_normalized", box.getXMinNormalized(), box.getXMaxNormalized(), "x_max_normalized");
            checkOrder(
                    path + ".y_min_normalized", box.getYMinNormalized(), box.getYMaxNormalized(), "y_max_normalized");
        }
        return message;
    }

    private static void checkOrder(String path, double min, double max, String maxName) {
        if (min > max) {
            throw new IllegalArgumentException(path + " is " + min + ", which is above " + maxName + ", " + max);
        }
    }

    /**
     * A map or JSON object for a message.
     *
     * @param path of the map, for exception texts
     * @param values by the protobuf names of the fields, without nulls
     */
    private record Fields(String path, Map<String, Object> values) {

        /** Accepts {@code xMin} for {@code x_min}, as in protobuf's JSON. */
        static Fields of(String path, Object value, Descriptor message) {
            if (!(value instanceof Map<?, ?> map)) {
                throw wrongType(path, value, "a map or JSON object");
            }
            List<String> known = new ArrayList<>();
            message.getFields().forEach(field -> known.add(field.getName()));
            known.addAll(PIXELS.getOrDefault(message, List.of()));
            Map<String, Object> values = new TreeMap<>();
            map.forEach((key, field) -> {
                String name = String.valueOf(key).replaceAll("[A-Z]", "_$0").toLowerCase(Locale.ROOT);
                if (!known.contains(name)) {
                    throw new IllegalArgumentException(ProtoValues.shown(path + "." + key) + " is not known; there are "
                            + String.join(", ", known));
                } else if (field != null && values.put(name, field) != null) {
                    throw new IllegalArgumentException(path + "." + name + " is given twice");
                }
            });
            return new Fields(path, values);
        }

        private static IllegalArgumentException wrongType(String path, Object value, String expected) {
            // Users do not know the class of Gson's map.
            boolean json = value instanceof Map && !value.getClass().getName().startsWith("java.");
            String type = json ? "JSON object" : value.getClass().getTypeName();
            return new IllegalArgumentException(path + " is a " + type + ": give " + expected);
        }

        /**
         * @param picture has the size of the picture, unless this has
         */
        void addTo(Message.Builder message, Fields picture) {
            for (FieldDescriptor field : message.getDescriptorForType().getFields()) {
                String name = field.getName();
                if (field.isRepeated()) {
                    for (Fields part : each(name, field.getMessageType())) {
                        Message.Builder builder = message.newBuilderForField(field);
                        part.addTo(builder, this);
                        message.addRepeatedField(field, builder.build());
                    }
                } else if (name.endsWith(NORMALIZED)) {
                    message.setField(field, fraction(name, picture));
                } else if (values.containsKey(name)) {
                    boolean text = field.getJavaType() == FieldDescriptor.JavaType.STRING;
                    message.setField(field, text ? text(name) : number(name));
                }
            }
        }

        private List<Fields> each(String name, Descriptor message) {
            Object value = values.getOrDefault(name, List.of());
            Object list = value instanceof Object[] array ? Arrays.asList(array) : value;
            if (!(list instanceof Collection<?> elements)) {
                throw wrongType(path(name), value, "a list");
            }
            List<Fields> all = new ArrayList<>(elements.size());
            for (Object element : elements) {
                String at = path(name) + "[" + all.size() + "]";
                if (element == null) {
                    throw new IllegalArgumentException(at + " is null");
                }
                all.add(of(at, element, message));
            }
            return all;
        }

        private String path(String name) {
            return path + "." + name;
        }

        private String text(String name) {
            if (!(values.get(name) instanceof CharSequence text)) {
                throw wrongType(path(name), values.get(name), "text");
            }
            return ProtoValues.text(path(name), text.toString());
        }

        /** The number in a field, or null without one. */
        private Double number(String name) {
            Object value = values.get(name);
            if (value != null && !(value instanceof Number)) {
                throw wrongType(path(name), value, "a number");
            }
            return value == null ? null : ProtoValues.number(path(name), (Number) value);
        }

        /** A coordinate as a fraction. It may be given in pixels of a picture. */
        private double fraction(String normalized, Fields picture) {
            String name = normalized.substring(0, normalized.length() - NORMALIZED.length());
            String sizeName = name.startsWith("x") ? "image_width" : "image_height";
            Double size = (values.containsKey(sizeName) ? this : picture).size(sizeName);
            Double fraction = number(normalized);
            Double pixels = number(name);
            if (fraction == null && pixels == null) {
                throw new IllegalArgumentException(
                        path(normalized) + " is missing, and so is " + name + ", which would be in pixels");
            } else if (pixels == null) {
                return fraction;
            } else if (fraction != null) {
                throw new IllegalArgumentException(
                        path(name) + " is given in pixels, and " + normalized + " too: give one of them");
            } else if (size == null) {
                throw new IllegalArgumentException(path(name) + " is in pixels: give " + sizeName + " too");
            } else if (!(pixels >= 0 && pixels <= size)) {
                throw new IllegalArgumentException(
                        path(name) + " is " + pixels + ": it must be from 0 to " + sizeName + ", which is " + size);
            }
            return pixels / size;
        }

        private Double size(String name) {
            Double size = number(name);
            if (size != null && !(size > 0 && size < Double.POSITIVE_INFINITY)) {
                throw new IllegalArgumentException(path(name) + " is " + size + ": it must be above 0");
            }
            return size;
        }
    }
}
