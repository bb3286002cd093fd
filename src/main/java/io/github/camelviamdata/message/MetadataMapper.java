// Copyright the camel-viamdata authors. SPDX-License-Identifier: Apache-2.0
package io.github.camelviamdata.message;

import com.google.protobuf.Timestamp;
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
import org.apache.camel.Exchange;

/**
 * Says whose data a message is and where it came from: each field from its header, else from its option, else derived from
 * what the source of the message left in the headers that all of Camel shares.
 */
final class MetadataMapper {

    private static final Map<ViamDataOperation, DataType> TYPES = Map.of(
            ViamDataOperation.binary, DataType.DATA_TYPE_BINARY_SENSOR,
            ViamDataOperation.tabular, DataType.DATA_TYPE_TABULAR_SENSOR,
            ViamDataOperation.file, DataType.DATA_TYPE_FILE);

    private final ViamDataConfiguration options;

    // Of the last message. Those of one camera have all of it in common, and it is a good part of the work of a small
    // one.
    private volatile KnownMetadata last;

    private record KnownMetadata(MetadataFields fields, UploadMetadata metadata) {}

    MetadataMapper(ViamDataConfiguration options) {
        this.options = options;
    }

    String partId(HeaderValues headers) {
        return orElse(
                PlainText.id(ViamDataConstants.PART_ID, headers.text(ViamDataConstants.PART_ID)), options.getPartId());
    }

    /**
     * @param typeRequired whether binary data must say what it is
     * @throws IllegalArgumentException if something is missing or malformed; the text names the option and the header that
     *     would mend it
     */
    UploadMetadata map(HeaderValues headers, SourceFile source, ViamDataOperation operation, boolean typeRequired) {
        if (headers.isVerbatim()) {
            return verbatim(headers, TYPES.get(operation));
        }
        String partId = partId(headers);
        boolean file = operation == ViamDataOperation.file;
        String componentType = componentType(headers);
        String componentName = name(headers, ViamDataConstants.COMPONENT_NAME, options.getComponentName());
        String methodName = name(headers, ViamDataConstants.METHOD_NAME, options.getMethodName());
        boolean readings = operation == ViamDataOperation.tabular;
        // What readings were made of says nothing of them.
        String mimeType = readings ? givenMimeType(headers) : mimeType(headers);
        String extension = readings ? givenExtension(headers) : extension(headers, source, mimeType);

        MissingFields missing = new MissingFields();
        missing.require("partId", ViamDataConstants.PART_ID, partId);
        if (!file) {
            missing.require("componentType", ViamDataConstants.COMPONENT_TYPE, componentType);
            missing.require("componentName", ViamDataConstants.COMPONENT_NAME, componentName);
            missing.require("methodName", ViamDataConstants.METHOD_NAME, methodName);
        }
        if (operation == ViamDataOperation.binary && typeRequired) {
            missing.require("fileExtension", ViamDataConstants.FILE_EXTENSION, orElse(extension, mimeType));
        }
        missing.check();

        Timestamp created = headers.time(ViamDataConstants.FILE_CREATE_TIME);
        Timestamp modified = modifyTime(headers, file);
        if (file && (created == null || modified == null)) {
            SourceFile.Times times = source.times();
            created = created == null ? times.created() : created;
            modified = modified == null ? times.modified() : modified;
        }
        Map<?, ?> parameters = headers.map(ViamDataConstants.METHOD_PARAMETERS);
        MetadataFields fields = new MetadataFields(
                TYPES.get(operation),
                partId,
                componentType,
                componentName,
                methodName,
                extension,
                mimeType,
                orElse(headers.text(ViamDataConstants.FILE_NAME), file ? source.name() : null),
                created,
                modified,
                tags(headers, source),
                datasetIds(headers, source));
        return parameters.isEmpty() ? known(fields) : fields.toMetadata(methodParameters(parameters));
    }

    /** What the headers say, else the options, and nothing else. Of another sender's data nobody here knows better. */
    private UploadMetadata verbatim(HeaderValues headers, DataType type) {
        String partId = headers.verbatim(ViamDataConstants.PART_ID, null);
        if (partId == null) {
            partId = options.getPartId();
            MissingFields missing = new MissingFields();
            missing.require("partId", ViamDataConstants.PART_ID, partId);
            missing.check();
        }
        UploadMetadata metadata = new MetadataFields(
                        type,
                        partId,
                        headers.verbatim(ViamDataConstants.COMPONENT_TYPE, options.getComponentType()),
                        headers.verbatim(ViamDataConstants.COMPONENT_NAME, options.getComponentName()),
                        headers.verbatim(ViamDataConstants.METHOD_NAME, options.getMethodName()),
                        headers.verbatim(ViamDataConstants.FILE_EXTENSION, options.getFileExtension()),
                        headers.verbatim(ViamDataConstants.MIME_TYPE, options.getMimeType()),
                        headers.verbatim(ViamDataConstants.FILE_NAME, null),
                        headers.time(ViamDataConstants.FILE_CREATE_TIME),
                        headers.time(ViamDataConstants.FILE_MODIFY_TIME),
                        added(options.getTags(), headers.verbatim(ViamDataConstants.TAGS)),
                        added(options.getDatasetIds(), headers.verbatim(ViamDataConstants.DATASET_IDS)))
                .toMetadata(
                        methodParameters(headers.map(ViamDataConstants.METHOD_PARAMETERS)), ProtoValues.Limits.WIRE);
        return OtherFields.of(headers).addTo(metadata);
    }

