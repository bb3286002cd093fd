// Copyright the camel-viamdata authors. SPDX-License-Identifier: Apache-2.0
package io.github.camelviamdata.message;

import io.github.camelviamdata.ViamDataConfiguration;
import io.github.camelviamdata.ViamDataConstants;
import io.github.camelviamdata.ViamDataOperation;
import io.github.camelviamdata.proto.datasync.v1.DataType;
import io.github.camelviamdata.proto.datasync.v1.UploadMetadata;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import org.apache.camel.Exchange;

/**
 * Maps a message to the metadata of its upload: each field from its header, else from its option, else derived from the headers
 * that Camel's sources set.
 */
final class MetadataMapper {

    private static final Map<ViamDataOperation, DataType> TYPES = Map.of(
            ViamDataOperation.binary, DataType.DATA_TYPE_BINARY_SENSOR,
            ViamDataOperation.tabular, DataType.DATA_TYPE_TABULAR_SENSOR,
            ViamDataOperation.file, DataType.DATA_TYPE_FILE);

    private final ViamDataConfiguration options;

    MetadataMapper(ViamDataConfiguration options) {
        this.options = options;
    }

    String partId(HeaderValues headers) {
        return orElse(
                PlainText.id(ViamDataConstants.PART_ID, headers.text(ViamDataConstants.PART_ID)), options.getPartId());
    }

    /**
     * @param typeRequired whether binary data needs a file extension or a MIME type
     * @throws IllegalArgumentException if something is missing or malformed; the text names the option and the header to change
     */
    UploadMetadata map(HeaderValues headers, SourceFile source, ViamDataOperation operation, boolean typeRequired) {
        DataType type = TYPES.get(operation);
        if (headers.isVerbatim()) {
            return verbatim(headers, type);
        }
        UploadMetadata.Builder metadata = given(headers, source).setType(type);
        // The type of the body that readings were parsed from is not theirs.
        if (operation != ViamDataOperation.tabular) {
            deriveType(metadata, headers, source);
        }
        MissingFields.check(metadata, typeRequired && operation == ViamDataOperation.binary);
        if (operation == ViamDataOperation.file) {
            deriveFile(metadata, headers, source);
        }
        return metadata.build();
    }

    /** The metadata for fields that a capture file does not set. The name and the type of the file are not those of its data. */
    UploadMetadata captureDefaults(HeaderValues headers, SourceFile source) {
        return headers.isVerbatim()
                ? verbatim(headers, DataType.DATA_TYPE_UNSPECIFIED)
                : given(headers, source).build();
    }

    /** The metadata of headers, else of options, with the tags and datasets of folders. */
    private UploadMetadata.Builder given(HeaderValues headers, SourceFile source) {
        UploadMetadata.Builder metadata = UploadMetadata.newBuilder()
                .addAllTags(union(options.getTags(), headers.texts(ViamDataConstants.TAGS), source.folders("tag")))
                .addAllDatasetIds(union(
                        options.getDatasetIds(),
                        headers.texts(ViamDataConstants.DATASET_IDS),
                        source.folders("dataset")));
        ifGiven(partId(headers), metadata::setPartId);
        ifGiven(componentType(headers), metadata::setComponentType);
        ifGiven(
                name(headers, ViamDataConstants.COMPONENT_NAME, options.getComponentName()),
                metadata::setComponentName);
        ifGiven(name(headers, ViamDataConstants.METHOD_NAME, options.getMethodName()), metadata::setMethodName);
        ifGiven(givenExtension(headers), metadata::setFileExtension);
        ifGiven(givenMimeType(headers), metadata::setMimeType);
        ifGiven(headers.text(ViamDataConstants.FILE_NAME), metadata::setFileName);
        addTimes(metadata, headers);
        addMethodParameters(metadata, headers, ProtoValues.Limits.JSON);
        return metadata;
    }

    /** The metadata of headers, else of options, unchanged, and nothing derived: this is the data of another client. */
    private UploadMetadata verbatim(HeaderValues headers, DataType type) {
        String partId = headers.verbatim(ViamDataConstants.PART_ID, options.getPartId());
        UploadMetadata.Builder metadata = UploadMetadata.newBuilder()
                .setType(type)
                .addAllTags(concat(options.getTags(), headers.verbatim(ViamDataConstants.TAGS)))
                .addAllDatasetIds(concat(options.getDatasetIds(), headers.verbatim(ViamDataConstants.DATASET_IDS)));
        ifPresent(partId, metadata::setPartId);
        MissingFields.checkPartId(metadata);
        ifPresent(
                headers.verbatim(ViamDataConstants.COMPONENT_TYPE, options.getComponentType()),
                metadata::setComponentType);
        ifPresent(
                headers.verbatim(ViamDataConstants.COMPONENT_NAME, options.getComponentName()),
                metadata::setComponentName);
        ifPresent(headers.verbatim(ViamDataConstants.METHOD_NAME, options.getMethodName()), metadata::setMethodName);
        ifPresent(
                headers.verbatim(ViamDataConstants.FILE_EXTENSION, options.getFileExtension()),
                metadata::setFileExtension);
        ifPresent(headers.verbatim(ViamDataConstants.MIME_TYPE, options.getMimeType()), metadata::setMimeType);
        ifPresent(headers.verbatim(ViamDataConstants.FILE_NAME, null), metadata::setFileName);
        addTimes(metadata, headers);
        addMethodParameters(metadata, headers, ProtoValues.Limits.WIRE);
        return OtherFields.of(headers).addTo(metadata.build());
    }

