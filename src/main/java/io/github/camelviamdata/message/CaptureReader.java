// Copyright the camel-viamdata authors. SPDX-License-Identifier: Apache-2.0
package io.github.camelviamdata.message;

import com.google.protobuf.CodedInputStream;
import com.google.protobuf.ExtensionRegistryLite;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Parser;
import com.google.protobuf.WireFormat;
import io.github.camelviamdata.proto.datasync.v1.DataCaptureMetadata;
import io.github.camelviamdata.proto.datasync.v1.DataType;
import io.github.camelviamdata.proto.datasync.v1.SensorData;
import io.github.camelviamdata.proto.datasync.v1.SensorMetadata;
import io.github.camelviamdata.upload.Payload;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;

/**
 * Reads a capture file of a machine's own agent up to its end or the first damaged message. Skips payloads, so that only the
 * largest other message has to fit into memory.
 *
 * <p>The format has neither checksums nor marks between messages. So damage that leaves a valid message is not detected, and no
 * message can be found after a damaged one.
 */
final class CaptureReader {

    /** Largest metadata in bytes, of the file or of a payload. It leaves room for the payload in a request. */
    static final int MAX_METADATA = 1 << 20;

    // protobuf's limit for a request, less the levels around the message.
    private static final int MAX_DEPTH = 98;

    private final CaptureSource source;
    private final InputStream in;
    private final long length;
    private long position;
    private long messageStart;

    /** Largest struct with images, in bytes. It has eleven bytes for each byte of an image, and has to fit into memory. */
    private static final int MAX_STRUCT = 256 << 20;

    /**
     * A payload in a capture file.
     *
     * @param metadata its times and annotations
     * @param mimeType its MIME type; null if it has none of its own
     * @param payload the bytes, which stay in the file unless they were in a struct
     */
    record Binary(SensorMetadata metadata, String mimeType, Payload payload) {}

    CaptureReader(CaptureSource source) {
        this.source = source;
        this.length = source.length();
        this.in = source.stream();
    }

    /** Whether the end of the file is reached. */
    boolean isAtEnd() {
        return position == length;
    }

    /** The offset of the message that was read last, or that could not be read. */
    long messageStart() {
        return messageStart;
    }

    /** The metadata that all data of the file shares; to be called first. */
    DataCaptureMetadata metadata() throws IOException, CaptureDamage {
        long size = messageLength();
        if (size > MAX_METADATA) {
            throw new CaptureDamage("metadata of " + size + " bytes is larger than any, " + MAX_METADATA + " bytes");
        }
        DataCaptureMetadata metadata = parse("metadata", DataCaptureMetadata.parser(), (int) size);
        if (metadata.getType() != DataType.DATA_TYPE_BINARY_SENSOR
                && metadata.getType() != DataType.DATA_TYPE_TABULAR_SENSOR) {
            throw new CaptureDamage("the metadata names no type of data");
        }
        return metadata;
    }

    /**
     * The next reading of a file of readings.
     *
     * @param max largest one in bytes
     * @throws IllegalArgumentException if it is larger
     */
    SensorData reading(int max) throws IOException, CaptureDamage {
        long size = messageLength();
        if (size > max) {
            skipReading(position + size);
            throw tooLarge("reading", size, max + " (maxRequestSize, less what goes with it)");
        }
        SensorData reading = parse("reading", SensorData.parser(), (int) size);
        if (reading.hasBinary()) {
            throw notReadings();
        } else if (!reading.hasStruct()) {
            throw new CaptureDamage("a message holds no reading");
        }
        check(reading.getMetadata());
        return reading;
    }

    private static CaptureDamage notReadings() {
        return new CaptureDamage("the file is said to hold readings, but a message in it holds binary data");
    }

    /** Skips a reading that is too large. It has to be whole: a damaged length may also be too large. */
    private void skipReading(long end) throws IOException, CaptureDamage {
        boolean found = false;
        while (position < end) {
            long tag = varint(end);
            if (tag == tag(SensorData.BINARY_FIELD_NUMBER)) {
                throw notReadings();
            }
            found |= tag == tag(SensorData.STRUCT_FIELD_NUMBER);
            skipField(tag, end);
        }
        if (!found) {
            throw new CaptureDamage("a message holds no reading");
        }
    }

    /**
     * The payloads in the next message of a file of binary data: one, or the images of a struct.
     *
     * @throws IllegalArgumentException if its metadata is larger than {@link #MAX_METADATA}, or the struct too large
     */
    List<Binary> binaries() throws IOException, CaptureDamage {
        long size = messageLength();
        long end = position + size;
        long tooLarge = 0;
        SensorMetadata.Builder metadata = SensorMetadata.newBuilder();
        Payload payload = null;
        Payload struct = null;
        while (position < end) {
            long tag = varint(end);
            if (tag == tag(SensorData.METADATA_FIELD_NUMBER)) {
                long metadataSize = fieldLength(end);
                if (metadataSize > MAX_METADATA) {
                    tooLarge = metadataSize;
                    skip(metadataSize);
                } else {
                    metadata.mergeFrom(parse("metadata of a payload", SensorMetadata.parser(), (int) metadataSize));
                }
            } else if (tag == tag(SensorData.BINARY_FIELD_NUMBER)) {
                payload = slice(end);
            } else if (tag == tag(SensorData.STRUCT_FIELD_NUMBER)) {
                struct = slice(end);
            } else {
                skipField(tag, end);
            }
        }
        if (payload == null && struct == null) {
            throw new CaptureDamage("a message holds no payload");
        } else if (tooLarge > 0) {
            throw tooLarge("payload with metadata", tooLarge, String.valueOf(MAX_METADATA));
        }
        check(metadata.build());
        return payload == null
                ? images(metadata, struct)
                : List.of(new Binary(metadata.build(), CaptureMetadata.typeOf(metadata.build()), payload));
    }

