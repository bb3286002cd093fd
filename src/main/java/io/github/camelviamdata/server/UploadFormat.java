// Copyright the camel-viamdata authors. SPDX-License-Identifier: Apache-2.0
package io.github.camelviamdata.server;

import com.google.protobuf.ByteString;
import io.github.camelviamdata.ViamDataOperation;
import io.github.camelviamdata.message.ProtoValues;
import io.github.camelviamdata.proto.datasync.v1.DataCaptureUploadRequest;
import io.github.camelviamdata.proto.datasync.v1.DataType;
import java.util.Map;

/**
 * The form in which a route gets uploads: headers and a body. This class gives them as they were sent. Each method takes the
 * upload as a request of the unary call, whichever call it came by; that of a stream has no payload.
 */
class UploadFormat {

    /**
     * The message headers.
     *
     * @throws IllegalArgumentException if a field has an invalid value; the text names the field
     */
    Map<String, Object> headers(ViamDataOperation operation, DataCaptureUploadRequest request) {
        return UploadHeaders.of(operation, request);
    }

    /** The message body: a list of a map for each reading, or the bytes of the payload. */
    Object body(DataCaptureUploadRequest request) {
        return request.getMetadata().getType() == DataType.DATA_TYPE_TABULAR_SENSOR
                ? request.getSensorContentsList().stream()
                        .map(reading -> ProtoValues.map(reading.getStruct()))
                        .toList()
                : request.getSensorContents(0).getBinary().toByteArray();
    }

    /** The bytes before the payload of a stream; empty by default. */
    ByteString head(DataCaptureUploadRequest request) {
        return ByteString.EMPTY;
    }
}
