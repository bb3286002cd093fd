// Copyright the camel-viamdata authors. SPDX-License-Identifier: Apache-2.0
package io.github.camelviamdata.message;

import io.github.camelviamdata.ViamDataOperation;
import io.github.camelviamdata.proto.datasync.v1.DataType;
import io.github.camelviamdata.proto.datasync.v1.SensorData;
import io.github.camelviamdata.proto.datasync.v1.SensorMetadata;
import io.github.camelviamdata.proto.datasync.v1.UploadMetadata;
import java.util.List;

/**
 * One upload: all that the client needs to know of a message.
 *
 * @param metadata whose data it is and where it came from
 * @param sensorMetadata times of the payload; the default instance where there are none
 * @param payload the bytes; empty where there are readings
 * @param readings the readings of a sensor; empty where there is a payload
 */
public record Upload(
        UploadMetadata metadata, SensorMetadata sensorMetadata, Payload payload, List<SensorData> readings) {

    /** What this is. */
    public ViamDataOperation operation() {
        if (isTabular()) {
            return ViamDataOperation.tabular;
        }
        return isFile() ? ViamDataOperation.file : ViamDataOperation.binary;
    }

    /** Whether anything is known of the payload's times or content. Without, no sensor metadata is sent at all. */
    public boolean hasSensorMetadata() {
        return !sensorMetadata.equals(SensorMetadata.getDefaultInstance());
    }

    /** Whether this is an arbitrary file, rather than the data of a component. */
    public boolean isFile() {
        return metadata.getType() == DataType.DATA_TYPE_FILE;
    }

    /** Whether these are readings, rather than bytes. */
    public boolean isTabular() {
        return metadata.getType() == DataType.DATA_TYPE_TABULAR_SENSOR;
    }
}
