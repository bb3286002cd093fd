// Copyright the camel-viamdata authors. SPDX-License-Identifier: Apache-2.0
package io.github.camelviamdata;

/** What a producer does with a message: what it uploads it as, or what it reads or changes of what is stored. */
public enum ViamDataOperation {
    /** Uploads one picture, point cloud, clip or other payload captured by a component. */
    binary,
    /** Uploads readings of a sensor. */
    tabular,
    /** Uploads an arbitrary file. */
    file,
    /** Uploads a file in which a machine's own agent keeps what it has captured: each payload, or all readings, that it holds. */
    capture,
    /** Lists the metadata of items by the filter of the endpoint. */
    query,
    /** Gets an item by its ID. */
    get,
    /** Gives tags to items. */
    addTags,
    /** Takes tags from items. */
    removeTags,
    /** Puts items into datasets. */
    addToDataset,
    /** Takes items out of datasets. */
    removeFromDataset,
    /** Adds bounding boxes to a picture. */
    annotate,
    /** Deletes items for good. */
    delete,
    /** Reads the readings of a component, one after another. */
    export,
    /** Gets the latest reading of a component. */
    latest,
    /** Marks a span of time as a sequence. */
    sequence;

    /** Whether it uploads messages. Only such an operation can be chosen by the header {@code CamelViamDataOperation}. */
    public boolean isUpload() {
        return compareTo(capture) <= 0;
    }
}
