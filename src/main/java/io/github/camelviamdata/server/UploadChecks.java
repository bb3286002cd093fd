// Copyright the camel-viamdata authors. SPDX-License-Identifier: Apache-2.0
package io.github.camelviamdata.server;

import io.github.camelviamdata.proto.datasync.v1.DataType;
import io.github.camelviamdata.proto.datasync.v1.SensorData;
import io.github.camelviamdata.proto.datasync.v1.UploadMetadata;
import java.util.Arrays;
import java.util.List;

/** Checks that a request is well-formed. Each method throws {@link IllegalArgumentException} with the name of the field. */
final class UploadChecks {

    private UploadChecks() {}

    /** The data type, which has to be one of those the call is for. The part ID has to be there too. */
    static DataType type(UploadMetadata metadata, DataType... fitting) {
        if (metadata.getPartId().isEmpty()) {
            throw new IllegalArgumentException("metadata.part_id is empty");
        }
        List<DataType> types = Arrays.asList(fitting);
        if (!types.contains(metadata.getType())) {
            throw new IllegalArgumentException(
                    "metadata.type is " + name(metadata) + ", but this call is for " + types);
        }
        return metadata.getType();
    }

    private static String name(UploadMetadata metadata) {
        return metadata.getType() == DataType.UNRECOGNIZED
                ? String.valueOf(metadata.getTypeValue())
                : metadata.getType().name();
    }

    /** One element or more, all with data of the expected kind. */
    static void sensorContents(List<SensorData> contents, SensorData.DataCase expected) {
        if (contents.isEmpty()) {
            throw new IllegalArgumentException("sensor_contents is empty");
        }
        for (int i = 0; i < contents.size(); i++) {
            SensorData.DataCase actual = contents.get(i).getDataCase();
            if (actual != expected) {
                String found = actual == SensorData.DataCase.DATA_NOT_SET ? "nothing" : lowerCase(actual);
                throw new IllegalArgumentException("sensor_contents[" + i + "] holds " + found
                        + ", but metadata.type asks for " + lowerCase(expected));
            }
        }
    }

    private static String lowerCase(SensorData.DataCase dataCase) {
        return dataCase == SensorData.DataCase.BINARY ? "binary" : "struct";
    }
}
