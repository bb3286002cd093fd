// Copyright the camel-viamdata authors. SPDX-License-Identifier: Apache-2.0
package io.github.camelviamdata.message;

import com.google.protobuf.ByteString;
import io.github.camelviamdata.ViamDataConstants;
import io.github.camelviamdata.proto.datasync.v1.DataCaptureMetadata;
import io.github.camelviamdata.proto.datasync.v1.DataType;
import io.github.camelviamdata.proto.datasync.v1.SensorData;
import io.github.camelviamdata.proto.datasync.v1.SensorMetadata;
import io.github.camelviamdata.proto.datasync.v1.UploadMetadata;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.apache.camel.Exchange;
import org.apache.camel.util.FileUtil;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What a capture file of a machine's own agent holds: each payload, or as many readings as a request takes. Says in headers
 * of the message what it came to, once it has come to the end.
 */
final class CaptureUploads implements Uploads {

    private static final Logger LOG = LoggerFactory.getLogger(CaptureUploads.class);

    // The service's limit is 4 MiB to a request.
    private static final int MAX_REQUEST = (4 << 20) - 1024;

    // What says of a field which one it is and how long.
    private static final int FIELD_HEAD = 5;

    // A stream up to here stays in memory while it is uploaded.
    private static final int MAX_IN_MEMORY = 1 << 20;

    private final Exchange exchange;
    private final long length;
    private final Path spool;
    private final CaptureReader reader;
    private final UploadMetadata metadata;
    private final boolean tabular;
    private SensorData reading;
    private long count;
    private boolean atEnd;

    private CaptureUploads(Exchange exchange, Payload source, Path spool, UploadMetadata defaults) throws IOException {
        this.exchange = exchange;
        this.length = source.length();
        this.spool = spool;
        this.reader = new CaptureReader(source);
        try {
            DataCaptureMetadata captured = reader.metadata();
            this.metadata = metadata(captured, defaults);
            this.tabular = captured.getType() == DataType.DATA_TYPE_TABULAR_SENSOR;
            check();
        } catch (CaptureDamage e) {
            reader.close();
            throw new IllegalArgumentException(
                    "The body is no capture file, or its beginning is damaged: at offset " + reader.messageStart()
                            + " of " + length + " bytes, " + e.getMessage(),
                    e);
        } catch (IOException | RuntimeException e) {
            reader.close();
            throw e;
        }
    }

    /**
     * @param defaults what the endpoint and the headers say: it counts where the file says nothing
     * @throws IllegalArgumentException if the body is no capture file
     */
    static Uploads of(Exchange exchange, UploadMetadata defaults) {
        Payload source = Payloads.of(exchange);
        Path spool = null;
        try {
            if (!(source instanceof BytesPayload || source instanceof Payloads.FilePayload)) {
                try (PayloadReader bytes = source.open()) {
                    ByteString head = bytes.read(MAX_IN_MEMORY);
                    if (head.size() < MAX_IN_MEMORY) {
                        source = Payload.of(head);
                    } else {
                        spool = createSpool(exchange);
                        spool(head, bytes, spool);
                        source = new Payloads.FilePayload(spool, Files.size(spool));
                    }
                }
            }
            return new CaptureUploads(exchange, source, spool, defaults);
        } catch (IOException e) {
            delete(spool);
            throw unreadable(0, e);
        } catch (RuntimeException e) {
            delete(spool);
            throw e;
        }
    }

    private static Path createSpool(Exchange exchange) throws IOException {
        Path directory = exchange.getContext().getStreamCachingStrategy().getSpoolDirectory() == null
                ? Path.of(System.getProperty("java.io.tmpdir"))
                : exchange.getContext()
                        .getStreamCachingStrategy()
                        .getSpoolDirectory()
                        .toPath();
        return FileUtil.createTempFile("viamdata-", ".capture", directory.toFile())
                .toPath();
    }

    private static void spool(ByteString head, PayloadReader rest, Path spool) throws IOException {
        try (OutputStream out = Files.newOutputStream(spool)) {
            ByteString piece = head;
            do {
                piece.writeTo(out);
                piece = rest.read(MAX_IN_MEMORY);
            } while (!piece.isEmpty());
        }
    }