    /** What only the option has, then all that the header has, be it twice. */
    private static List<String> added(String option, List<String> header) {
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

    private UploadMetadata known(MetadataFields fields) {
        KnownMetadata known = last;
        if (known == null || !known.fields().equals(fields)) {
            known = new KnownMetadata(fields, fields.toMetadata(methodParameters(Map.of())));
            last = known;
        }
        return known.metadata();
    }

    private static Timestamp modifyTime(HeaderValues headers, boolean file) {
        Timestamp time = headers.time(ViamDataConstants.FILE_MODIFY_TIME);
        // Of a file, the message timestamp is the time of its modification.
        return time == null && file ? headers.messageTimestamp() : time;
    }

    private List<String> tags(HeaderValues headers, SourceFile source) {
        return union(options.getTags(), headers.texts(ViamDataConstants.TAGS), source.folders("tag"));
    }

    private List<String> datasetIds(HeaderValues headers, SourceFile source) {
        return union(options.getDatasetIds(), headers.texts(ViamDataConstants.DATASET_IDS), source.folders("dataset"));
    }

    private String mimeType(HeaderValues headers) {
        return orElse(
                orElse(givenMimeType(headers), FileTypes.typeOfContent(headers.text(Exchange.FILE_CONTENT_TYPE))),
                FileTypes.typeOfContent(headers.text(Exchange.CONTENT_TYPE)));
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

    private String extension(HeaderValues headers, SourceFile source, String mimeType) {
        String fileName = headers.text(ViamDataConstants.FILE_NAME);
        String ofName = fileName == null ? source.extension() : FileTypes.extensionOfName(fileName);
        return orElse(orElse(givenExtension(headers), ofName), FileTypes.extensionOfType(mimeType));
    }

    /** Whether a header or the option says the extension, rather than a name or a type. */
    boolean isExtensionGiven(HeaderValues headers) {
        return givenExtension(headers) != null;
    }

    private String givenExtension(HeaderValues headers) {
        String extension =
                FileTypes.extension(orElse(headers.text(ViamDataConstants.FILE_EXTENSION), options.getFileExtension()));
        if (extension != null && !extension.isBlank() && !FileTypes.isExtension(extension)) {
            throw new IllegalArgumentException("'" + ProtoValues.shown(extension)
                    + "' is not a file extension such as .jpg, a period and at most 16 letters, digits, _, + or -:"
                    + " correct the option fileExtension or the header " + ViamDataConstants.FILE_EXTENSION);
        }
        return extension;
    }

    private Map<String, Object> methodParameters(Map<?, ?> header) {
        Map<String, Object> parameters = new LinkedHashMap<>();
        if (options.getMethodParameters() != null) {
            parameters.putAll(options.getMethodParameters());
        }
        header.forEach((name, value) -> parameters.put(String.valueOf(name), value));
        return parameters;
    }

    /** What counts where a capture file says nothing. Its own name and type tell nothing of the data in it. */
    UploadMetadata captureDefaults(HeaderValues headers, SourceFile source) {
        if (headers.isVerbatim()) {
            return verbatim(headers, DataType.DATA_TYPE_UNSPECIFIED);
        }
        return new MetadataFields(
                        DataType.DATA_TYPE_UNSPECIFIED,
                        partId(headers),
                        componentType(headers),
                        name(headers, ViamDataConstants.COMPONENT_NAME, options.getComponentName()),
                        name(headers, ViamDataConstants.METHOD_NAME, options.getMethodName()),
                        givenExtension(headers),
                        givenMimeType(headers),
                        headers.text(ViamDataConstants.FILE_NAME),
                        headers.time(ViamDataConstants.FILE_CREATE_TIME),
                        headers.time(ViamDataConstants.FILE_MODIFY_TIME),
                        tags(headers, source),
                        datasetIds(headers, source))
                .toMetadata(methodParameters(headers.map(ViamDataConstants.METHOD_PARAMETERS)));
    }

    /** Tags and datasets are sets: those of all places count, each once, in the order of the places. */
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
}