    /** The values of the option that the header lacks, then all of the header, repeated ones included. */
    private static List<String> concat(String option, List<String> header) {
        List<String> all = new ArrayList<>(HeaderValues.split(option));
        all.removeAll(header);
        all.addAll(header);
        return all;
    }

    private String componentType(HeaderValues headers) {
        String type = headers.text(ViamDataConstants.COMPONENT_TYPE);
        return orElse(PlainText.componentType(ViamDataConstants.COMPONENT_TYPE, type), options.getComponentType());
    }

    private static String name(HeaderValues headers, String header, String option) {
        return orElse(PlainText.resolved(header, headers.text(header)), option);
    }

    private static void addTimes(UploadMetadata.Builder metadata, HeaderValues headers) {
        ifPresent(headers.time(ViamDataConstants.FILE_CREATE_TIME), metadata::setFileCreateTime);
        ifPresent(headers.time(ViamDataConstants.FILE_MODIFY_TIME), metadata::setFileModifyTime);
    }

    private static void deriveType(UploadMetadata.Builder metadata, HeaderValues headers, SourceFile source) {
        if (metadata.getMimeType().isEmpty()) {
            String ofFile = FileTypes.typeOfContent(headers.text(Exchange.FILE_CONTENT_TYPE));
            ifGiven(
                    orElse(ofFile, FileTypes.typeOfContent(headers.text(Exchange.CONTENT_TYPE))),
                    metadata::setMimeType);
        }
        if (metadata.getFileExtension().isEmpty()) {
            String ofName = metadata.getFileName().isEmpty()
                    ? source.extension()
                    : FileTypes.extensionOfName(metadata.getFileName());
            ifGiven(orElse(ofName, FileTypes.extensionOfType(metadata.getMimeType())), metadata::setFileExtension);
        }
    }

    private static void deriveFile(UploadMetadata.Builder metadata, HeaderValues headers, SourceFile source) {
        if (metadata.getFileName().isEmpty()) {
            ifGiven(source.name(), metadata::setFileName);
        }
        if (!metadata.hasFileModifyTime()) {
            // The message timestamp of a file is its modification time.
            ifPresent(headers.messageTimestamp(), metadata::setFileModifyTime);
        }
        if (!metadata.hasFileCreateTime() || !metadata.hasFileModifyTime()) {
            SourceFile.Times times = source.times();
            ifPresent(metadata.hasFileCreateTime() ? null : times.created(), metadata::setFileCreateTime);
            ifPresent(metadata.hasFileModifyTime() ? null : times.modified(), metadata::setFileModifyTime);
        }
    }

    private String givenMimeType(HeaderValues headers) {
        String given = orElse(headers.text(ViamDataConstants.MIME_TYPE), options.getMimeType());
        String mimeType = FileTypes.type(given);
        if (mimeType != null && !FileTypes.isType(mimeType)) {
            throw new IllegalArgumentException("'" + given + "' is not a MIME type such as image/jpeg: correct the"
                    + " option mimeType or the header " + ViamDataConstants.MIME_TYPE);
        }
        return mimeType;
    }

    /** The extension of the header or the option, not one derived from a name or a type; or null. */
    String givenExtension(HeaderValues headers) {
        String extension =
                FileTypes.extension(orElse(headers.text(ViamDataConstants.FILE_EXTENSION), options.getFileExtension()));
        if (extension != null && !extension.isBlank() && !FileTypes.isExtension(extension)) {
            throw new IllegalArgumentException("'" + ProtoValues.shown(extension)
                    + "' is not a file extension such as .jpg, a period and at most 16 letters, digits, _, + or -:"
                    + " correct the option fileExtension or the header " + ViamDataConstants.FILE_EXTENSION);
        }
        return extension;
    }

    /** Adds those of the option, and those of the header, which replace options of the same name. */
    private void addMethodParameters(UploadMetadata.Builder metadata, HeaderValues headers, ProtoValues.Limits limits) {
        Map<String, Object> parameters = new LinkedHashMap<>();
        if (options.getMethodParameters() != null) {
            parameters.putAll(options.getMethodParameters());
        }
        headers.map(ViamDataConstants.METHOD_PARAMETERS)
                .forEach((name, value) -> parameters.put(String.valueOf(name), value));
        parameters.forEach((name, value) -> metadata.putMethodParameters(
                ProtoValues.text(ViamDataConstants.METHOD_PARAMETERS, name),
                ProtoValues.any(ViamDataConstants.METHOD_PARAMETERS + "." + name, value, limits)));
    }

    /** The values of option, header and folders, in this order, each once. */
    private static List<String> union(String option, List<String> header, List<String> folders) {
        if (option == null && header.isEmpty() && folders.isEmpty()) {
            return List.of();
        }
        Set<String> all = new LinkedHashSet<>(HeaderValues.split(option));
        all.addAll(header);
        all.addAll(folders);
        return List.copyOf(all);
    }

    private static String orElse(String text, String other) {
        return text != null && !text.isBlank() ? text : other;
    }

    private static void ifGiven(String text, Consumer<String> setter) {
        if (text != null && !text.isBlank()) {
            setter.accept(text);
        }
    }

    static <T> void ifPresent(T value, Consumer<T> setter) {
        if (value != null) {
            setter.accept(value);
        }
    }
}
