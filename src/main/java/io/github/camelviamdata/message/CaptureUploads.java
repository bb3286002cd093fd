// Copyright the camel-viamdata authors. SPDX-License-Identifier: Apache-2.0
package io.github.camelviamdata.message;

import com.google.protobuf.ByteString;
import io.github.camelviamdata.ViamDataConstants;
import io.github.camelviamdata.ViamDataOperation;
import io.github.camelviamdata.proto.datasync.v1.DataCaptureUploadRequest;
import io.github.camelviamdata.proto.datasync.v1.SensorData;
import io.github.camelviamdata.proto.datasync.v1.UploadMetadata;
import io.github.camelviamdata.upload.Payload;
import io.github.camelviamdata.upload.ReadProgress;
import io.github.camelviamdata.upload.Upload;
import io.github.camelviamdata.upload.Uploads;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Map;
import java.util.Queue;
import org.apache.camel.Exchange;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The uploads of a capture file of a machine's own agent: one for each payload, or one for as many readings as fit into a
 * request. At the end of the file it has the headers with the counts.
 */
final class CaptureUploads implements Uploads {

    private static final Logger LOG = LoggerFactory.getLogger(CaptureUploads.class);

    // Bytes for the tag and the length of a field.
    private static final int FIELD_HEAD = 5;

    private final Exchange exchange;
    private final CaptureSource source;
    private final CaptureReader reader;
    private final CaptureMetadata metadata;
    private final int maxRequestSize;

    /** Null unless an option asks for it: Tika is optional. */
    private final ContentTypes contentTypes;

    private final Queue<CaptureReader.Binary> payloads = new ArrayDeque<>();
    private SensorData reading;
    private boolean anyRead;
    private long count;
    private boolean atEnd;
    private Map<String, Object> headers = Map.of();

    private CaptureUploads(
            Exchange exchange,
            CaptureSource source,
            UploadMetadata defaults,
            int maxRequestSize,
            ContentTypes contentTypes)
            throws IOException {
        this.exchange = exchange;
        this.maxRequestSize = maxRequestSize;
        this.contentTypes = contentTypes;
        this.source = source;
        this.reader = new CaptureReader(source);
        try {
            this.metadata = new CaptureMetadata(reader.metadata(), defaults, HeaderValues.isVerbatim(exchange));
        } catch (CaptureDamage e) {
            throw new IllegalArgumentException(
                    "The body is no capture file, or its beginning is damaged: " + where(e), e);
        }
        finishIfAllRead();
    }

    /**
     * @param defaults the metadata of options and headers, for fields that the file does not set
     * @param maxRequestSize largest request with readings, in bytes
     * @param contentTypes detects the types of payloads, or null
     * @param progress where reads of a stream are noted, or null
     * @throws IllegalArgumentException if the body is no capture file
     */
    static Uploads of(
            Exchange exchange,
            UploadMetadata defaults,
            int maxRequestSize,
            ContentTypes contentTypes,
            ReadProgress progress) {
        try {
            CaptureSource source = CaptureSource.of(exchange, progress);
            try {
                return new CaptureUploads(exchange, source, defaults, maxRequestSize, contentTypes);
            } catch (IOException | RuntimeException | Error e) {
                source.close();
                throw e;
            }
        } catch (IOException e) {
            throw unreadable(0, e);
        }
    }

    @Override
    public ViamDataOperation operation() {
        return metadata.isTabular() ? ViamDataOperation.tabular : ViamDataOperation.binary;
    }

    @Override
    public String partId() {
        return metadata.ofReadings().getPartId();
    }

    @Override
    public Upload next() {
        try {
            return metadata.isTabular() ? nextReadings() : nextPayload();
        } catch (IOException e) {
            throw unreadable(reader.messageStart(), e);
        }
    }

    @Override
    public boolean isExhausted() {
        return atEnd && reading == null && payloads.isEmpty();
    }

    private Upload nextPayload() throws IOException {
        while (payloads.isEmpty() && !atEnd) {
            read(() -> {
                payloads.addAll(reader.binaries());
                count += payloads.size();
            });
        }
        CaptureReader.Binary binary = payloads.poll();
        return binary == null ? null : upload(binary);
    }

    private Upload upload(CaptureReader.Binary binary) {
        UploadMetadata typed = metadata.of(binary.mimeType());
        metadata.check(typed, contentTypes == null);
        Upload upload = Upload.of(typed, binary.metadata(), binary.payload());
        return contentTypes == null ? upload : contentTypes.withType(upload, true);
    }

    private Upload nextReadings() throws IOException {
        DataCaptureUploadRequest.Builder request =
                DataCaptureUploadRequest.newBuilder().setMetadata(metadata.ofReadings());
        metadata.check(metadata.ofReadings(), false);
        int max = maxRequestSize - metadata.ofReadings().getSerializedSize() - 2 * FIELD_HEAD;
        int room = max;
        while (reading != null || !atEnd) {
            if (reading == null) {
                read(() -> {
                    reading = reader.reading(max);
                    count++;
                });
            }
            if (reading != null) {
                int size = reading.getSerializedSize() + FIELD_HEAD;
                if (size > room && request.getSensorContentsCount() > 0) {
                    break;
                }
                room -= size;
                request.addSensorContents(reading);
                reading = null;
            }
        }
        return request.getSensorContentsCount() == 0 ? null : new Upload(request.build(), Payload.of(ByteString.EMPTY));
    }

    /** Reads a message of the file. */
    @FunctionalInterface
    private interface Step {
        void read() throws IOException, CaptureDamage;
    }

    private void read(Step step) throws IOException {
        try {
            step.read();
            anyRead = true;
            finishIfAllRead();
        } catch (CaptureDamage damage) {
            finish(damage);
        }
    }

    private void finishIfAllRead() {
        if (reader.isAtEnd()) {
            finish(null);
        }
    }

    /** Sets the headers, and logs the damage, if any. */
    private void finish(CaptureDamage damage) {
        atEnd = true;
        if (damage == null) {
            headers = Map.of(ViamDataConstants.CAPTURE_COUNT, count, ViamDataConstants.CAPTURE_LEFT, 0L);
            if (count == 0) {
                LOG.info("Capture file {} holds no data: nothing is uploaded", name());
            }
            return;
        }
        long unread = length() - reader.messageStart();
        LOG.warn(
                "Capture file {} is damaged: {}. Whole messages before it: {}. Bytes left out: {}",
                name(),
                where(damage),
                count,
                unread);
        headers = Map.of(
                ViamDataConstants.CAPTURE_COUNT,
                count,
                ViamDataConstants.CAPTURE_LEFT,
                unread,
                ViamDataConstants.CAPTURE_DAMAGE,
                where(damage));
        if (!anyRead) {
            // If this succeeded, the source would move or delete the only copy.
            throw new IllegalArgumentException("No data in the capture file can be read: " + where(damage), damage);
        }
    }

    @Override
    public Map<String, Object> headers() {
        return headers;
    }

    private String where(CaptureDamage damage) {
        return "at offset " + reader.messageStart() + " of " + length() + " bytes, " + damage.getMessage();
    }

    private long length() {
        return source.length();
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
        source.close();
    }
}
