// Copyright the camel-viamdata authors. SPDX-License-Identifier: Apache-2.0
package io.github.camelviamdata.message;

import com.google.protobuf.Struct;
import com.google.protobuf.Timestamp;
import io.github.camelviamdata.ViamDataConfiguration;
import io.github.camelviamdata.ViamDataConstants;
import io.github.camelviamdata.ViamDataOperation;
import io.github.camelviamdata.ViamDataRejectedException;
import io.github.camelviamdata.proto.data.v1.Annotations;
import io.github.camelviamdata.proto.datasync.v1.DataCaptureUploadRequest;
import io.github.camelviamdata.proto.datasync.v1.DataType;
import io.github.camelviamdata.proto.datasync.v1.SensorData;
import io.github.camelviamdata.proto.datasync.v1.SensorMetadata;
import io.github.camelviamdata.proto.datasync.v1.UploadMetadata;
import io.github.camelviamdata.upload.Payload;
import io.github.camelviamdata.upload.ReadProgress;
import io.github.camelviamdata.upload.Upload;
import io.github.camelviamdata.upload.Uploads;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.function.IntFunction;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.apache.camel.Exchange;

/** Maps a message to its uploads, usually one. */
public final class UploadMapper {

    private final ViamDataConfiguration options;
    private final MetadataMapper metadataMapper;
    private final int maxVerbatimSize;

    /** Null unless an option asks for it: Tika is optional. */
    private final ContentTypes contentTypes;

    /**
     * A mapper with no limit for verbatim requests: the service refuses those that are too large.
     *
     * @throws IllegalArgumentException if an option needs a library that is missing
     */
    public UploadMapper(ViamDataConfiguration options) {
        this(options, Integer.MAX_VALUE);
    }

    /**
     * @param maxVerbatimSize largest verbatim request with readings, in bytes, from 1
     * @throws IllegalArgumentException if an option needs a library that is missing
     */
    public UploadMapper(ViamDataConfiguration options, int maxVerbatimSize) {
        this.options = options;
        this.maxVerbatimSize = maxVerbatimSize;
        this.metadataMapper = new MetadataMapper(options);
        this.contentTypes = contentTypes(options);
    }

    private static ContentTypes contentTypes(ViamDataConfiguration options) {
        try {
            return options.isDetectMimeType() || options.isCorrectMimeType()
                    ? new ContentTypes(options.isCorrectMimeType())
                    : null;
        } catch (LinkageError e) {
            throw new IllegalArgumentException(
                    "The option " + (options.isDetectMimeType() ? "detectMimeType" : "correctMimeType")
                            + " needs Apache Tika: add the dependency org.apache.tika:tika-core",
                    e);
        }
    }

    /**
     * Maps a message. Reads a body only if it is in memory; any other when {@link Uploads#next()} is called.
     *
     * @throws ViamDataRejectedException if something is missing or malformed; the text names the option and the header to change
     */
    public Uploads map(Exchange exchange) {
        HeaderValues headers = new HeaderValues(exchange, options.getTimeUnit());
        String partId = null;
        try {
            partId = metadataMapper.partId(headers);
            return map(exchange, headers, partId);
        } catch (RuntimeException | StackOverflowError e) {
            throw CheckedUploads.rejected("Nothing was uploaded. ", e, partId);
        }
    }

    private Uploads map(Exchange exchange, HeaderValues headers, String partId) {
        ViamDataOperation operation = operation(headers);
        SourceFile source = new SourceFile(exchange, headers);
        ReadProgress progress = Payloads.isInMemory(exchange.getMessage().getBody()) ? null : new ReadProgress();
        ContentTypes types = headers.isVerbatim() ? null : contentTypes;
        if (operation == ViamDataOperation.capture) {
            if (SequenceFiles.isSequence(source)) {
                throw new IllegalArgumentException(
                        source.name() + " is a sequence: send it to an endpoint whose option operation is capture");
            }
            UploadMetadata defaults = metadataMapper.captureDefaults(headers, source);
            // These headers are not sent, but an invalid one still fails.
            sensorMetadata(headers);
            return new CheckedUploads(
                    () -> CaptureUploads.of(exchange, defaults, maxRequestSize(headers), types, progress),
                    ViamDataOperation.binary,
                    partId,
                    progress);
        }
        UploadMetadata metadata = metadataMapper.map(headers, source, operation, contentTypes == null);
        return operation == ViamDataOperation.tabular
                ? read(
                        () -> new TabularUploads(
                                readings(exchange, headers, metadata, progress), maxRequestSize(headers)),
                        operation,
                        partId,
                        progress)
                : payload(exchange, headers, metadata, types, progress);
    }

    /** Uploads that are made of what the body has: at once where it is in memory. */
    private static Uploads read(
            Supplier<Uploads> uploads, ViamDataOperation operation, String partId, ReadProgress progress) {
        return progress == null ? uploads.get() : new CheckedUploads(uploads, operation, partId, progress);
    }

