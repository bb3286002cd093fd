// Copyright the camel-viamdata authors. SPDX-License-Identifier: Apache-2.0
package io.github.camelviamdata.query;

import io.github.camelviamdata.message.ProtoValues;
import io.github.camelviamdata.proto.data.v1.BinaryMetadata;
import java.time.Instant;

/** What the service says of a piece of data that it stores. */
record Item(BinaryMetadata metadata) implements Listed {

    @Override
    public String id() {
        return metadata.getBinaryDataId();
    }

    /** Number of bytes; 0 where there are none, or where the service does not say. */
    long size() {
        return metadata.getFileSizeBytes();
    }

    @Override
    public Instant captured() {
        return ProtoValues.instant(metadata.getTimeRequested());
    }

    boolean isIn(String datasetId) {
        return metadata.getDatasetIdsList().contains(datasetId);
    }
}
