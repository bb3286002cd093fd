// Copyright the camel-viamdata authors. SPDX-License-Identifier: Apache-2.0
package io.github.camelviamdata.message;

import com.google.protobuf.ByteString;
import com.google.protobuf.Struct;
import com.google.protobuf.Timestamp;
import io.github.camelviamdata.ViamDataConfiguration;
import io.github.camelviamdata.ViamDataConstants;
import io.github.camelviamdata.ViamDataOperation;
import io.github.camelviamdata.ViamDataRejectedException;
import io.github.camelviamdata.proto.data.v1.Annotations;
import io.github.camelviamdata.proto.datasync.v1.DataType;
import io.github.camelviamdata.proto.datasync.v1.SensorData;
import io.github.camelviamdata.proto.datasync.v1.SensorMetadata;
import io.github.camelviamdata.proto.datasync.v1.UploadMetadata;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.IntFunction;
import java.util.stream.Stream;
import org.apache.camel.Exchange;

/**
 * Makes uploads of a message, mostly one: each field from its header, else from its option, else derived from what the source of
 * the message left in the headers that all of Camel shares.
 */
public final class UploadMapper {

    private static final Map<ViamDataOperation, DataType> TYPES = Map.of(
            ViamDataOperation.binary, DataType.DATA_TYPE_BINARY_SENSOR,
            ViamDataOperation.tabular, DataType.DATA_TYPE_TABULAR_SENSOR,
            ViamDataOperation.file, DataType.DATA_TYPE_FILE);

    private final ViamDataConfiguration options;

    // Of the last message. Those of one camera have all of it in common, and it is a good part of the work of a small
    // one.
    private volatile KnownMetadata last;

    private record KnownMetadata(MetadataFields fields, UploadMetadata metadata) {}

    public UploadMapper(ViamDataConfiguration options) {
        this.options = options;
    }

    /**
     * @throws ViamDataRejectedException if something is missing or malformed; the text names the option and the header
     *     that would mend it
     */
    public Uploads map(Exchange exchange) {
        HeaderValues headers = new HeaderValues(exchange);
        String partId = null;
        try {
            partId = orElse(headers.text(ViamDataConstants.PART_ID), options.getPartId());
            ViamDataOperation operation = operation(headers);
            return operation == ViamDataOperation.capture
                    ? new CheckedUploads(
                            CaptureUploads.of(exchange, captureDefaults(exchange, headers, partId)), partId)
                    : Uploads.of(map(exchange, headers, operation, partId));
        } catch (RuntimeException | StackOverflowError e) {
            throw CheckedUploads.rejected("Nothing was uploaded. ", e, partId);
        }
    }

    /** What counts where a capture file says nothing. Its own name and type tell nothing of the data in it. */
    private UploadMetadata captureDefaults(Exchange exchange, HeaderValues headers, String partId) {
        SourceFile source = new SourceFile(exchange, headers);
        return new MetadataFields(
                        DataType.DATA_TYPE_UNSPECIFIED,
                        partId,
                        orElse(headers.text(ViamDataConstants.COMPONENT_TYPE), options.getComponentType()),
                        orElse(headers.text(ViamDataConstants.COMPONENT_NAME), options.getComponentName()),
                        orElse(headers.text(ViamDataConstants.METHOD_NAME), options.getMethodName()),
                        givenExtension(headers),
                        givenMimeType(headers),
                        headers.text(ViamDataConstants.FILE_NAME),
                        headers.time(ViamDataConstants.FILE_CREATE_TIME),
                        headers.time(ViamDataConstants.FILE_MODIFY_TIME),
                        tags(headers, source),
                        datasetIds(headers, source))
                .toMetadata(methodParameters(headers.map(ViamDataConstants.METHOD_PARAMETERS)));
    }

    private Upload map(Exchange exchange, HeaderValues headers, ViamDataOperation operation, String partId) {
        UploadMetadata metadata = metadata(headers, new SourceFile(exchange, headers), operation, partId);
        if (operation == ViamDataOperation.tabular) {
            List<SensorData> readings = readings(exchange, headers);
            return new Upload(metadata, SensorMetadata.getDefaultInstance(), Payload.of(ByteString.EMPTY), readings);
        }
        SensorMetadata sensorMetadata =
                operation == ViamDataOperation.file ? SensorMetadata.getDefaultInstance() : sensorMetadata(headers);
        Payload payload = Payloads.of(exchange);
        if (payload.length() == 0 && !options.isAllowEmptyPayload()) {
            throw new IllegalArgumentException(
                    "The body is empty. Set the option allowEmptyPayload if that is what you mean to upload");
        }
        return new Upload(metadata, sensorMetadata, payload, List.of());
    }

    private ViamDataOperation operation(HeaderValues headers) {
        String name = headers.text(ViamDataConstants.OPERATION);
        ViamDataOperation operation = options.getOperation();
        if (name != null) {
            operation = Stream.of(ViamDataOperation.values())
                    .filter(value -> value.name().equalsIgnoreCase(name))
                    .findFirst()
                    .orElseThrow(() -> new IllegalArgumentException(ViamDataConstants.OPERATION
                            + " is none of binary, tabular, file and capture: '" + name + "'"));
        }
        return operation;
    }