    private Uploads payload(
            Exchange exchange,
            HeaderValues headers,
            UploadMetadata metadata,
            ContentTypes types,
            ReadProgress progress) {
        SensorMetadata given = sensorMetadata(headers);
        Payload payload = Payloads.of(exchange, progress);
        // The request of a file has no field for these, but an invalid header still fails.
        boolean file = metadata.getType() == DataType.DATA_TYPE_FILE;
        Upload mapped = Upload.of(metadata, file ? SensorMetadata.getDefaultInstance() : given, payload);
        Upload upload = new Upload(OtherFields.of(headers).addTo(mapped.request()), payload);
        boolean emptyAllowed = isEmptyAllowed(headers);
        checkLength(payload.length(), emptyAllowed);
        boolean extensionGiven = types != null && metadataMapper.givenExtension(headers) != null;
        if (types == null && payload.length() != Payload.UNKNOWN_LENGTH) {
            return Uploads.of(upload, progress);
        }
        Supplier<Uploads> uploads = () -> {
            checkFirstByte(upload.payload(), emptyAllowed);
            return Uploads.of(types == null ? upload : types.withType(upload, extensionGiven), progress);
        };
        return read(uploads, upload.operation(), metadata.getPartId(), progress);
    }

    private int maxRequestSize(HeaderValues headers) {
        return headers.isVerbatim() ? maxVerbatimSize : options.getMaxRequestSize();
    }

    private boolean isEmptyAllowed(HeaderValues headers) {
        return headers.isVerbatim() || options.isAllowEmptyPayload();
    }

    private static void checkLength(long length, boolean emptyAllowed) {
        if (length == 0 && !emptyAllowed) {
            throw new IllegalArgumentException(
                    "The body is empty. Set the option allowEmptyPayload if that is what you mean to upload");
        }
    }

    /** Reads the first byte of a body of unknown length: it may be empty, or an earlier step may have read it. */
    private static void checkFirstByte(Payload payload, boolean emptyAllowed) {
        if (payload.length() == Payload.UNKNOWN_LENGTH) {
            try {
                checkLength(payload.head(1).size(), emptyAllowed);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    private ViamDataOperation operation(HeaderValues headers) {
        String name = headers.text(ViamDataConstants.OPERATION);
        ViamDataOperation operation = options.getOperation();
        if (name != null) {
            operation = Stream.of(ViamDataOperation.values())
                    .filter(value -> value.name().equalsIgnoreCase(name))
                    .findFirst()
                    .filter(ViamDataOperation::isUpload)
                    .orElseThrow(() -> new IllegalArgumentException(ViamDataConstants.OPERATION
                            + " is none of binary, tabular, file and capture: '" + ProtoValues.shown(name)
                            + "'. What does not upload is chosen by the option operation of an endpoint of its own"));
        }
        return operation;
    }

    private DataCaptureUploadRequest readings(
            Exchange exchange, HeaderValues headers, UploadMetadata metadata, ReadProgress progress) {
        List<Struct> readings = Readings.of(exchange, progress, isEmptyAllowed(headers));
        List<SensorData> contents = TabularUploads.contents(
                readings,
                sensorMetadata(headers, readings),
                headers.flag(ViamDataConstants.WRAP_READINGS, options.isWrapReadings()));
        return OtherFields.of(headers)
                .addTo(DataCaptureUploadRequest.newBuilder()
                        .setMetadata(metadata)
                        .addAllSensorContents(contents)
                        .build());
    }

    /** The sensor metadata of the one payload. */
    private static SensorMetadata sensorMetadata(HeaderValues headers) {
        return sensorMetadata(
                headers.time(ViamDataConstants.TIME_REQUESTED),
                headers.time(ViamDataConstants.TIME_RECEIVED),
                timestamp(headers),
                headers.object(ViamDataConstants.ANNOTATIONS) == null
                        ? null
                        : AnnotationValues.of(headers, 1).get(0));
    }

    /** The sensor metadata of each reading. */
    private IntFunction<SensorMetadata> sensorMetadata(HeaderValues headers, List<Struct> readings) {
        List<Timestamp> requested = headers.times(ViamDataConstants.TIME_REQUESTED, readings.size());
        List<Timestamp> received = headers.times(ViamDataConstants.TIME_RECEIVED, readings.size());
        Timestamp timestamp = timestamp(headers);
        List<Annotations> annotations = AnnotationValues.of(headers, readings.size());
        String field = options.getTimeField();
        return i -> {
            Timestamp time = field == null ? null : TabularUploads.time(headers, readings, i, field);
            return sensorMetadata(
                    requested.get(i), received.get(i), time == null ? timestamp : time, annotations.get(i));
        };
    }

    /** The timestamp of the message, which counts where no other time is given. */
    private static Timestamp timestamp(HeaderValues headers) {
        return headers.isVerbatim() ? null : headers.messageTimestamp();
    }

    private static SensorMetadata sensorMetadata(
            Timestamp requested, Timestamp received, Timestamp timestamp, Annotations annotations) {
        boolean given = requested != null || received != null;
        if (!given && timestamp == null && annotations == null) {
            return SensorMetadata.getDefaultInstance();
        }
        SensorMetadata.Builder metadata = SensorMetadata.newBuilder();
        MetadataMapper.ifPresent(given ? requested : timestamp, metadata::setTimeRequested);
        MetadataMapper.ifPresent(given ? received : timestamp, metadata::setTimeReceived);
        MetadataMapper.ifPresent(annotations, metadata::setAnnotations);
        return metadata.build();
    }
}
