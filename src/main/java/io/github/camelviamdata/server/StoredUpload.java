// Copyright the camel-viamdata authors. SPDX-License-Identifier: Apache-2.0
package io.github.camelviamdata.server;

import io.github.camelviamdata.ViamDataOperation;
import io.github.camelviamdata.message.Upload;
import io.github.camelviamdata.proto.datasync.v1.DataCaptureUploadRequest;
import io.github.camelviamdata.proto.datasync.v1.DataType;
import io.github.camelviamdata.proto.datasync.v1.SensorData;
import io.github.camelviamdata.proto.datasync.v1.UploadMetadata;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Objects;
import org.apache.camel.Message;

/**
 * An upload in the form in which an outbox keeps it: the message of the unary call. A large payload is no part of it and has a
 * file of its own.
 */
final class StoredUpload {

    /** Size in bytes of the largest payload that is part of the message. */
    static final int LARGEST_EMBEDDED = 65_536;

    private static final UploadFormat FORMAT = new UploadFormat();

    private StoredUpload() {}

    /** Whether the payload of an upload needs a file of its own. */
    static boolean isLarge(Upload upload) {
        long length = upload.payload().length();
        return !upload.isTabular() && (length < 0 || length > LARGEST_EMBEDDED);
    }

    /** The message, with the payload unless that is large. */
    static DataCaptureUploadRequest message(Upload upload) throws IOException {
        // A byte more than there may be, so that a file that has grown is noticed.
        return isLarge(upload)
                ? upload.request()
                : upload.request(upload.payload().head(LARGEST_EMBEDDED + 1));
    }

    /**
     * Sets the headers and the body that {@code viamdata-server} sets for the upload.
     *
     * @param payload the file of a large payload
     * @throws IllegalArgumentException if the stored message is no upload
     */
    static void restore(DataCaptureUploadRequest stored, Path payload, Message message) {
        ViamDataOperation operation = operation(stored.getMetadata().getType());
        FORMAT.headers(operation, stored).forEach(message::setHeader);
        boolean apart =
                operation != ViamDataOperation.tabular && !onlyPayload(stored).hasBinary();
        message.setBody(apart ? payload.toFile() : FORMAT.body(stored));
    }

    private static ViamDataOperation operation(DataType type) {
        return switch (type) {
            case DATA_TYPE_BINARY_SENSOR -> ViamDataOperation.binary;
            case DATA_TYPE_TABULAR_SENSOR -> ViamDataOperation.tabular;
            case DATA_TYPE_FILE -> ViamDataOperation.file;
            default -> throw new IllegalArgumentException("it holds no upload");
        };
    }

    private static SensorData onlyPayload(DataCaptureUploadRequest stored) {
        if (stored.getSensorContentsCount() != 1) {
            throw new IllegalArgumentException("it holds no payload");
        }
        return stored.getSensorContents(0);
    }

    /** The lane of an upload: those of a component are forwarded in order. */
    static int component(UploadMetadata metadata) {
        return Objects.hash(metadata.getPartId(), metadata.getComponentType(), metadata.getComponentName());
    }
}
