// Copyright the camel-viamdata authors. SPDX-License-Identifier: Apache-2.0
package io.github.camelviamdata.message;

import com.google.protobuf.ByteString;
import com.google.protobuf.Timestamp;
import java.io.IOException;
import java.net.URLConnection;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;

/**
 * The images of one call of {@code GetImages} in the format of September 2023 to December 2024, in which the machine agent wrote
 * them as a struct into a capture file of binary data.
 *
 * @param capturedAt when they were captured, or null
 * @param images the images, in their order
 */
record StructImages(Timestamp capturedAt, List<Image> images) {

    // By the number in the field `format`; 0 says nothing.
    private static final List<String> FORMATS =
            List.of("", "image/vnd.viam.rgba", "image/vnd.viam.dep", "image/jpeg", "image/png");

    /**
     * An image.
     *
     * @param mimeType its MIME type; null if neither the file nor the content shows it
     * @param bytes its content
     */
    record Image(String mimeType, ByteString bytes) {}

    /**
     * @param struct a serialized {@code google.protobuf.Struct}
     * @throws CaptureDamage if it is no such struct
     */
    static StructImages of(ByteString struct) throws CaptureDamage {
        Map<String, Object> fields = StructBytes.read(struct);
        if (!(fields.get("images") instanceof List<?> elements)) {
            throw new CaptureDamage("the file is said to hold binary data, but a message in it holds readings");
        }
        List<Image> images = new ArrayList<>();
        for (Object element : elements) {
            images.add(image(element));
        }
        return new StructImages(capturedAt(fields.get("response_metadata")), images);
    }

    private static Image image(Object element) throws CaptureDamage {
        if (element instanceof Map<?, ?> image) {
            ByteString bytes = bytes(image.get("image"));
            if (bytes != null) {
                String type = mimeType(image.get("mime_type"), image.get("format"));
                return new Image(type == null ? typeOfContent(bytes) : type, bytes);
            }
        }
        throw new CaptureDamage("an image of GetImages has no bytes");
    }

    private static ByteString bytes(Object value) {
        if (value instanceof ByteString bytes) {
            return bytes;
        } else if (value instanceof List<?> list && list.isEmpty()) {
            return ByteString.EMPTY;
        } else if (value instanceof String text) {
            try {
                return ByteString.copyFrom(Base64.getDecoder().decode(text));
            } catch (IllegalArgumentException e) {
                return null;
            }
        }
        return null;
    }

    private static String mimeType(Object mimeType, Object format) {
        String type = mimeType instanceof String text ? FileTypes.typeOfContent(text) : null;
        if (type != null) {
            return type;
        }
        return format instanceof Double number && number >= 1 && number < FORMATS.size()
                ? FORMATS.get(number.intValue())
                : null;
    }

    /** The MIME type by the first bytes, without Tika, which is optional; or null. */
    private static String typeOfContent(ByteString bytes) throws CaptureDamage {
        if (bytes.startsWith(ByteString.copyFromUtf8("DEPTHMAP"))) {
            return FORMATS.get(2);
        } else if (bytes.startsWith(ByteString.copyFromUtf8("RGBA"))) {
            return FORMATS.get(1);
        }
        try {
            return URLConnection.guessContentTypeFromStream(bytes.newInput());
        } catch (IOException e) {
            throw new CaptureDamage("an image of GetImages cannot be read: " + e.getMessage());
        }
    }

    private static Timestamp capturedAt(Object metadata) {
        if (metadata instanceof Map<?, ?> fields && fields.get("captured_at") instanceof Map<?, ?> time) {
            double nanos = time.get("nanos") instanceof Double number ? number : 0;
            return time.get("seconds") instanceof Double seconds
                    ? Timestamp.newBuilder()
                            .setSeconds(seconds.longValue())
                            .setNanos((int) nanos)
                            .build()
                    : null;
        }
        return null;
    }
}