    private static UploadMetadata metadata(DataCaptureMetadata captured, UploadMetadata defaults) {
        Set<String> tags = new LinkedHashSet<>(captured.getTagsList());
        tags.addAll(defaults.getTagsList());
        // Merging leaves alone what the file says nothing of, and its entries replace those of the same name.
        return defaults.toBuilder()
                .mergeFrom(UploadMetadata.newBuilder()
                        .setComponentType(captured.getComponentType())
                        .setComponentName(captured.getComponentName())
                        .setMethodName(captured.getMethodName())
                        .setType(captured.getType())
                        .putAllMethodParameters(captured.getMethodParametersMap())
                        .setFileExtension(captured.getFileExtension())
                        .setMimeType(captured.getMimeType())
                        .build())
                .clearTags()
                .addAllTags(tags)
                .build();
    }

    private void check() {
        MissingFields missing = new MissingFields();
        missing.require("partId", ViamDataConstants.PART_ID, metadata.getPartId());
        missing.require("componentType", ViamDataConstants.COMPONENT_TYPE, metadata.getComponentType());
        missing.require("componentName", ViamDataConstants.COMPONENT_NAME, metadata.getComponentName());
        missing.require("methodName", ViamDataConstants.METHOD_NAME, metadata.getMethodName());
        if (!tabular && metadata.getMimeType().isEmpty()) {
            missing.require("fileExtension", ViamDataConstants.FILE_EXTENSION, metadata.getFileExtension());
        }
        missing.check();
    }

    @Override
    public Upload next() {
        try {
            return tabular ? nextReadings() : nextPayload();
        } catch (IOException e) {
            throw unreadable(reader.messageStart(), e);
        }
    }

    @Override
    public boolean isExhausted() {
        return atEnd && reading == null;
    }

    private Upload nextPayload() throws IOException {
        if (atEnd || ended()) {
            return null;
        }
        try {
            CaptureReader.Binary binary = reader.binary();
            count++;
            ended();
            return new Upload(metadata, binary.metadata(), binary.payload(), List.of());
        } catch (CaptureDamage damage) {
            end(damage);
            return null;
        }
    }

    private Upload nextReadings() throws IOException {
        List<SensorData> readings = new ArrayList<>();
        int max = MAX_REQUEST - metadata.getSerializedSize() - 2 * FIELD_HEAD;
        int room = max;
        do {
            if (reading == null && !(atEnd || ended())) {
                try {
                    reading = reader.reading(max);
                    count++;
                    ended();
                } catch (CaptureDamage damage) {
                    end(damage);
                }
            }
            if (reading != null) {
                int size = reading.getSerializedSize() + FIELD_HEAD;
                if (size > room && !readings.isEmpty()) {
                    break;
                }
                room -= size;
                readings.add(reading);
                reading = null;
            }
        } while (!atEnd);
        return readings.isEmpty()
                ? null
                : new Upload(metadata, SensorMetadata.getDefaultInstance(), Payload.of(ByteString.EMPTY), readings);
    }

    private boolean ended() {
        if (reader.isAtEnd()) {
            end(null);
        }
        return atEnd;
    }

    private void end(CaptureDamage damage) {
        atEnd = true;
        long left = damage == null ? 0 : length - reader.messageStart();
        exchange.getMessage().setHeader(ViamDataConstants.CAPTURE_COUNT, count);
        exchange.getMessage().setHeader(ViamDataConstants.CAPTURE_LEFT, left);
        if (damage != null) {
            String text = "at offset " + reader.messageStart() + " of " + length + " bytes, " + damage.getMessage();
            exchange.getMessage().setHeader(ViamDataConstants.CAPTURE_DAMAGE, text);
            LOG.warn(
                    "Capture file {} is damaged: {}. Whole messages before it: {}. Bytes left out: {}",
                    name(),
                    text,
                    count,
                    left);
        } else if (count == 0) {
            LOG.info("Capture file {} holds no data: nothing is uploaded", name());
        }
    }

    private Object name() {
        return exchange.getMessage().getHeader(Exchange.FILE_NAME, "of exchange " + exchange.getExchangeId());
    }

    private static IllegalArgumentException unreadable(long offset, IOException e) {
        return new IllegalArgumentException(
                "The capture file cannot be read at or after offset " + offset + ": " + e.getMessage(), e);
    }

    @Override
    public void close() {
        try {
            reader.close();
        } catch (IOException e) {
            LOG.debug("Cannot close a capture file", e);
        }
        delete(spool);
    }

    private static void delete(Path spool) {
        if (spool != null) {
            try {
                Files.deleteIfExists(spool);
            } catch (IOException e) {
                LOG.warn("Cannot delete {}", spool, e);
            }
        }
    }
}
