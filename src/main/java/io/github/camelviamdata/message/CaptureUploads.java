// Copyright the camel-viamdata authors. SPDX-License-Identifier: Apache-2.0
package io.github.camelviamdata.message;

import com.google.protobuf.ByteString;
import io.github.camelviamdata.ViamDataConstants;
import io.github.camelviamdata.ViamDataOperation;
import io.github.camelviamdata.proto.datasync.v1.DataCaptureMetadata;
import io.github.camelviamdata.proto.datasync.v1.DataType;
import io.github.camelviamdata.proto.datasync.v1.SensorData;
import io.github.camelviamdata.proto.datasync.v1.SensorMetadata;
import io.github.camelviamdata.proto.datasync.v1.UploadMetadata;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.camel.Exchange;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What a capture file of a machine's own agent holds: each payload, or as many readings as a request takes. Says in headers
 * of the message what it came to, once it has come to the end.
 */
final class CaptureUploads implements Uploads {

    private static final Logger LOG = LoggerFactory.getLogger(CaptureUploads.class);

    // What says of a field which one it is and how long.
    private static final int FIELD_HEAD = 5;

    private final Exchange exchange;
    private final long length;
    private final CaptureSource source;
    private final CaptureReader reader;
    private final UploadMetadata metadata;
    private final int maxRequestSize;
    private final boolean tabular;
    private SensorData reading;
    private long count;
    private boolean atEnd;
    private volatile Map<String, Object> headers = Map.of();

    private CaptureUploads(Exchange exchange, CaptureSource source, UploadMetadata defaults, int maxRequestSize)
            throws IOException {
        this.exchange = exchange;
        this.maxRequestSize = maxRequestSize;
        this.source = source;
        this.length = source.payload().length();
        this.reader = new CaptureReader(source.payload());
        try {
            DataCaptureMetadata captured = reader.metadata();
            this.metadata = metadata(captured, defaults);
            this.tabular = captured.getType() == DataType.DATA_TYPE_TABULAR_SENSOR;
            if (!new HeaderValues(exchange).isVerbatim()) {
                check();
            }
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
     * @param maxRequestSize of a request with readings, in bytes
     * @param progress learns of each read of a stream, or null
     * @throws IllegalArgumentException if the body is no capture file
     */
    static Uploads of(Exchange exchange, UploadMetadata defaults, int maxRequestSize, ReadProgress progress) {
        try {
            CaptureSource source = CaptureSource.of(exchange, progress);
            try {
                return new CaptureUploads(exchange, source, defaults, maxRequestSize);
            } catch (IOException | RuntimeException e) {
                source.close();
                throw e;
            }
        } catch (IOException e) {
            throw unreadable(0, e);
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
    public ViamDataOperation operation() {
        return tabular ? ViamDataOperation.tabular : ViamDataOperation.binary;
    }

    @Override
    public String partId() {
        return metadata.getPartId();
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
        int max = maxRequestSize - metadata.getSerializedSize() - 2 * FIELD_HEAD;
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
        Map<String, Object> found = new HashMap<>();
        found.put(ViamDataConstants.CAPTURE_COUNT, count);
        found.put(ViamDataConstants.CAPTURE_LEFT, left);
        if (damage != null) {
            String text = "at offset " + reader.messageStart() + " of " + length + " bytes, " + damage.getMessage();
            found.put(ViamDataConstants.CAPTURE_DAMAGE, text);
            LOG.warn(
                    "Capture file {} is damaged: {}. Whole messages before it: {}. Bytes left out: {}",
                    name(),
                    text,
                    count,
                    left);
        } else if (count == 0) {
            LOG.info("Capture file {} holds no data: nothing is uploaded", name());
        }
        headers = Map.copyOf(found);
    }

    @Override
    public Map<String, Object> headers() {
        return headers;
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
        source.close();
    }
}
