// Copyright the camel-viamdata authors. SPDX-License-Identifier: Apache-2.0
package io.github.camelviamdata.message;

import io.github.camelviamdata.ViamDataConstants;
import io.github.camelviamdata.proto.datasync.v1.DataType;
import io.github.camelviamdata.proto.datasync.v1.UploadMetadataOrBuilder;
import java.util.ArrayList;
import java.util.List;

/** Collects required fields that have no value, so that one error names them all. */
final class MissingFields {

    private final List<String> options = new ArrayList<>(0);
    private final List<String> headers = new ArrayList<>(0);

    private MissingFields() {}

    /**
     * Checks what the service requires of an upload.
     *
     * @param typeRequired whether it must be known what the data is
     * @throws IllegalArgumentException if a required field has no value
     */
    static void check(UploadMetadataOrBuilder metadata, boolean typeRequired) {
        MissingFields missing = new MissingFields();
        missing.require("partId", ViamDataConstants.PART_ID, metadata.getPartId());
        if (metadata.getType() != DataType.DATA_TYPE_FILE) {
            missing.require("componentType", ViamDataConstants.COMPONENT_TYPE, metadata.getComponentType());
            missing.require("componentName", ViamDataConstants.COMPONENT_NAME, metadata.getComponentName());
            missing.require("methodName", ViamDataConstants.METHOD_NAME, metadata.getMethodName());
        }
        if (typeRequired && metadata.getMimeType().isEmpty()) {
            missing.require("fileExtension", ViamDataConstants.FILE_EXTENSION, metadata.getFileExtension());
        }
        missing.check();
    }

    /**
     * Checks what nobody can do without. A relay passes on any other part ID, be it blank.
     *
     * @throws IllegalArgumentException if there is no part ID
     */
    static void checkPartId(UploadMetadataOrBuilder metadata) {
        if (metadata.getPartId().isEmpty()) {
            MissingFields missing = new MissingFields();
            missing.require("partId", ViamDataConstants.PART_ID, "");
            missing.check();
        }
    }

    private void require(String option, String header, String value) {
        if (value.isBlank()) {
            options.add(option);
            headers.add(header);
        }
    }

    private void check() {
        if (!options.isEmpty()) {
            throw new IllegalArgumentException("Missing: " + String.join(", ", options)
                    + ". Set the endpoint option of that name, or the header " + String.join(", ", headers));
        }
    }
}
