// Copyright the camel-viamdata authors. SPDX-License-Identifier: Apache-2.0
package io.github.camelviamdata.message;

import com.google.protobuf.Timestamp;
import io.github.camelviamdata.ViamDataConstants;
import io.github.camelviamdata.proto.datasync.v1.DataType;
import io.github.camelviamdata.proto.datasync.v1.UploadMetadata;
import java.util.List;
import java.util.Map;

/** What the metadata of an upload is made of, but for the method parameters. Texts and times may be null. */
record MetadataFields(
        DataType type,
        String partId,
        String componentType,
        String componentName,
        String methodName,
        String fileExtension,
        String mimeType,
        String fileName,
        Timestamp fileCreateTime,
        Timestamp fileModifyTime,
        List<String> tags,
        List<String> datasetIds) {

    /**
     * @throws IllegalArgumentException if a method parameter has no counterpart in JSON
     */
    UploadMetadata toMetadata(Map<String, Object> methodParameters) {
        return toMetadata(methodParameters, ProtoValues.Limits.JSON);
    }

    /**
     * @throws IllegalArgumentException if a method parameter is beyond the limits
     */
    UploadMetadata toMetadata(Map<String, Object> methodParameters, ProtoValues.Limits limits) {
        UploadMetadata.Builder metadata = UploadMetadata.newBuilder()
                .setType(type)
                .setPartId(orEmpty(partId))
                .setComponentType(orEmpty(componentType))
                .setComponentName(orEmpty(componentName))
                .setMethodName(orEmpty(methodName))
                .setFileExtension(orEmpty(fileExtension))
                .setMimeType(orEmpty(mimeType))
                .setFileName(orEmpty(fileName))
                .addAllTags(tags)
                .addAllDatasetIds(datasetIds);
        if (fileCreateTime != null) {
            metadata.setFileCreateTime(fileCreateTime);
        }
        if (fileModifyTime != null) {
            metadata.setFileModifyTime(fileModifyTime);
        }
        methodParameters.forEach((name, value) -> metadata.putMethodParameters(
                ProtoValues.text(ViamDataConstants.METHOD_PARAMETERS, name),
                ProtoValues.any(ViamDataConstants.METHOD_PARAMETERS + "." + name, value, limits)));
        return metadata.build();
    }

    /** An empty text is not sent. */
    private static String orEmpty(String text) {
        return text == null ? "" : text;
    }
}
