// Copyright the camel-viamdata authors. SPDX-License-Identifier: Apache-2.0
package io.github.camelviamdata.message;

import io.github.camelviamdata.ViamDataConstants;
import io.github.camelviamdata.proto.datasync.v1.DataType;
import io.github.camelviamdata.proto.datasync.v1.UploadMetadataOrBuilder;
import java.util.LinkedHashMap;
import java.util.Map;

/** Checks what the service requires of an upload. One error names all that is missing. */
final class MissingFields {

    private MissingFields() {}

    /**
     * @param typeRequired whether it must be known what the data is
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
     * Checks what nobody can do without. A relay passes on any other part ID, be it blank.
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
     * @param missing the headers that set what is missing, by the options that do
     */
    private static void check(Map<String, String> missing) {
        if (!missing.isEmpty()) {
            throw new IllegalArgumentException("Missing: " + String.join(", ", missing.keySet())
                    + ". Set the endpoint option of that name, or the header " + String.join(", ", missing.values()));
        }
    }
}