    private Payload slice(long end) throws IOException, CaptureDamage {
        long size = fieldLength(end);
        Payload slice = source.slice(position, size);
        skip(size);
        return slice;
    }

    private List<Binary> images(SensorMetadata.Builder metadata, Payload struct) throws IOException, CaptureDamage {
        if (struct.length() > MAX_STRUCT) {
            throw tooLarge("struct", struct.length(), String.valueOf(MAX_STRUCT));
        }
        StructImages images = StructImages.of(struct.head((int) struct.length()));
        if (images.capturedAt() != null) {
            metadata.setTimeRequested(images.capturedAt()).setTimeReceived(images.capturedAt());
            check(metadata.build());
        }
        return images.images().stream()
                .map(image -> new Binary(metadata.build(), image.mimeType(), Payload.of(image.bytes())))
                .toList();
    }

    /** Skips a field, such as one of a later version of the format. */
    private void skipField(long tag, long end) throws IOException, CaptureDamage {
        int field = (int) (tag >>> 3);
        if (tag >>> 3 != field || field == 0) {
            throw new CaptureDamage("a message holds a field with a number that no field has");
        }
        switch ((int) (tag & 7)) {
            case WireFormat.WIRETYPE_VARINT -> varint(end);
            case WireFormat.WIRETYPE_FIXED64 -> skip(within(Long.BYTES, end));
            case WireFormat.WIRETYPE_LENGTH_DELIMITED -> skip(fieldLength(end));
            case WireFormat.WIRETYPE_FIXED32 -> skip(within(Integer.BYTES, end));
            default -> throw new CaptureDamage("a message holds a field of a kind that is not known");
        }
    }

    private static long tag(int field) {
        return field << 3 | WireFormat.WIRETYPE_LENGTH_DELIMITED;
    }

    private long messageLength() throws IOException, CaptureDamage {
        messageStart = position;
        long size = varint(length);
        if (size < 0 || size > length - position) {
            throw new CaptureDamage(
                    "of a message of " + Long.toUnsignedString(size) + " bytes there are " + (length - position));
        }
        return size;
    }

    private long fieldLength(long end) throws IOException, CaptureDamage {
        return within(varint(end), end);
    }

    private long within(long size, long end) throws CaptureDamage {
        if (size < 0 || size > end - position) {
            throw new CaptureDamage("a field is longer than the message that it is in");
        }
        return size;
    }

    private long varint(long end) throws IOException, CaptureDamage {
        long value = 0;
        for (int shift = 0; shift < Long.SIZE; shift += 7) {
            if (position == end) {
                throw new CaptureDamage("the end comes in the middle of a number");
            }
            int b = in.read();
            if (b < 0) {
                throw shrunk();
            }
            position++;
            value |= (long) (b & 0x7f) << shift;
            if (b < 0x80) {
                return value;
            }
        }
        throw new CaptureDamage("a number has more than 10 bytes");
    }

    private void skip(long size) throws IOException {
        in.skipNBytes(size);
        position += size;
    }

    private <T> T parse(String what, Parser<T> parser, int size) throws IOException, CaptureDamage {
        byte[] bytes = in.readNBytes(size);
        position += bytes.length;
        if (bytes.length < size) {
            throw shrunk();
        }
        CodedInputStream coded = CodedInputStream.newInstance(bytes);
        coded.setRecursionLimit(MAX_DEPTH);
        try {
            T message = parser.parseFrom(coded, ExtensionRegistryLite.getEmptyRegistry());
            coded.checkLastTagWas(0);
            return message;
        } catch (InvalidProtocolBufferException e) {
            throw new CaptureDamage("the " + what + " is no valid message (" + e.getMessage() + ")");
        }
    }

    /** Checks the times: for an invalid one, the service would reject the whole request. */
    private static void check(SensorMetadata metadata) throws CaptureDamage {
        try {
            ProtoValues.instant("a time", metadata.getTimeRequested());
            ProtoValues.instant("a time", metadata.getTimeReceived());
        } catch (IllegalArgumentException e) {
            throw new CaptureDamage(e.getMessage());
        }
    }

    /** Not a {@link CaptureDamage}: the messages after it can be read, and must not be left out. */
    private IllegalArgumentException tooLarge(String what, long size, String max) {
        return new IllegalArgumentException("At offset " + messageStart + " of " + length
                + " bytes, the capture file holds a " + what + " of " + size + " bytes; it may have " + max);
    }

    private static EOFException shrunk() {
        return new EOFException("the file has become shorter");
    }
}
