// Copyright the camel-viamdata authors. SPDX-License-Identifier: Apache-2.0
package io.github.camelviamdata.server;

import com.google.protobuf.ByteString;
import com.google.protobuf.CodedOutputStream;
import io.github.camelviamdata.ViamDataOperation;
import io.github.camelviamdata.message.ProtoValues;
import io.github.camelviamdata.proto.datasync.v1.DataCaptureMetadata;
import io.github.camelviamdata.proto.datasync.v1.DataCaptureUploadRequest;
import io.github.camelviamdata.proto.datasync.v1.SensorData;
import io.github.camelviamdata.proto.datasync.v1.SensorMetadata;
import io.github.camelviamdata.proto.datasync.v1.UploadMetadata;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Instant;
import java.util.Map;
import java.util.UUID;
import java.util.regex.Pattern;
import org.apache.camel.Exchange;

/**
 * Uploads as capture files, the format of a machine's own agent. They hold neither the part, nor datasets, nor the name and the
 * times of a file.
 */
final class CaptureFormat extends UploadFormat {

    // The agent rejects longer varints. Five bytes hold numbers up to 32 Gi.
    private static final int VARINT_SIZE = 5;

    private static final int BINARY_TAG = SensorData.BINARY_FIELD_NUMBER << 3 | 2;

    // Characters that a file system or Camel's file component interprets: a leading period hides a file, `tag=` is a
    // tag, and `${` begins an expression.
    private static final Pattern UNSAFE = Pattern.compile("^\\.|[^\\p{L}\\p{N}._-]");

    // A name may have 255 bytes, and a letter may take four of them.
    private static final int MAX_NAME = 60;

    /** Headers for an upload of the capture file, with a unique name for it. */
    @Override
    Map<String, Object> headers(ViamDataOperation operation, DataCaptureUploadRequest request) {
        Map<String, Object> headers = super.headers(ViamDataOperation.capture, request);
        SensorMetadata first = request.getSensorContents(0).getMetadata();
        Instant time = first.hasTimeRequested() ? ProtoValues.instant(first.getTimeRequested()) : Instant.now();
        headers.put(Exchange.FILE_NAME, fileName(request.getMetadata(), time));
        return headers;
    }

    /** A whole file. */
    @Override
    byte[] body(DataCaptureUploadRequest request) {
        ByteArrayOutputStream file = new ByteArrayOutputStream(request.getSerializedSize());
        try {
            metadata(request.getMetadata()).writeDelimitedTo(file);
            for (SensorData data : request.getSensorContentsList()) {
                data.writeDelimitedTo(file);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return file.toByteArray();
    }

    /** The beginning of a file, up to its payload. It has no lengths yet: {@link #withLengths}. */
    @Override
    ByteString head(DataCaptureUploadRequest request) {
        SensorMetadata sensor = request.getSensorContents(0).getMetadata();
        ByteString.Output head = ByteString.newOutput();
        try {
            metadata(request.getMetadata()).writeDelimitedTo(head);
            head.write(new byte[VARINT_SIZE]);
            if (!sensor.equals(SensorMetadata.getDefaultInstance())) {
                SensorData.newBuilder().setMetadata(sensor).build().writeTo(head);
            }
            head.write(BINARY_TAG);
            head.write(new byte[VARINT_SIZE]);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return head.toByteString();
    }

    private static DataCaptureMetadata metadata(UploadMetadata metadata) {
        return DataCaptureMetadata.newBuilder()
                .setComponentType(metadata.getComponentType())
                .setComponentName(metadata.getComponentName())
                .setMethodName(metadata.getMethodName())
                .setType(metadata.getType())
                .putAllMethodParameters(metadata.getMethodParametersMap())
                .setFileExtension(metadata.getFileExtension())
                .addAllTags(metadata.getTagsList())
                .setMimeType(metadata.getMimeType())
                .build();
    }

    /**
     * The head with the lengths filled in.
     *
     * @param payload number of bytes of the payload
     * @throws IllegalArgumentException if the payload is larger than such a file can hold
     */
    static byte[] withLengths(ByteString head, long payload) throws IOException {
        var in = head.newCodedInput();
        int metadata = in.readRawVarint32();
        int messageLength = CodedOutputStream.computeUInt32SizeNoTag(metadata) + metadata;
        byte[] bytes = head.toByteArray();
        put(bytes, messageLength, bytes.length - messageLength - VARINT_SIZE + payload);
        put(bytes, bytes.length - VARINT_SIZE, payload);
        return bytes;
    }

    /** Writes a varint of {@link #VARINT_SIZE} bytes, even for a small number. */
    private static void put(byte[] bytes, int position, long number) {
        if (number >>> 7 * VARINT_SIZE != 0) {
            throw new IllegalArgumentException("a capture file holds no payload of " + number + " bytes");
        }
        for (int i = 0; i < VARINT_SIZE; i++) {
            int more = i < VARINT_SIZE - 1 ? 0x80 : 0;
            bytes[position + i] = (byte) (number >>> 7 * i & 0x7f | more);
        }
    }

    /** A unique name, in the folders that the agent uses. */
    private static String fileName(UploadMetadata metadata, Instant time) {
        return folder(metadata.getComponentType())
                + "/" + folder(metadata.getComponentName())
                + "/" + folder(metadata.getMethodName())
                + "/" + folder(time.toString()) + "-" + UUID.randomUUID() + ".capture";
    }

    private static String folder(String name) {
        String safe = UNSAFE.matcher(name).replaceAll("_");
        safe = safe.codePointCount(0, safe.length()) > MAX_NAME
                ? safe.substring(0, safe.offsetByCodePoints(0, MAX_NAME))
                : safe;
        return safe.isEmpty() ? "_" : safe;
    }
}
