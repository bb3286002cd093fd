// Copyright the camel-viamdata authors. SPDX-License-Identifier: Apache-2.0
package io.github.camelviamdata.message;

import io.github.camelviamdata.proto.datasync.v1.DataCaptureMetadata;
import io.github.camelviamdata.proto.datasync.v1.DataType;
import io.github.camelviamdata.proto.datasync.v1.MimeType;
import io.github.camelviamdata.proto.datasync.v1.SensorMetadata;
import io.github.camelviamdata.proto.datasync.v1.UploadMetadata;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;

/** The metadata of the uploads of a capture file. A value in the file overrides those of headers and options. */
final class CaptureMetadata {

    private static final Map<MimeType, String> TYPES = Map.of(
            MimeType.MIME_TYPE_IMAGE_JPEG, "image/jpeg",
            MimeType.MIME_TYPE_IMAGE_PNG, "image/png",
            MimeType.MIME_TYPE_APPLICATION_PCD, "pointcloud/pcd",
            MimeType.MIME_TYPE_VIDEO_MP4, "video/mp4");

    private final UploadMetadata file;
    private final boolean verbatim;

    /**
     * @param captured the metadata in the file
     * @param defaults the metadata of headers and options
     * @param verbatim whether to send it unchanged and unchecked
     */
    CaptureMetadata(DataCaptureMetadata captured, UploadMetadata defaults, boolean verbatim) {
        this.verbatim = verbatim;
        Set<String> tags = new LinkedHashSet<>(captured.getTagsList());
        tags.addAll(defaults.getTagsList());
        // A merge keeps the defaults of fields that the file does not set, and replaces map entries by name.
        UploadMetadata.Builder metadata = defaults.toBuilder()
                .mergeFrom(UploadMetadata.newBuilder()
                        .setComponentType(captured.getComponentType())
                        .setComponentName(captured.getComponentName())
                        .setMethodName(captured.getMethodName())
                        .setType(captured.getType())
                        .putAllMethodParameters(captured.getMethodParametersMap())
                        .setFileExtension(verbatim ? captured.getFileExtension() : extension(captured, defaults))
                        .setMimeType(captured.getMimeType())
                        .build())
                .clearTags()
                .addAllTags(tags);
        this.file = metadata.build();
    }

    /** The agent derives the extension from the MIME type, even where the file has another extension. */
    private static String extension(DataCaptureMetadata captured, UploadMetadata defaults) {
        String ofType = FileTypes.extensionOfType(FileTypes.type(captured.getMimeType()));
        if (ofType != null) {
            return ofType;
        } else if (FileTypes.isExtension(captured.getFileExtension())) {
            return captured.getFileExtension();
        } else if (!defaults.getFileExtension().isEmpty()) {
            return defaults.getFileExtension();
        }
        ofType = captured.getMimeType().isEmpty() ? FileTypes.extensionOfType(defaults.getMimeType()) : null;
        return ofType == null ? "" : ofType;
    }

    boolean isTabular() {
        return file.getType() == DataType.DATA_TYPE_TABULAR_SENSOR;
    }

    /** The metadata of readings. */
    UploadMetadata ofReadings() {
        return file;
    }

    /**
     * The metadata of a payload.
     *
     * @param mimeType the MIME type of this payload; null if it is that of the file
     */
    UploadMetadata of(String mimeType) {
        if (mimeType == null || verbatim) {
            return file;
        }
        String type = FileTypes.type(mimeType);
        String extension = FileTypes.extensionOfType(type);
        return file.toBuilder()
                .setMimeType(type)
                .setFileExtension(extension == null ? "" : extension)
                .build();
    }

    /** The MIME type that the metadata of a payload names, or null. */
    static String typeOf(SensorMetadata payload) {
        return TYPES.get(payload.getMimeType());
    }

    /**
     * @param typeRequired whether the file extension or the MIME type is required
     * @throws IllegalArgumentException if a required field is missing
     */
    void check(UploadMetadata metadata, boolean typeRequired) {
        if (!verbatim) {
            MissingFields.check(metadata, typeRequired);
        }
    }
}