    private UploadMetadata metadata(
            HeaderValues headers, SourceFile source, ViamDataOperation operation, String partId) {
        boolean file = operation == ViamDataOperation.file;
        String componentType = orElse(headers.text(ViamDataConstants.COMPONENT_TYPE), options.getComponentType());
        String componentName = orElse(headers.text(ViamDataConstants.COMPONENT_NAME), options.getComponentName());
        String methodName = orElse(headers.text(ViamDataConstants.METHOD_NAME), options.getMethodName());
        String mimeType = mimeType(headers);
        String extension = extension(headers, source, mimeType);

        MissingFields missing = new MissingFields();
        missing.require("partId", ViamDataConstants.PART_ID, partId);
        if (!file) {
            missing.require("componentType", ViamDataConstants.COMPONENT_TYPE, componentType);
            missing.require("componentName", ViamDataConstants.COMPONENT_NAME, componentName);
            missing.require("methodName", ViamDataConstants.METHOD_NAME, methodName);
        }
        if (operation == ViamDataOperation.binary) {
            missing.require("fileExtension", ViamDataConstants.FILE_EXTENSION, orElse(extension, mimeType));
        }
        missing.check();

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
                headers.time(ViamDataConstants.FILE_CREATE_TIME),
                modifyTime(headers, file),
                tags(headers, source),
                datasetIds(headers, source));
        return parameters.isEmpty() ? known(fields) : fields.toMetadata(methodParameters(parameters));
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
        return time == null && file ? headers.time(Exchange.MESSAGE_TIMESTAMP) : time;
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
        String mimeType = orElse(headers.text(ViamDataConstants.MIME_TYPE), options.getMimeType());
        if (mimeType != null && !mimeType.contains("/")) {
            throw new IllegalArgumentException("'" + mimeType + "' is not a MIME type such as image/jpeg: correct the"
                    + " option mimeType or the header " + ViamDataConstants.MIME_TYPE);
        }
        return mimeType;
    }

    private String extension(HeaderValues headers, SourceFile source, String mimeType) {
        return orElse(orElse(givenExtension(headers), source.extension()), FileTypes.extensionOfType(mimeType));
    }

    private String givenExtension(HeaderValues headers) {
        String extension =
                FileTypes.extension(orElse(headers.text(ViamDataConstants.FILE_EXTENSION), options.getFileExtension()));
        if (extension != null && !FileTypes.isExtension(extension)) {
            throw new IllegalArgumentException("'" + extension + "' is not a file extension such as .jpg: correct the"
                    + " option fileExtension or the header " + ViamDataConstants.FILE_EXTENSION);
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

    private static List<SensorData> readings(Exchange exchange, HeaderValues headers) {
        List<Struct> structs = Readings.of(exchange.getMessage().getBody());
        IntFunction<SensorMetadata> metadataOf = sensorMetadata(headers, structs.size());
        List<SensorData> readings = new ArrayList<>(structs.size());
        for (int i = 0; i < structs.size(); i++) {
            SensorData.Builder reading = SensorData.newBuilder().setStruct(structs.get(i));
            SensorMetadata metadata = metadataOf.apply(i);
            if (!metadata.equals(SensorMetadata.getDefaultInstance())) {
                reading.setMetadata(metadata);
            }
            readings.add(reading.build());
        }
        return readings;
    }

    /** That of the one payload. */
    private static SensorMetadata sensorMetadata(HeaderValues headers) {
        return sensorMetadata(
                headers.time(ViamDataConstants.TIME_REQUESTED),
                headers.time(ViamDataConstants.TIME_RECEIVED),
                headers.time(Exchange.MESSAGE_TIMESTAMP),
                annotations(headers));
    }

    /** That of each reading. */
    private static IntFunction<SensorMetadata> sensorMetadata(HeaderValues headers, int count) {
        List<Timestamp> requested = headers.times(ViamDataConstants.TIME_REQUESTED, count);
        List<Timestamp> received = headers.times(ViamDataConstants.TIME_RECEIVED, count);
        Timestamp timestamp = headers.time(Exchange.MESSAGE_TIMESTAMP);
        Annotations annotations = annotations(headers);
        return i -> sensorMetadata(requested.get(i), received.get(i), timestamp, annotations);
    }

    private static SensorMetadata sensorMetadata(
            Timestamp requested, Timestamp received, Timestamp timestamp, Annotations annotations) {
        boolean given = requested != null || received != null;
        if (!given && timestamp == null && annotations == null) {
            return SensorMetadata.getDefaultInstance();
        }
        SensorMetadata.Builder metadata = SensorMetadata.newBuilder();
        ifPresent(given ? requested : timestamp, metadata::setTimeRequested);
        ifPresent(given ? received : timestamp, metadata::setTimeReceived);
        ifPresent(annotations, metadata::setAnnotations);
        return metadata.build();
    }

    private static Annotations annotations(HeaderValues headers) {
        Object annotations = headers.object(ViamDataConstants.ANNOTATIONS);
        if (annotations == null || annotations instanceof Annotations) {
            return (Annotations) annotations;
        }
        throw new IllegalArgumentException(ViamDataConstants.ANNOTATIONS + " is a "
                + annotations.getClass().getName() + ": give a " + Annotations.class.getName());
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

    private static <T> void ifPresent(T value, Consumer<T> setter) {
        if (value != null) {
            setter.accept(value);
        }
    }
}
