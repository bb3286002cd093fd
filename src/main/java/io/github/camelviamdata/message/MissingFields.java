// Copyright the camel-viamdata authors. SPDX-License-Identifier: Apache-2.0
package io.github.camelviamdata.message;

import io.github.camelviamdata.ViamDataConstants;
import io.github.camelviamdata.proto.datasync.v1.DataType;
import io.github.camelviamdata.proto.datasync.v1.UploadMetadataOrBuilder;
import java.util.LinkedHashMap;
import java.util.Map;

/** Checks that an upload has the metadata it needs. One exception names all that is missing. */
final class MissingFields {

    private MissingFields() {}

    /**
     * @param typeRequired whether the file extension or the MIME type is required
     * @throws IllegalArgumentException if a required field has no value
     */
    static void check(UploadMetadataOrBuilder metadata, boolean typeRequired) {
        Map<String, String> missing = new LinkedHashMap<>();
        require(metadata.getPartId(), "partId", ViamDataConstants.PART_ID, missing);
        if (metadata.getType() != DataType.DATA_TYPE_FILE) {
            require(metadata.getComponentType(), "componentType", ViamDataConstants.COMPONENT_TYPE, missing);
            require(metadata.getComponentName(), "componentName", ViamDataConstants.COMPONENT_NAME, missing);
            require(metadata.getMethodName(), "methodName", ViamDataConstants.METHOD_NAME, missing);
        }
        if (typeRequired && metadata.getMimeType().isEmpty()) {
            require(metadata.getFileExtension(), "fileExtension", ViamDataConstants.FILE_EXTENSION, missing);
        }
        check(missing);
    }

    /**
     * Checks the only field that the service always requires. A relay sends on any other part ID, even a blank one.
     *
     * @throws IllegalArgumentException if there is no part ID
     */
    static void checkPartId(UploadMetadataOrBuilder metadata) {
        check(metadata.getPartId().isEmpty() ? Map.of("partId", ViamDataConstants.PART_ID) : Map.of());
    }

    private static void require(String value, String option, String header, Map<String, String> missing) {
        if (value.isBlank()) {
            missing.put(option, header);
        }
    }

    /**
     * @param missing the header of each missing field, by the option of the field
     */
    private static void check(Map<String, String> missing) {
        if (!missing.isEmpty()) {
            throw new IllegalArgumentException("Missing: " + String.join(", ", missing.keySet())
                    + ". Set the endpoint option of that name, or the header " + String.join(", ", missing.values()));
        }
    }
}
